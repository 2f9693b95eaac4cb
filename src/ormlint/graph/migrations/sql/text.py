"""SQL text as tokens and statements: enough to split it safely and to read names, in any dialect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from msgspec import Struct

UNKNOWN = "__ormlint_unknown__"
"""Stands in a text for a part that is not known; a name that contains it is not known."""

_PLAIN_STRING = r"'(?:[^']|'')*'?"
_BACKSLASH_STRING = r"'(?:[^'\\]|''|\\.)*'?"
_LEXEME = r"""
      (?P<space> \s+ | --[^\n]* {hash_comment} )
    | (?P<comment> /\* )
    | (?P<string> [eE]{backslash_string} | [nNbBxX]?{string} )
    | (?P<dollar> \$(?P<tag>(?:[A-Za-z_]\w*)?)\$ )
    | (?P<name> "(?:[^"]|"")*"? | `(?:[^`]|``)*`? {bracket_name} )
    | (?P<word> [^\W\d][\w$]* )
    | (?P<number> \d[\w.]* )
    | (?P<other> :: | . )
"""
_BODY = re.compile(
    r"\s*CREATE\s+(OR\s+REPLACE\s+)?(DEFINER\s*=\s*\S+\s+)?(TEMP\w*\s+|CONSTRAINT\s+)?"
    r"(TRIGGER|PROCEDURE|FUNCTION|EVENT)\b",
    re.IGNORECASE,
)


class Token(Struct, frozen=True):
    """`kind` is `word`, `name` (quoted), `string`, `number` or `other`; `value` is without quotes."""

    kind: str
    value: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """The keyword or sign; an empty string for what cannot be one."""
        return self.value.upper() if self.kind in ("word", "other") else ""


def tokens(sql: str, dialect: str) -> list[Token]:
    """The tokens of the text, comments left out; what is never closed runs to the end."""
    pattern = _pattern(dialect)
    found: list[Token] = []
    position = 0
    while position < len(sql):
        match = pattern.match(sql, position)
        if match is None:
            break
        start, position = position, match.end()
        kind = match.lastgroup if match["tag"] is None else "dollar"
        if kind == "comment":
            position = _after_comment(sql, position)
        elif kind == "dollar":
            close = sql.find(match["dollar"], position)
            stop = len(sql) if close < 0 else close
            found.append(Token("string", sql[position:stop], start, stop + len(match["dollar"])))
            position = stop + len(match["dollar"])
        elif kind in ("string", "name"):
            found.append(Token(kind, _unquoted(match[0]), start, position))
        elif kind is not None and kind != "space":
            found.append(Token(kind, match[0], start, position))
    return found


@cache
def _pattern(dialect: str) -> re.Pattern[str]:
    mysql = dialect in ("mysql", "mariadb")
    brackets = dialect in ("sqlite", "mssql")
    text = _LEXEME.format(
        hash_comment=r"| \#[^\n]*" if mysql else "",
        backslash_string=_BACKSLASH_STRING,
        string=_BACKSLASH_STRING if mysql else _PLAIN_STRING,
        bracket_name=r"| \[[^\]]*\]" if brackets else "",
    )
    return re.compile(text, re.VERBOSE | re.DOTALL)


def _after_comment(sql: str, position: int) -> int:
    """Comments nest in PostgreSQL."""
    depth = 1
    while depth:
        opening, closed = sql.find("/*", position), sql.find("*/", position)
        if closed < 0:
            return len(sql)
        nested = 0 <= opening < closed
        depth += 1 if nested else -1
        position = (opening if nested else closed) + 2
    return position


def _unquoted(text: str) -> str:
    quote = next(sign for sign in text if sign in "'\"`[")
    close = "]" if quote == "[" else quote
    inner = text[text.index(quote) + 1 :].removesuffix(close)
    return inner.replace(close * 2, close)


def statements(sql: str, dialect: str) -> Iterator[str]:
    """The statements of the text, split at semicolons outside quotes, comments and bodies."""
    start, blocks, has_body = 0, 0, _BODY.match(sql) is not None
    for token in tokens(sql, dialect):
        if has_body and token.upper in ("BEGIN", "CASE"):
            blocks += 1
        elif has_body and token.upper == "END" and blocks:
            blocks -= 1
        elif token.upper == ";" and blocks == 0:
            if sql[start : token.start].strip():
                yield sql[start : token.start].strip()
            start, has_body = token.end, _BODY.match(sql, token.end) is not None
    if sql[start:].strip():
        yield sql[start:].strip()


def parts(found: Sequence[Token], separator: str = ",") -> Iterator[Sequence[Token]]:
    """The runs of tokens between separators outside brackets."""
    depth, start = 0, 0
    for position, token in enumerate(found):
        if token.upper in ("(", "["):
            depth += 1
        elif token.upper in (")", "]"):
            depth -= 1
        elif token.upper == separator and depth == 0:
            yield found[start:position]
            start = position + 1
    if found[start:]:
        yield found[start:]


def closing(found: Sequence[Token], opening: int) -> int:
    """The position of the bracket that closes the one at `opening`; the end where none does."""
    depth = 0
    for position in range(opening, len(found)):
        depth += (found[position].upper == "(") - (found[position].upper == ")")
        if depth == 0:
            return position
    return len(found)
