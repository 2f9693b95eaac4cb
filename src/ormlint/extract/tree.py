"""Text of a file → what it says, by LibCST, which reads Python that is newer than the interpreter."""

from __future__ import annotations

from ormlint.extract.statements import StatementReader
from ormlint.facts.code import Problem, Stmt
from ormlint.syntax import parse, positions_by_provider


def read(text: str) -> list[Stmt] | Problem:
    """The statements of a module, all of them, or the problem that keeps it from being read."""
    tree = parse(text)
    if isinstance(tree, Problem):
        return tree
    reader = StatementReader([(line.line, line.column) for line in tree.lines])
    try:
        body = reader.block(tree.module.body)
        # Nested quotes in f-strings (PEP 701) and the like: ask LibCST for every position instead.
        if not reader.in_step():
            positions = dict(positions_by_provider(tree.module))
            body = StatementReader([], positions).block(tree.module.body)
    except RecursionError:
        return Problem(1, 1, "nested too deeply to be read", "Exclude the file, or split it.")
    return body
