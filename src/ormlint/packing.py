"""Plain data as MessagePack, where it can be written down."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


def _plain(content: object) -> object:
    """A mapping of a kind of ours is written as any other."""
    if isinstance(content, Mapping):
        return dict(content)
    raise NotImplementedError


_encode = msgspec.msgpack.Encoder(enc_hook=_plain).encode


def written(content: object) -> bytes | None:
    """`None` for numbers beyond 64 bits and for half characters, which MessagePack does not have."""
    try:
        return _encode(content)
    except (OverflowError, UnicodeEncodeError):
        return None
