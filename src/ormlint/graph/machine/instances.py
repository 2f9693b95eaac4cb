"""What an instance of a class of the project has from its start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.graph.machine.altered import begun
from ormlint.graph.machine.classes import lookup, mro
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.values import (
    BoundMethod,
    ClassValue,
    Function,
    Made,
    Unknown,
    Value,
    decorator_names,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def initialise(machine: Machine, cls: ClassValue, value: Made) -> None:
    """Run the class's `__init__` once, for the attributes that it assigns; a dataclass's own one too.

    That is when somebody first asks for one, who may do so in a branch that is not settled: the instance is
    what it is nevertheless.
    """
    if "__initialised__" in value.attributes:
        return
    value.attributes["__initialised__"] = True
    maybe, machine.maybe = machine.maybe, 0
    try:
        _begin(machine, cls, value)
    finally:
        machine.maybe = maybe
    value.begun = begun(value)


def is_beginning(value: Value) -> bool:
    """Whether the `__init__` of an instance is at work."""
    return type(value) is Made and "__initialised__" in value.attributes and value.begun is None


def _begin(machine: Machine, cls: ClassValue, value: Made) -> None:
    found = lookup(machine, cls, "__init__")
    if found is not None and isinstance(found[1], Function):
        machine.call(
            BoundMethod(found[1], value),
            list(value.args),
            dict(value.kwargs),
            value.place,
            value.open_keywords,
        )
    elif found is None and _has_fields(cls):
        value.attributes.update(_fields(machine, cls, value))
        after = lookup(machine, cls, "__post_init__")
        if after is not None and isinstance(after[1], Function):
            names = (each.name for each in after[1].node.params[1:])
            given = [_given(machine, cls, value, name) for name in names]
            machine.call(BoundMethod(after[1], value), given, {}, value.place)


def _given(machine: Machine, cls: ClassValue, value: Made, name: str) -> Value:
    """A field that is there for `__post_init__` alone.

    https://docs.python.org/3/library/dataclasses.html#init-only-variables
    """
    if name in value.attributes:
        return value.attributes[name]
    default = lookup(machine, cls, name)
    return default[1] if default is not None else Unknown("given to the instance", value.place)


def _has_fields(cls: ClassValue) -> bool:
    """Whether its instances have what its annotations name."""
    named = any(symbol(base) == "NamedTuple" for base in cls.bases)
    return named or any("dataclass" in decorator_names(each) for each in cls.decorators)


def _fields(machine: Machine, cls: ClassValue, value: Made) -> dict[str, Value]:
    """The fields of a dataclass's instance that its class does not give as they are.

    https://docs.python.org/3/library/dataclasses.html#dataclasses.field
    """
    owners = [each for each in reversed(mro(machine, cls)) if isinstance(each, ClassValue)]
    names = list(dict.fromkeys(name for owner in owners for name in owner.annotations))
    found: dict[str, Value] = {}
    taken = []
    for name in names:
        default = lookup(machine, cls, name)
        stated = default[1] if default is not None and made_by(default[1], "field") else None
        if stated is None or stated.kwargs.get("init", True) is not False:
            taken.append(name)
        if stated is not None:
            found[name] = _default(machine, stated, value)
        elif default is not None and any(symbol(base) == "NamedTuple" for base in cls.bases):
            found[name] = default[1]
        elif value.open_keywords:
            found[name] = Unknown("given by unknown keywords", value.place)
    return {**found, **dict(zip(taken, value.args, strict=False)), **value.kwargs}


def _default(machine: Machine, field: Made, value: Made) -> Value:
    """What a `field(...)` gives an instance that is not told."""
    factory = field.kwargs.get("default_factory")
    if factory is not None:
        return machine.call(factory, [], {}, value.place)
    return field.kwargs.get("default", Unknown("a field without a default", value.place))
