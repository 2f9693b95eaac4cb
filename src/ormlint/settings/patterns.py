"""Path patterns: `*` stops at a slash and `**` does not; one without a slash fits a name at any depth."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path, or a folder it lies in, fits one of the patterns."""
    return any(_expression(pattern).fullmatch(path) for pattern in patterns)


def moved(pattern: str, folder: Path, root: Path) -> str | None:
    """The pattern for paths from `root` that says what this one says for paths from `folder`.

    `None` where nothing below `root` can fit it.
    """
    steps = Path(os.path.relpath(root, folder)).parts
    pattern = pattern.rstrip("/").removeprefix("./")
    if ".." in steps:
        down = Path(os.path.relpath(folder, root)).as_posix()
        return f"{down}/{pattern.lstrip('/')}" if "/" in pattern else f"{down}/**/{pattern}"
    if "/" not in pattern:
        return "**" if any(_expression(pattern).fullmatch(step) for step in steps) else pattern
    parts = pattern.lstrip("/").split("/")
    for step in steps:
        if parts[0] == "**":
            break
        if not _expression(parts[0]).fullmatch(step):
            return None
        parts = parts[1:] or ["**"]
    return "/".join(parts) if len(parts) > 1 or parts == ["**"] else f"/{parts[0]}"


@lru_cache(maxsize=1024)
def _expression(pattern: str) -> re.Pattern[str]:
    anchored = "/" in pattern.rstrip("/")
    out = "" if anchored else "(?:.*/)?"
    for part in re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", pattern.strip("/").removeprefix("./")):
        out += {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part) or re.escape(part)
    return re.compile(f"{out}(?:/.*)?", re.DOTALL)
