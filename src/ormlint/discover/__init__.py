"""The project: its files and their module names, its import roots, and its Alembic environments.

All of it is found without configuration, by reading names and a few files; settings only add to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ormlint.discover.environments import AlembicEnvironment
from ormlint.discover.files import Choice, Listing, find_files, is_left_out, list_files
from ormlint.discover.problem import Problem
from ormlint.discover.project import Project, SourceFile
from ormlint.discover.scope import Scope, find_scope

__all__ = [
    "AlembicEnvironment",
    "Choice",
    "Listing",
    "Problem",
    "Project",
    "Scope",
    "SourceFile",
    "discover",
    "find_scope",
    "is_left_out",
    "list_files",
]


def discover(
    paths: Sequence[Path] = (),
    *,
    choices: Sequence[Choice] = (),
    roots: Sequence[str] = (),
    alembic: Sequence[str] = (),
    listing: Listing | None = None,
) -> Project:
    """The project around the given paths (the current folder where there are none).

    The settings' `roots` and `alembic` (files or folders), and the patterns of `choices`, are paths from the
    project's root, which `find_scope` tells beforehand; so may `listing`, what `list_files` says of it.
    Raises `UsageError` for a path that does not exist.
    """
    scope = find_scope(paths)
    choices = choices or (Choice(),)
    if listing is None:
        listing = list_files(scope.root, usual=choices[-1].exclude is None)
    files = find_files(scope.root, listing, choices)
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
    )
