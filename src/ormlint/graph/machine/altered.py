"""Which modules others changed after they had run: their own source does not tell all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import is_, is_not
from typing import Union

from msgspec import Struct

from ormlint.graph.machine.values import (
    ClassValue,
    ImportRef,
    Made,
    Member,
    ModuleValue,
    Subscripted,
    Value,
)  # fmt: skip

_DEEPEST = 3
"""Containers within one another that are looked into."""

Held = tuple[Value, Union[tuple[Value, ...], None]]
"""What can be put into, and what was in it: `None` for an instance whose `__init__` runs when it is asked."""


class State(Struct, frozen=True):
    """All that can be changed of a module at one time."""

    names: dict[str, Value]
    held: list[Held]


def state_of(module: ModuleValue) -> State:
    """What can be changed of a module, as it is now."""
    own = (value for value in module.namespace.values() if type(value) is not ImportRef)
    return State(dict(module.namespace), list(_held(own, module)))


def begun(instance: Made) -> list[Held]:
    """What an instance holds whose `__init__` has just run; how early that was says nothing of others."""
    return list(_held([instance], None))


def is_altered(module: ModuleValue, before: State) -> bool:
    """Whether something else was assigned in a module, or put into what it holds, since it was like that."""
    names, now = before.names, module.namespace
    if names.keys() != now.keys():
        return True
    if any(map(is_not, names.values(), now.values())):  # which are in the same order, as a rule
        for name, value in names.items():
            if type(value) is not ImportRef and value is not now[name]:
                return True
    return _hold_others(before.held, module)


def _hold_others(held: list[Held], module: ModuleValue | None) -> bool:
    for holder, was in held:
        if was is None:
            if holder.begun is not None and _hold_others(holder.begun, None):
                return True
            continue
        inside = _inside(holder, module)
        if len(inside) != len(was) or not all(map(is_, inside, was)):
            return True
    return False


def _held(values: Iterable[Value], module: ModuleValue | None, depth: int = 1) -> Iterator[Held]:
    for value in values:
        if type(value) not in _HOLDERS or (type(value) is ClassValue and value.module is not module):
            continue
        if type(value) is Made and not value.attributes and type(value.callee) in _BEGUN:
            yield value, None
            continue
        inside = _inside(value, module)
        if type(value) is not tuple:
            yield value, inside
        if depth < _DEEPEST:
            yield from _held(inside, module, depth + 1)


_HOLDERS = frozenset({list, tuple, set, dict, ClassValue, Made})
_BEGUN = frozenset({ClassValue, Subscripted})


def _inside(value: Value, module: ModuleValue | None) -> tuple[Value, ...]:
    kind = type(value)
    if kind is Made:
        if not value.attributes:
            return ()
        # A symbolic member comes into being when it is looked up.
        return tuple(
            each
            for each in value.attributes.values()
            if not (type(each) is Member and each.owner is value and not each.attributes)
        )
    if kind is dict:
        return (*value, *value.values())
    if kind is ClassValue:
        return (*value.assigned_later, *value.namespace.values())
    return tuple(value)
