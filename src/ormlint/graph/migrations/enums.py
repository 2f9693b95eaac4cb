"""Enumerated types in migrations: what `sa.Enum(...)` and `postgresql.ENUM(...)` name and hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ormlint.graph.machine.classes import is_enum
from ormlint.graph.machine.containers import iterate
from ormlint.graph.machine.enumerations import enum_members
from ormlint.graph.machine.logic import same, truth
from ormlint.graph.machine.origins import made_by
from ormlint.graph.machine.values import ClassValue, EnumMember, Made, Member, Unknown, Value

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

ENUMS = ("Enum", "ENUM")
_DESCRIPTORS = ("property", "classmethod", "staticmethod", "nonmember")


class EnumType(Struct, frozen=True):
    """`members=None`: not all known. `created` says that using it in a new table makes the type."""

    name: str | None
    members: tuple[str, ...] | None
    created: bool = True
    native: bool = True


def enum_of(machine: Machine, value: Value) -> EnumType | None:
    """The enumerated type that a column's type is; `None` for any other type."""
    if isinstance(value, Made) and isinstance(value.callee, Member) and value.callee.name == "with_variant":
        value = value.callee.owner
    if made_by(value, "ARRAY") and value.args:
        value = value.args[0]
    if not made_by(value, *ENUMS):
        return None
    members, class_name = _members(machine, value)
    name = value.kwargs.get("name", class_name)
    return EnumType(
        name=name if isinstance(name, str) else None,
        members=members,
        created=truth(value.kwargs.get("create_type", True)) is not False,
        native=truth(value.kwargs.get("native_enum", True)) is not False,
    )


def _members(machine: Machine, made: Made) -> tuple[tuple[str, ...] | None, str | None]:
    """The labels of the type, and the name that an Enum class gives it."""
    values = list(made.args)
    if len(values) == 1 and isinstance(values[0], ClassValue) and is_enum(machine, values[0]):
        if "values_callable" not in made.kwargs:
            return _names(machine, values[0]), values[0].name.lower()
        return _labels(machine, made.kwargs["values_callable"], values[0], made), values[0].name.lower()
    if made.open_keywords:
        return None, None
    plain = [each.value if isinstance(each, EnumMember) else each for each in values]
    return tuple(plain) if all(isinstance(each, str) for each in plain) else None, None


def _names(machine: Machine, cls: ClassValue) -> tuple[str, ...]:
    """The names of the members; a second name of a value is an alias, and no member."""
    names: list[str] = []
    values: list[Value] = []
    for name, member in enum_members(machine, cls).items():
        is_alias = any(same(member.value, other) is True for other in values)
        if not is_alias and not made_by(member.value, *_DESCRIPTORS):
            names.append(name)
            values.append(member.value)
    return tuple(names)


def _labels(machine: Machine, function: Value, cls: ClassValue, made: Made) -> tuple[str, ...] | None:
    """What `values_callable` makes of the class."""
    answer = machine.call(function, [cls], {}, made.place)
    items = None if isinstance(answer, Unknown) else iterate(machine, answer)
    if items is None or not all(isinstance(item, str) for item in items):
        return None
    return tuple(items)
