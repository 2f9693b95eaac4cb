"""A document as bytes, and back: what a hot run renders."""

from __future__ import annotations

import msgspec

from ormlint.report.document import Document


def encode(document: Document) -> bytes:
    return msgspec.json.encode(document)


def decode(data: bytes) -> Document:
    return msgspec.json.decode(data, type=Document)
