"""The parts of a project: what lies below a settings file goes by it, unless a closer one says otherwise.

The files of all parts are read together, because a model may stand in one and its migrations in another.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from ormlint.discover import (
    Choice,
    Listing,
    Project,
    discover,
    find_scope,
    is_left_out,
    list_files,
    watched_at,
)
from ormlint.findings import Finding
from ormlint.settings import FILES, Settings, find, load, named_file, of_folder, read
from ormlint.worktree import Watched


class Part(NamedTuple):
    """The settings of all files below a folder, as seen from the project's root."""

    under: str
    """The folder with a slash at its end; empty text is the root."""
    settings: Settings


class Parts(Struct, frozen=True):
    """Deepest first; the last is the root's."""

    all: tuple[Part, ...]

    def part_of(self, path: str) -> Part:
        return next(part for part in self.all if path.startswith(part.under))

    def of(self, path: str) -> Settings:
        """The settings that hold for a file or a folder."""
        return self.part_of(f"{path}/").settings

    def settings_of(self, finding: Finding) -> Settings:
        return self.part_of(finding.place.path).settings

    @property
    def root(self) -> Settings:
        return self.all[-1].settings

    def discovered(self, paths: Sequence[Path], listing: Listing | None = None) -> Project:
        """The project around the paths as the settings of all parts would have it."""
        return discover(
            paths,
            choices=[_choice(part) for part in self.all],
            roots=[path for part in self.all for path in part.settings.roots],
            alembic=[path for part in self.all for path in part.settings.alembic],
            python_path=[path for part in self.all for path in part.settings.python_path],
            homes=[part.settings.home for part in self.all if part.settings.home is not None],
            listing=listing,
        )


class Looked(NamedTuple):
    """The parts of a project, its files, and what git says of them; `None` outside git."""

    parts: Parts
    project: Project
    watched: Watched | None


def look(
    paths: Sequence[Path],
    *,
    config: Sequence[str] = (),
    isolated: bool = False,
    watched: Watched | None = None,
) -> Looked:
    """The project around the paths; `watched` is what git has been asked already.

    A settings file that the command line names holds for all of it.
    """
    root = Path(find_scope(paths).root)
    first = load(root, config=config, isolated=isolated)
    of_root = Part("", first.seen_from(root))
    watched = watched_at(str(root), watched)
    listing = list_files(str(root), watched, usual=of_root.settings.exclude is None)
    if isolated or named_file(config) is not None:
        parts = Parts((of_root,))
    else:
        parts = Parts((*_nested(root, paths, listing, of_root, config), of_root))
    return Looked(parts, parts.discovered(paths, listing), watched)


def _nested(
    root: Path, paths: Sequence[Path], listing: Listing, of_root: Part, config: Sequence[str]
) -> Iterator[Part]:
    """The parts below the root, deepest first."""
    choice = _choice(of_root)
    named = (_below(root, found) for path in paths if (found := find(path)) is not None)
    listed = (
        posixpath.dirname(path)
        for path in listing.paths
        if path.endswith(FILES)
        and posixpath.basename(path) in FILES
        and not is_left_out(str(root), path, listing, [choice])
        and _speaks(root / path)
    )
    for folder in _deepest_first({*listed, *named}):
        file = of_folder(root / folder)
        if file is not None and not _leads_out(root, file):
            yield Part(f"{folder}/", read(file, config).seen_from(root))


def _deepest_first(folders: Iterable[str]) -> list[str]:
    """Without the root itself."""
    return sorted(filter(None, folders), key=lambda folder: (-folder.count("/"), folder))


def _below(root: Path, file: Path) -> str:
    """The folder of a settings file, as empty text where it is not below the root."""
    return file.parent.relative_to(root).as_posix().removeprefix(".") if file.is_relative_to(root) else ""


def _speaks(file: Path) -> bool:
    """Most of a repository's many `pyproject.toml` say nothing of ormlint, and need no parser."""
    try:
        return file.name != "pyproject.toml" or b"ormlint" in file.read_bytes()
    except OSError:
        return False


def _leads_out(root: Path, file: Path) -> bool:
    return not Path(os.path.realpath(file)).is_relative_to(root)


def _choice(part: Part) -> Choice:
    settings = part.settings
    return Choice(part.under, settings.include, settings.exclude, settings.extend_exclude)
