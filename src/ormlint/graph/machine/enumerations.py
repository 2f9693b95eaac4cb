"""The members of an `Enum` of the project, and what they have.

https://docs.python.org/3/library/enum.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.graph.machine.classes import lookup, mro
from ormlint.graph.machine.origins import symbol
from ormlint.graph.machine.values import (
    BoundMethod,
    ClassValue,
    EnumMember,
    Function,
    Made,
    NativeMethod,
    Unknown,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def enum_members(machine: Machine, cls: ClassValue) -> dict[str, Value]:
    """Members of an Enum class by name, in order."""
    found: dict[str, Value] = {}
    for owner in reversed(mro(machine, cls)):
        if isinstance(owner, ClassValue):
            for name, value in owner.namespace.items():
                if (
                    not name.startswith("_")
                    and not isinstance(value, (Function, ClassValue))
                    and name in owner.places
                ):
                    found[name] = EnumMember(cls, name, _member_value(owner, name, value))
    return found


def _member_value(cls: ClassValue, name: str, value: Value) -> Value:
    if isinstance(value, Made) and symbol(value.callee) == "auto":
        if any(symbol(base) == "StrEnum" for base in cls.bases):
            return name.lower()
        names = [key for key in cls.namespace if not key.startswith("_") and key in cls.places]
        return names.index(name) + 1
    return value


def enum_attribute(machine: Machine, member: EnumMember, name: str) -> Value:
    """The attribute of a member."""
    if name in ("value", "_value_"):
        return member.value
    if name in ("name", "_name_"):
        return member.name
    found = lookup(machine, member.owner, name)
    if found is not None and isinstance(found[1], Function):
        if found[1].decorated_by("property"):
            return machine.invoke(found[1], [member])
        return BoundMethod(found[1], member)
    if isinstance(member.value, str):
        return NativeMethod(member.value, name)
    return Unknown(f"attribute `{name}` of an enum member")
