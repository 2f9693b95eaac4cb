"""Expressions of Python's own `ast` → `facts` expressions, as `expressions` makes them of LibCST's."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any, cast

from ormlint.facts.code import (
    Attr,
    Call,
    Clause,
    Comprehension,
    Cond,
    Const,
    Expr,
    FString,
    Index,
    Items,
    Keyword,
    Lambda,
    Mapping,
    Name,
    Op,
    Opaque,
    Pair,
    Param,
    Piece,
    Slice,
    Star,
    Walrus,
)  # fmt: skip
from ormlint.facts.limits import FLATTENED, MAX_DEPTH, MAX_NUMBER, MIN_NUMBER

OPERATORS: dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.BitOr: "|", ast.BitAnd: "&", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>",
    ast.MatMult: "@", ast.And: "and", ast.Or: "or", ast.Not: "not", ast.USub: "neg", ast.UAdd: "pos",
    ast.Invert: "inv", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
}  # fmt: skip


class Expressions:
    """Reads the expressions of a file."""

    def __init__(self) -> None:
        self._quoted = False
        self._depth = 0

    def read(self, node: ast.AST) -> Expr:
        """What the expression says."""
        if self._depth > MAX_DEPTH:
            return Opaque(node.lineno, "nested too deeply")  # type: ignore[attr-defined]
        kind = type(node)
        if kind is ast.Name:  # as half of them are
            return Name(node.lineno, node.id)  # type: ignore[attr-defined]
        self._depth += 1
        result = _READERS.get(kind, _opaque)(self, node)
        self._depth -= 1
        return result

    def optional(self, node: ast.AST | None) -> Expr | None:
        return None if node is None else self.read(node)

    def all(self, nodes: Iterable[ast.AST]) -> list[Expr]:
        return list(map(self.read, nodes))

    def annotation(self, node: ast.AST) -> Expr:
        """What an annotation says: strings in it are read as the expressions they hold."""
        return self._switch(True, node)

    def arguments(self, keywords: Iterable[ast.keyword]) -> list[Keyword]:
        return [Keyword(each.arg, self.read(each.value)) for each in keywords]

    def parameters(self, args: ast.arguments) -> list[Param]:
        positional = [*args.posonlyargs, *args.args]
        missing: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults))
        found = [
            self._parameter(each, "positional", default)
            for each, default in zip(positional, [*missing, *args.defaults], strict=True)
        ]
        if args.vararg is not None:
            found.append(self._parameter(args.vararg, "args", None))
        for each, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
            found.append(self._parameter(each, "keyword", default))
        if args.kwarg is not None:
            found.append(self._parameter(args.kwarg, "kwargs", None))
        return found

    def _parameter(self, arg: ast.arg, kind: str, default: ast.expr | None) -> Param:
        annotation = self.annotation(arg.annotation) if arg.annotation is not None else None
        return Param(arg.arg, kind, self.optional(default), annotation)

    def _switch(self, quoted: bool, node: ast.AST) -> Expr:
        before, self._quoted = self._quoted, quoted
        try:
            return self.read(node)
        finally:
            self._quoted = before

    def constant(self, node: ast.Constant) -> Expr:
        line, value = node.lineno, cast("Any", node.value)
        kind = type(value)
        if kind is str:
            return self._unquoted(line, value) if self._quoted else Const(line, value)
        if kind is int:
            return Const(line, value) if abs(value) < MAX_NUMBER else Opaque(line, "a very long number")
        if value is None or kind is bool or kind is float:
            return Const(line, value)
        if value is Ellipsis:
            return Name(line, "Ellipsis")
        return Opaque(line, "bytes" if kind is bytes else "Imaginary")

    def _unquoted(self, line: int, text: str) -> Expr:
        try:
            inner = ast.parse("\n" * (line - 1) + text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return Const(line, text)
        return self.read(inner)

    def call(self, node: ast.Call) -> Expr:
        func = self.read(node.func)
        before, self._quoted = self._quoted, False
        try:
            return Call(node.lineno, func, self.all(node.args), self.arguments(node.keywords))
        finally:
            self._quoted = before

    def subscript(self, node: ast.Subscript) -> Expr:
        line, value, index = node.lineno, self.read(node.value), node.slice
        literal = _last_name(node.value)
        many = isinstance(index, ast.Tuple) and not _is_unpacked(index)
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        items: list[Expr] = []
        for part in parts:
            if isinstance(part, ast.Slice):
                bounds = (self.optional(each) for each in (part.lower, part.upper, part.step))
                items.append(Slice(line, *bounds))
            else:
                quoted = self._quoted and literal != "Literal" and not (literal == "Annotated" and items)
                items.append(self._switch(quoted, part))
        return Index(line, value, Items(line, "tuple", items) if many else items[0])


def _opaque(reader: Expressions, node: Any) -> Expr:
    return Opaque(node.lineno, type(node).__name__)


def _is_unpacked(node: ast.Tuple) -> bool:
    """Whether it is `*name` alone, without a comma."""
    return (
        len(node.elts) == 1
        and isinstance(node.elts[0], ast.Starred)
        and (node.end_lineno, node.end_col_offset) == (node.elts[0].end_lineno, node.elts[0].end_col_offset)
    )


def _last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _attribute(reader: Expressions, node: ast.Attribute) -> Expr:
    return Attr(node.end_lineno or node.lineno, reader.read(node.value), node.attr)


def _sequence(kind: str) -> Callable[[Expressions, Any], Expr]:
    return lambda reader, node: Items(node.lineno, kind, reader.all(node.elts))


def _tuple(reader: Expressions, node: ast.Tuple) -> Expr:
    line = node.elts[0].lineno if node.elts else node.lineno  # its parentheses are not its own
    return Items(line, "tuple", reader.all(node.elts))


def _dict(reader: Expressions, node: ast.Dict) -> Expr:
    pairs = [
        Pair(reader.optional(key), reader.read(value))
        for key, value in zip(node.keys, node.values, strict=True)
    ]
    return Mapping(node.lineno, pairs)


def _comprehension(kind: str) -> Callable[[Expressions, Any], Expr]:
    def read(reader: Expressions, node: Any) -> Expr:
        if kind == "dict":
            key, value = reader.read(node.key), reader.read(node.value)
        else:
            key, value = None, reader.read(node.elt)
        clauses = [
            Clause(reader.read(each.target), reader.read(each.iter), reader.all(each.ifs))
            for each in node.generators
        ]
        line = node.elt.lineno if kind == "generator" else node.lineno  # as of a tuple
        return Comprehension(line, kind, key, value, clauses)

    return read


def _binary(reader: Expressions, node: ast.BinOp) -> Expr:
    # A sum of thousands of terms leans left: unrolled, it needs no recursion.
    chain = [node]
    while isinstance(left := chain[-1].left, ast.BinOp):
        chain.append(left)
    value = reader.read(chain[-1].left)
    for link in reversed(chain):
        value = joined(link.lineno, OPERATORS[type(link.op)], value, reader.read(link.right))
    return value


def _boolean(reader: Expressions, node: ast.BoolOp) -> Expr:
    op = OPERATORS[type(node.op)]
    value = reader.read(node.values[0])
    for each in node.values[1:]:
        value = joined(node.lineno, op, value, reader.read(each))
    return value


def joined(line: int, op: str, left: Expr, right: Expr) -> Expr:
    """One operation with many operands instead of a thousand within one another."""
    if isinstance(left, Op) and left.op == op and op in FLATTENED:
        left.args.append(right)
        return left
    return Op(line, op, [left, right])


def _unary(reader: Expressions, node: ast.UnaryOp) -> Expr:
    operand = reader.read(node.operand)
    if isinstance(node.op, ast.USub) and isinstance(operand, Const) and type(operand.value) in (int, float):
        value = -operand.value  # type: ignore[operator]
        if type(value) is float or value >= MIN_NUMBER:
            return Const(node.lineno, value)
    return Op(node.lineno, OPERATORS[type(node.op)], [operand])


def _comparison(reader: Expressions, node: ast.Compare) -> Expr:
    left = reader.read(node.left)
    tests: list[Expr] = []
    for op, comparator in zip(node.ops, node.comparators, strict=True):
        right = reader.read(comparator)
        tests.append(Op(node.lineno, OPERATORS[type(op)], [left, right]))
        left = right
    return tests[0] if len(tests) == 1 else Op(node.lineno, "and", tests)


def _formatted(reader: Expressions, node: ast.JoinedStr) -> Expr:
    parts: list[str | Piece] = []
    for each in node.values:
        if isinstance(each, ast.Constant):
            parts.append(str(each.value))
        elif isinstance(each, ast.FormattedValue):
            value, spec = reader.read(each.value), _spec(each.format_spec)
            conversion = chr(each.conversion) if each.conversion >= 0 else ""
            whole = value if spec is not None else Opaque(node.lineno, "format")
            parts.append(Piece(whole, conversion, spec or ""))
        else:
            parts.append(Piece(Opaque(node.lineno, type(each).__name__), "", ""))
    if all(isinstance(part, str) for part in parts):
        return Const(node.lineno, "".join(part for part in parts if isinstance(part, str)))
    return FString(node.lineno, parts)


def _spec(node: ast.expr | None) -> str | None:
    values = node.values if isinstance(node, ast.JoinedStr) else []
    texts = [str(each.value) for each in values if isinstance(each, ast.Constant)]
    return "".join(texts) if len(texts) == len(values) else None


_READERS: dict[type, Callable[[Expressions, Any], Expr]] = {
    ast.Constant: Expressions.constant,
    ast.Attribute: _attribute,
    ast.Call: Expressions.call,
    ast.Subscript: Expressions.subscript,
    ast.JoinedStr: _formatted,
    ast.List: _sequence("list"),
    ast.Set: _sequence("set"),
    ast.Tuple: _tuple,
    ast.Dict: _dict,
    ast.ListComp: _comprehension("list"),
    ast.SetComp: _comprehension("set"),
    ast.DictComp: _comprehension("dict"),
    ast.GeneratorExp: _comprehension("generator"),
    ast.BinOp: _binary,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.Compare: _comparison,
    ast.IfExp: lambda reader, node: Cond(
        node.lineno, reader.read(node.test), reader.read(node.body), reader.read(node.orelse)
    ),
    ast.Lambda: lambda reader, node: Lambda(
        node.lineno, reader.parameters(node.args), reader.read(node.body)
    ),
    ast.Starred: lambda reader, node: Star(node.lineno, reader.read(node.value)),
    ast.Await: lambda reader, node: reader.read(node.value),
    ast.NamedExpr: lambda reader, node: Walrus(node.lineno, node.target.id, reader.read(node.value)),
    ast.YieldFrom: lambda reader, node: Opaque(node.lineno, "Yield"),
}
