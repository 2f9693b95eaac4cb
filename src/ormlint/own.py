"""What ormlint itself is: answers of another version, interpreter or judge do not count."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache

from ormlint import __version__

_JUDGES = ("jinja2-", "libcst-", "msgspec-", "pydantic", "ruamel", "sqlalchemy-", "sqlglot-")
"""How the names of the packages start that have a say in an answer."""


@cache
def stamp() -> str:
    """ormlint itself, the interpreter, and the releases of the packages that answers rest on.

    Of ormlint's own files the sizes and times will do: they are installed, not stashed and restored.
    """
    own: list[object] = [__version__, sys.version_info[:2], *_installed()]
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


def _installed() -> Iterator[str]:
    """The names of their folders of metadata, which have the releases in them."""
    for folder in dict.fromkeys(sys.path):
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        found = (name.lower() for name in names if name.endswith((".dist-info", ".egg-info")))
        yield from sorted(name for name in found if name.startswith(_JUDGES))
