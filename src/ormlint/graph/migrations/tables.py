"""What operations on tables and columns do to the database."""

from __future__ import annotations

from ormlint.graph.migrations import key_changes, keys
from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.operations import (
    KEEP,
    AddColumn,
    AlterColumn,
    CreateTable,
    DropColumn,
    DropTable,
    RenameTable,
)
from ormlint.graph.migrations.specs import ColumnSpec, CopiedColumns
from ormlint.graph.model import MigratedColumn, MigratedTable


def create_table(database: Database, operation: CreateTable) -> None:
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
    database.add(table)
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
        is_standard=spec.is_standard,
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
        # SQLite keeps no more of a type than its affinity when it copies from a query
        typed = known if copied.keep_not_null or database.dialect != "sqlite" else None
        table.columns[new_name] = MigratedColumn(
            name=new_name,
            revision=database.revision,
            place=table.place,
            type=typed.type if typed else None,
            type_value=typed.type_value if typed else None,
            enum=typed.enum if typed else None,
            is_standard=typed is None or typed.is_standard,
            nullable=(known.nullable if known else None) if copied.keep_not_null else True,
            server_default=known.server_default if known and copied.defaults else False,
            computed=known.computed if known and copied.generated else False,
        )
    if copied.keys and source is not None:
        keys.copy_keys(database, source, table)


def drop_table(database: Database, operation: DropTable) -> None:
    key = database.key_of(operation.table)
    if key not in database.tables:
        return
    database.drop(key)
    if database.dialect == "sqlite":  # which keeps references to what is not there
        return
    for other in key_changes.referring(database, key):
        writable = database.writable(other)
        writable.foreign_keys = [fk for fk in writable.foreign_keys if key_changes.target_table(fk) != key]


def rename_table(database: Database, operation: RenameTable) -> None:
    """References follow the table, unless SQLite was told otherwise.

    https://www.sqlite.org/lang_altertable.html#alter_table_rename
    """
    old = database.key_of(operation.table)
    if old not in database.tables:
        return
    assumed, temporary = old in database.assumed, old in database.temporary
    table = database.writable(old)
    stays = database.dialect == "sqlite" and database.pragmas == {"legacy_alter_table"}
    affected = [] if stays else key_changes.referring(database, old)
    database.drop(old)
    table.name, table.schema = operation.to.name, operation.to.schema
    database.add(table)
    database.dropped.pop(table.key, None)
    if assumed:
        database.assumed.add(table.key)
    if temporary:
        database.temporary.add(table.key)
    for other in affected:
        writable = database.writable(table.key if other == old else other)
        writable.foreign_keys = [
            key_changes.renamed_target(fk, old, table.key) for fk in writable.foreign_keys
        ]


def add_column(database: Database, operation: AddColumn) -> None:
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


def drop_column(database: Database, operation: DropColumn) -> None:
    key = database.key_of(operation.table)
    if key not in database.tables:
        return
    table = database.writable(key)
    column = database.column_key(table, operation.column)
    if column is None:
        return
    del table.columns[column]
    key_changes.forget_column(database, table, column)


def alter_column(database: Database, operation: AlterColumn) -> None:
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
        column.enum, column.is_standard = operation.enum, operation.is_standard
    if operation.new_name is not None and operation.new_name != name:
        new = operation.new_name
        column.name = new
        table.columns = {new if old == name else old: value for old, value in table.columns.items()}
        key_changes.rename_column(database, table, name, new)
