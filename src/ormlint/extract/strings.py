"""Strings, f-strings and their concatenations."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from ormlint.facts.code import Const, Expr, FString, Opaque, Piece

if TYPE_CHECKING:
    from ormlint.extract.expressions import ExpressionReader


def read_string(reader: ExpressionReader, node: cst.SimpleString) -> Expr:
    line = reader.line
    reader.line += node.value.count("\n")
    return reader.string(line, node.value)


def literal(line: int, text: str) -> Expr:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return Opaque(line, "a string that cannot be read")
    return Const(line, value) if isinstance(value, str) else Opaque(line, "bytes")


def read_concatenated(reader: ExpressionReader, node: cst.ConcatenatedString) -> Expr:
    line = reader.line
    parts: list[str | Piece] = []
    rest: cst.CSTNode = node
    while isinstance(rest, cst.ConcatenatedString):
        parts += _string_parts(reader.read(rest.left))
        reader.space(rest.whitespace_between)
        rest = rest.right
    parts += _string_parts(reader.read(rest))
    if all(isinstance(part, str) for part in parts):
        return Const(line, "".join(part for part in parts if isinstance(part, str)))
    return FString(line, parts)


def _string_parts(value: Expr) -> list[str | Piece]:
    if isinstance(value, Const) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, FString):
        return value.parts
    return [Piece(value, "", "")]


def read_fstring(reader: ExpressionReader, node: cst.FormattedString) -> Expr:
    line = reader.line
    raw = "r" in node.start.lower()
    parts: list[str | Piece] = []
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            text = part.value.replace("{{", "{").replace("}}", "}")
            reader.line += text.count("\n")
            parts.append(text if raw else _unescape(text))
        elif isinstance(part, cst.FormattedStringExpression):
            reader.space(part.whitespace_before_expression)
            value = reader.read(part.expression)
            reader.space(part.whitespace_after_expression)
            spec = _spec(part.format_spec)
            parts.append(
                Piece(
                    value if spec is not None else Opaque(line, "format"), part.conversion or "", spec or ""
                )
            )
    return FString(line, parts)


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    try:
        return str(ast.literal_eval('"""' + text.replace('"', '\\"') + '"""'))
    except (ValueError, SyntaxError):
        return text


def _spec(parts: Sequence[cst.BaseFormattedStringContent] | None) -> str | None:
    if not parts:
        return ""
    if all(isinstance(part, cst.FormattedStringText) for part in parts):
        return "".join(part.value for part in parts if isinstance(part, cst.FormattedStringText))
    return None
