"""What foreign keys point at, once every table is known."""

from __future__ import annotations

from collections import defaultdict
from itertools import takewhile
from typing import Union

from ormlint.graph.machine.values import Function, Value
from ormlint.graph.model import Column, ForeignKey, Table
from ormlint.graph.models.constraints import add_foreign_key
from ormlint.graph.models.core import column_of
from ormlint.graph.models.reading import Reading

_Spots = dict[tuple[Union[str, None], str], list[tuple[Table, str]]]
"""The columns by MetaData, and by none, and by name."""


def settle(reading: Reading) -> None:
    """Give every column its `foreign_keys` and, where it states none, the type of what it refers to.

    A table alone stands for its column of the same key, as `ForeignKey._link_to_col_by_colstring` has it.
    """
    for reference in reading.references:
        column = reference.column
        text = _text(reading, reference.target)
        if isinstance(reference.target, str) and "." not in reference.target:
            text = f"{text}.{column.key or column.name}"
        if text is None:
            column.foreign_keys = None
            continue
        if column.foreign_keys is not None:
            column.foreign_keys = tuple(dict.fromkeys((*column.foreign_keys, text)))
            by = reference.named_by
            key = ForeignKey(reference.name, (column.name,), (text,), reference.place, by)
            key.by_column = not isinstance(reference.target, str)
            reference.table.foreign_keys.append(key)
    for table, made, name_of in reading.keys:
        add_foreign_key(table, made, name_of, lambda value: _text(reading, value))
    _types(reading)


def _text(reading: Reading, target: Value) -> str | None:
    if isinstance(target, str):
        return target
    if isinstance(target, Function):
        target = reading.machine.invoke(target, [])
    found = column_of(reading, target)
    return None if found is None else f"{found[0].key}.{found[1]}"


def _types(reading: Reading) -> None:
    """A foreign key column without a type takes the type of the column it refers to."""
    spots: _Spots = defaultdict(list)
    for table in reading.tables:
        for name, column in table.columns.items():
            full = f"{table.key}.{column.key or name}"
            spots[table.metadata, full].append((table, name))
            spots[None, full].append((table, name))
    for table in reading.tables:
        for name, column in table.columns.items():
            if column.type_value is None and column.foreign_keys:
                found = _typed(reading, spots, (table, name))
                if found is not None:
                    column.type, column.type_value = found.type, found.type_value


def _typed(reading: Reading, spots: _Spots, spot: tuple[Table, str] | None) -> Column | None:
    """The column with a type that foreign keys lead to; one on the same MetaData rather than elsewhere."""
    seen: set[int] = set()
    while spot is not None:
        table, name = spot
        column = table.columns[name]
        if column.type_value is not None:
            return column
        if id(column) in seen:
            break
        seen.add(id(column))
        store = reading.stores.infos.get(table.metadata)
        full = next(iter(table.leads_to(name, store.schema if store is not None else None)), "")
        spot = _nearest(spots.get((table.metadata, full)) or spots.get((None, full)) or [], table)
    return None


def _nearest(spots: list[tuple[Table, str]], table: Table) -> tuple[Table, str] | None:
    """Of several tables of one name the one beside: services may each have theirs on SQLModel's MetaData."""
    if len(spots) < 2:
        return spots[0] if spots else None
    here = table.place.path.split("/")

    def nearness(spot: tuple[Table, str]) -> int:
        there = spot[0].place.path.split("/")
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(here, there, strict=False)))

    return max(reversed(spots), key=nearness)
