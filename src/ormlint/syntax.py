"""The gateway to LibCST: bytes in, a tree with line numbers out, or a problem.

LibCST reads Python that is newer than the interpreter that runs it, so it alone decides what can be
read. Its own positions cost more than its parse, therefore lines come from a scan of the text for
logical lines: statements come in the same order in both.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from ormlint.facts.code import Problem

MAX_BRACKETS = 200
"""CPython's own limit ("too many nested parentheses"); deeper input overflows LibCST's parser."""
MAX_INDENTS = 100
"""CPython's own limit ("too many levels of indentation")."""
MAX_CHAIN = 20_000
"""Characters of one logical line between brackets, commas and ends, strings and comments left out."""
MAX_ELIF = 2_000

_TOKEN = re.compile(
    r'(?P<string>"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')'
    r"|(?P<comment>\#[^\n\r]*)|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<joined>\\(?:\r\n|\r|\n))|(?P<newline>\r\n|\r|\n)|(?P<comma>,)",
    re.DOTALL,
)
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_INDENT = re.compile(r"[ \t\f]*")


@dataclass(frozen=True)
class Tree:
    """A parsed module, and line and column on which each of its logical lines starts, in order."""

    module: cst.Module
    logical_lines: list[tuple[int, int]]


def parse(data: bytes) -> Tree | Problem:
    """Return the tree of a source file, or the problem that keeps it from being read."""
    text = _decode(data)
    if isinstance(text, Problem):
        return text
    scan = _scan(text)
    if isinstance(scan, Problem):
        return scan
    try:
        return Tree(cst.parse_module(text), scan)
    except cst.ParserSyntaxError as error:
        return Problem(
            error.raw_line, error.raw_column + 1, f"syntax error: {_first_line(error.message)}", _MEND
        )
    except (RecursionError, MemoryError):
        return _too_deep(1)


_MEND = "Mend the file, or exclude it; nothing in it was analysed."


def _first_line(message: str) -> str:
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return lines[0] if lines else "the parser gives no reason"


def _decode(data: bytes) -> str | Problem:
    """Decode as Python does: a byte order mark, else a PEP 263 comment, else UTF-8."""
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    encoding = "utf-8"
    for line in data.split(b"\n", 2)[:2]:
        if match := _CODING.match(line):
            encoding = match[1].decode("ascii")
            break
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
    try:
        text = data.decode(encoding)
    except LookupError:
        return Problem(1, 1, f"unknown encoding {encoding!r}", "Name an encoding that Python knows.")
    except UnicodeDecodeError as error:
        line_number = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        return Problem(
            line_number,
            column,
            f"byte 0x{data[error.start]:02x} is not {encoding}",
            "Save the file as UTF-8, or declare its encoding in a `# coding:` comment.",
        )
    if (null := text.find("\0")) >= 0:
        return Problem(text.count("\n", 0, null) + 1, 1, "the file contains a null byte", _MEND)
    return text


def _scan(text: str) -> list[tuple[int, int]] | Problem:
    """Return where every logical line starts; refuse what would overflow the parser."""
    starts: list[tuple[int, int]] = []
    line, depth, begun, run, last_end = 1, 0, False, 0, 0
    indents, elifs = [0], 0
    line_start = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        between = text[last_end : match.start()]
        last_end = match.end()
        if not begun and depth == 0 and kind != "joined" and (between.strip() or kind in _BEGINNERS):
            begun, run = True, 0
            indent = _INDENT.match(text, line_start)[0]  # type: ignore[index]
            starts.append((line, len(indent) + 1))
            width = len(indent.expandtabs())
            while indents[-1] > width:
                indents.pop()
            if indents[-1] < width:
                indents.append(width)
                if len(indents) > MAX_INDENTS:
                    return _too_deep(line)
            elifs = elifs + 1 if text.startswith("elif", line_start + len(indent)) else 0
        run += len(between)
        if run > MAX_CHAIN or elifs > MAX_ELIF:
            return _too_deep(line)
        if kind == "newline" or kind == "joined":
            line += 1
            if kind == "newline":
                line_start = match.end()
                if depth == 0:
                    begun = False
        elif kind == "open":
            depth, run = depth + 1, 0
            if depth > MAX_BRACKETS:
                return _too_deep(line)
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "comma":
            run = 0
        elif kind == "string":
            line += match[0].count("\n")
    if not begun and text[last_end:].strip():
        starts.append((line, 1 + text[last_end:].find(text[last_end:].strip()[0])))
    return starts


_BEGINNERS = frozenset({"string", "open", "close", "comma"})


def _too_deep(line: int) -> Problem:
    return Problem(line, 1, "nested too deeply to be read", "Exclude the file, or split the expression.")


def positions_by_provider(module: cst.Module) -> Iterator[tuple[cst.CSTNode, tuple[int, int]]]:
    """Every node with its line and column, from LibCST's own provider: slow, for text the scan cannot follow."""
    from libcst.metadata import MetadataWrapper, PositionProvider

    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    for node, span in wrapper.resolve(PositionProvider).items():
        yield node, (span.start.line, span.start.column + 1)
