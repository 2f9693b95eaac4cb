"""Why an operation would stop `alembic upgrade`, as far as the replayed database is certain of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from msgspec import Struct

from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.operations import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateEnum,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    Operation,
    RenameTable,
)
from ormlint.graph.migrations.specs import (
    ConstraintSpec,
    ForeignKeySpec,
    PrimaryKeySpec,
    TableName,
    UniqueSpec,
)
from ormlint.graph.model import MigratedTable


class Obstacle(Struct, frozen=True):
    """`kind` says which object stands in the way; `exists` is one that is there already."""

    kind: Literal["table", "column", "index", "exists"]
    table: str | None
    column: str | None = None
    never_known: bool = False
    """No operation so far has made or dropped the table."""


def obstacle(database: Database, operation: Operation) -> Obstacle | None:
    """The first thing that the operation needs and the database is certain not to have."""
    check = _CHECKS.get(type(operation))
    if check is None or database.everything_opaque:
        return None
    return next(iter(check(database, operation)), None)


def _no_table(database: Database, name: TableName) -> Obstacle | None:
    key = database.key_of(name)
    if key in database.tables or key in database.unsettled or database.has_view(name):
        return None
    if name.key in database.unsettled:
        return None
    return Obstacle("table", key, never_known=key not in database.dropped)


def _table(database: Database, name: TableName, lenient: bool = False) -> Iterable[Obstacle]:
    missing = None if lenient else _no_table(database, name)
    if missing is not None:
        yield missing


def _columns(database: Database, table: MigratedTable | None, names: Iterable[str]) -> Iterable[Obstacle]:
    if table is None or table.opaque or table.uncertain:
        return
    for name in names:
        if "(" not in name and database.column_key(table, name) is None:
            yield Obstacle("column", table.key, name)


def _create_table(database: Database, operation: CreateTable) -> Iterable[Obstacle]:
    existing = database.table(operation.table)
    if existing is not None and not operation.if_not_exists and not existing.uncertain:
        yield Obstacle("exists", existing.key)
    if existing is not None and operation.if_not_exists:
        return
    for copied in operation.copied:
        if copied.source is not None:
            yield from _table(database, copied.source)
    for constraint in operation.constraints:
        if isinstance(constraint, ForeignKeySpec) and constraint.referred != operation.table:
            yield from _referred(database, constraint)


def _referred(database: Database, constraint: ConstraintSpec) -> Iterable[Obstacle]:
    if not isinstance(constraint, ForeignKeySpec) or constraint.referred is None:
        return
    if database.dialect == "sqlite":  # it looks at the target when rows are written, not here
        return
    yield from _table(database, constraint.referred)
    yield from _columns(database, database.table(constraint.referred), constraint.referred_columns)


def _drop_table(database: Database, operation: DropTable) -> Iterable[Obstacle]:
    return _table(database, operation.table, operation.if_exists)


def _rename_table(database: Database, operation: RenameTable) -> Iterable[Obstacle]:
    yield from _table(database, operation.table, operation.if_exists)
    target = database.table(operation.to)
    if target is not None and not target.uncertain:
        yield Obstacle("exists", target.key)


def _add_column(database: Database, operation: AddColumn) -> Iterable[Obstacle]:
    yield from _table(database, operation.table, operation.if_table_exists)
    table = database.table(operation.table)
    if table is not None and not operation.if_not_exists:
        existing = database.column(table, operation.column.name)
        if existing is not None and not existing.uncertain and not table.opaque:
            yield Obstacle("exists", table.key, operation.column.name)
    for constraint in operation.constraints:
        yield from _referred(database, constraint)


def _drop_column(database: Database, operation: DropColumn) -> Iterable[Obstacle]:
    yield from _table(database, operation.table, operation.if_table_exists)
    if not operation.if_exists:
        yield from _columns(database, database.table(operation.table), [operation.column])


def _alter_column(database: Database, operation: AlterColumn) -> Iterable[Obstacle]:
    yield from _table(database, operation.table, operation.if_table_exists)
    if not operation.if_exists:
        yield from _columns(database, database.table(operation.table), [operation.column])


def _create_index(database: Database, operation: CreateIndex) -> Iterable[Obstacle]:
    name = operation.index.name
    found = database.find_index(name, operation.table) if name is not None else None
    if found is not None and operation.if_not_exists:
        return
    yield from _table(database, operation.table)
    if found is not None and not found[0].uncertain and not found[0].has_unsettled_keys:
        yield Obstacle("exists", found[0].key)
    yield from _columns(database, database.table(operation.table), operation.index.columns or ())


def _drop_index(database: Database, operation: DropIndex) -> Iterable[Obstacle]:
    if operation.if_exists or database.find_index(operation.name, operation.table) is not None:
        return
    if any(_may_have_index(database, table, operation.name) for table in database.tables.values()):
        return
    yield Obstacle("index", operation.table.key if operation.table is not None else None)


def _may_have_index(database: Database, table: MigratedTable, name: str) -> bool:
    return table.opaque or table.has_unsettled_keys or name in database.key_names(table)


def _add_constraint(database: Database, operation: AddConstraint) -> Iterable[Obstacle]:
    yield from _table(database, operation.table, operation.if_table_exists)
    constraint = operation.constraint
    if isinstance(constraint, (PrimaryKeySpec, UniqueSpec, ForeignKeySpec)):
        yield from _columns(database, database.table(operation.table), constraint.columns or ())
    yield from _referred(database, constraint)


def _drop_constraint(database: Database, operation: DropConstraint) -> Iterable[Obstacle]:
    return _table(database, operation.table, operation.if_table_exists)


def _create_enum(database: Database, operation: CreateEnum) -> Iterable[Obstacle]:
    existing = database.enums.get(operation.name)
    if existing is not None and not existing.uncertain and not operation.if_not_exists:
        yield Obstacle("exists", None)


_CHECKS: dict[type, Callable[[Database, Any], Iterable[Obstacle]]] = {
    CreateTable: _create_table,
    DropTable: _drop_table,
    RenameTable: _rename_table,
    AddColumn: _add_column,
    DropColumn: _drop_column,
    AlterColumn: _alter_column,
    CreateIndex: _create_index,
    DropIndex: _drop_index,
    AddConstraint: _add_constraint,
    DropConstraint: _drop_constraint,
    CreateEnum: _create_enum,
}
