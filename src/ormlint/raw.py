"""What the rules find in a project before settings and comments choose from it, kept for other settings."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from ormlint.facts.comments import Comment
from ormlint.findings import Finding, Summary
from ormlint.options import Answers
from ormlint.packing import written


class Identity(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A rule, as far as selection goes."""

    code: str
    name: str
    default_on: bool


class Found(msgspec.Struct, array_like=True):
    """What rules find in a graph."""

    dialect: str | None
    """What the settings that the graph was linked for say of it."""
    answers: Answers
    """What the graph and the findings took from the settings."""
    findings: dict[str, list[Finding]]
    """By the code of every rule that ran."""


class Raw(msgspec.Struct, array_like=True):
    """What rules find in the graphs of a project's parts."""

    rules: list[Identity]
    """Every rule there is, in the order of the findings."""
    summary: Summary | None
    """`None` where there is nothing to check."""
    comments: dict[str, list[Comment]]
    """By path."""
    graphs: list[Found]
    parts: dict[str, int]
    """The number of its graph, by the folder of a part."""

    def of(self, under: str) -> Found:
        """What is found in the graph of a part, by its folder."""
        return self.graphs[self.parts[under]]


def encode(raw: Raw) -> bytes | None:
    """Plain data, which cannot run code; `None` where it cannot be written down."""
    return written(raw)


def decode(data: bytes) -> Raw | None:
    """What `encode` was given; `None` for what it did not make."""
    with suppress(msgspec.MsgspecError):
        return msgspec.msgpack.decode(data, type=Raw)
    return None
