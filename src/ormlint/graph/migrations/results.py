"""Rows that a migration's query gives, as values of the machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ormlint.graph.machine.values import EnumMember, Unknown, Value
from ormlint.graph.migrations.sql.questions import Answer
from ormlint.graph.migrations.sql.rows import NULL

NOT_KNOWN = "what the database holds is not known"


class Row(tuple[Any, ...]):  # noqa: SLOT001 - a tuple can have no slots of its own but empty ones
    """A row, whose values can be read by name."""

    names: tuple[str, ...] = ()


class Rows(list[Any]):
    """What `execute` gives: rows, or the first values of rows after `.scalars()`."""


def rows_of(answer: Answer | None) -> Value:
    """The result of a query; `Unknown` where the rows are not known."""
    if answer is None:
        return Unknown(NOT_KNOWN)
    rows = Rows()
    for values in answer.rows:
        row = Row(_value(value) for value in values)
        row.names = answer.names
        rows.append(row)
    return rows


def _value(value: object) -> Value:
    if value is None:
        return Unknown(NOT_KNOWN)
    if isinstance(value, tuple):
        kind, *name = value  # a table comes out as its name, other identities as numbers
        return ".".join(filter(None, name)) if kind == "class" else Unknown("an identity in the catalogue")
    return None if value is NULL else value


def call_on_rows(rows: Rows, method: str, args: Sequence[Value]) -> Value:
    """`result.fetchall()`, `result.scalar()` and the like; `NotImplemented` for what is a list's own."""
    if method in ("fetchall", "all", "mappings", "unique", "freeze", "tuples", "fetchmany", "partitions"):
        return rows
    if method in ("fetchone", "first", "one_or_none", "one"):
        return rows[0] if rows else None
    if method in ("scalar", "scalar_one", "scalar_one_or_none"):
        return (rows[0][0] if isinstance(rows[0], Row) else rows[0]) if rows else None
    if method == "scalars":
        number = args[0] if args and type(args[0]) is int else 0
        return Rows(row[number] if number < len(row) else Unknown(NOT_KNOWN) for row in rows)
    if method in ("close", "keys"):
        return None
    return NotImplemented


def member_of_row(row: Row, name: str) -> Value:
    """`row.name`; `NotImplemented` for a tuple's own members."""
    if name == "_mapping":
        return dict(zip(row.names, row, strict=False))
    if name in row.names:
        return row[row.names.index(name)]
    return NotImplemented


def parameters(value: Value) -> Mapping[str, object] | Sequence[object] | None:
    """Bind parameters as plain values; `None` stands for one that is not known."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if isinstance(key, str)}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return None


def _plain(value: Value) -> object:
    if isinstance(value, EnumMember):
        value = value.value
    if value is None:
        return NULL
    return value if isinstance(value, (str, int, float)) else None
