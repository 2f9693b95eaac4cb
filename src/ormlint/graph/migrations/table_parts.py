"""The columns and constraints that a table is made of: `create_table(…)`, `Table(…)`, `add_column(…)`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ormlint.findings import Place
from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.origins import made_by
from ormlint.graph.machine.values import Made, Member, Value
from ormlint.graph.migrations.enums import enum_of
from ormlint.graph.migrations.names import Convention, conventional_name, truncated
from ormlint.graph.migrations.reading import FinalName, column_names, index_columns, is_standard
from ormlint.graph.migrations.specs import (
    CheckSpec,
    ColumnSpec,
    ConstraintSpec,
    ForeignKeySpec,
    IndexSpec,
    PrimaryKeySpec,
    TableName,
    UniqueSpec,
)
from ormlint.graph.model import Column
from ormlint.graph.models.columns import Declared, column_call, declare, explicit_name

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine


_WHOLE = ("integer", "biginteger", "smallinteger", "bigint", "smallint")


class TableParts(Struct):
    """Columns and constraints given to one table; `complete` is false where an item is not settled."""

    table: TableName
    convention: Convention
    dialect: str = "postgresql"
    columns: list[ColumnSpec] = []
    constraints: list[ConstraintSpec] = []
    indexes: list[IndexSpec] = []
    counted: set[str] = set()
    """Columns that the database numbers if they turn out to be the primary key."""
    complete: bool = True

    def name(
        self, kind: str, given: Value, columns: Sequence[str], referred: ForeignKeySpec | None = None
    ) -> str | None:
        """The name under the convention; `None` leaves it to the database."""
        stated = given if isinstance(given, str) else None
        if isinstance(stated, FinalName):
            return str(stated)
        target = referred.referred.name if referred is not None and referred.referred is not None else None
        referred_columns = referred.referred_columns if referred is not None else ()
        name = conventional_name(
            self.convention, kind, self.table.name, columns, target, referred_columns, stated
        )
        return name if name is None or name == stated else truncated(self.dialect, name)


def table_parts(
    machine: Machine,
    table: TableName,
    items: Iterable[Value],
    convention: Convention,
    dialect: str = "postgresql",
) -> TableParts:
    """Read the columns and constraints of `create_table`, of `Table(...)` or of `add_column`."""
    parts = TableParts(table, convention, dialect)
    keys: list[str] = []
    for item in items:
        call = column_call(_copied(item))
        if call is not None:
            _add_column(machine, parts, call, keys)
        elif isinstance(item, Made):
            _add_constraint(parts, item)
        elif item is not None:
            parts.complete = False
    stated = any(isinstance(each, PrimaryKeySpec) for each in parts.constraints)
    if keys and not stated:
        place = parts.columns[0].place
        parts.constraints.insert(0, PrimaryKeySpec(tuple(keys), place, parts.name("pk", None, keys)))
    _number_the_key(parts)
    return parts


def _number_the_key(parts: TableParts) -> None:
    """PostgreSQL numbers a key of one whole number by a sequence, which is a default."""
    key = next((each for each in parts.constraints if isinstance(each, PrimaryKeySpec)), None)
    if key is None or len(key.columns) != 1 or parts.dialect != "postgresql":
        return
    references = [each for each in parts.constraints if isinstance(each, ForeignKeySpec)]
    if any(key.columns[0] in (each.columns or ()) for each in references):
        return
    for number, column in enumerate(parts.columns):
        if column.name in key.columns and column.name in parts.counted:
            parts.columns[number] = replace(column, server_default=True)


def _is_counted(call: Made, column: Column) -> bool:
    whole = (column.type or "").partition("(")[0].lower() in (
        "integer",
        "biginteger",
        "smallinteger",
        "bigint",
    )
    return whole and truth(call.kwargs.get("autoincrement", "auto")) is True


def _copied(value: Value) -> Value:
    """`column.copy()` is the column."""
    callee = value.callee if isinstance(value, Made) else None
    return callee.owner if isinstance(callee, Member) and callee.name in ("copy", "_copy") else value


def _add_column(machine: Machine, parts: TableParts, call: Made, keys: list[str]) -> None:
    name = explicit_name(call)
    if not isinstance(name, str):
        parts.complete = False
        return
    declared = declare(machine, call, str(name), call.place)
    column = declared.column
    enum = enum_of(machine, column.type_value)
    parts.columns.append(
        ColumnSpec(
            name=column.name,
            place=call.place,
            type=column.type,
            type_value=column.type_value,
            nullable=column.nullable,
            server_default=_has_default(parts, call, column),
            computed=column.computed,
            enum=enum.name if enum is not None else None,
            is_standard=is_standard(column.type_value),
        )
    )
    if column.primary_key:
        keys.append(column.name)
    if _is_counted(call, column):
        parts.counted.add(column.name)
    _add_column_constraints(parts, declared, call)


def _has_default(parts: TableParts, call: Made, column: Column) -> bool | None:
    """SQLite knows no identity; a computed column has an expression, which is no default."""
    identity = any(made_by(arg, "Identity") for arg in call.args)
    if column.computed or (identity and parts.dialect == "sqlite"):
        return False
    return column.server_default


def _add_column_constraints(parts: TableParts, declared: Declared, call: Made) -> None:
    column, table, place = declared.column, parts.table, call.place
    for made in call.args:
        if made_by(made, "ForeignKey") and not _comes_later(parts, made):
            key = _reference((column.name,), [made.arg(0, "column")], place)
            name = parts.name("fk", made.kwargs.get("name"), (column.name,), key)
            parts.constraints.append(replace(key, name=name))
    for check in declared.checks:
        parts.constraints.append(_check(parts, check, column.name))
    if column.index:
        label = f"{table.schema}_{table.name}" if table.schema else table.name
        name = parts.name("ix", None, (column.name,)) or truncated(parts.dialect, f"ix_{label}_{column.name}")
        parts.indexes.append(IndexSpec((column.name,), place, name, column.unique))
    elif column.unique:
        parts.constraints.append(UniqueSpec((column.name,), place, parts.name("uq", None, (column.name,))))


def _comes_later(parts: TableParts, made: Made) -> bool:
    """Whether CREATE TABLE leaves the key out because of `use_alter`, which nobody then makes up for."""
    return truth(made.kwargs.get("use_alter", False)) is True and parts.dialect != "sqlite"


def _check(parts: TableParts, check: Made, column: str | None = None) -> CheckSpec:
    condition = check.arg(0, "sqltext")
    sqltext = condition if isinstance(condition, str) else _text_of(condition)
    return CheckSpec(check.place, sqltext, parts.name("ck", check.arg(1, "name"), ()), column)


def _text_of(value: Value) -> str | None:
    inner = value.args[0] if made_by(value, "text", "literal_column") and value.args else None
    return inner if isinstance(inner, str) else None


def _add_constraint(parts: TableParts, made: Made) -> None:
    name, place = made.kwargs.get("name"), made.place
    if made_by(made, "PrimaryKeyConstraint"):
        columns = column_names(list(made.args))
        if columns is None:
            parts.complete = False
        else:
            parts.constraints.append(PrimaryKeySpec(columns, place, parts.name("pk", name, columns)))
            _not_null(parts, columns)
    elif made_by(made, "UniqueConstraint"):
        columns = column_names(list(made.args))
        parts.constraints.append(UniqueSpec(columns, place, parts.name("uq", name, columns or ())))
    elif made_by(made, "ForeignKeyConstraint"):
        if not _comes_later(parts, made):
            parts.constraints.append(_foreign_key(parts, made))
    elif made_by(made, "CheckConstraint"):
        parts.constraints.append(_check(parts, made))
    elif made_by(made, "Index"):
        given = made.arg(0, "name")
        columns = index_columns(list(made.args[1:]))
        unique = truth(made.kwargs.get("unique", False))
        parts.indexes.append(IndexSpec(columns, place, parts.name("ix", given, columns or ()), unique))
    elif not made_by(made, "ExcludeConstraint", "Comment", "DDL"):
        parts.complete = False


def _not_null(parts: TableParts, columns: Sequence[str]) -> None:
    """A column of the primary key is NOT NULL unless it says otherwise."""
    for number, column in enumerate(parts.columns):
        if column.name in columns:
            parts.columns[number] = replace(column, nullable=False)


def _foreign_key(parts: TableParts, made: Made) -> ForeignKeySpec:
    """`ForeignKeyConstraint([...], ["table.column", ...])`."""
    columns = column_names(made.arg(0, "columns"))
    targets = made.arg(1, "refcolumns")
    key = _reference(columns, targets if isinstance(targets, (list, tuple)) else [], made.place)
    return replace(key, name=parts.name("fk", made.arg(2, "name"), columns or (), key))


def _reference(columns: tuple[str, ...] | None, targets: Sequence[Value], place: Place) -> ForeignKeySpec:
    names = [target.rsplit(".", 1) for target in targets if isinstance(target, str)]
    if columns is None or not names or len(names) != len(targets):
        return ForeignKeySpec(None, None, place)
    schema, _, name = names[0][0].rpartition(".")
    if len(names[0]) == 1:  # the table alone: its primary key is meant
        return ForeignKeySpec(columns, TableName(names[0][0]), place)
    return ForeignKeySpec(columns, TableName(name, schema or None), place, tuple(one[-1] for one in names))
