"""What each operation does to the database, told to be lenient: what is not there is left alone.

Whether the operation would have run at all is for `obstacles` to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from ormlint.graph.migrations import key_changes, keys, tables
from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.operations import (
    AddColumn,
    AddConstraint,
    AddEnumValue,
    AlterColumn,
    CreateEnum,
    CreateIndex,
    CreateTable,
    CreateView,
    DropColumn,
    DropConstraint,
    DropEnum,
    DropIndex,
    DropTable,
    DropView,
    Opaque,
    Operation,
    RenameConstraint,
    RenameEnum,
    RenameEnumValue,
    RenameIndex,
    RenameTable,
    SetPragma,
)
from ormlint.graph.migrations.specs import TableName
from ormlint.graph.model import MigratedEnum


def apply(database: Database, operation: Operation) -> None:
    """Change the database as the operation says."""
    _EFFECTS[type(operation)](database, operation)


def _create_index(database: Database, operation: CreateIndex) -> None:
    key = database.key_of(operation.table)
    if key not in database.tables:
        return
    name = operation.index.name
    if name is not None and database.find_index(name, operation.table) is not None:
        return
    keys.add_index(database, database.writable(key), operation.index)


def _drop_index(database: Database, operation: DropIndex) -> None:
    found = database.find_index(operation.name, operation.table)
    if found is not None:
        table = database.writable(found[0].key)
        table.indexes = [index for index in table.indexes if index is not found[1]]
        return
    owner = database.table(operation.table) if operation.table is not None else None
    if owner is None:
        return
    table = database.writable(owner.key)
    if not key_changes.drop_unique(database, table, operation.name) and not operation.if_exists:
        table.keys_uncertain = True


def _rename_index(database: Database, operation: RenameIndex) -> None:
    found = database.find_index(operation.name, operation.table)
    if found is not None:
        table = database.writable(found[0].key)
        renamed = replace(found[1], name=operation.to)
        database.see_index(operation.to)
        table.indexes = [renamed if index is found[1] else index for index in table.indexes]
        return
    for key in list(database.tables):
        if operation.name in database.key_names(database.tables[key]):
            key_changes.rename_constraint(database.writable(key), operation.name, operation.to)
            return


def _add_constraint(database: Database, operation: AddConstraint) -> None:
    key = database.key_of(operation.table)
    if key in database.tables:
        keys.add_constraint(database, database.writable(key), operation.constraint)


def _drop_constraint(database: Database, operation: DropConstraint) -> None:
    key = database.key_of(operation.table)
    if key in database.tables:
        key_changes.drop_constraint(database, database.writable(key), operation)


def _rename_constraint(database: Database, operation: RenameConstraint) -> None:
    key = database.key_of(operation.table)
    if key in database.tables:
        key_changes.rename_constraint(database.writable(key), operation.name, operation.to)


def _create_enum(database: Database, operation: CreateEnum) -> None:
    existing = database.enums.get(operation.name)
    if existing is None:
        database.enums[operation.name] = MigratedEnum(
            name=operation.name,
            members=operation.members,
            revision=database.revision,
            place=operation.place,
        )
    elif existing.uncertain:
        members = operation.members if operation.members == existing.members else None
        database.enums[operation.name] = replace(existing, uncertain=False, members=members)


def _drop_enum(database: Database, operation: DropEnum) -> None:
    """With CASCADE, the columns of the type go, too."""
    database.enums.pop(operation.name, None)
    for table in list(database.tables.values()) if operation.cascade else ():
        for column in [each.name for each in table.columns.values() if each.enum == operation.name]:
            name = TableName(table.name, table.schema)
            tables.drop_column(database, DropColumn(name, column, operation.place))


def _rename_enum(database: Database, operation: RenameEnum) -> None:
    existing = database.enums.pop(operation.name, None)
    if existing is None:
        return
    database.enums[operation.to] = replace(existing, name=operation.to)
    for key, table in list(database.tables.items()):
        if any(column.enum == operation.name for column in table.columns.values()):
            for column in database.writable(key).columns.values():
                if column.enum == operation.name:
                    column.enum = operation.to


def _add_enum_value(database: Database, operation: AddEnumValue) -> None:
    existing = database.enums.get(operation.name)
    if existing is None or existing.members is None:
        return
    members: tuple[str, ...] | None = existing.members
    if operation.value is None:
        members = None
    elif operation.value not in existing.members:
        members = (*existing.members, operation.value)
    database.enums[operation.name] = replace(existing, members=members)


def _rename_enum_value(database: Database, operation: RenameEnumValue) -> None:
    existing = database.enums.get(operation.name)
    if existing is None or existing.members is None:
        return
    members = tuple(operation.to if member == operation.value else member for member in existing.members)
    database.enums[operation.name] = replace(existing, members=members)


def _create_view(database: Database, operation: CreateView) -> None:
    database.views.add(operation.view.key)


def _drop_view(database: Database, operation: DropView) -> None:
    database.views.discard(operation.view.key)


def _set_pragma(database: Database, operation: SetPragma) -> None:
    name = {operation.name}
    database.pragmas = database.pragmas | name if operation.on else database.pragmas - name


def _opaque(database: Database, operation: Opaque) -> None:
    if operation.tables is None and not operation.keys_only:
        database.everything_opaque = True
        return
    for key in database.tables if operation.tables is None else operation.tables:
        if key not in database.tables:
            database.unsettled.add(key)
        elif operation.drops_constraint:
            database.writable(key).constraint_dropped = True
        elif operation.keys_only:
            database.writable(key).keys_uncertain = True
        else:
            database.writable(key).opaque = True


_EFFECTS: dict[type, Callable[[Database, Any], None]] = {
    CreateTable: tables.create_table,
    DropTable: tables.drop_table,
    RenameTable: tables.rename_table,
    AddColumn: tables.add_column,
    DropColumn: tables.drop_column,
    AlterColumn: tables.alter_column,
    CreateIndex: _create_index,
    DropIndex: _drop_index,
    RenameIndex: _rename_index,
    AddConstraint: _add_constraint,
    DropConstraint: _drop_constraint,
    RenameConstraint: _rename_constraint,
    CreateEnum: _create_enum,
    DropEnum: _drop_enum,
    RenameEnum: _rename_enum,
    AddEnumValue: _add_enum_value,
    RenameEnumValue: _rename_enum_value,
    CreateView: _create_view,
    DropView: _drop_view,
    SetPragma: _set_pragma,
    Opaque: _opaque,
}
