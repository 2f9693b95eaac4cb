"""Heads that are meant to stay apart: branches with labels of their own, or in folders of their own."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from ormlint.graph.model import Revision


def are_apart(revisions: Mapping[str, Revision], heads: Sequence[Revision], roots: Iterable[str]) -> bool:
    """Whether every head is on a branch with a label of its own, or with a folder of its own.

    https://alembic.sqlalchemy.org/en/latest/branches.html#working-with-multiple-bases
    """
    lines = [_line(revisions, head) for head in heads]
    labels = [{label for each in line for label in each.labels} for line in lines]
    folders = [{posixpath.dirname(each.path) for each in line} for line in lines]
    return len([*roots]) >= len(heads) and (_are_own(labels) or _are_own(folders))


def _are_own(each: Collection[AbstractSet[str]]) -> bool:
    """Whether all have some, and none in common."""
    return all(each) and len(set[str]().union(*each)) == sum(map(len, each))


def _line(revisions: Mapping[str, Revision], head: Revision) -> list[Revision]:
    """A head, and all that comes before it."""
    found = {head.id: head}
    todo = [head]
    while todo:
        following = {key: revisions[key] for key in todo.pop().down if key in revisions and key not in found}
        found.update(following)
        todo += following.values()
    return [*found.values()]
