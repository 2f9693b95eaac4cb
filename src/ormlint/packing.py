"""Plain data as MessagePack, where it can be written down."""

from __future__ import annotations

import msgspec

_encode = msgspec.msgpack.Encoder().encode


def written(content: object) -> bytes | None:
    """`None` for numbers beyond 64 bits and for half characters, which MessagePack does not have."""
    try:
        return _encode(content)
    except (OverflowError, UnicodeEncodeError):
        return None
