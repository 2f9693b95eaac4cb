"""What a replay gave, as bytes that outlive the run, and back."""

from __future__ import annotations

from collections.abc import Collection
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


_kept = msgspec.msgpack.Decoder(_Kept).decode
_environment = msgspec.msgpack.Decoder(Environment).decode


def encoded(environment: Environment, mapped: dict[str, bool], write: Writer) -> bytes | None:
    """`None` for one with a type that only this run can hold; `mapped` is what was asked of classes."""
    columns = _columns(environment)
    types = [column.type_value for column in columns]
    try:
        for column in columns:
            value = column.type_value
            column.type_value = value.args[0] if isinstance(value, partial) else write(value)
        content = written(environment)
        return written(_Kept(mapped, msgspec.Raw(content))) if content is not None else None
    except NotPlainError:
        return None
    finally:
        for column, value in zip(columns, types, strict=True):
            column.type_value = value


def decoded(content: bytes, machine: Machine, models: Collection[str]) -> Environment | None:
    """The environment that `encoded` was given; `None` for what it did not make, or with other models."""
    try:
        kept = _kept(content)
        if any((each in models) != was for each, was in kept.mapped.items()):
            return None
        environment = _environment(kept.environment)
    except msgspec.MsgspecError:
        return None
    read = Reader(machine)
    for column in _columns(environment):
        column.type_value = partial(read, column.type_value)
    return environment


def read_types(environment: Environment, machine: Machine) -> None:
    """Have the types that transcripts have as bytes read when they are asked for."""
    read = Reader(machine)
    for column in _columns(environment):
        if isinstance(column.type_value, msgspec.msgpack.Ext):
            column.type_value = partial(read, column.type_value.data)


def type_of(column: MigratedColumn) -> Value:
    """The evaluated type of a column; of an environment that was kept, read when it is asked for."""
    value = column.type_value
    return value() if isinstance(value, partial) else value


def _columns(environment: Environment) -> Collection[MigratedColumn]:
    """Every column once."""
    tables = environment.tables.values()
    return {id(column): column for table in tables for column in table.columns.values()}.values()
