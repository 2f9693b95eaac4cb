"""LibCST statements → `facts` statements, each with the line and columns that findings point at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import libcst as cst

from ormlint.extract.definitions import read_class, read_function, read_import, read_import_from
from ormlint.extract.expressions import ExpressionReader
from ormlint.extract.operators import operator
from ormlint.facts.code import (
    Annotated,
    Assign,
    Augmented,
    Case,
    Const,
    Delete,
    Do,
    Expr,
    For,
    Handler,
    If,
    Jump,
    Match,
    Raise,
    Return,
    Stmt,
    Try,
    TypeAlias,
    While,
    With,
    WithItem,
)  # fmt: skip


class StatementReader:
    """Reads the statements of a file in order, taking their lines from the scan (or a provider)."""

    def __init__(
        self, lines: list[tuple[int, int]], positions: dict[cst.CSTNode, tuple[int, int]] | None = None
    ) -> None:
        self._lines = lines
        self._next = 0
        self._positions = positions
        self.column = 1
        self.expressions = ExpressionReader()

    def in_step(self) -> bool:
        """Whether the scan and the tree agree on the number of logical lines."""
        return self._next == len(self._lines)

    def block(self, statements: Iterable[cst.CSTNode]) -> list[Stmt]:
        """Return the statements of a module or an indented block."""
        found: list[Stmt] = []
        for statement in statements:
            if isinstance(statement, cst.SimpleStatementLine):
                self.step(statement)
                self._simple(statement.body, found)
            else:
                reader = _COMPOUND.get(type(statement))
                if reader is not None:
                    found.append(reader(self, statement))
        return found

    def step(self, node: cst.CSTNode) -> int:
        """Move to the next logical line and return it."""
        if self._positions is not None:
            line, self.column = self._positions[node]
        else:
            line, self.column = self._lines[self._next] if self._next < len(self._lines) else (1, 1)
        self._next += 1
        self.expressions.line = line
        return line

    def suite(self, body: cst.BaseSuite) -> list[Stmt]:
        if isinstance(body, cst.IndentedBlock):
            return self.block(body.body)
        found: list[Stmt] = []
        if isinstance(body, cst.SimpleStatementSuite):
            self._simple(body.body, found)
        return found

    def orelse(self, node: cst.Else | None) -> list[Stmt]:
        if node is None:
            return []
        self.step(node)
        return self.suite(node.body)

    def decorators(self, decorators: Sequence[cst.Decorator]) -> list[Expr]:
        found = []
        for decorator in decorators:
            self.step(decorator)
            found.append(self.expressions.read(decorator.decorator))
        return found

    def _simple(self, statements: Iterable[cst.CSTNode], found: list[Stmt]) -> None:
        for statement in statements:
            reader = _SIMPLE.get(type(statement))
            if reader is not None and (result := reader(self, statement)) is not None:
                found.append(result)


def _width(node: cst.CSTNode) -> int:
    """The width of a target's text on its first line, where a finding will point."""
    text = node.value if isinstance(node, cst.Name) else cst.Module([]).code_for_node(node)
    return len(text.partition("\n")[0])


def _assign(reader: StatementReader, node: cst.Assign) -> Stmt:
    line = reader.expressions.line
    start = reader.column
    targets = [reader.expressions.read(target.target) for target in node.targets]
    end = start + _width(node.targets[0].target)
    return Assign(line, start, end, targets, reader.expressions.read(node.value))


def _annotated(reader: StatementReader, node: cst.AnnAssign) -> Stmt:
    line = reader.expressions.line
    target = reader.expressions.read(node.target)
    annotation = reader.expressions.annotation(node.annotation.annotation)
    value = reader.expressions.optional(node.value)
    start = reader.column
    return Annotated(line, start, start + _width(node.target), target, annotation, value)


def _augmented(reader: StatementReader, node: cst.AugAssign) -> Stmt:
    line = reader.expressions.line
    target = reader.expressions.read(node.target)
    return Augmented(line, target, operator(node.operator), reader.expressions.read(node.value))


def _do(reader: StatementReader, node: cst.Expr) -> Stmt | None:
    line = reader.expressions.line
    value = reader.expressions.read(node.value)
    return None if isinstance(value, Const) else Do(line, value)


def _return(reader: StatementReader, node: cst.Return) -> Stmt:
    return Return(reader.expressions.line, reader.expressions.optional(node.value))


def _raise(reader: StatementReader, node: cst.Raise) -> Stmt:
    return Raise(reader.expressions.line, reader.expressions.optional(node.exc))


def _delete(reader: StatementReader, node: cst.Del) -> Stmt:
    target = node.target
    nodes = [e.value for e in target.elements] if isinstance(target, cst.Tuple) else [target]
    return Delete(reader.expressions.line, [reader.expressions.read(each) for each in nodes])


def _jump(kind: str) -> Callable[[StatementReader, Any], Stmt]:
    return lambda reader, node: Jump(reader.expressions.line, kind)


def _type_alias(reader: StatementReader, node: cst.TypeAlias) -> Stmt:
    return TypeAlias(reader.expressions.line, node.name.value, reader.expressions.annotation(node.value))


def _if(reader: StatementReader, node: cst.If) -> Stmt:
    # `elif` nests in the tree; thousands of them are unrolled.
    chain: list[tuple[int, Expr, list[Stmt]]] = []
    rest: cst.If | cst.Else | None = node
    while isinstance(rest, cst.If):
        line = reader.step(rest)
        test = reader.expressions.read(rest.test)
        chain.append((line, test, reader.suite(rest.body)))
        rest = rest.orelse
    orelse = reader.orelse(rest)
    for line, test, body in reversed(chain):
        orelse = [If(line, test, body, orelse)]
    return orelse[0]


def _for(reader: StatementReader, node: cst.For) -> Stmt:
    line = reader.step(node)
    target = reader.expressions.read(node.target)
    iterable = reader.expressions.read(node.iter)
    body = reader.suite(node.body)
    return For(line, target, iterable, body, reader.orelse(node.orelse))


def _while(reader: StatementReader, node: cst.While) -> Stmt:
    line = reader.step(node)
    test = reader.expressions.read(node.test)
    body = reader.suite(node.body)
    return While(line, test, body, reader.orelse(node.orelse))


def _with(reader: StatementReader, node: cst.With) -> Stmt:
    line = reader.step(node)
    reader.expressions.space(getattr(node.lpar, "whitespace_after", None))
    items = []
    for item in node.items:
        value = reader.expressions.read(item.item)
        target = reader.expressions.optional(item.asname.name) if item.asname is not None else None
        items.append(WithItem(value, target))
        reader.expressions.comma(item.comma)
    return With(line, items, reader.suite(node.body))


def _try(reader: StatementReader, node: Any) -> Stmt:
    line = reader.step(node)
    body = reader.suite(node.body)
    handlers = []
    for handler in node.handlers:
        reader.step(handler)
        kind = reader.expressions.optional(handler.type)
        name = handler.name.name.value if handler.name and isinstance(handler.name.name, cst.Name) else None
        handlers.append(Handler(kind, name, reader.suite(handler.body)))
    orelse = reader.orelse(node.orelse)
    final: list[Stmt] = []
    if node.finalbody is not None:
        reader.step(node.finalbody)
        final = reader.suite(node.finalbody.body)
    return Try(line, body, handlers, orelse, final)


def _match(reader: StatementReader, node: cst.Match) -> Stmt:
    line = reader.step(node)
    subject = reader.expressions.read(node.subject)
    cases = []
    for case in node.cases:
        reader.step(case)
        pattern, captures = None, True
        if isinstance(case.pattern, cst.MatchValue):
            pattern, captures = reader.expressions.read(case.pattern.value), False
        elif isinstance(case.pattern, cst.MatchAs) and case.pattern.pattern is None:
            captures = case.pattern.name is not None
        guard = reader.expressions.optional(case.guard)
        cases.append(Case(pattern, captures, guard, reader.suite(case.body)))
    return Match(line, subject, cases)


_SIMPLE: dict[type, Callable[[StatementReader, Any], Stmt | None]] = {
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.Expr: _do,
    cst.Return: _return,
    cst.Raise: _raise,
    cst.Del: _delete,
    cst.Import: read_import,
    cst.ImportFrom: read_import_from,
    cst.TypeAlias: _type_alias,
    cst.Break: _jump("break"),
    cst.Continue: _jump("continue"),
}

_COMPOUND: dict[type, Callable[[StatementReader, Any], Stmt]] = {
    cst.If: _if,
    cst.For: _for,
    cst.While: _while,
    cst.With: _with,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.FunctionDef: read_function,
    cst.ClassDef: read_class,
    cst.Match: _match,
}
