"""Bytes of one file → `FileFacts`."""

from __future__ import annotations

import re

from ormlint.decoding import decode
from ormlint.extract.ast_statements import statements
from ormlint.facts.code import FileFacts, Problem, Stmt
from ormlint.facts.comments import Comment, tells

_HALF = re.compile(r"\\(?:u|U0000)[dD][89a-fA-F][0-9a-fA-F]{2}")
"""An escape for half a character, which no text may have that is to be written down."""


def extract(data: bytes, *, whole: bool = False) -> FileFacts:
    """Return all that a source file says; a file that cannot be read gives its problem and no body.

    Bodies of functions that nothing needs before a call are left out unless `whole`. What this interpreter
    does not parse may be Python all the same: LibCST says so.
    """
    text = decode(data)
    if isinstance(text, Problem):
        return FileFacts([], text)
    text = _HALF.sub(_unsettled, text)
    said = _comments(text) if tells(data) else []
    body: list[Stmt] | Problem | None = statements(text, whole=whole)
    if body is None:
        from ormlint.extract.tree import read  # noqa: PLC0415 - LibCST, which takes as long to import as a start

        body = read(text)
    return FileFacts([], body, said) if isinstance(body, Problem) else FileFacts(body, comments=said)


def _comments(text: str) -> list[Comment]:
    from ormlint.extract.comments import comments  # noqa: PLC0415 - few files have any that are meant for us

    return comments(text)


def _unsettled(half: re.Match[str]) -> str:
    """The escape, as long, for the character that stands for what is not known."""
    return "\\U0000fffd" if half[0].startswith("\\U") else "\\ufffd"
