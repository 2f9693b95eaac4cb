"""Where a project begins, and which part of it the findings are wanted of."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from ormlint.discover import git
from ormlint.settings import UsageError
from ormlint.worktree import top_of

_MARKERS = ("pyproject.toml", "alembic.ini", ".git", "ormlint.toml", ".ormlint.toml")
"""A folder with one of these is a project of its own."""


class Scope(Struct, frozen=True):
    """The folder that is analysed (absolute), and the paths in it that are reported on (empty: all)."""

    root: str
    report_under: tuple[str, ...]


def find_scope(paths: Sequence[Path]) -> Scope:
    """The project around the given paths.

    A given folder with a `pyproject.toml`, an `alembic.ini` or a `.git` of its own is the project. What
    lies deeper is read together with all of its git work tree, else with the closest such folder above,
    because a model means little without its migrations.
    """
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
    try:
        given = [os.path.realpath(path) for path in paths or (Path(),)]
    except FileNotFoundError:
        raise UsageError("the current folder is gone; change to one that is there") from None
    folders = (path if os.path.isdir(path) else os.path.dirname(path) for path in given)
    root = os.path.commonpath([_project_of(folder) for folder in folders])
    under = sorted({os.path.relpath(path, root).replace(os.sep, "/") for path in given})
    return Scope(root, () if "." in under else tuple(under))


def _project_of(folder: str) -> str:
    if _is_project(folder):
        return folder
    home = os.path.expanduser("~")
    top = top_of(folder)
    if top and top != home and not git.ignores(top, folder):
        return top
    for above in _upward(folder):
        # A stray file in the home folder makes no project of all that lies in it, and an ignored copy
        # of a repository is no part of the repository around it.
        if above in (home, os.path.dirname(above)) or (top and not git.ignores(top, above)):
            break
        if _is_project(above):
            return above
    return next(above for above in _upward(folder) if not _is_package(above))


def _upward(folder: str) -> Iterator[str]:
    yield folder
    while (above := os.path.dirname(folder)) != folder:
        yield above
        folder = above


def _is_project(folder: str) -> bool:
    """A package is a part of a project whatever lies in it: its modules are named from further up."""
    return not _is_package(folder) and any(os.path.exists(os.path.join(folder, name)) for name in _MARKERS)


def _is_package(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, "__init__.py"))
