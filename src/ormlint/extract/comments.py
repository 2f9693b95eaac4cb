"""Comments that tell ormlint something, with the lines that each of them covers.

A comment at the end of a line is about that line and what is opened or closed on it; one on a line of its
own is about what follows. At a class or a function it covers the whole of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from msgspec import Struct

from ormlint.facts.comments import Comment
from ormlint.lines import TOKEN

_IGNORE = re.compile(r"#\s*ormlint:\s*(ignore|file-ignore)(?![\w-])\s*(?:\[([^\]#]*)\])?")
_MODEL = re.compile(r"#\s*ormlint:\s*(?:model\s*=\s*([\w.]+)|(no-model)(?![\w-]))")
_NOQA = re.compile(r"#\s*noqa\s*:\s*([A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)", re.IGNORECASE)
_NEWLINE = re.compile(r"\r\n|\r|\n")
_BLOCK = re.compile(r"(?:async[ \t]+def|def|class)\b")


def comments(text: str) -> list[Comment]:
    """What the comments of a text tell ormlint, in order."""
    scan = _scan(text)
    return [said for line, column, comment in scan.comments for said in _said(scan, line, column, comment)]


class _Statement(Struct):
    """A logical line: its first and last physical lines, its width of indentation and what it says first."""

    first: int
    last: int
    width: int
    begins: str


class _Scan(Struct, dict=True):
    lines: list[str]
    statements: list[_Statement] = []
    brackets_opened: dict[int, int] = {}
    """Line → the last line on which a bracket closes that is opened on it."""
    brackets_closed: dict[int, int] = {}
    """Line → the first line on which a bracket opens that is closed on it."""
    comments: list[tuple[int, int, str]] = []
    """Line, column from 1, and text."""
    inside: set[int] = set()
    """Lines that start within brackets."""

    @cached_property
    def firsts(self) -> list[int]:
        """The first line of each statement."""
        return [statement.first for statement in self.statements]

    @cached_property
    def next_items(self) -> dict[int, int]:
        """Line → the first line after it that holds more than a comment."""
        found, following = {}, len(self.lines)
        for number in range(len(self.lines), 0, -1):
            found[number] = following
            if self.lines[number - 1].strip() and not self.lines[number - 1].lstrip().startswith("#"):
                following = number
        return found

    @cached_property
    def _wholes(self) -> dict[int, tuple[int, int, int]]:
        return {}

    def whole(self, index: int) -> tuple[int, int, int]:
        """A statement with its decorators, and with its block where it is a class or a function.

        The third number is the line of the class statement, 0 where it is none.
        """
        if index not in self._wholes:
            self._wholes[index] = _whole(self.statements, index)
        return self._wholes[index]


def _whole(statements: list[_Statement], index: int) -> tuple[int, int, int]:
    first = statements[index].first
    while statements[index].begins.startswith("@") and index + 1 < len(statements):
        index += 1
    head, last = statements[index], statements[index].last
    if _BLOCK.match(head.begins):
        for inner in islice(statements, index + 1, None):
            if inner.width <= head.width:
                break
            last = inner.last
    return first, last, head.first if head.begins.startswith("class") else 0


def _scan(text: str) -> _Scan:
    scan = _Scan(_NEWLINE.split(text))
    line, line_start, end, begun = 1, 0, 0, False
    opened: list[int] = []
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        if not begun and (text[end : match.start()].strip() or kind in ("string", "open", "close", "comma")):
            begun = True
            scan.statements.append(_statement(scan.lines[line - 1], line))
        end = match.end()
        if kind == "newline":
            line, line_start = line + 1, end
            begun = begun and bool(opened)
            if opened:
                scan.inside.add(line)
        elif kind == "open":
            opened.append(line)
        elif kind == "close" and opened:
            start = opened.pop()
            scan.brackets_closed[line] = min(start, scan.brackets_closed.get(line, start))
            scan.brackets_opened[start] = line
        elif kind == "comment":
            scan.comments.append((line, match.start() - line_start + 1, match[0]))
        else:
            breaks = list(_NEWLINE.finditer(match[0]))
            if breaks:
                line, line_start = line + len(breaks), match.start() + breaks[-1].end()
        if begun:
            scan.statements[-1].last = line
    if not begun and text[end:].strip():
        scan.statements.append(_statement(scan.lines[line - 1], line))
    return scan


def _statement(text: str, line: int) -> _Statement:
    rest = text.lstrip(" \t\f")
    return _Statement(line, line, len(text[: len(text) - len(rest)].expandtabs()), rest)


def _said(scan: _Scan, line: int, column: int, comment: str) -> Iterator[Comment]:
    for match in (*_IGNORE.finditer(comment), *_MODEL.finditer(comment), *_NOQA.finditer(comment)):
        if match.re is _IGNORE:
            kind, words = match[1], [word for word in re.split(r"[,\s]+", match[2] or "") if word]
        elif match.re is _MODEL:
            kind, words = ("model", [match[1]]) if match[1] else ("no-model", [])
        else:
            kind, words = "noqa", re.findall(r"\bORM\d{3}\b", match[1].upper())
            if not words:
                continue
        first, last, target = (
            (1, len(scan.lines), 0) if kind == "file-ignore" else _covered(scan, line, column)
        )
        start = column + match.start()
        yield Comment(kind, words, line, start, column + len(comment.rstrip()), first, last, target)


def _covered(scan: _Scan, line: int, column: int) -> tuple[int, int, int]:
    """The lines that a comment covers, and the line of the class statement that it is about."""
    own = not scan.lines[line - 1][: column - 1].strip()
    if own and line in scan.inside:
        line = scan.next_items[line]
    elif own:
        index = bisect_right(scan.firsts, line)
        return (line, line - 1, 0) if index == len(scan.firsts) else scan.whole(index)
    index = bisect_right(scan.firsts, line) - 1
    statement = scan.statements[index]
    if line in (statement.first, statement.last):
        return scan.whole(index)
    opened = scan.brackets_closed.get(line, line)
    return min(opened, line), max(scan.brackets_opened.get(line, line), line), 0
