"""Paths as seen from the current folder, and the lines behind them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from tokenize import detect_encoding

from msgspec.structs import replace

from ormlint.findings import Finding, Place


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
        return place._replace(path=path_of(place.path))

    return [
        replace(
            finding,
            place=moved(finding.place),
            related=tuple(replace(end, place=moved(end.place)) for end in finding.related),
        )
        for finding in findings
    ]


@lru_cache(maxsize=64)
def lines_of(path: str) -> tuple[str, ...]:
    """A file's lines as Python counts them; none where it cannot be read."""
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError):
        return ()
    try:
        encoding = detect_encoding(BytesIO(data).readline)[0]
        text = data.decode(encoding, errors="replace")
    except (SyntaxError, LookupError):
        text = data.decode("utf-8", errors="replace")
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
