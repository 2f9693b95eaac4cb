"""Bytes of one file → `FileFacts`."""

from __future__ import annotations

from ormlint.extract.statements import StatementReader
from ormlint.facts.code import FileFacts, Problem
from ormlint.syntax import Tree, parse, positions_by_provider


def extract(data: bytes) -> FileFacts:
    """Return all that a source file says; a file that cannot be read gives its problem and no body."""
    tree = parse(data)
    if isinstance(tree, Problem):
        return FileFacts([], tree)
    try:
        return FileFacts(_body(tree))
    except RecursionError:
        return FileFacts([], Problem(1, 1, "nested too deeply to be read", "Exclude the file, or split it."))


def _body(tree: Tree) -> list:  # type: ignore[type-arg]
    reader = StatementReader(tree.logical_lines)
    body = reader.block(tree.module.body)
    if reader.in_step():
        return body
    # Nested quotes in f-strings (PEP 701) and the like: ask LibCST for every position instead.
    return StatementReader(tree.logical_lines, dict(positions_by_provider(tree.module))).block(
        tree.module.body
    )
