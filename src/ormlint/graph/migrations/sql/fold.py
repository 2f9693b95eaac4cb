"""Strings that PL/pgSQL puts together, with `UNKNOWN` for the parts that are not settled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ormlint.graph.migrations.sql.cursor import Cursor
from ormlint.graph.migrations.sql.text import UNKNOWN

_FORMAT = re.compile(r"%(?:(\d+)\$)?-?\d*([sIL%])")
_NAMING = ("QUOTE_IDENT", "QUOTE_LITERAL")


def folded(cursor: Cursor, variables: Mapping[str, str]) -> str:
    """The value of a string expression (`'a' || name || format('%I', 'b')`)."""
    pieces = []
    while cursor.token is not None and cursor.keyword not in ("INTO", "USING"):
        pieces.append(_piece(cursor, variables))
        while cursor.keyword == "|":
            cursor.position += 1
    return "".join(pieces)


def _piece(cursor: Cursor, variables: Mapping[str, str]) -> str:
    token = cursor.token
    if token is not None and token.kind == "string":
        cursor.position += 1
        _skip_cast(cursor)
        return token.value
    word = cursor.keyword
    cursor.position += 1
    if cursor.keyword == "(" and token is not None and token.kind == "word":
        arguments = [folded(part, variables) for part in cursor.bracketed()]
        _skip_cast(cursor)
        if word == "FORMAT" and arguments:
            return _formatted(arguments[0], iter(arguments[1:]))
        return arguments[0] if word in _NAMING and len(arguments) == 1 else UNKNOWN
    _skip_cast(cursor)
    held = variables.get(token.value.lower()) if token is not None and token.kind == "word" else None
    if held is not None and re.fullmatch(r"'[^']*'", held):
        return held[1:-1]
    while cursor.token is not None and cursor.keyword not in ("|", ",", "INTO", "USING"):
        cursor.step()
    return UNKNOWN


def _skip_cast(cursor: Cursor) -> None:
    if cursor.accept("::"):
        cursor.step()


def _formatted(template: str, arguments: Iterator[str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[2] == "%":
            return "%"
        text = UNKNOWN if match[1] else next(arguments, UNKNOWN)
        return f"'{text}'" if match[2] == "L" else text

    return _FORMAT.sub(value, template)
