"""The gateway to LibCST: text in, a tree with line numbers out, or a problem.

LibCST reads Python that is newer than the interpreter that runs it, so it alone decides what can be
read. Its own positions cost more than its parse, therefore lines come from a scan of the text for
logical lines: statements come in the same order in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from ormlint.decoding import MEND
from ormlint.facts.code import Problem
from ormlint.lines import TOKEN, Line, TooDeep, logical_lines

_AT = re.compile(r"error at (\d+):(\d+)")
_TEMPLATE = re.compile(r"(?<!\w)(?:[tT][rR]?|[rR][tT])$")


@dataclass(frozen=True)
class Tree:
    """A parsed module, and where each of its logical lines starts, in order."""

    module: cst.Module
    lines: list[Line]


def parse(text: str) -> Tree | Problem:
    """Return the tree of a source text, or the problem that keeps it from being read.

    A template that LibCST does not read (`tr"{x}"`, `t"a" t"b"`) has the tree of a formatted text.

    https://peps.python.org/pep-0750/
    """
    found = _parsed(text)
    if isinstance(found, Problem) and (formatted := _formatted(text)) != text:
        again = _parsed(formatted)
        return found if isinstance(again, Problem) else again
    return found


def _parsed(text: str) -> Tree | Problem:
    try:
        lines = logical_lines(text)  # first, since it knows what is too deep
        return Tree(cst.parse_module(text), lines)
    except TooDeep as error:
        return _too_deep(error.line)
    except cst.ParserSyntaxError as error:
        return _syntax_error(error)
    except (cst.CSTValidationError, cst.CSTLogicError):  # its parser and its nodes do not agree
        return Problem(1, 1, "syntax error", MEND)
    except (RecursionError, MemoryError):
        return _too_deep(1)


def _formatted(text: str) -> str:
    """The text with each template written as a formatted text, which is as long."""
    parts, end = [], 0
    for match in TOKEN.finditer(text):
        prefix = _TEMPLATE.search(text, max(end, match.start() - 2), match.start())
        if match.lastgroup == "string" and prefix is not None:
            parts += [text[end : prefix.start()], re.sub("[tT]", "f", prefix[0])]
            end = match.start()
    return "".join([*parts, text[end:]])


def _syntax_error(error: cst.ParserSyntaxError) -> Problem:
    # The parser's own words list every token that it would have taken.
    place = _AT.search(error.message)
    line, column = (int(place[1]), int(place[2])) if place else (error.raw_line, error.raw_column + 1)
    return Problem(line, column, "syntax error", MEND)


def _too_deep(line: int) -> Problem:
    return Problem(line, 1, "nested too deeply to be read", "Exclude the file, or split the expression.")


def positions_by_provider(module: cst.Module) -> Iterator[tuple[cst.CSTNode, tuple[int, int]]]:
    """Every node with its line and column, from LibCST's own provider, for text the scan cannot follow."""
    from libcst.metadata import MetadataWrapper, PositionProvider  # noqa: PLC0415 - slow to import, rarely used

    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    for node, span in wrapper.resolve(PositionProvider).items():
        yield node, (span.start.line, span.start.column + 1)
