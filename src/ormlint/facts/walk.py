"""Every part of a statement or an expression, in source order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter

import msgspec

from ormlint.facts import code

_STRUCTS = {
    name: kind
    for name, kind in vars(code).items()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct)
}
_HOLDING = {*_STRUCTS, "Expr", "Stmt"}
"""The words of an annotation that say that a field holds structs."""


def _holding(kind: type[msgspec.Struct]) -> Callable[[msgspec.Struct], tuple[object, ...]] | None:
    """Gives the fields of a struct that hold structs, the last one first: as a stack takes them."""
    said = kind.__annotations__.items()
    names = [name for name, words in said if _HOLDING.intersection(re.findall(r"\w+", words))][::-1]
    if not names:
        return None
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda part: (get(part),)


_BELOW = {kind: _holding(kind) for kind in _STRUCTS.values()}


def walk(parts: Iterable[object]) -> Iterator[msgspec.Struct]:
    """Each struct among the parts and below them; iterative, so that no depth is too deep."""
    stack = list(parts)[::-1]
    pop, below = stack.pop, _BELOW
    while stack:
        part = pop()
        kind = type(part)
        if kind is list:
            stack += part[::-1]  # type: ignore[index]
        elif kind in below:
            yield part  # type: ignore[misc]
            get = below[kind]
            if get is not None:
                stack += get(part)  # type: ignore[arg-type]
