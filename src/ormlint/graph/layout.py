"""Where names of modules lead elsewhere, since files came or went or imports start from other folders."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec


class Layout(msgspec.Struct, frozen=True, array_like=True):
    """What the names of modules are looked up by. Folders end in a slash, and the root is empty text."""

    paths: list[str] = []
    """The Python files, sorted."""
    roots: list[str] = []
    """The folders that names start from, for what lies below them."""
    likely: list[str] = []
    """Those that they start from for any file."""
    shown: str = ""
    """Of what settings state and imports show of them."""


class Moves:
    """What came and went between two runs, and what that has a say in."""

    def __init__(self, before: Layout, now: Layout) -> None:
        self._before, self._now = before, now
        self._is_rooted_alike = (before.roots, before.likely) == (now.roots, now.likely)
        self.files = set(before.paths) ^ set(now.paths)
        """The Python files that came or went."""

    @cached_property
    def are_named_alike(self) -> bool:
        """Whether all other files are named as they were, from the root that they were."""
        before, now = self._before, self._now
        if (before.shown, before.likely) != (now.shown, now.likely):
            return False
        return not any(path.endswith("__init__.py") or _ENV in path for path in self.files)

    def among(self, names: Iterable[str]) -> frozenset[str]:
        """Those of the names of modules that may lead elsewhere, in files that are named as they were.

        A name leads to a file or a package of its last part below a root that has something of its first.
        """
        if not self._is_rooted_alike:
            return frozenset(names)
        if not self.files:
            return frozenset()
        firsts, lasts = self._parts
        return frozenset(
            name
            for name in set(names)
            if name.partition(".")[0] in firsts or name.rpartition(".")[2] in lasts
        )

    @cached_property
    def _parts(self) -> tuple[set[str], set[str]]:
        """The first parts of names that something came or went of, and the last parts."""
        firsts, lasts = set(_folders(self.files, self._before, self._now)), set[str]()
        for path in self.files:
            folder, _, stem = path.removesuffix(".py").rpartition("/")
            firsts.add(stem)
            lasts.update((stem, folder.rpartition("/")[2]) if stem == "__init__" else (stem,))
            if _ENV in path:
                firsts.add("alembic")
        return firsts, lasts


_ENV = "alembic/env"
"""What makes `alembic` a folder of migrations, which no import of the package means."""


def _folders(paths: set[str], before: Layout, now: Layout) -> Iterator[str]:
    """The names of folders that came or went with files."""
    seen: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in seen:
            seen.add(folder)
            if _has(before, folder) != _has(now, folder):
                yield folder.rpartition("/")[2]
            folder = folder.rpartition("/")[0]


def _has(layout: Layout, folder: str) -> bool:
    """Whether a file lies below a folder."""
    at = bisect(layout.paths, f"{folder}/")
    return at < len(layout.paths) and layout.paths[at].startswith(f"{folder}/")
