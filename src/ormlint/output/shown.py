"""Paths as seen from the current folder, and the lines behind them."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from msgspec.structs import replace

from ormlint.findings import Finding, Place
from ormlint.worktree import is_content

_UNREADABLE = ("", "folder", "nothing")


def seen_from_here(findings: Iterable[Finding], root: Path) -> list[Finding]:
    """The findings with their paths, which start at `root`, as one would type them here.

    They are relative to the current folder where it lies in the project or the project in it.
    """
    here = Path.cwd()
    near = here.is_relative_to(root) or root.is_relative_to(here)

    @cache
    def path_of(path: str) -> str:
        return Path(os.path.relpath(root / path) if near else root / path).as_posix()

    def moved(place: Place) -> Place:
        return replace(place, path=path_of(place.path))

    return [
        replace(
            finding,
            place=moved(finding.place),
            related=tuple(replace(end, place=moved(end.place)) for end in finding.related),
        )
        for finding in findings
    ]


class Excerpts:
    """The lines behind findings.

    `ids` are digests of a project's files by path from `root`, `besides` states of others by absolute path.
    """

    def __init__(self, root: Path, ids: Mapping[str, str], besides: Mapping[str, str]) -> None:
        self._root, self._ids, self._besides = root, ids, besides
        self._found: dict[str, tuple[str, ...]] = {}
        self.are_as_read = True
        """Whether nobody changed a file since it was analysed."""

    def lines_of(self, path: str) -> tuple[str, ...]:
        """A file's lines as Python counts them; none where it cannot be read."""
        if path not in self._found:
            data = _read(path)
            self.are_as_read = self.are_as_read and self._is_as_read(path, data)
            self._found[path] = _lines(data)
        return self._found[path]

    def _is_as_read(self, path: str, data: bytes | None) -> bool:
        inside = Path(os.path.relpath(path, self._root)).as_posix()
        state = self._ids.get(inside) or self._besides.get(str(self._root / inside), "")
        return state in _UNREADABLE if data is None else is_content(data, state)


def lines_of(path: str) -> tuple[str, ...]:
    """A file's lines as Python counts them; none where it cannot be read."""
    return _lines(_read(path))


def _read(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError):
        return None


def _lines(data: bytes | None) -> tuple[str, ...]:
    if data is None:
        return ()
    try:
        text = data.decode(_encoding(data), errors="replace")
    except (SyntaxError, LookupError):
        text = data.decode("utf-8", errors="replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return tuple(text.split("\n"))


def _encoding(data: bytes) -> str:
    """What a file says of itself in its first two lines, as a rule nothing."""
    if b"coding" not in b"".join(data.split(b"\n", 2)[:2]) and not data.startswith(BOM_UTF8):
        return "utf-8"
    from tokenize import detect_encoding  # noqa: PLC0415 - it imports much

    return detect_encoding(BytesIO(data).readline)[0]
