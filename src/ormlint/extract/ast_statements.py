"""Statements of Python's own `ast` → `facts` statements, as `statements` makes them of LibCST's.

Parsing takes a seventh of the time that LibCST needs. Text that this interpreter cannot parse is not for
this module: Python newer than the interpreter is LibCST's to read.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

from ormlint.extract.ast_expressions import OPERATORS, Expressions
from ormlint.extract.bodies import LEFT_OUT, Bodies, first_line
from ormlint.extract.masking import Masked, mask
from ormlint.facts.code import (
    Alias,
    Annotated,
    Assign,
    Augmented,
    Case,
    ClassDef,
    Const,
    Delete,
    Do,
    For,
    FunctionDef,
    Handler,
    If,
    Import,
    ImportFrom,
    Jump,
    Match,
    Name,
    Raise,
    Return,
    Stmt,
    Try,
    TypeAlias,
    TypeParameter,
    While,
    With,
    WithItem,
)  # fmt: skip

_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
_SUITES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try)


class _MisreadError(Exception):
    """A text without some of its bodies is not what it was taken for."""


def statements(text: str, *, whole: bool) -> list[Stmt] | None:
    """What a module says, without bodies that nothing needs before a call unless `whole`.

    `None` where this interpreter does not read all of it, but for these bodies.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = Statements(text, whole=whole)
        masked = mask(text, reader.bodies) if reader.bodies is not None else None
        if masked is not None and masked.looked_from:
            with suppress(_MisreadError, *_UNREADABLE):
                return reader.without(masked)
        with suppress(*_UNREADABLE):
            return reader.block(ast.parse(text).body)
    return None


class Statements(Expressions):
    """Reads the statements of a file."""

    def __init__(self, text: str, *, whole: bool) -> None:
        super().__init__()
        self._lines = lines_of(text)
        self.bodies = None if whole else Bodies(text, self._lines)
        self._looked_from: dict[int, int] = {}
        """The lines of functions that are without a body by now, as in `Masked`."""

    def without(self, masked: Masked) -> list[Stmt]:
        """The statements of a text without some of its bodies.

        Raises `_MisreadError` where these are not all bodies of functions, and what was looked at is not all
        that these have.
        """
        self._looked_from = dict(masked.looked_from)
        found = self.block(ast.parse(masked.text).body)
        if self._looked_from:
            raise _MisreadError
        return found

    def _is_left_out(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        if _is_mask(node.body):
            looked_from = self._looked_from.pop(node.lineno, None)
            if looked_from is None or first_line(node) < looked_from:
                raise _MisreadError
            return True
        return self.bodies is not None and self.begins_line(node.body[0]) and self.bodies.leave_out(node)

    def block(self, nodes: Iterable[ast.stmt]) -> list[Stmt]:
        """The statements of a module or an indented block."""
        found: list[Stmt] = []
        for node in nodes:
            reader = _READERS.get(type(node))
            if reader is not None:
                found.append(reader(self, node))
            elif type(node) is ast.Expr:
                value = self.read(node.value)
                if not isinstance(value, Const):
                    found.append(Do(node.lineno, value))
        return found

    def column(self, node: ast.stmt) -> int:
        """Where the line begins that a statement stands on."""
        if not node.col_offset:
            return 1
        before = self._before(node)
        return len(before) - len(before.lstrip()) + 1

    def begins_line(self, node: ast.stmt) -> bool:
        return not self._before(node).strip()

    def _before(self, node: ast.stmt) -> str:
        return self._lines[node.lineno - 1][: node.col_offset]

    def width(self, node: ast.expr) -> int:
        """The width of a target's text on its first line, where a finding will point."""
        if isinstance(node, ast.Name):
            return len(node.id)
        line = self._lines[node.lineno - 1]
        ends_here = node.end_lineno == node.lineno and node.end_col_offset is not None
        end = _characters(line, node.end_col_offset or 0) if ends_here else len(line)
        return end - _characters(line, node.col_offset)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Stmt:
        decorators = self.all(node.decorator_list)
        params = self.parameters(node.args)
        returns = self.annotation(node.returns) if node.returns is not None else None
        start = self.column(node) + len("async def " if isinstance(node, ast.AsyncFunctionDef) else "def ")
        left_out = self._is_left_out(node)
        if left_out:
            line = first_line(node.body[0])
            body: list[Stmt] = [Do(line, Name(line, LEFT_OUT))]
        else:
            body = self.block(node.body)
        yields = not left_out and _yields(node.body)
        return FunctionDef(
            node.lineno, start, start + len(node.name), node.name, params, decorators, returns, body, yields,
            left_out,
        )  # fmt: skip

    def klass(self, node: ast.ClassDef) -> Stmt:
        decorators = self.all(node.decorator_list)
        start = self.column(node) + len("class ")
        bases, keywords = self.all(node.bases), self.arguments(node.keywords)
        body = self.block(node.body)
        parameters = [
            TypeParameter(
                each.name,
                type(each).__name__,
                self.optional(getattr(each, "bound", None)),
                self.optional(getattr(each, "default_value", None)),
            )
            for each in getattr(node, "type_params", ())
        ]
        end = start + len(node.name)
        return ClassDef(node.lineno, start, end, node.name, bases, keywords, decorators, body, parameters)


def _is_mask(body: Sequence[ast.stmt]) -> bool:
    only = body[0]
    return isinstance(only, ast.Expr) and isinstance(only.value, ast.Name) and only.value.id == LEFT_OUT


def lines_of(text: str) -> list[str]:
    """The lines of a text as Python counts them, without their ends."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.split("\n")


def _characters(line: str, count: int) -> int:
    """How many characters the first bytes of a line are, which `ast` counts columns in."""
    return count if line.isascii() else len(line.encode()[:count].decode(errors="ignore"))


def _yields(body: Sequence[ast.stmt]) -> bool:
    """Whether a plain `yield` statement stands in the body: a context manager or a generator."""
    stack: list[ast.stmt] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Expr, ast.Assign)):
            if isinstance(node.value, (ast.Yield, ast.YieldFrom)):
                return True
        elif isinstance(node, _SUITES):
            stack += node.body
    return False


def _assign(reader: Statements, node: ast.Assign) -> Stmt:
    start = reader.column(node)
    targets = reader.all(node.targets)
    end = start + reader.width(node.targets[0])
    return Assign(node.lineno, start, end, targets, reader.read(node.value))


def _annotated(reader: Statements, node: ast.AnnAssign) -> Stmt:
    start = reader.column(node)
    target, annotation = reader.read(node.target), reader.annotation(node.annotation)
    end = start + reader.width(node.target)
    return Annotated(node.lineno, start, end, target, annotation, reader.optional(node.value))


def _augmented(reader: Statements, node: ast.AugAssign) -> Stmt:
    target = reader.read(node.target)
    return Augmented(node.lineno, target, OPERATORS[type(node.op)], reader.read(node.value))


def _delete(reader: Statements, node: ast.Delete) -> Stmt:
    targets: Sequence[ast.expr] = node.targets
    if len(targets) == 1 and isinstance(targets[0], ast.Tuple):
        targets = targets[0].elts
    return Delete(node.lineno, reader.all(targets))


def _if(reader: Statements, node: ast.If) -> Stmt:
    # `elif` nests in the tree; thousands of them are unrolled.
    chain = [node]
    while len(chain[-1].orelse) == 1 and isinstance(rest := chain[-1].orelse[0], ast.If):
        chain.append(rest)
    read = [(each.lineno, reader.read(each.test), reader.block(each.body)) for each in chain]
    orelse = reader.block(chain[-1].orelse)
    for line, test, body in reversed(read):
        orelse = [If(line, test, body, orelse)]
    return orelse[0]


def _for(reader: Statements, node: ast.For | ast.AsyncFor) -> Stmt:
    target, iterable = reader.read(node.target), reader.read(node.iter)
    return For(node.lineno, target, iterable, reader.block(node.body), reader.block(node.orelse))


def _while(reader: Statements, node: ast.While) -> Stmt:
    return While(node.lineno, reader.read(node.test), reader.block(node.body), reader.block(node.orelse))


def _with(reader: Statements, node: ast.With | ast.AsyncWith) -> Stmt:
    items = [
        WithItem(reader.read(each.context_expr), reader.optional(each.optional_vars)) for each in node.items
    ]
    return With(node.lineno, items, reader.block(node.body))


def _try(reader: Statements, node: Any) -> Stmt:
    body = reader.block(node.body)
    handlers = [
        Handler(reader.optional(each.type), each.name, reader.block(each.body)) for each in node.handlers
    ]
    return Try(node.lineno, body, handlers, reader.block(node.orelse), reader.block(node.finalbody))


def _match(reader: Statements, node: ast.Match) -> Stmt:
    subject = reader.read(node.subject)
    cases = []
    for case in node.cases:
        pattern, captures = None, True
        if isinstance(case.pattern, ast.MatchValue):
            pattern, captures = reader.read(case.pattern.value), False
        elif isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None:
            captures = case.pattern.name is not None
        cases.append(Case(pattern, captures, reader.optional(case.guard), reader.block(case.body)))
    return Match(node.lineno, subject, cases)


def _aliases(names: Iterable[ast.alias]) -> list[Alias]:
    return [Alias(each.name, each.asname) for each in names]


_READERS: dict[type, Callable[[Statements, Any], Stmt]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Return: lambda reader, node: Return(node.lineno, reader.optional(node.value)),
    ast.Raise: lambda reader, node: Raise(node.lineno, reader.optional(node.exc)),
    ast.Delete: _delete,
    ast.Import: lambda reader, node: Import(node.lineno, _aliases(node.names)),
    ast.ImportFrom: lambda reader, node: ImportFrom(
        node.lineno, node.module or "", node.level, _aliases(node.names)
    ),
    ast.Break: lambda reader, node: Jump(node.lineno, "break"),
    ast.Continue: lambda reader, node: Jump(node.lineno, "continue"),
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.FunctionDef: Statements.function,
    ast.AsyncFunctionDef: Statements.function,
    ast.ClassDef: Statements.klass,
    ast.Match: _match,
    **{getattr(ast, name): reader for name, reader in (("TryStar", _try),) if hasattr(ast, name)},
}
if hasattr(ast, "TypeAlias"):
    _READERS[ast.TypeAlias] = lambda reader, node: TypeAlias(
        node.lineno, node.name.id, reader.annotation(node.value)
    )
