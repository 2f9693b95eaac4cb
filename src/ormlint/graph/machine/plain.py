"""Values as plain data, and back: the types of columns outlive the run that evaluated them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import astuple

from ormlint.findings import Place
from ormlint.graph.machine.values import (
    NOWHERE,
    Alternatives,
    ClassValue,
    EnumMember,
    External,
    Function,
    Made,
    Member,
    Partial,
    Subscripted,
    Unknown,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine

Plain = Any
"""What is its own data, or a list of a letter and parts."""

_NATIVE = (type(None), bool, int, float, str, bytes)
_COLLECTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "(": tuple,
    "[": list,
    "{": set,
    "f": frozenset,
}
_LETTERS = {type(make([])): letter for letter, make in _COLLECTIONS.items()}


class NotPlainError(Exception):
    """A value has a part that only the run itself can hold."""


class Writer:
    """Values as bytes; one that stands in many places is looked at once."""

    def __init__(self) -> None:
        self._written: dict[int, tuple[Value, bytes]] = {}

    def __call__(self, value: Value) -> bytes:
        """Raises `NotPlainError`."""
        if id(value) not in self._written:
            try:
                self._written[id(value)] = value, _encode(plain(value))
            except (OverflowError, RecursionError, UnicodeEncodeError) as problem:
                raise NotPlainError(type(value).__name__) from problem
        return self._written[id(value)][1]


class Reader:
    """Values from bytes; what is written alike is one value."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._read: dict[Any, Value] = {}

    def __call__(self, data: Any) -> Value:
        """The value that a `Writer` was given."""
        if data not in self._read:
            self._read[data] = value_of(self._machine, _decode(data))
        return self._read[data]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


def plain(value: Value) -> Plain:
    """A value as plain data. Raises `NotPlainError`, e.g. for a `lambda`."""
    kind = type(value)
    if kind in _NATIVE:
        return value
    if kind in _LETTERS:
        return [_LETTERS[kind], *map(plain, value)]
    if kind not in _PARTS:
        raise NotPlainError(kind.__name__)
    letter, parts = _PARTS[kind]
    return [letter, *parts(value)]


def _of_made(value: Made) -> list[Plain]:
    """Without its place: calls that are written alike are one value, wherever they stand."""
    given = [plain(value.callee), plain(value.args), plain(value.kwargs), plain(_assigned(value))]
    return [*given, value.open_keywords, value.conditional]


def _of_class(cls: ClassValue) -> list[Plain]:
    if [each.qualname for each in cls.module.classes].count(cls.qualname) != 1:
        raise NotPlainError(cls.qualname)
    return [cls.module.path, cls.qualname]


def _of_function(function: Function) -> list[Plain]:
    if function.module.namespace.get(function.name) is not function:
        raise NotPlainError(function.name)
    return [function.module.path, function.name]


_PARTS: dict[type, tuple[str, Callable[[Value], list[Plain]]]] = {
    dict: ("d", lambda value: [plain(each) for item in value.items() for each in item]),
    External: ("e", lambda value: [value.path]),
    Made: ("m", _of_made),
    Member: (".", lambda value: [plain(value.owner), value.name, plain(_assigned(value))]),
    Subscripted: ("s", lambda value: [plain(value.origin), plain(value.args)]),
    Alternatives: ("|", lambda value: [plain(value.members)]),
    Unknown: ("?", lambda value: [value.reason, *astuple(value.place), value.name]),
    Partial: ("p", lambda value: [value.text, value.reason, *astuple(value.place)]),
    EnumMember: ("v", lambda value: [plain(value.owner), value.name, plain(value.value)]),
    ClassValue: ("c", _of_class),
    Function: ("n", _of_function),
}


def _assigned(value: Made | Member) -> dict[str, Value]:
    """The attributes without symbolic members, which come into being when they are looked up."""
    return {
        name: each
        for name, each in value.attributes.items()
        if not (type(each) is Member and each.owner is value and not each.attributes)
    }


def value_of(machine: Machine, data: Plain) -> Value:
    """The value that `plain` was given, its classes being those of this run."""
    if not isinstance(data, list):
        return data
    letter, *rest = data
    if letter in _COLLECTIONS:
        return _COLLECTIONS[letter]([value_of(machine, each) for each in rest])
    return _MAKERS[letter](machine, *rest)


def _dict(machine: Machine, *parts: Plain) -> Value:
    values = [value_of(machine, each) for each in parts]
    return dict(zip(values[::2], values[1::2], strict=True))


def _made(machine: Machine, *parts: Plain) -> Value:
    callee, args, kwargs, attributes = (value_of(machine, each) for each in parts[:4])
    open_keywords, conditional = parts[4:]
    return Made(
        callee, args, kwargs, NOWHERE, attributes, open_keywords=open_keywords, conditional=conditional
    )


def _class(machine: Machine, path: str, name: str) -> Value:
    module = machine.execute(machine.modules.at(path))
    return next(cls for cls in module.classes if cls.qualname == name)


_MAKERS: dict[str, Callable[..., Value]] = {
    "d": _dict,
    "e": lambda _, path: External(path),
    "m": _made,
    ".": lambda machine, owner, name, attributes: Member(
        value_of(machine, owner), name, value_of(machine, attributes)
    ),
    "s": lambda machine, origin, args: Subscripted(value_of(machine, origin), value_of(machine, args)),
    "|": lambda machine, members: Alternatives(value_of(machine, members)),
    "?": lambda _, reason, *at: Unknown(reason, Place(*at[:-1]), at[-1]),
    "p": lambda _, text, reason, *at: Partial(text, reason, Place(*at)),
    "v": lambda machine, owner, name, value: EnumMember(
        value_of(machine, owner), name, value_of(machine, value)
    ),
    "c": _class,
    "n": lambda machine, path, name: machine.execute(machine.modules.at(path)).namespace[name],
}
