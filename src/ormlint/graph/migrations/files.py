"""Files that a migration reads: paths from `__file__`, and what `read_text()` and `open()` give.

A path is a `PurePosixPath`, or a text where the source has it as one; those of the project begin with `ROOT`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import PurePosixPath

from msgspec import Struct

from ormlint.graph.machine.values import External, NativeMethod, Unknown, Value

Read = Callable[[str], "bytes | None"]

ROOT = "/(project)"
"""Where the project is. `__file__` is absolute, and what is put together from its text begins so, too."""


class OpenFile(Struct, frozen=True):
    """What `open()` gives."""

    text: str


_PATHS = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath"})
_OPENS = frozenset({"builtins.open", "io.open", "codecs.open"})
_PARTS: dict[str, Callable[[str], Value]] = {
    "os.path.dirname": posixpath.dirname,
    "os.path.basename": posixpath.basename,
    "os.path.splitext": posixpath.splitext,
}
_SAME = frozenset({"resolve", "absolute", "expanduser", "as_posix", "__enter__"})
_SAME_NAME = frozenset({"abspath", "realpath", "normpath", "expanduser", "fspath"})


def file_name(path: str) -> str:
    """`__file__` of a module of the project."""
    return f"{ROOT}/{path}"


def call_function(callee: External, args: list[Value], read: Read) -> Value:
    """`Path(__file__)`, `os.path.join(…)`, `open(…)`; `NotImplemented` without a path of the project."""
    first = args[0] if args else None
    if not isinstance(first, PurePosixPath) and not (isinstance(first, str) and first.startswith(ROOT)):
        return NotImplemented
    if callee.path in _PATHS:
        return _joined(PurePosixPath(first), args[1:])
    if callee.path in _OPENS:
        return _opened(str(first), read)
    if callee.path in _PARTS:
        return _PARTS[callee.path](str(first))
    if callee.path == "os.path.join":
        path = _joined(PurePosixPath(first), args[1:])
        return str(path) if isinstance(path, PurePosixPath) else path
    if callee.path == "builtins.str" or (callee.module in ("os.path", "os") and callee.name in _SAME_NAME):
        return str(first)
    return NotImplemented


def _joined(path: PurePosixPath, parts: list[Value]) -> Value:
    if not all(isinstance(part, str) for part in parts):
        return Unknown("a computed path")
    return PurePosixPath(posixpath.normpath(path.joinpath(*parts)))


def _opened(path: str, read: Read) -> Value:
    text = _text(path, read)
    return OpenFile(text) if isinstance(text, str) else text


def _text(path: str, read: Read) -> Value:
    found = posixpath.normpath(path)
    if not found.startswith(f"{ROOT}/"):
        return Unknown("a file that is not of the project")
    found = found.removeprefix(f"{ROOT}/")
    data = read(found)
    if data is None:
        return Unknown(f"the file {found}")
    return data.decode("utf-8", "replace")


def member_of(value: PurePosixPath | OpenFile, name: str) -> Value:
    """`path.parent`, and methods of paths and open files."""
    if isinstance(value, PurePosixPath):
        if name == "parent":
            return value.parent
        if name == "parents":
            return list(value.parents)
        if name in ("name", "stem", "suffix"):
            return getattr(value, name)
    return NativeMethod(value, name)


def call_method(value: PurePosixPath | OpenFile, name: str, args: list[Value], read: Read) -> Value:
    """`path.read_text()`, `file.read()` and the like."""
    if isinstance(value, OpenFile):
        if name == "read":
            return value.text
        return value.text.splitlines(keepends=True) if name == "readlines" else Unknown(f"`{name}` of a file")
    if name in _SAME:
        return value
    if name == "read_text":
        return _text(str(value), read)
    if name == "open":
        return _opened(str(value), read)
    if name == "joinpath":
        return _joined(value, args)
    if name in ("with_suffix", "with_name", "with_stem") and len(args) == 1 and isinstance(args[0], str):
        return getattr(value, name)(args[0])
    return Unknown(f"`{name}` of a path")
