"""Bytes of one file → `FileFacts`."""

from __future__ import annotations

from ormlint.extract.comments import comments, tells
from ormlint.extract.statements import StatementReader
from ormlint.facts.code import Comment, FileFacts, Problem, Stmt
from ormlint.syntax import decode, parse, positions_by_provider


def extract(data: bytes, *, whole: bool = False) -> FileFacts:
    """Return all that a source file says; a file that cannot be read gives its problem and no body.

    Bodies of functions that nothing needs before a call are left out unless `whole`.
    """
    said = _comments(data)
    tree = parse(data, whole=whole)
    if isinstance(tree, Problem):
        return FileFacts([], tree, said)
    reader = StatementReader([(line.line, line.column) for line in tree.lines])
    try:
        body = reader.block(tree.module.body)
        if not reader.in_step():
            body = _by_provider(data)
    except RecursionError:
        return FileFacts(
            [], Problem(1, 1, "nested too deeply to be read", "Exclude the file, or split it."), said
        )
    return FileFacts(body, comments=said)


def _comments(data: bytes) -> list[Comment]:
    """What comments tell, in function bodies too; the text is scanned only where it may hold some."""
    text = decode(data) if tells(data) else ""
    return comments(text) if isinstance(text, str) and text else []


def _by_provider(data: bytes) -> list[Stmt]:
    """Nested quotes in f-strings (PEP 701) and the like: ask LibCST for every position instead."""
    tree = parse(data, whole=True)
    if isinstance(tree, Problem):
        return []
    return StatementReader([], dict(positions_by_provider(tree.module))).block(tree.module.body)
