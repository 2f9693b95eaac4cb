"""The logical lines of Python text, without parsing it.

https://docs.python.org/3/reference/lexical_analysis.html#line-structure
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_BRACKETS = 200
"""CPython's own limit ("too many nested parentheses"); deeper input overflows LibCST's parser."""
MAX_INDENTS = 100
"""CPython's own limit ("too many levels of indentation")."""
MAX_CHAIN = 20_000
"""Characters between brackets, commas and line ends, strings and comments left out."""
MAX_ELIF = 2_000

TOKEN = re.compile(
    r'(?P<string>"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')'
    r"|(?P<comment>\#[^\n\r]*)|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<joined>\\(?:\r\n|\r|\n))|(?P<newline>\r\n|\r|\n)|(?P<comma>,)",
    re.DOTALL,
)
_INDENT = re.compile(r"[ \t\f]*")
_BEGINNERS = frozenset({"string", "open", "close", "comma"})


class Line(NamedTuple):
    """A logical line: where it starts, how far it is indented, and where its first physical line starts."""

    line: int
    column: int
    width: int
    start: int


class TooDeep(Exception):  # noqa: N818 - it says what the text is, and becomes a finding
    """The text is nested beyond what Python itself, or the parser, can take."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def logical_lines(text: str) -> list[Line]:
    """Every logical line in order; raises `TooDeep`."""
    found: list[Line] = []
    line, depth, begun, run, end, line_start = 1, 0, False, 0, 0, 0
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        between = text[end : match.start()]
        end = match.end()
        if not begun and depth == 0 and (between.strip() or kind in _BEGINNERS):
            begun, run = True, 0
            found.append(_line(text, line, line_start))
        run += len(between)
        if run > MAX_CHAIN or depth > MAX_BRACKETS:
            raise TooDeep(line)
        if kind == "newline":
            line, line_start = line + 1, end
            begun = begun and depth > 0
        elif kind == "open":
            depth, run = depth + 1, 0
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "comma":
            run = 0
        elif kind != "comment":
            line += match[0].count("\n")
    if not begun and text[end:].strip():
        found.append(_line(text, line, line_start))
    _check_nesting(text, found)
    return found


def _line(text: str, line: int, start: int) -> Line:
    indent = _INDENT.match(text, start)
    space = indent[0] if indent is not None else ""
    return Line(line, len(space) + 1, len(space.expandtabs()), start)


def _check_nesting(text: str, lines: list[Line]) -> None:
    indents, elifs = [0], 0
    for line in lines:
        while indents[-1] > line.width:
            indents.pop()
        if indents[-1] < line.width:
            indents.append(line.width)
        elifs = elifs + 1 if text.startswith("elif", line.start + line.column - 1) else 0
        if len(indents) > MAX_INDENTS or elifs > MAX_ELIF:
            raise TooDeep(line.line)
