"""The project: its files and their module names, its import roots, and its Alembic environments.

All of it is found without configuration, by reading names and a few files; settings only add to it.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

from ormlint.discover.environments import AlembicEnvironment
from ormlint.discover.files import Choice, Listing, find_files, is_left_out, list_files, watched_at
from ormlint.discover.installed import Installed
from ormlint.discover.problem import Problem
from ormlint.discover.project import PROJECT_FILES, Project
from ormlint.discover.scope import Scope, find_scope

__all__ = [
    "AlembicEnvironment",
    "Choice",
    "Listing",
    "Problem",
    "Project",
    "Scope",
    "discover",
    "find_scope",
    "is_left_out",
    "list_files",
    "watched_at",
]


def discover(
    paths: Sequence[Path] = (),
    *,
    choices: Sequence[Choice] = (),
    roots: Sequence[str] = (),
    alembic: Sequence[str] = (),
    python_path: Sequence[str] = (),
    homes: Sequence[Path] = (),
    listing: Listing | None = None,
) -> Project:
    """The project around the given paths (the current folder where there are none).

    The settings' `roots`, `alembic` (files or folders) and `python_path`, and the patterns of `choices`, are
    paths from the project's root, which `find_scope` tells beforehand; so may `listing`, what `list_files`
    says of it; `homes` are the folders of settings files. Raises `UsageError` for a path that does not exist.
    """
    scope = find_scope(paths)
    choices = choices or (Choice(),)
    if listing is None:
        listing = list_files(scope.root, watched_at(scope.root), usual=choices[-1].exclude is None)
    files = find_files(scope.root, listing, choices)
    beside = tuple(_beside(files.config, scope.root, homes))
    besides: dict[str, str] = {}
    return Project(
        root=Path(scope.root),
        report_under=scope.report_under,
        paths=files.python,
        config_files=files.config,
        sql_files=files.scripts,
        listing_problems=files.problems,
        ids=files.ids,
        stated_roots=tuple(roots),
        stated_alembic=tuple(alembic),
        besides=besides,
        installed=Installed(Path(scope.root), beside, python_path, besides),
    )


def _beside(config: Sequence[str], root: str, homes: Sequence[Path]) -> Iterator[str]:
    """The folders that an environment of the project may lie in."""
    yield from {posixpath.dirname(path) for path in config if posixpath.basename(path) in PROJECT_FILES}
    inside = (Path(os.path.relpath(home, root)).as_posix() for home in homes)
    yield from (folder for folder in inside if folder != ".")
