"""What is in a container: items by index or key, and all that iterating gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ormlint.graph.machine import logic
from ormlint.graph.machine.classes import is_enum
from ormlint.graph.machine.enumerations import enum_members
from ormlint.graph.machine.values import ClassValue, EnumMember, Made, Unknown, Value

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine

MAX_ITEMS = 100_000


def item(value: Value, index: Value) -> Value:
    """`value[index]` of a known container."""
    if (
        isinstance(index, Unknown)
        or not isinstance(value, (str, list, tuple, dict, re.Match))
        or not logic.hashable(index)
    ):
        return Unknown("an item")
    if isinstance(index, EnumMember) and isinstance(value, dict) and index not in value:
        index = index.value
    try:
        return value[index]
    except (KeyError, IndexError, TypeError):
        return Unknown(f"no item {index!r}")


def iterate(machine: Machine, value: Value) -> list[Value] | None:
    """The items that iterating gives, or `None` where they are not settled."""
    if isinstance(value, (list, tuple)):
        return list(value)
    if isinstance(value, dict):
        return list(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=repr)
    if isinstance(value, str):
        return list(value) if len(value) <= MAX_ITEMS else None
    if isinstance(value, ClassValue) and is_enum(machine, value):
        return list(enum_members(machine, value).values())
    if isinstance(value, Made):  # whoever stands for a collection says what is in it
        items: list[Value] | None = value.attributes.get("__iter__")
        return items
    return None
