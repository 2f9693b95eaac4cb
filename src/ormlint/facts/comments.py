"""What comments tell ormlint."""

from __future__ import annotations

import re

import msgspec

_RULE = rb"ORM\d"
_NOQA = rb"(?i:noqa)\s*:[^\r\n]*ORM\d"


class Comment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a comment tells ormlint, and the lines that it covers."""

    kind: str
    """`ignore`, `file-ignore`, `noqa`, `model` or `no-model`."""
    words: list[str]
    """The rules to ignore, or the model."""
    line: int
    column: int
    end: int
    first: int
    last: int
    """From the first line to the last; nothing where the last comes first."""
    target: int = 0
    """The line of the class statement that it stands at or above; 0 where that is no class."""


def tells(data: bytes) -> bool:
    """Whether a comment of a file may be meant for ormlint."""
    return b"ormlint:" in data or (re.search(_RULE, data) is not None and re.search(_NOQA, data) is not None)
