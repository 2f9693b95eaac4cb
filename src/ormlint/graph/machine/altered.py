"""Which modules others changed after they had run: their own source does not tell all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ormlint.graph.machine.values import ClassValue, ImportRef, Made, Member, ModuleValue, Value

_DEEPEST = 3
"""Containers within one another that are looked into."""

State = Mapping[str, "tuple[Value, ...] | None"]
"""A module's names, each with all that it holds; `None` for one that is imported."""


def state_of(module: ModuleValue) -> State:
    """What can be changed of a module, as it is now."""
    return {
        name: None if type(value) is ImportRef else (value, *_held(value, module, 0))
        for name, value in module.namespace.items()
    }


def is_altered(module: ModuleValue, before: State) -> bool:
    """Whether something else was assigned in a module, or put into what it holds, since it was like that."""
    if before.keys() != module.namespace.keys():
        return True
    for name, held in before.items():
        if held is None:
            continue
        value = module.namespace[name]
        now = (value, *_held(value, module, 0))
        if len(now) != len(held) or any(one is not other for one, other in zip(now, held, strict=True)):
            return True
    return False


def _held(value: Value, module: ModuleValue, depth: int) -> list[Value]:
    """All that a value holds, each before what it holds itself."""
    held: list[Value] = []
    for each in _inside(value, module):
        held.append(each)
        if type(each) in _HOLDERS and depth + 1 < _DEEPEST:
            held += _held(each, module, depth + 1)
    return held


_HOLDERS = frozenset({list, tuple, set, dict, ClassValue, Made})


def _inside(value: Value, module: ModuleValue) -> Collection[Value]:
    kind = type(value)
    if kind is Made:
        # A symbolic member comes into being when it is looked up.
        return [
            each
            for each in value.attributes.values()
            if not (type(each) is Member and each.owner is value and not each.attributes)
        ]
    if kind is list or kind is tuple or kind is set:
        native: Collection[Value] = value
        return native
    if kind is dict:
        return [*value, *value.values()]
    if kind is ClassValue and value.module is module:
        return [*value.assigned_later, *value.namespace.values()]
    return ()
