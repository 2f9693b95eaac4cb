"""How large a value is, with all that it holds: what a few lines multiply must not fill memory or time."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from ormlint.findings import Place
from ormlint.graph.machine.values import (
    Alternatives,
    EnumMember,
    Made,
    Member,
    Partial,
    Subscripted,
    Unknown,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine

MAX_TEXT = 1_000_000
"""Characters of a text."""
MAX_WEIGHT = 50_000
"""Values within a value, a part that it holds twice counted twice."""
MAX_TYPE = 10_000
"""The same of a type or an annotation, which is written out."""
_LETTERS = 50
"""Characters of a text that weigh as much as one value."""
_PACE = 2
"""Values that are counted in the time of one step."""


def bounded(machine: Machine, value: Value, path: str, line: int) -> Value:
    """The value, or that it is unknown where it is too large; counting it takes steps."""
    kind = type(value)
    if kind is str or kind is Partial:
        large = len(value if kind is str else value.text) > MAX_TEXT
    elif kind in _HOLDERS:
        found = weight(value)
        machine.steps -= found // _PACE
        large = found > (MAX_TYPE if kind in _TYPES else MAX_WEIGHT)
        if kind is Made:
            value.weight = found
    else:
        return value
    return Unknown("a value that is too large", Place(path, line)) if large else value


def is_large(value: Value) -> bool:
    """Whether looking into a value would take too long."""
    return type(value) in _NATIVE and weight(value) > MAX_WEIGHT


def weight(value: Value) -> int:
    """How many values there are in a value; counting ends where they are too many."""
    total, stack = 1, [value]
    while stack and total <= MAX_WEIGHT:
        each = stack.pop()
        kind = type(each)
        if kind is str:
            total += len(each) // _LETTERS
        elif kind is Made and each.weight:
            total += each.weight
        elif kind in _HOLDERS:
            parts = _parts(each)
            total += len(parts)
            stack += [part for part in parts if type(part) in _WEIGHING]
    return total


def fits(machine: Machine, value: Value, container: Value) -> bool:
    """Whether a value may be put into a container: one that holds the container would make it endless."""
    if type(value) not in _HOLDERS:
        return True
    seen, stack = 0, [value]
    while stack and seen <= MAX_WEIGHT:
        each = stack.pop()
        seen += 1
        if each is container:
            return False
        if type(each) in _HOLDERS:
            parts = _parts(each)
            seen += len(parts)
            stack += parts
    machine.steps -= seen // _PACE
    return seen <= MAX_WEIGHT


def _parts(value: Value) -> Collection[Value]:
    kind = type(value)
    if kind is Made:
        return [value.callee, *value.args, *value.kwargs.values()]
    if kind is dict:
        return [*value, *value.values()]
    if kind is Subscripted:
        return [value.origin, *value.args]
    if kind is Alternatives:
        members: Collection[Value] = value.members
        return members
    if kind is Member:
        return (value.owner,)
    if kind is EnumMember:
        return (value.value,)
    native: Collection[Value] = value
    return native


_TYPES = frozenset({Subscripted, Alternatives})
_NATIVE = frozenset({list, tuple, dict, set, frozenset})
_HOLDERS = _NATIVE | _TYPES | {Made, Member, EnumMember}
_WEIGHING = _HOLDERS | {str}
