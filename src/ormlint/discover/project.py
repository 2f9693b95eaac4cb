"""The project as discovery finds it. What only a cold run needs is worked out when it is first asked for."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from ormlint.cache import state
from ormlint.discover.alembic_config import Section, read_sections
from ormlint.discover.dependencies import releases, since
from ormlint.discover.dialects import dialect_near, dialect_of_url
from ormlint.discover.environments import AlembicEnvironment, Ground, find_environments
from ormlint.discover.evidence import Tree, above_of, imported_at_top, read_head, upward
from ormlint.discover.installed import Installed
from ormlint.discover.problem import Problem
from ormlint.discover.roots import Named, Names

_Settled = TypeVar("_Settled", int, bool)

if TYPE_CHECKING:
    from ormlint.graph.layout import Layout

PROJECT_FILES = ("alembic.ini", "pyproject.toml", "setup.cfg")
_SINCE = {"sqlmodel": (0, 0, 44), "sqlalchemy": (2, 1)}
"""The releases with which types are derived anew: SQLModel's `UTCDateTime`, and SQLAlchemy's `Double`."""


class Project(Struct, frozen=True, eq=False, dict=True):
    """All that is read and named. Every path is from `root`, with forward slashes."""

    root: Path
    """Absolute."""
    report_under: tuple[str, ...]
    """The files and folders that findings are wanted of; empty: all."""
    paths: tuple[str, ...]
    """The Python files, sorted."""
    config_files: tuple[str, ...]
    """The other files that the answers below depend on, as far as their bytes go."""
    listing_problems: tuple[Problem, ...] = ()
    stated_roots: tuple[str, ...] = ()
    stated_alembic: tuple[str, ...] = ()
    sql_files: tuple[str, ...] = ()
    """SQL, which migrations may read."""
    ids: Mapping[str, str] | None = None
    """Git's blob of each file that is as the blob is; `None` where git does not tell of the files."""
    besides: dict[str, str] = {}
    """The files and folders that were looked at without being listed, by absolute path, and their states."""
    imported: dict[str, list[str]] = {}
    """The modules that files import at their top, by blob, as far as they are known."""
    installed: Installed = field(default_factory=lambda: Installed(Path(), ()))

    def reports(self, path: str) -> bool:
        """Whether a finding in a file is to be shown."""
        return not self.report_under or any(
            path == under or path.startswith(f"{under}/") for under in self.report_under
        )

    def find(self, module: str, importer: str) -> tuple[str, ...]:
        """The files that an absolute import in the file `importer` may mean, the likeliest first."""
        return self._names.find(module, importer)

    @cached_property
    def layout(self) -> Layout:
        """What names of modules are looked up by."""
        from ormlint.graph.layout import Layout  # noqa: PLC0415 - a change of settings does without

        names = self._names
        return Layout(list(self.paths), sorted(names.roots), sorted(names.likely), names.shown)

    def named(self, path: str) -> Named | None:
        """How imports name a Python file; `None` for none of the project."""
        return self._names.named(path)

    @property
    def environments(self) -> tuple[AlembicEnvironment, ...]:
        return self._found[0]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read, by path and line; the rest was."""
        stated = (("roots", self.stated_roots), ("alembic", self.stated_alembic))
        missing = (
            Problem(path, 0, f"`{key}` in the settings names it, and it is not there", "correct the path")
            for key, paths in stated
            for path in paths
            if self._state(path) == "nothing" and not (self.root / path).exists()
        )
        return tuple(sorted({*self.listing_problems, *self._sections[1], *self._found[1], *missing}))

    @cached_property
    def dialect(self) -> str | None:
        """The database that the project is meant for, where its environments or its dependencies agree."""
        if not self.environments:
            return dialect_near(".", self.config_files, self.read)
        dialects = {environment.dialect for environment in self.environments}
        return dialects.pop() if len(dialects) == 1 else None

    def pydantic(self, path: str) -> int | None:
        """The major version of Pydantic that the closest list of dependencies settles for a file."""
        return _closest(self._pydantic, path)

    def derives_anew(self, package: str, path: str) -> bool | None:
        """Whether SQLModel or SQLAlchemy is of the release that derives types anew, or of a later one."""
        return _closest(self._derives_anew[package], path)

    @cached_property
    def _derives_anew(self) -> dict[str, dict[str, bool]]:
        return {
            package: since(package, release, self.config_files, self.read)
            for package, release in _SINCE.items()
        }

    @cached_property
    def _pydantic(self) -> dict[str, int]:
        return releases("pydantic", self.config_files, self.read)

    @cached_property
    def _sections(self) -> tuple[tuple[Section, ...], tuple[Problem, ...]]:
        problems: list[Problem] = []
        stated = (path for path in self.stated_alembic if self._state(path) not in ("folder", "nothing"))
        configs = {*self.config_files, *stated}
        here = {path: (self.root / path).parent.as_posix() for path in configs}
        sections = read_sections(configs, self.read, here.__getitem__, problems)
        return tuple(sections), tuple(problems)

    @cached_property
    def _names(self) -> Names:
        likely = {
            _slashed(posixpath.dirname(path))
            for path in self.config_files
            if posixpath.basename(path) in PROJECT_FILES
        }
        for section in self._sections[0]:
            likely.update(
                _slashed(os.path.relpath(self.root / posixpath.dirname(section.config) / path, self.root))
                for path in section.prepend_sys_path
            )
        stated = [_slashed(path) for path in self.stated_roots]
        return Names(self._tree, self._imported, stated=stated, likely=likely)

    def _imported(self, path: str) -> list[str]:
        """The modules that the first statements of a file import."""
        content = self.ids.get(path) if self.ids is not None else None
        found = self.imported.get(content) if content is not None else None
        if found is None:
            found = imported_at_top(read_head(str(self.root)), path)
        if content is not None:
            self.imported[content] = found
        return found

    @cached_property
    def _tree(self) -> Tree:
        return Tree(self.paths)

    @cached_property
    def _found(self) -> tuple[tuple[AlembicEnvironment, ...], tuple[Problem, ...]]:
        problems: list[Problem] = []
        stated = [posixpath.normpath(path) for path in self.stated_alembic if self._is_folder(path)]
        files = {folder.rstrip("/") or ".": found for folder, found in self._tree.folders.items() if found}
        ground = Ground(str(self.root), files, self._folders_of, self.read, self._is_folder)
        environments = find_environments(ground, self._sections[0], stated, problems)
        return tuple(replace(each, dialect=self._dialect(each)) for each in environments), tuple(problems)

    def _folders_of(self, package: str, importer: str) -> Iterator[str]:
        return self._names.folders(package, importer)

    def _dialect(self, environment: AlembicEnvironment) -> str | None:
        stated = dialect_of_url(environment.sqlalchemy_url)
        return stated or dialect_near(environment.path, self.config_files, self.read)

    @cached_property
    def _folders(self) -> frozenset[str]:
        """The folders that listed files are in, directly or not."""
        found = set(self._tree.folders)
        for path in (*self.config_files, *self.sql_files):
            folder = path[: path.rfind("/") + 1]
            while folder not in found:
                found.add(folder)
                folder = above_of(folder)
        return frozenset(found)

    def _is_folder(self, path: str) -> bool:
        return _slashed(path) in self._folders or self._state(path) == "folder"

    def _state(self, path: str) -> str:
        """What there is at a path, which is noted: no listing tells."""
        absolute = str(self.root / path)
        self.besides[absolute] = state(absolute)
        return self.besides[absolute]

    def read(self, path: str) -> bytes:
        """The bytes of a file, none where it cannot be read."""
        try:
            return (self.root / path).read_bytes()
        except OSError:
            return b""


def _closest(settled: Mapping[str, _Settled], path: str) -> _Settled | None:
    """What the closest folder above a file settles."""
    folders = (each.rstrip("/") for each in upward(path[: path.rfind("/") + 1]))
    return next((settled[each] for each in folders if each in settled), None)


def _slashed(folder: str) -> str:
    """A folder as `Names` has it: with a slash at its end, the root as empty text."""
    path = posixpath.normpath(folder.replace(os.sep, "/"))
    return "" if path == "." else f"{path}/"
