"""`Table(...)` objects, and indexes that are made after their table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.graph.machine.values import ClassValue, Made, Member, Unknown, Value, made_by, symbol
from ormlint.graph.model import MappedColumn, Table
from ormlint.graph.models.columns import column_call, declare, explicit_name
from ormlint.graph.models.constraints import add_constraint, plain_names
from ormlint.graph.models.references import Reference

if TYPE_CHECKING:
    from ormlint.graph.models.read import Mapped, Reading


def add_table(reading: Reading, made: Made) -> None:
    """Put a `Table("name", metadata, Column(...), …)` into the reading."""
    name = made.arg(0, "name")
    if not isinstance(name, str) or len(made.args) < 2:
        return
    info = reading.stores.of_value(made.args[1])
    schema = made.kwargs.get("schema", info.schema if info is not None else None)
    table = Table(
        name, schema if isinstance(schema, str) else None, info.id if info else "", made.place, "table"
    )
    table.reflected = any(made.kwargs.get(key) is not None for key in ("autoload_with", "autoload"))
    table.complete = not (made.open_keywords or table.reflected or isinstance(schema, Unknown))
    reading.by_call[id(made)] = table
    reading.tables.append(table)
    for item in made.args[2:]:
        call = column_call(item)
        if call is not None:
            _add_column(reading, table, call)
        elif isinstance(item, Unknown):
            table.complete = False
    for item in made.args[2:]:
        if column_call(item) is None:
            add_constraint(table, item, plain_names({}))


def _add_column(reading: Reading, table: Table, call: Made) -> None:
    name = explicit_name(call)
    if not isinstance(name, str):
        table.complete = False
        return
    declared = declare(reading.machine, call, name, call.place)
    table.columns[name] = declared.column
    reading.columns.setdefault(id(call), []).append((table, declared.column))
    for reference in declared.references:
        reading.references.append(Reference(table, declared.column, reference, call.place))
    for check in declared.checks:
        add_constraint(table, check, plain_names({}))


def map_table_columns(mapped: Mapped) -> None:
    """A class on a `Table(...)` maps each of its columns under the column's own name."""
    if mapped.table is None or mapped.table.source != "table":
        return
    renamed = {
        id(each.column): name
        for name, each in mapped.declared.items()
        if each.kind == "column" and each.column
    }
    for name, column in mapped.table.columns.items():
        if id(column) not in renamed:
            mapped.model.columns[name] = MappedColumn(name, name, column.place, column)


def add_late_indexes(reading: Reading) -> None:
    """`Index("name", Model.column)` after the class: it goes to the table of its columns."""
    for _, made in reading.machine.made:
        if symbol(made.callee) != "Index":
            continue
        table = next((t for t in (_table_of(reading, arg) for arg in made.args[1:]) if t is not None), None)
        if table is None or any(
            index.place == made.place and index.name == made.args[0] for index in table.indexes
        ):
            continue
        add_constraint(table, made, lambda value: _name_of(reading, value))


def _table_of(reading: Reading, value: Value) -> Table | None:
    if isinstance(value, Made) and isinstance(value.callee, Member):
        return _table_of(reading, value.callee.owner)
    if isinstance(value, Made) and value.args and not made_by(value, "text") and column_call(value) is None:
        return _table_of(reading, value.args[0])
    column = column_of(reading, value)
    return None if column is None else column[0]


def column_of(reading: Reading, value: Value) -> tuple[Table, str] | None:
    """The table and column name that a value refers to: `Model.column`, `table.c.column`, a column call."""
    call = column_call(value)
    if call is not None:
        found = reading.columns.get(id(call), [])
        return (found[0][0], found[0][1].name) if found else None
    if not isinstance(value, Member):
        return None
    if isinstance(value.owner, ClassValue):
        mapped = reading.mapped.get(id(value.owner))
        if mapped is None or mapped.table is None or value.name not in mapped.model.columns:
            return None
        return mapped.table, mapped.model.columns[value.name].column
    if isinstance(value.owner, Member) and value.owner.name in ("c", "columns"):
        owner = value.owner.owner
        if isinstance(owner, Made) and id(owner) in reading.by_call:
            return reading.by_call[id(owner)], value.name
        if isinstance(owner, Member) and owner.name == "__table__" and isinstance(owner.owner, ClassValue):
            mapped = reading.mapped.get(id(owner.owner))
            return (mapped.table, value.name) if mapped is not None and mapped.table is not None else None
    return None


def _name_of(reading: Reading, value: Value) -> str | None:
    column = column_of(reading, value)
    return None if column is None else column[1]
