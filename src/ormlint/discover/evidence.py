"""Which folders imports start from, as far as the project's own imports show it."""

from __future__ import annotations

import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

_IMPORT = re.compile(rb"\n[ \t]*(?:from|import)[ \t]+([A-Za-z_][\w.]*)")
_TEST = re.compile(r"(?:^|/)(?:tests?/|conftest\.py|test_[^/]*$|[^/]*_test\.py$)")
_ENOUGH = 8
"""So many imports that agree settle a package; 2,000 files are then named by reading about a hundred."""
_OF_A_FOLDER = 4
"""So many files of one folder are read: files that lie together import alike."""
_HEAD = 8192
"""Imports stand at the top of a file."""


class Support(NamedTuple):
    """How many imports show that a top-level name is imported from a folder; the first that differs decides.

    A package that imports itself can run in no other way. What the rest of the program does says more than
    what tests do, which often run with a path of their own. A name without a dot may as well be a library's.
    """

    own: int = 0
    program: int = 0
    others: int = 0
    undotted: int = 0


class Tree:
    """The folders and modules that there are. Folders end in a slash, and the root is empty text."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.modules = set(paths)
        self.folders: dict[str, list[str]] = {}
        """Folder → the files in it; folders that hold only folders are there too."""
        self.holders: dict[str, set[str]] = defaultdict(set)
        """Top-level name → the folders that it could be imported from."""
        for path in paths:
            folder = path[: path.rfind("/") + 1]
            if folder not in self.folders:
                self._add_folder(folder)
            self.folders[folder].append(path)
            self.holders[path[len(folder) : -3]].add(folder)

    def _add_folder(self, folder: str) -> None:
        self.folders[folder] = []
        if folder:
            above = above_of(folder)
            self.holders[folder[len(above) : -1]].add(above)
            if above not in self.folders:
                self._add_folder(above)

    def has(self, root: str, dotted: str) -> bool:
        """Whether a module, a package or a folder has this name, seen from a root."""
        path = root + dotted.replace(".", "/")
        return f"{path}.py" in self.modules or f"{path}/" in self.folders

    def is_package(self, folder: str) -> bool:
        return f"{folder}__init__.py" in self.modules


def above_of(folder: str) -> str:
    return folder[: folder.rfind("/", 0, -1) + 1]


def upward(folder: str) -> Iterator[str]:
    """The folder and all above it, the root last."""
    yield folder
    while folder:
        folder = above_of(folder)
        yield folder


def imported_at_top(read: Callable[[str, int], bytes], path: str) -> list[str]:
    """The modules that the first statements of a file import, whatever ends its lines."""
    data = read(path, 2 * _HEAD).replace(b"\r\n", b"\n")[:_HEAD]
    return sorted({match.decode() for match in _IMPORT.findall(b"\n" + data)})


def gather(tree: Tree, imported: Callable[[str], Iterable[str]]) -> dict[tuple[str, str], Support]:
    """(folder, top-level name in it) → what supports that imports of the name start there.

    `imported` tells the modules that a file imports. Only whole names that exist count: `from alembic.config
    import Config` beside a folder `alembic/` without a `config.py` says nothing.
    """
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for folder in sorted(tree.folders):
        if any(counts[pair][0] >= _ENOUGH for pair in _pairs(folder) if pair in counts):
            continue
        for path in tree.folders[folder][:_OF_A_FOLDER]:
            is_test = bool(_TEST.search(path))
            for name in imported(path):
                root = _root_of(tree, folder, name)
                if root is not None:
                    pair = (root, name.partition(".")[0])
                    counts[pair][_kind(pair, path, name, is_test=is_test)] += 1
    return {pair: Support(*count) for pair, count in counts.items()}


def _pairs(folder: str) -> Iterator[tuple[str, str]]:
    while folder:
        above = above_of(folder)
        yield above, folder[len(above) : -1]
        folder = above


def _root_of(tree: Tree, folder: str, name: str) -> str | None:
    """The only folder that an import can start from; the ones above the importing file come first."""
    top = name.partition(".")[0]
    holders = tree.holders.get(top)
    standard = top in sys.stdlib_module_names
    if not holders or (standard and top == name):
        return None
    above = [root for root in upward(folder) if root in holders and tree.has(root, name)]
    if standard:  # `from logging.handlers import` beside a package's own `logging/handlers.py`
        above = [root for root in above if not tree.is_package(root)]
    elif not above and top != name:
        above = [root for root in holders if tree.has(root, name)]
    return above[0] if len(above) == 1 else None


def _kind(pair: tuple[str, str], path: str, name: str, *, is_test: bool) -> int:
    root, top = pair
    if name == top:
        return 3
    if path.startswith(f"{root}{top}/") or path == f"{root}{top}.py":
        return 0
    return 1 if path.startswith(root) and not is_test else 2


def read_head(root: str) -> Callable[[str, int], bytes]:
    """A reader of the first bytes of files below `root`; a file that cannot be read has none."""

    def read(path: str, size: int) -> bytes:
        try:
            descriptor = os.open(f"{root}/{path}", os.O_RDONLY)
        except OSError:
            return b""
        try:
            return os.read(descriptor, size)
        except OSError:
            return b""
        finally:
            os.close(descriptor)

    return read
