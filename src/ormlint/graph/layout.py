"""Where names of modules lead elsewhere, since files came or went or imports start from other folders."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence

import msgspec


class Layout(msgspec.Struct, frozen=True, array_like=True):
    """What the names of modules are looked up by. Folders end in a slash, and the root is empty text."""

    paths: Sequence[str] = ()
    """The Python files, sorted."""
    roots: Sequence[str] = ()
    """The folders that names start from, for what lies below them."""
    likely: Sequence[str] = ()
    """Those that they start from for any file."""


def moved(before: Layout, now: Layout, names: Iterable[str]) -> frozenset[str]:
    """Those of the names that may lead elsewhere than before, in a file whose own name starts where it did.

    A name leads to a file or a package of its last part below a root that has something of its first part.
    """
    if (list(before.roots), list(before.likely)) != (list(now.roots), list(now.likely)):
        return frozenset(names)
    paths = set(before.paths) ^ set(now.paths)
    firsts, lasts = {*_folders(paths, before, now)}, set[str]()
    for path in paths:
        folder, _, stem = path.removesuffix(".py").rpartition("/")
        firsts.add(stem)
        lasts.update((stem, folder.rpartition("/")[2]) if stem == "__init__" else (stem,))
        if "alembic/env" in path:
            firsts.add("alembic")  # a folder of migrations, which is never the package
    return frozenset(
        name
        for name in (set(names) if paths else ())
        if name.partition(".")[0] in firsts or name.rpartition(".")[2] in lasts
    )


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
