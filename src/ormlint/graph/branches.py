"""Heads that are meant to stay apart: branches with labels of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ormlint.graph.model import Revision


def are_apart(revisions: Mapping[str, Revision], heads: Sequence[Revision], roots: Iterable[str]) -> bool:
    """Whether every head is on a branch with a label of its own."""
    labels = [_labels(revisions, head) for head in heads]
    taken = [label for each in labels for label in each]
    return all(labels) and len(set(taken)) == len(taken) and len([*roots]) >= len(heads)


def _labels(revisions: Mapping[str, Revision], head: Revision) -> set[str]:
    labels: set[str] = set()
    todo, seen = [head.id], {head.id}
    while todo:
        revision = revisions[todo.pop()]
        labels.update(revision.labels)
        following = {key for key in revision.down if key in revisions} - seen
        seen |= following
        todo += following
    return labels
