"""What ormlint itself is: cached answers of another version, or of another interpreter, do not count."""

from __future__ import annotations

import os
import sys

from ormlint import __version__


def stamp() -> str:
    """ormlint itself and the interpreter.

    Of ormlint's own files the sizes and times will do: they are installed, not stashed and restored.
    """
    own: list[object] = [__version__, sys.version_info[:2]]
    waiting = [os.path.dirname(__file__)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda each: each.name):
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    own.append((entry.name, status.st_size, status.st_mtime_ns))
                elif entry.name != "__pycache__" and entry.is_dir():
                    waiting.append(entry.path)
    return repr(own)
