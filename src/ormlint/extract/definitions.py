"""Functions, classes, and imports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from ormlint.facts.code import (
    Alias,
    ClassDef,
    FunctionDef,
    Import,
    ImportFrom,
    Stmt,
    TypeParameter,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.extract.statements import StatementReader


def read_function(reader: StatementReader, node: cst.FunctionDef) -> Stmt:
    decorators = reader.decorators(node.decorators)
    line = reader.step(node)
    reader.expressions.space(node.whitespace_before_params)
    params = reader.expressions.parameters(node.params)
    returns = reader.expressions.annotation(node.returns.annotation) if node.returns else None
    start = reader.column + len("async def " if node.asynchronous else "def ")
    body = reader.suite(node.body)
    name, yields = node.name.value, _yields(node.body)
    return FunctionDef(line, start, start + len(name), name, params, decorators, returns, body, yields)


def _yields(body: cst.BaseSuite) -> bool:
    """Whether a plain `yield` statement stands in the body: a context manager or a generator."""
    stack: list[cst.CSTNode] = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Yield):
            return True
        if isinstance(node, (cst.IndentedBlock, cst.SimpleStatementLine, cst.SimpleStatementSuite)):
            stack.extend(node.body)
        elif isinstance(node, (cst.If, cst.For, cst.While, cst.With, cst.Try, cst.Else)):
            stack.append(node.body)
        elif isinstance(node, (cst.Expr, cst.Assign)):
            stack.append(node.value)
    return False


def read_class(reader: StatementReader, node: cst.ClassDef) -> Stmt:
    decorators = reader.decorators(node.decorators)
    line = reader.step(node)
    start = reader.column + len("class ")
    reader.expressions.space(getattr(node.lpar, "whitespace_after", None))
    bases, extra = reader.expressions.arguments(node.bases)
    positional, keywords = reader.expressions.arguments(node.keywords)
    body = reader.suite(node.body)
    name = node.name.value
    parameters = _type_parameters(reader, node)
    bases, keywords = bases + positional, extra + keywords
    return ClassDef(line, start, start + len(name), name, bases, keywords, decorators, body, parameters)


def _type_parameters(reader: StatementReader, node: cst.ClassDef) -> list[TypeParameter]:
    """`T` of `class Page[T]`: https://peps.python.org/pep-0695/."""
    if node.type_parameters is None:
        return []
    read = reader.expressions.optional
    return [
        TypeParameter(
            each.param.name.value,
            type(each.param).__name__,
            read(getattr(each.param, "bound", None)),
            read(each.default),
        )
        for each in node.type_parameters.params
    ]


def _dotted(node: cst.CSTNode | None) -> str:
    """`a.b.c` of a name or an attribute."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
    return ".".join(reversed(parts))


def _aliases(names: Sequence[cst.ImportAlias]) -> list[Alias]:
    found = []
    for name in names:
        asname = name.asname.name if name.asname is not None else None
        found.append(Alias(_dotted(name.name), asname.value if isinstance(asname, cst.Name) else None))
    return found


def read_import(reader: StatementReader, node: cst.Import) -> Stmt:
    return Import(reader.expressions.line, _aliases(node.names))


def read_import_from(reader: StatementReader, node: cst.ImportFrom) -> Stmt:
    names = [Alias("*", None)] if isinstance(node.names, cst.ImportStar) else _aliases(node.names)
    return ImportFrom(reader.expressions.line, _dotted(node.module), len(node.relative), names)
