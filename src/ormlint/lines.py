"""The logical lines of Python text, without parsing it, and the text without function bodies.

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

LEFT_OUT = "__left_out__"
"""Stands for the body of a function that was left out."""
_WORTH = 160
"""Characters of a body from which leaving it out saves more than it costs."""

TOKEN = re.compile(
    r'(?P<string>"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')'
    r"|(?P<comment>\#[^\n\r]*)|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<joined>\\(?:\r\n|\r|\n))|(?P<newline>\r\n|\r|\n)|(?P<comma>,)",
    re.DOTALL,
)
_INDENT = re.compile(r"[ \t\f]*")
_FUNCTION = re.compile(r"(?:async[ \t]+)?def[ \t]+(\w+)")
_MIGRATION = re.compile(r"^(?:down_)?revision\b", re.MULTILINE)
_TELLING = re.compile(
    r"\b(?:Column|mapped_column|relationship|Field|Table|ForeignKey|model_validate|from_orm|parse_obj|validate"
    r"|model_dump|model_dump_json|model_copy|synonym|column_property|response_model|__dict__)\b|\.dict\("
    r"|\b[A-Z]\w+\(\s*\w+\s*=\s*\w+\.\w"
)
"""What makes a function's body worth reading at once: declarations, and evidence of which schema mirrors
which model. Any other body is read when the function is called."""
_NAMELESS = re.compile(r"drop_constraint\(\s*(?:constraint_name\s*=\s*)?None\b")
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


def without_bodies(text: str, lines: list[Line]) -> tuple[str, list[Line]]:
    """The text with function bodies left out that nothing needs before a call, and its logical lines.

    In a migration that is `downgrade` alone, where it drops no constraint without naming it. A body that is
    left out is one line, the name `LEFT_OUT`.
    """
    migration = _MIGRATION.search(text) is not None
    pieces: list[str] = []
    kept: list[Line] = []
    copied, index = 0, 0
    while index < len(lines):
        line = lines[index]
        kept.append(line)
        index += 1
        header = _FUNCTION.match(text, line.start + line.column - 1)
        if header is None or (migration and header[1] != "downgrade"):
            continue
        after = index
        while after < len(lines) and lines[after].width > line.width:
            after += 1
        if after == index:
            continue
        start, end = lines[index].start, lines[after].start if after < len(lines) else len(text)
        first = _decorated(text, lines, index - 1)
        telling = _NAMELESS.search(text, start, end) if migration else _TELLING.search(text, first, end)
        if end - start < _WORTH or telling:
            continue
        body = lines[index]
        pieces += [text[copied:start], text[start : start + body.column - 1], LEFT_OUT, "\n"]
        kept.append(body)
        copied, index = end, after
    return "".join([*pieces, text[copied:]]), kept


def _decorated(text: str, lines: list[Line], index: int) -> int:
    """Where a function begins with the decorators above it."""
    width = lines[index].width
    while (
        index
        and lines[index - 1].width == width
        and text.startswith("@", lines[index - 1].start + lines[index - 1].column - 1)
    ):
        index -= 1
    return lines[index].start
