"""The project: its files and their module names, its import roots, and its Alembic environments.

All of it is found without configuration, by reading names and a few files; settings only add to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ormlint.discover.environments import AlembicEnvironment
from ormlint.discover.files import find_files
from ormlint.discover.problem import Problem
from ormlint.discover.project import Project, SourceFile
from ormlint.discover.scope import Scope, find_scope

__all__ = ["AlembicEnvironment", "Problem", "Project", "Scope", "SourceFile", "discover", "find_scope"]


def discover(
    paths: Sequence[Path] = (),
    *,
    exclude: Sequence[str] | None = None,
    extend_exclude: Sequence[str] = (),
    roots: Sequence[str] = (),
    alembic: Sequence[str] = (),
) -> Project:
    """The project around the given paths (the current folder where there are none).

    The settings' `roots` and `alembic` (files or folders), and the patterns, are paths from the project's
    root, which `find_scope` tells beforehand. Raises `UsageError` for a path that does not exist.
    """
    scope = find_scope(paths)
    files = find_files(scope.root, exclude=exclude, extend_exclude=extend_exclude)
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
