"""Findings and their summary as bytes, and back: what a run on the same content shows again."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from ormlint.findings import Finding, Summary

if TYPE_CHECKING:
    from ormlint.graph.model import Past

_encode = msgspec.msgpack.Encoder().encode


def encode(findings: list[Finding], summary: Summary) -> bytes:
    """Plain data, which cannot run code."""
    return _encode((findings, summary))


def decode(data: bytes) -> tuple[list[Finding], Summary] | None:
    """The findings and summary that `encode` was given; `None` for what it did not make."""
    with suppress(msgspec.MsgspecError):
        return msgspec.msgpack.decode(data, type=tuple[list[Finding], Summary])
    return None


def encode_past(past: Past) -> bytes:
    """As above, of migration histories."""
    return _encode(past)


def decode_past(data: bytes) -> Past:
    """The histories that `encode_past` was given."""
    from ormlint.graph.model import Past  # noqa: PLC0415 - what has no commit to compare with does without

    return msgspec.msgpack.decode(data, type=Past)
