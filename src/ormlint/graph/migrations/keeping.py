"""What a replay gave, as bytes that outlive the run, and back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

import msgspec

from ormlint.graph.machine import Machine
from ormlint.graph.machine.plain import NotPlainError, Reader, Writer
from ormlint.graph.machine.values import Value
from ormlint.graph.model import Environment, MigratedColumn
from ormlint.packing import written


class _Kept(msgspec.Struct, array_like=True):
    mapped: dict[str, bool]
    """Ids of the classes that migrations import, and whether they are mapped."""
    environment: msgspec.Raw


TYPE = 1
"""The kind of bytes that an evaluated type is kept as."""


class Typed:
    """An evaluated type as bytes, and what has its value."""

    __slots__ = ("data", "value")

    def __init__(self, data: bytes, value: Callable[[], Value]) -> None:
        self.data, self.value = data, value


_kept = msgspec.msgpack.Decoder(_Kept).decode
_environment = msgspec.msgpack.Decoder(Environment).decode


def _data(value: object) -> msgspec.msgpack.Ext:
    if isinstance(value, Typed):
        return msgspec.msgpack.Ext(TYPE, value.data)
    raise NotImplementedError


_encode = msgspec.msgpack.Encoder(enc_hook=_data).encode


def encoded(environment: Environment, mapped: dict[str, bool], write: Writer) -> bytes | None:
    """`None` for one with a type that only this run can hold; `mapped` is what was asked of classes."""
    try:
        for column in _columns(environment):
            value = column.type_value
            if not isinstance(value, Typed):
                column.type_value = Typed(write(value), partial(_same, value))
        return written(_Kept(mapped, msgspec.Raw(_encode(environment))))
    except (NotPlainError, OverflowError, UnicodeEncodeError):
        return None


def _same(value: Value) -> Value:
    return value


def decoded(content: bytes, machine: Machine, models: Collection[str]) -> Environment | None:
    """The environment that `encoded` was given; `None` for what it did not make, or with other models."""
    try:
        kept = _kept(content)
        if any((each in models) != was for each, was in kept.mapped.items()):
            return None
        environment = _environment(kept.environment)
    except msgspec.MsgspecError:
        return None
    read_types(environment, machine)
    return environment


def read_types(environment: Environment, machine: Machine) -> None:
    """Have types that are bytes read when they are asked for."""
    read = Reader(machine)
    for column in _columns(environment):
        value = column.type_value
        if isinstance(value, msgspec.msgpack.Ext):
            data = bytes(value.data)
            column.type_value = Typed(data, partial(read, data))


def type_of(column: MigratedColumn) -> Value:
    """The evaluated type of a column, read when it is asked for."""
    value = column.type_value
    return value.value() if isinstance(value, Typed) else value


def _columns(environment: Environment) -> Collection[MigratedColumn]:
    """Every column once."""
    tables = environment.tables.values()
    return {id(column): column for table in tables for column in table.columns.values()}.values()
