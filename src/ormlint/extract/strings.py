"""Strings, f-strings and their concatenations."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from ormlint.facts.code import Const, Expr, FString, Opaque, Piece

if TYPE_CHECKING:
    from ormlint.extract.expressions import ExpressionReader


_QUOTE = re.compile(r'(\\.)|"', re.DOTALL)
"""A quote, or an escape that may be of one."""


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
    return _joined(line, [*parts, *_string_parts(reader.read(rest))])


def _joined(line: int, parts: list[str | Piece]) -> Expr:
    """An f-string whose text is in as few parts as can be; a plain one where it is text alone."""
    found: list[str | Piece] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, Piece) and part.value == Opaque(part.value.line, "bytes"):
            return Opaque(line, "bytes")  # which stand beside bytes alone
        if isinstance(part, str) and isinstance(last, str):
            found[-1] = last + part
        elif part != "":
            found.append(part)
    if not found:
        return Const(line, "")
    return Const(line, found[0]) if isinstance(found[0], str) and len(found) == 1 else FString(line, found)


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
            spec, conversion = _spec(part.format_spec), part.conversion or ""
            if part.equal is not None:  # `{name=}` shows the text as well
                parts.append(_shown(part))
                conversion = conversion or ("" if part.format_spec else "r")
            parts.append(Piece(value if spec is not None else Opaque(line, "format"), conversion, spec or ""))
    return _joined(line, parts)


def _shown(part: cst.FormattedStringExpression) -> str:
    plain = part.with_changes(conversion=None, format_spec=None)
    return cst.Module([]).code_for_node(plain)[1:-1]


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    try:
        return str(ast.literal_eval('"""' + _QUOTE.sub(lambda found: found[1] or '\\"', text) + '"""'))
    except (ValueError, SyntaxError):
        return text


def _spec(parts: Sequence[cst.BaseFormattedStringContent] | None) -> str | None:
    if not parts:
        return ""
    if all(isinstance(part, cst.FormattedStringText) for part in parts):
        return "".join(part.value for part in parts if isinstance(part, cst.FormattedStringText))
    return None
