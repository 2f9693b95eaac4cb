"""LibCST expressions → `facts` expressions: one table from node type to function.

`line` is moved along by the newlines that the white space between the parts holds, so that every node
knows its line without LibCST's position provider.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from ormlint.extract.displays import comprehension_reader, items_reader, read_dict
from ormlint.extract.operators import read_binary, read_comparison, read_unary
from ormlint.extract.strings import literal, read_concatenated, read_fstring, read_string
from ormlint.facts.code import (
    Attr,
    Call,
    Cond,
    Const,
    Expr,
    Index,
    Items,
    Keyword,
    Lambda,
    Name,
    Opaque,
    Param,
    Slice,
    Star,
    Walrus,
)  # fmt: skip
from ormlint.facts.limits import MAX_DEPTH, MAX_NUMBER

_EMPTY = cst.Module([])


class ExpressionReader:
    """Reads the expressions of a file; `line` is where it stands."""

    def __init__(self) -> None:
        self.line = 1
        self.quoted = False
        self.depth = 0

    def read(self, node: cst.CSTNode) -> Expr:
        """Return what the expression says and move past it."""
        if self.depth > MAX_DEPTH:
            return Opaque(self.line, "nested too deeply")
        self.depth += 1
        for left in getattr(node, "lpar", ()):
            self.space(left.whitespace_after)
        reader = _READERS.get(type(node), _opaque)
        result = reader(self, node)
        for right in getattr(node, "rpar", ()):
            self.space(right.whitespace_before)
        self.depth -= 1
        return result

    def annotation(self, node: cst.CSTNode) -> Expr:
        """Return what an annotation says: strings in it are read as the expressions they hold."""
        return self.switch(True, node)

    def switch(self, quoted: bool, node: cst.CSTNode) -> Expr:
        before, self.quoted = self.quoted, quoted
        try:
            return self.read(node)
        finally:
            self.quoted = before

    def string(self, line: int, text: str) -> Expr:
        value = literal(line, text)
        if not self.quoted or not isinstance(value, Const) or not isinstance(value.value, str):
            return value
        try:
            inner = cst.parse_expression(value.value.strip())
        except (cst.ParserSyntaxError, cst.CSTValidationError):
            return value
        reader = ExpressionReader()
        reader.line = line
        return reader.annotation(inner)

    def optional(self, node: cst.CSTNode | None) -> Expr | None:
        return None if node is None else self.read(node)

    def space(self, space: object) -> None:
        """Move past white space."""
        if type(space) is cst.ParenthesizedWhitespace:
            self.line += 1 + len(space.empty_lines)
            self.space(space.last_line)
        elif type(space) is cst.SimpleWhitespace and "\\" in space.value:
            self.line += space.value.count("\n")

    def comma(self, comma: object) -> None:
        if type(comma) is cst.Comma:
            self.space(comma.whitespace_before)
            self.space(comma.whitespace_after)

    def arguments(self, args: Sequence[cst.Arg]) -> tuple[list[Expr], list[Keyword]]:
        positional: list[Expr] = []
        keywords: list[Keyword] = []
        for arg in args:
            self.space(arg.whitespace_after_star)
            line = self.line
            if isinstance(arg.equal, cst.AssignEqual):
                self.space(arg.equal.whitespace_before)
                self.space(arg.equal.whitespace_after)
            value = self.read(arg.value)
            if arg.keyword is not None:
                keywords.append(Keyword(arg.keyword.value, value))
            elif arg.star == "**":
                keywords.append(Keyword(None, value))
            else:
                positional.append(Star(line, value) if arg.star else value)
            self.comma(arg.comma)
            self.space(arg.whitespace_after_arg)
        return positional, keywords

    def elements(self, elements: Sequence[cst.BaseElement]) -> list[Expr]:
        items: list[Expr] = []
        for element in elements:
            line = self.line
            if isinstance(element, cst.StarredElement):
                self.space(element.whitespace_before_value)
                items.append(Star(line, self.read(element.value)))
            else:
                items.append(self.read(element.value))
            self.comma(element.comma)
        return items

    def parameters(self, params: cst.Parameters) -> list[Param]:
        found: list[Param] = []

        def add(param: object, kind: str) -> None:
            if isinstance(param, cst.Param):
                annotation = self.annotation(param.annotation.annotation) if param.annotation else None
                found.append(Param(param.name.value, kind, self.optional(param.default), annotation))
                self.comma(param.comma)
                self.space(param.whitespace_after_param)
            elif isinstance(param, (cst.ParamStar, cst.ParamSlash)):
                self.comma(param.comma)

        for param in params.posonly_params:
            add(param, "positional")
        add(params.posonly_ind, "")
        for param in params.params:
            add(param, "positional")
        add(params.star_arg, "args")
        for param in params.kwonly_params:
            add(param, "keyword")
        add(params.star_kwarg, "kwargs")
        return found


def _opaque(reader: ExpressionReader, node: cst.CSTNode) -> Expr:
    line = reader.line
    reader.line += _EMPTY.code_for_node(node).count("\n")
    return Opaque(line, type(node).__name__)


def _name(reader: ExpressionReader, node: cst.Name) -> Expr:
    if node.value in _CONSTANTS:
        return Const(reader.line, _CONSTANTS[node.value])
    return Name(reader.line, node.value)


_CONSTANTS = {"True": True, "False": False, "None": None}


def _ellipsis(reader: ExpressionReader, node: cst.Ellipsis) -> Expr:
    return Name(reader.line, "Ellipsis")


def _integer(reader: ExpressionReader, node: cst.Integer) -> Expr:
    text = node.value.replace("_", "")
    value = int(text, 0) if text.strip("0") and len(text) < 1_000 else 0
    long = len(text) >= 1_000 or value >= MAX_NUMBER
    return Opaque(reader.line, "a very long number") if long else Const(reader.line, value)


def _float(reader: ExpressionReader, node: cst.Float) -> Expr:
    return Const(reader.line, float(node.value))


def _attribute(reader: ExpressionReader, node: cst.Attribute) -> Expr:
    value = reader.read(node.value)
    reader.space(node.dot.whitespace_before)
    reader.space(node.dot.whitespace_after)
    return Attr(reader.line, value, node.attr.value)


def _call(reader: ExpressionReader, node: cst.Call) -> Expr:
    line = reader.line
    func = reader.read(node.func)
    reader.space(node.whitespace_after_func)
    reader.space(node.whitespace_before_args)
    before, reader.quoted = reader.quoted, False
    try:
        return Call(line, func, *reader.arguments(node.args))
    finally:
        reader.quoted = before


def _subscript(reader: ExpressionReader, node: cst.Subscript) -> Expr:
    line = reader.line
    value = reader.read(node.value)
    reader.space(node.whitespace_after_value)
    reader.space(node.lbracket.whitespace_after)
    items: list[Expr] = []
    trailing_comma = False
    literal = _last_name(node.value)
    for element in node.slice:
        if isinstance(element.slice, cst.Index):
            quoted = reader.quoted and literal != "Literal" and not (literal == "Annotated" and items)
            item = reader.switch(quoted, element.slice.value)
            items.append(Star(line, item) if element.slice.star else item)
        elif isinstance(part := element.slice, cst.Slice):
            items.append(
                Slice(
                    line, reader.optional(part.lower), reader.optional(part.upper), reader.optional(part.step)
                )
            )
        trailing_comma = type(element.comma) is cst.Comma
        reader.comma(element.comma)
    reader.space(node.rbracket.whitespace_before)
    single = len(items) == 1 and not trailing_comma
    return Index(line, value, items[0] if single else Items(line, "tuple", items))


def _last_name(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def _conditional(reader: ExpressionReader, node: cst.IfExp) -> Expr:
    line = reader.line
    body = reader.read(node.body)
    reader.space(node.whitespace_before_if)
    reader.space(node.whitespace_after_if)
    test = reader.read(node.test)
    reader.space(node.whitespace_before_else)
    reader.space(node.whitespace_after_else)
    return Cond(line, test, body, reader.read(node.orelse))


def _lambda(reader: ExpressionReader, node: cst.Lambda) -> Expr:
    line = reader.line
    params = reader.parameters(node.params)
    reader.space(node.colon.whitespace_after)
    return Lambda(line, params, reader.read(node.body))


def _await(reader: ExpressionReader, node: cst.Await) -> Expr:
    return reader.read(node.expression)


def _walrus(reader: ExpressionReader, node: cst.NamedExpr) -> Expr:
    line = reader.line
    target = node.target.value if isinstance(node.target, cst.Name) else ""
    return Walrus(line, target, reader.read(node.value))


_READERS: dict[type, Callable[[ExpressionReader, Any], Expr]] = {
    cst.Name: _name,
    cst.Ellipsis: _ellipsis,
    cst.Integer: _integer,
    cst.Float: _float,
    cst.SimpleString: read_string,
    cst.ConcatenatedString: read_concatenated,
    cst.FormattedString: read_fstring,
    cst.Attribute: _attribute,
    cst.Call: _call,
    cst.List: items_reader("list"),
    cst.Tuple: items_reader("tuple"),
    cst.Set: items_reader("set"),
    cst.Dict: read_dict,
    cst.Subscript: _subscript,
    cst.BinaryOperation: read_binary,
    cst.BooleanOperation: read_binary,
    cst.UnaryOperation: read_unary,
    cst.Comparison: read_comparison,
    cst.IfExp: _conditional,
    cst.ListComp: comprehension_reader("list"),
    cst.SetComp: comprehension_reader("set"),
    cst.DictComp: comprehension_reader("dict"),
    cst.GeneratorExp: comprehension_reader("generator"),
    cst.Lambda: _lambda,
    cst.Await: _await,
    cst.NamedExpr: _walrus,
}
