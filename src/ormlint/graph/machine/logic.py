"""Truth, equality and membership of values, which may not be settled."""

from __future__ import annotations

from collections.abc import Iterable

from ormlint.graph.machine import weight
from ormlint.graph.machine.origins import made_by
from ormlint.graph.machine.values import (
    HOLE,
    ClassValue,
    EnumMember,
    External,
    Function,
    Made,
    Member,
    ModuleValue,
    Partial,
    Unknown,
    Value,
)  # fmt: skip


def truth(value: Value) -> bool | None:
    """Whether a value is true; `None` where it is not settled."""
    if isinstance(value, Unknown):
        return None
    if isinstance(value, (list, dict, set)) and value:
        # What was added under a condition that is not settled stands as unknown, and may not be there.
        return None if all(isinstance(item, Unknown) for item in value) else True
    if isinstance(value, (str, int, float, list, tuple, dict, set, frozenset)) or value is None:
        return bool(value)
    if isinstance(value, (ClassValue, Function, ModuleValue)):
        return True
    if isinstance(value, EnumMember) and isinstance(value.value, (str, int)):
        return bool(value.value) if not isinstance(value.value, str) else True
    return True if isinstance(value, Made) and _is_always_true(value.callee) else None


def _is_always_true(cls: Value) -> bool:
    """Whether every instance of a class is true: nothing in it says otherwise.

    https://docs.python.org/3/library/stdtypes.html#truth-value-testing
    """
    if not isinstance(cls, ClassValue):
        return isinstance(cls, External) and cls.path == "builtins.object"
    plain = not {"__bool__", "__len__"} & cls.namespace.keys()
    return plain and all(_is_always_true(base) for base in cls.bases)


def hashable(value: Value) -> bool:
    """Whether a value can be a key."""
    return not weight.is_large(value) and _hashable(value)


def _hashable(value: Value) -> bool:
    if isinstance(value, tuple):
        return all(_hashable(item) for item in value)
    return not isinstance(value, (list, dict, set))


def hashed(values: Iterable[Value]) -> Value:
    """A set display, or Unknown where an item is."""
    items = list(values)
    if any(isinstance(item, Unknown) or not hashable(item) for item in items):
        return Unknown("a set with unknown items")
    return set(items)


def same(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; `None` where it is not settled."""
    if left is not right and (weight.is_large(left) or weight.is_large(right)):
        return None
    return _same(left, right)


def _same(left: Value, right: Value) -> bool | None:
    if left is right:
        return True
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return False if _differ(left, right) or _differ(right, left) else None
    if isinstance(left, EnumMember) and isinstance(right, EnumMember):
        return left.owner is right.owner and left.name == right.name
    if isinstance(left, EnumMember) or isinstance(right, EnumMember):
        plain = [value.value if isinstance(value, EnumMember) else value for value in (left, right)]
        return True if plain[0] == plain[1] else None
    if isinstance(left, (Made, Member)) or isinstance(right, (Made, Member)):
        columns = made_by(left, "Column") and made_by(right, "Column")  # each call makes another one
        return False if left is None or right is None or columns else None
    if isinstance(left, (list, tuple)) and type(left) is type(right):
        if len(left) != len(right):
            return False
        parts = [_same(a, b) for a, b in zip(left, right, strict=True)]
        return False if False in parts else None if None in parts else True
    if left == right:
        return True
    # Any two of what is neither plain nor known may be equal after all.
    doubtful = isinstance(left, (dict, set)) and isinstance(right, type(left)) and not _are_plain(left, right)
    return None if doubtful else False


def _differ(partial: Value, text: Value) -> bool:
    """Whether a text of which parts are known is certain to be another one."""
    return isinstance(partial, Partial) and isinstance(text, str) and not text.startswith(partial.beginning)


def contains(container: Value, value: Value) -> bool | None:
    """Whether a value is in a container; `None` where it is not settled."""
    if isinstance(value, EnumMember) and isinstance(container, (str, dict)):
        value = value.value
    if isinstance(container, str):
        return value in container if isinstance(value, str) else None
    if isinstance(container, Partial) and isinstance(value, str):
        known = any(value in part for part in container.text.split(HOLE))
        return True if known else False if value in container.without else None
    if isinstance(container, (list, tuple, set, frozenset, dict)):
        if type(value) is str and all(type(each) is str for each in container):
            return value in container
        answers = [same(each, value) for each in container]
        return True if True in answers else None if None in answers else False
    return None


def is_plain(value: Value) -> bool:
    """Whether a value is a text, a number or nothing, or made of these."""
    if isinstance(value, (list, tuple)):
        return all(is_plain(each) for each in value)
    return isinstance(value, (str, int, float)) or value is None


def _are_plain(*containers: Value) -> bool:
    held = (
        item for each in containers for item in ([*each, *each.values()] if isinstance(each, dict) else each)
    )
    return all(map(is_plain, held))
