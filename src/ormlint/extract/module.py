"""Bytes of one file → `FileFacts`."""

from __future__ import annotations

from ormlint.extract.statements import StatementReader
from ormlint.facts.code import FileFacts, Problem, Stmt
from ormlint.syntax import parse, positions_by_provider


def extract(data: bytes, *, whole: bool = False) -> FileFacts:
    """Return all that a source file says; a file that cannot be read gives its problem and no body.

    Bodies of functions that nothing needs before a call are left out unless `whole`.
    """
    tree = parse(data, whole=whole)
    if isinstance(tree, Problem):
        return FileFacts([], tree)
    reader = StatementReader([(line.line, line.column) for line in tree.lines])
    try:
        body = reader.block(tree.module.body)
        if not reader.in_step():
            body = _by_provider(data)
    except RecursionError:
        return FileFacts([], Problem(1, 1, "nested too deeply to be read", "Exclude the file, or split it."))
    return FileFacts(body)


def _by_provider(data: bytes) -> list[Stmt]:
    """Nested quotes in f-strings (PEP 701) and the like: ask LibCST for every position instead."""
    tree = parse(data, whole=True)
    if isinstance(tree, Problem):
        return []
    return StatementReader([], dict(positions_by_provider(tree.module))).block(tree.module.body)
