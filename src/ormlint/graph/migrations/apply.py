"""What each operation does to the database, told to be lenient: what is not there is left alone.

Whether the operation would have run at all is for `obstacles` to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ormlint.graph.migrations import keys
from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.operations import (
    KEEP,
    AddColumn,
    AddConstraint,
    AddEnumValue,
    AlterColumn,
    ColumnSpec,
    CopiedColumns,
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
)
from ormlint.graph.model import MigratedColumn, MigratedEnum, MigratedTable


def apply(database: Database, operation: Operation) -> None:
    """Change the database as the operation says."""
    _EFFECTS[type(operation)](database, operation)


def _create_table(database: Database, operation: CreateTable) -> None:
    key = database.key_of(operation.table)
    existing = database.tables.get(key)
    if existing is None or key in database.assumed:
        database.assumed.discard(key)
        _make_table(database, operation)
        return
    if operation.if_not_exists and not existing.uncertain:
        return
    # it may be the one that stood there or the one that is made here
    table = database.writable(key)
    table.uncertain = False
    table.opaque = True


def _make_table(database: Database, operation: CreateTable) -> None:
    table = MigratedTable(
        name=operation.table.name,
        schema=operation.table.schema,
        created_in=database.revision,
        place=operation.place,
        opaque=not operation.complete,
    )
    database.tables[table.key] = table
    database.owned.add(table.key)
    database.dropped.pop(table.key, None)
    if operation.temporary:
        database.temporary.add(table.key)
    for copied in operation.copied:
        _copy_columns(database, table, copied)
    for spec in operation.columns:
        table.columns[spec.name] = _column(database, spec)
    for constraint in keys.without_repeats(database, operation.constraints):
        keys.add_constraint(database, table, constraint)
    for index in operation.indexes:
        keys.add_index(database, table, index)


def _column(database: Database, spec: ColumnSpec) -> MigratedColumn:
    return MigratedColumn(
        name=spec.name,
        revision=database.revision,
        place=spec.place,
        type=spec.type,
        type_value=spec.type_value,
        nullable=spec.nullable,
        server_default=spec.server_default,
        computed=spec.computed,
        enum=spec.enum,
    )


def _copy_columns(database: Database, table: MigratedTable, copied: CopiedColumns) -> None:
    source = database.table(copied.source) if copied.source is not None else None
    if source is None or source.opaque or source.uncertain:
        table.opaque = table.opaque or copied.columns is None
    pairs = copied.columns
    if pairs is None:
        pairs = tuple((name, name) for name in source.columns) if source is not None else ()
    for new_name, old_name in pairs:
        known = database.column(source, old_name) if source is not None else None
        table.columns[new_name] = MigratedColumn(
            name=new_name,
            revision=database.revision,
            place=table.place,
            type=known.type if known else None,
            type_value=known.type_value if known else None,
            enum=known.enum if known else None,
            nullable=(known.nullable if known else None) if copied.keep_not_null else True,
            server_default=known.server_default if known and copied.defaults else False,
        )
    if copied.keys and source is not None:
        keys.copy_keys(database, source, table)


def _drop_table(database: Database, operation: DropTable) -> None:
    key = database.key_of(operation.table)
    if key not in database.tables:
        return
    database.drop(key)
    if database.dialect == "sqlite":  # which keeps references to what is not there
        return
    for other in keys.referring(database, key):
        writable = database.writable(other)
        writable.foreign_keys = [fk for fk in writable.foreign_keys if keys.target_table(fk) != key]


def _rename_table(database: Database, operation: RenameTable) -> None:
    old = database.key_of(operation.table)
    if old not in database.tables:
        return
    assumed, temporary = old in database.assumed, old in database.temporary
    table = database.writable(old)
    affected = keys.referring(database, old)
    database.drop(old)
    table.name, table.schema = operation.to.name, operation.to.schema
    database.tables[table.key] = table
    database.owned.add(table.key)
    database.dropped.pop(table.key, None)
    if assumed:
        database.assumed.add(table.key)
    if temporary:
        database.temporary.add(table.key)
    for other in affected:
        writable = database.writable(table.key if other == old else other)
        writable.foreign_keys = [keys.renamed_target(fk, old, table.key) for fk in writable.foreign_keys]


def _add_column(database: Database, operation: AddColumn) -> None:
    key = database.key_of(operation.table)
    if key not in database.tables:
        return
    table = database.writable(key)
    existing = database.column(table, operation.column.name)
    if existing is not None:
        if existing.uncertain:
            _meet(existing, operation.column)
        return
    table.columns[operation.column.name] = _column(database, operation.column)
    for constraint in operation.constraints:
        keys.add_constraint(database, table, constraint)
    for index in operation.indexes:
        keys.add_index(database, table, index)


def _meet(column: MigratedColumn, spec: ColumnSpec) -> None:
    """The column is there now, as it may have been or as `spec` says."""
    column.uncertain = False
    if column.nullable != spec.nullable:
        column.nullable = None
    if column.server_default != spec.server_default:
        column.server_default = None
    if column.type != spec.type:
        column.type = column.type_value = column.enum = None


def _drop_column(database: Database, operation: DropColumn) -> None:
    key = database.key_of(operation.table)
    if key not in database.tables:
        return
    table = database.writable(key)
    column = database.column_key(table, operation.column)
    if column is None:
        return
    del table.columns[column]
    keys.forget_column(database, table, column)


def _alter_column(database: Database, operation: AlterColumn) -> None:
    key = database.key_of(operation.table)
    if key not in database.tables:
        return
    table = database.writable(key)
    name = database.column_key(table, operation.column)
    if name is None:
        return
    column = table.columns[name]
    column.changed_in.append((database.revision, operation.place))
    if operation.nullable is not KEEP:
        column.nullable = operation.nullable
    if operation.server_default is not KEEP:
        column.server_default = operation.server_default
    if operation.type is not KEEP:
        column.type, column.type_value = operation.type, operation.type_value
        column.enum = operation.enum
    if operation.new_name is not None and operation.new_name != name:
        new = operation.new_name
        column.name = new
        table.columns = {new if old == name else old: value for old, value in table.columns.items()}
        keys.rename_column(database, table, name, new)


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
    if not keys.drop_unique(database, table, operation.name) and not operation.if_exists:
        table.keys_uncertain = True


def _rename_index(database: Database, operation: RenameIndex) -> None:
    found = database.find_index(operation.name, operation.table)
    if found is not None:
        table = database.writable(found[0].key)
        renamed = replace(found[1], name=operation.to)
        table.indexes = [renamed if index is found[1] else index for index in table.indexes]
        return
    for key in list(database.tables):
        if operation.name in database.key_names(database.tables[key]):
            keys.rename_constraint(database.writable(key), operation.name, operation.to)
            return


def _add_constraint(database: Database, operation: AddConstraint) -> None:
    key = database.key_of(operation.table)
    if key in database.tables:
        keys.add_constraint(database, database.writable(key), operation.constraint)


def _drop_constraint(database: Database, operation: DropConstraint) -> None:
    key = database.key_of(operation.table)
    if key in database.tables:
        keys.drop_constraint(database, database.writable(key), operation)


def _rename_constraint(database: Database, operation: RenameConstraint) -> None:
    key = database.key_of(operation.table)
    if key in database.tables:
        keys.rename_constraint(database.writable(key), operation.name, operation.to)


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
    database.enums.pop(operation.name, None)


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
    if operation.replace or operation.view.key not in database.views:
        database.views[operation.view.key] = operation.columns


def _drop_view(database: Database, operation: DropView) -> None:
    database.views.pop(operation.view.key, None)


def _opaque(database: Database, operation: Opaque) -> None:
    if operation.tables is None and not operation.keys_only:
        database.everything_opaque = True
        return
    for key in database.tables if operation.tables is None else operation.tables:
        if key not in database.tables:
            database.unsettled.add(key)
        elif operation.keys_only:
            database.writable(key).keys_uncertain = True
        else:
            database.writable(key).opaque = True


_EFFECTS: dict[type, Callable[[Database, Any], None]] = {
    CreateTable: _create_table,
    DropTable: _drop_table,
    RenameTable: _rename_table,
    AddColumn: _add_column,
    DropColumn: _drop_column,
    AlterColumn: _alter_column,
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
    Opaque: _opaque,
}
