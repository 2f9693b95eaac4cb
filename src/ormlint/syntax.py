"""The gateway to LibCST: bytes in, a tree with line numbers out, or a problem.

LibCST reads Python that is newer than the interpreter that runs it, so it alone decides what can be
read. Its own positions cost more than its parse, therefore lines come from a scan of the text for
logical lines: statements come in the same order in both.
"""

from __future__ import annotations

import ast
import codecs
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from ormlint.facts.code import Problem
from ormlint.lines import Line, TooDeep, logical_lines, without_bodies

_AT = re.compile(r"error at (\d+):(\d+)")
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


@dataclass(frozen=True)
class Tree:
    """A parsed module, and where each of its logical lines starts, in order."""

    module: cst.Module
    lines: list[Line]


def parse(data: bytes, *, whole: bool = False) -> Tree | Problem:
    """Return the tree of a source file, or the problem that keeps it from being read.

    Unless `whole`, bodies of functions that nothing needs before a call are left out of the tree.
    """
    text = decode(data)
    if isinstance(text, Problem):
        return text
    try:
        lines = logical_lines(text)
        if not whole and _is_python(text):
            shorter, rest = without_bodies(text, lines)
            try:
                return Tree(cst.parse_module(shorter), rest)
            except cst.ParserSyntaxError:
                pass  # the whole text says where and why
        return Tree(cst.parse_module(text), lines)
    except TooDeep as error:
        return _too_deep(error.line)
    except cst.ParserSyntaxError as error:
        return _syntax_error(error)
    except (RecursionError, MemoryError):
        return _too_deep(1)


def _is_python(text: str) -> bool:
    """Whether this interpreter reads all of it: then no error hides in a body that is left out.

    A quarter of what LibCST takes; where it says no, LibCST decides on the whole text.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


_MEND = "Mend the file, or exclude it; nothing in it was analysed."


def _syntax_error(error: cst.ParserSyntaxError) -> Problem:
    # The parser's own words list every token that it would have taken.
    place = _AT.search(error.message)
    line, column = (int(place[1]), int(place[2])) if place else (error.raw_line, error.raw_column + 1)
    return Problem(line, column, "syntax error", _MEND)


def decode(data: bytes) -> str | Problem:
    """Decode as Python does: a byte order mark, else a PEP 263 comment, else UTF-8."""
    encoding = encoding_of(data)
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
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


def encoding_of(data: bytes) -> str:
    """The encoding that a source file declares."""
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    for line in data.split(b"\n", 2)[:2]:
        if match := _CODING.match(line):
            return match[1].decode("ascii")
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
    return "utf-8"


def _too_deep(line: int) -> Problem:
    return Problem(line, 1, "nested too deeply to be read", "Exclude the file, or split the expression.")


def positions_by_provider(module: cst.Module) -> Iterator[tuple[cst.CSTNode, tuple[int, int]]]:
    """Every node with its line and column, from LibCST's own provider, for text the scan cannot follow."""
    from libcst.metadata import MetadataWrapper, PositionProvider  # noqa: PLC0415 - slow to import, rarely used

    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    for node, span in wrapper.resolve(PositionProvider).items():
        yield node, (span.start.line, span.start.column + 1)
