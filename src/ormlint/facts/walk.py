"""Every part of a statement or an expression, in source order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec


def walk(parts: Iterable[object]) -> Iterator[msgspec.Struct]:
    """Each struct among the parts and below them; iterative, so that no depth is too deep."""
    stack = list(parts)[::-1]
    while stack:
        part = stack.pop()
        if isinstance(part, msgspec.Struct):
            yield part
            stack += [getattr(part, name) for name in part.__struct_fields__[::-1]]
        elif isinstance(part, list):
            stack += part[::-1]
