"""Import roots and module names: what `__name__` of each file is when the program runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from ormlint.discover.evidence import Support, Tree, above_of, gather, upward

_NOTHING = Support()


class Named(NamedTuple):
    """A file's dotted name, `None` where no import can name it, and the root that this starts from."""

    module: str | None
    root: str


class Names:
    """The module name of every file, and the files of every module name, worked out as they are asked for.

    Folders end in a slash, and the project's root is empty text.
    """

    def __init__(
        self,
        tree: Tree,
        imported: Callable[[str], Iterable[str]],
        *,
        stated: Iterable[str] = (),
        likely: Iterable[str] = (),
    ) -> None:
        """`stated` roots hold for all that lies below them, `likely` ones where imports show nothing."""
        self._tree = tree
        self._support = gather(self._tree, imported)
        self._stated = frozenset(stated)
        sources = {folder for folder in self._tree.folders if f"/{folder}".endswith("/src/")}
        unshown = {folder for folder in {*likely, *sources} if not self._tree.is_package(folder)}
        self._proven = {root for (root, _), support in self._support.items() if any(support[:2])}
        shown = {root for (root, _), support in self._support.items() if any(support[:3])}
        self.likely = self._stated | unshown | shown
        """The roots that names start from in any file."""
        self._best: dict[str, tuple[Support, str]] = {}
        self._shown: dict[str, tuple[Support, str | None]] = {}
        self._packages: dict[tuple[str, str], str | None] = {}
        self._named: dict[str, Named] = {}
        self._order: dict[tuple[str, str | None], tuple[list[str], list[str]]] = {}
        self._found: dict[tuple[str, str, str | None], tuple[str, ...]] = {}

    @property
    def shown(self) -> str:
        """Stands for what is stated, and for what imports show."""
        return sha256(repr((sorted(self._stated), sorted(self._support.items()))).encode()).hexdigest()

    def named(self, path: str) -> Named | None:
        """How a file is named; `None` for none of the project."""
        known = self._named.get(path)
        if known is None and path in self._tree.modules:
            known = self._named[path] = self._name(path)
        return known

    @cached_property
    def roots(self) -> frozenset[str]:
        """The likely roots, and those that names start from."""
        shown: dict[str, list[str]] = {}
        for folder, top in self._support:
            shown.setdefault(folder, []).append(top)
        found = (self._roots_in(folder, shown.get(folder, ())) for folder in self._tree.folders)
        return self.likely.union(*found)

    def _roots_in(self, folder: str, shown: Iterable[str]) -> Iterator[str]:
        """Those that the names of a folder's files start from; the stems in `shown` may have their own."""
        own = [stem for stem in shown if f"{folder}{stem}.py" in self._tree.modules]
        for stem in own:
            yield self._root(folder, stem)
        if len(self._tree.folders[folder]) > len(own):
            yield self._root(folder, "__init__")

    def find(self, name: str, importer: str) -> tuple[str, ...]:
        """The files that an absolute import in `importer` may mean, the likeliest first.

        A name that starts in a folder above the importing file never means another sub-project's module.
        """
        asked = (name, importer[: importer.rfind("/") + 1], self._own_root(importer))
        found = self._found.get(asked)
        if found is None:
            found = self._found[asked] = tuple(self._find(name, importer))
        return found

    def _find(self, name: str, importer: str) -> Iterator[str]:
        top, path = name.partition(".")[0], name.replace(".", "/")
        holders = self._tree.holders.get(top)
        if not holders:
            return
        above, elsewhere = self._roots_for(importer)
        roots = [root for root in above if root in holders and not self._is_library(root, top)]
        if not roots and top not in sys.stdlib_module_names and top != "alembic":
            roots = [root for root in elsewhere if root in holders]
        for root in roots:
            for candidate in (f"{root}{path}/__init__.py", f"{root}{path}.py"):
                if candidate in self._tree.modules:
                    yield candidate
                    break

    def folders(self, package: str, importer: str) -> Iterator[str]:
        """The folders that a package's name may mean, with or without an `__init__.py`."""
        path = package.replace(".", "/")
        for roots in self._roots_for(importer):
            for root in roots:
                if f"{root}{path}/" in self._tree.folders:
                    yield f"{root}{path}"

    def _roots_for(self, importer: str) -> tuple[list[str], list[str]]:
        """The roots above a file, its own first, and the other ones, those that lie nearest first."""
        folder = importer[: importer.rfind("/") + 1]
        own = self._own_root(importer)
        known = self._order.get((folder, own))
        if known is None:
            upwards = list(upward(folder))
            above = sorted((root for root in upwards if root in self.roots), key=lambda root: root != own)
            near = {at: distance for distance, at in enumerate(upwards)}
            elsewhere = sorted(
                self.likely.difference(above),
                key=lambda root: (next(near[at] for at in upward(root) if at in near), root),
            )
            known = self._order[folder, own] = (above, elsewhere)
        return known

    def _own_root(self, importer: str) -> str | None:
        named = self.named(importer)
        return named.root if named is not None else None

    def _is_library(self, root: str, top: str) -> bool:
        """A folder of migrations called `alembic` is never what `import alembic` gives: the library runs."""
        return top == "alembic" and self._tree.has(root, "alembic.env")

    def _name(self, path: str) -> Named:
        folder = path[: path.rfind("/") + 1]
        stem = path[len(folder) : -3]
        root = self._root(folder, stem)
        package = self._package(root, folder)
        if package is None or (stem == "__init__" and not package) or not stem.isidentifier():
            return Named(None, root)
        if stem == "__init__":
            return Named(package, root)
        name = f"{package}.{stem}" if package else stem
        return Named(name if package or not self._is_library(root, stem) else None, root)

    def _package(self, root: str, folder: str) -> str | None:
        """The name of a folder as seen from a root above it; `None` where none is possible."""
        key = (root, folder)
        if key not in self._packages:
            parts = folder[len(root) : -1].split("/") if folder != root else []
            named = all(map(str.isidentifier, parts)) and not (parts and self._is_library(root, parts[0]))
            self._packages[key] = ".".join(parts) if named else None
        return self._packages[key]

    def _root(self, folder: str, stem: str) -> str:
        if self._stated:
            stated = next((above for above in upward(folder) if above in self._stated), None)
            if stated is not None:
                return stated
        support, root = self._best_above(folder)
        direct = self._supported(folder, stem)
        if stem != "__init__" and direct > support:
            return folder
        return root

    def _best_above(self, folder: str) -> tuple[Support, str]:
        """The root that the imports support best for what lies in a folder, else the usual one."""
        best = self._best.get(folder)
        if best is None:
            support, shown = self._shown_above(folder)
            root = self._usual_root(folder) if shown is None else shown
            if not any(support[:2]):
                root = self._proven_below(root, folder)
            best = self._best[folder] = (support, root)
        return best

    def _shown_above(self, folder: str) -> tuple[Support, str | None]:
        """The root that the imports support best, the nearest of several; `None` where they support none."""
        found = self._shown.get(folder)
        if found is None:
            found = (_NOTHING, None)
            if folder and _last(folder).isidentifier():
                above = above_of(folder)
                found, support = self._shown_above(above), self._supported(above, _last(folder))
                if support > _NOTHING and support >= found[0]:
                    found = (support, above)
            self._shown[folder] = found
        return found

    def _proven_below(self, root: str, folder: str) -> str:
        """The root that the program shows for other names between a root and a folder, else the root."""
        for at in upward(folder):
            if at in self._proven and len(at) > len(root):
                return at
            if not _last(at).isidentifier():
                break
        return root

    def _supported(self, root: str, top: str) -> Support:
        support = self._support.get((root, top))
        if support is None or (not any(support[:3]) and self._tree.is_package(root)):
            return _NOTHING  # `import redis` beside `redis.py` in a package means the library
        return support

    def _usual_root(self, folder: str) -> str:
        """Where nothing is shown: the folder above the outermost package, as Python and its tools take it.

        Without packages, the closest likely root above.
        """
        if self._tree.is_package(folder):
            packages = self._tree.is_package
            return next(at for at in upward(folder) if not packages(at) or not _last(at).isidentifier())
        at = folder
        while at not in self.likely:
            if not at or not _last(at).isidentifier():
                return folder
            at = above_of(at)
        return at


def _last(folder: str) -> str:
    return folder[folder.rfind("/", 0, -1) + 1 : -1]
