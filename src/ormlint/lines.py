"""The logical lines of Python text, without parsing it.

https://docs.python.org/3/reference/lexical_analysis.html#line-structure
"""

from __future__ import annotations

import re
from itertools import chain

from msgspec import Struct

MAX_BRACKETS = 200
"""CPython's own limit ("too many nested parentheses"); deeper input overflows LibCST's parser."""
MAX_INDENTS = 100
"""CPython's own limit ("too many levels of indentation")."""
MAX_CHAIN = 20_000
"""Characters between brackets, commas and line ends, strings and comments left out."""
MAX_LINKS = 2_000
"""Operators, dots, calls and items in a row without a comma; the time they take grows with their square."""
MAX_PREFIXES = 500
"""What stands before its operand, in a row: the memory that the parser takes for it grows with its square."""
MAX_ELIF = 2_000

TOKEN = re.compile(
    # One that does not end is taken as far as it goes, so that no letter is looked at again and again.
    r'(?P<string>"""(?:[^\\]|\\.)*?(?:"""|\Z)|\'\'\'(?:[^\\]|\\.)*?(?:\'\'\'|\Z)'
    r'|"(?:[^"\\\n]|\\.)*"?|\'(?:[^\'\\\n]|\\.)*\'?)'
    r"|(?P<comment>\#[^\n\r]*)|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<joined>\\(?:\r\n|\r|\n))|(?P<newline>\r\n|\r|\n)|(?P<comma>,)",
    re.DOTALL,
)
_LINK = re.compile(r"[-+*/%@&|^~<>=.]|\b(?:not|and|or|in|is|if|else|lambda|await|yield)\b")
_PREFIX = re.compile(r"[-+~]|\*\*|\b(?:not|lambda|else|await)\b")
_INDENT = re.compile(r"[ \t\f]*")
_BEGINNERS = frozenset({"string", "open", "close", "comma"})


class Line(Struct, frozen=True):
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
    links = prefixes = 0
    for match in chain(TOKEN.finditer(text), [None]):
        kind = match.lastgroup if match is not None else "end"
        between = text[end : match.start() if match is not None else len(text)]
        end = match.end() if match is not None else len(text)
        if not begun and depth == 0 and (between.strip() or kind in _BEGINNERS):
            begun, run, links, prefixes = True, 0, 0, 0
            found.append(_line(text, line, line_start))
        run += len(between)
        links += len(_LINK.findall(between))
        prefixes += len(_PREFIX.findall(between))
        if run > MAX_CHAIN or depth > MAX_BRACKETS or links > MAX_LINKS or prefixes > MAX_PREFIXES:
            raise TooDeep(line)
        if kind == "newline":
            line, line_start = line + 1, end
            begun = begun and depth > 0
        elif kind == "open":
            depth, run, links = depth + 1, 0, links + 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "comma":
            run = links = prefixes = 0
        elif kind in ("string", "joined") and match is not None:
            line += match[0].count("\n")
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
