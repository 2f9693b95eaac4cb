"""Every part of a statement or an expression, in source order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from ormlint.facts import code

_STRUCTS = {
    name: kind
    for name, kind in vars(code).items()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
}
_HOLDING = {*_STRUCTS, "Expr", "Stmt"}
"""The words of an annotation that say that a field holds structs."""


def _last_first(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    said = kind.__annotations__.items()
    return tuple(name for name, words in said if _HOLDING.intersection(re.findall(r"\w+", words)))[::-1]


_BELOW = {kind: _last_first(kind) for kind in _STRUCTS.values()}
"""The fields of each struct that hold structs, the last one first: as a stack takes them."""


def walk(parts: Iterable[object]) -> Iterator[msgspec.Struct]:
    """Each struct among the parts and below them; iterative, so that no depth is too deep."""
    stack = list(parts)[::-1]
    pop, push = stack.pop, stack.append
    while stack:
        part = pop()
        kind = type(part)
        if kind is list:
            stack += part[::-1]  # type: ignore[index]
        elif kind in _BELOW:
            yield part  # type: ignore[misc]
            for name in _BELOW[kind]:
                push(getattr(part, name))
