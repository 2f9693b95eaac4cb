"""What foreign keys point at, once every table is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ormlint.findings import Place
from ormlint.graph.machine.values import Function, Value
from ormlint.graph.model import Column, ForeignKey, Table

if TYPE_CHECKING:
    from ormlint.graph.models.read import Reading


@dataclass
class Reference:
    """A `ForeignKey` of a column; `target` is a text or a value that stands for a column."""

    table: Table
    column: Column
    target: Value
    place: Place


def settle(reading: Reading) -> None:
    """Give every column its `foreign_keys` and, where it states none, the type of what it refers to."""
    for reference in reading.references:
        text = _text(reading, reference.target)
        column = reference.column
        if text is None:
            column.foreign_keys = None
            continue
        if column.foreign_keys is not None and text not in column.foreign_keys:
            column.foreign_keys = (*column.foreign_keys, text)
            key = ForeignKey(None, (column.name,), (text,), reference.place)
            reference.table.foreign_keys.append(key)
    _types(reading)


def _text(reading: Reading, target: Value) -> str | None:
    from ormlint.graph.models.core import column_of

    if isinstance(target, str):
        return target
    if isinstance(target, Function):
        target = reading.machine.invoke(target, [])
    found = column_of(reading, target)
    return None if found is None else f"{found[0].key}.{found[1]}"


def _types(reading: Reading) -> None:
    """A foreign key column without a type takes the type of the column it refers to."""
    columns = {
        f"{table.key}.{name}": column for table in reading.tables for name, column in table.columns.items()
    }
    for reference in reading.references:
        column = reference.column
        seen: set[int] = set()
        while column.type_value is None and column.foreign_keys and id(column) not in seen:
            seen.add(id(column))
            target = columns.get(column.foreign_keys[0])
            if target is None:
                break
            if target.type_value is not None:
                reference.column.type, reference.column.type_value = target.type, target.type_value
                break
            column = target
