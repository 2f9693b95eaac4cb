"""The method resolution order of the project's classes, and look-up along it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ormlint.graph.machine.origins import symbol
from ormlint.graph.machine.values import (
    NOWHERE,
    ClassValue,
    External,
    Made,
    Member,
    Subscripted,
    Unknown,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def mro(machine: Machine, cls: ClassValue) -> list[Value]:
    """The classes that Python's C3 linearisation gives; what is external or unknown stands as itself.

    https://docs.python.org/3/howto/mro.html. A class that inherits from itself, or from bases that no
    order fits, has itself and an `Unknown`.
    """
    if cls.linear is None:
        cls.linear = [cls, Unknown("the class inherits from itself", cls.place)]
        cls.bases = tuple([_opened(machine, base, cls) for base in cls.bases])
        bases = [_origin(base) for base in cls.bases]
        lines = [_line(machine, base) for base in bases]
        # Of one base alone, the order goes on as it is.
        cls.linear = [cls, *(lines[0] if len(bases) == 1 else _merge([*lines, bases], cls))]
    return cls.linear


def _line(machine: Machine, base: Value) -> list[Value]:
    """The order of a base; one that a call made may be given classes to inherit from.

    `declarative_base(cls=Common)`, `SQLAlchemy(model_class=Common).Model`.
    """
    if isinstance(base, ClassValue):
        return mro(machine, base)
    made = base.owner if isinstance(base, Member) and base.name == "Model" else base
    if not isinstance(made, Made):
        return [base]
    given = made.kwargs.get("cls", made.kwargs.get("model_class"))
    several = given if isinstance(given, tuple) else (given,)
    classes = [each for each in several if isinstance(each, ClassValue)]
    return [base, *_merge([*(mro(machine, each) for each in classes), list(classes)], None)]


def _origin(base: Value) -> Value:
    return base.origin if isinstance(base, Subscripted) else base


def _opened(machine: Machine, base: Value, cls: ClassValue) -> Value:
    """The class of a package that a base stands for, where its source is at hand."""
    origin = _origin(base)
    if not isinstance(origin, External):
        return base
    found = machine.opened(origin, cls.module)
    if not isinstance(found, ClassValue):
        return base
    return replace(base, origin=found) if isinstance(base, Subscripted) else found


def _merge(sequences: list[list[Value]], cls: ClassValue | None) -> list[Value]:
    merged: list[Value] = []
    rest = [sequence for sequence in sequences if sequence]
    while rest:
        head = next((s[0] for s in rest if not any(_has(other[1:], s[0]) for other in rest)), None)
        if head is None:
            return [*merged, Unknown("no order of the bases fits", NOWHERE if cls is None else cls.place)]
        merged.append(head)
        rest = [s[1:] if s[0] is head or s[0] == head else s for s in rest]
        rest = [s for s in rest if s]
    return merged


def _has(values: list[Value], value: Value) -> bool:
    return any(each is value or (isinstance(each, External) and each == value) for each in values)


def project_classes(machine: Machine, cls: ClassValue) -> Iterator[ClassValue]:
    """The classes of the MRO whose source is at hand."""
    return (each for each in mro(machine, cls) if isinstance(each, ClassValue))


def lookup(machine: Machine, cls: ClassValue, name: str) -> tuple[ClassValue, Value] | None:
    """The first class along the MRO that has the name, and the value there."""
    for owner in project_classes(machine, cls):
        if name in owner.namespace:
            return owner, owner.namespace[name]
    return None


def is_enum(machine: Machine, cls: ClassValue) -> bool:
    """Whether the class is an `Enum`."""
    return any(symbol(base) in ENUMS for base in mro(machine, cls) if not isinstance(base, ClassValue))


ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "TextChoices", "IntegerChoices"})
