"""`op.*` and `batch_op.*` calls → steps.

https://alembic.sqlalchemy.org/en/latest/ops.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ormlint.graph.machine.operators import truth
from ormlint.graph.machine.values import Unknown, Value, made_by
from ormlint.graph.migrations.arguments import Arguments
from ormlint.graph.migrations.enums import enum_of
from ormlint.graph.migrations.names import Convention
from ormlint.graph.migrations.operations import (
    KEEP,
    AddColumn,
    AddConstraint,
    AlterColumn,
    CheckSpec,
    ConstraintKind,
    CreateEnum,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    ForeignKeySpec,
    IndexSpec,
    Keep,
    Opaque,
    Operation,
    PrimaryKeySpec,
    RenameTable,
    TableName,
    UniqueSpec,
)
from ormlint.graph.migrations.reading import (
    TableParts,
    UnsettledError,
    column_names,
    flag,
    index_columns,
    optional_text,
    table_name,
    table_parts,
    text,
)
from ormlint.graph.models.typetext import type_text

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_KINDS: Mapping[str, ConstraintKind] = {
    "foreignkey": "foreignkey",
    "primary": "primary",
    "unique": "unique",
    "check": "check",
}
_KEYS_ONLY = ("index", "constraint", "key")


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a call needs to know besides its arguments."""

    machine: Machine
    dialect: str
    convention: Convention


def operations(name: str, arguments: Arguments, context: Context) -> list[Operation]:
    """The operations of `op.<name>(…)`; what is not settled is one opaque step."""
    read = _READERS.get(name)
    if read is None:
        return []
    try:
        return list(read(arguments, context))
    except UnsettledError as problem:
        keys_only = name.endswith(_KEYS_ONLY)
        return [Opaque(f"op.{name}: {problem}", arguments.place, _tables(arguments), keys_only)]


def is_operation(name: str) -> bool:
    """Whether Alembic has an operation of that name which changes the schema."""
    return name in _READERS


def _tables(arguments: Arguments) -> frozenset[str] | None:
    """The table that the call names, where it does."""
    for key in ("table_name", "source_table", "old_table_name"):
        if key in arguments:
            try:
                schema = arguments.get("schema", arguments.get("source_schema"))
                return frozenset((table_name(arguments.get(key), schema).key,))
            except UnsettledError:
                return None
    return None


def _table(arguments: Arguments) -> TableName:
    return table_name(arguments.get("table_name"), arguments.get("schema"))


def _parts(arguments: Arguments, context: Context, table: TableName) -> TableParts:
    """An empty set of parts, for the names that the convention gives."""
    return table_parts(context.machine, table, (), context.convention)


def _create_table(arguments: Arguments, context: Context) -> Iterator[Operation]:
    table = _table(arguments)
    parts = table_parts(context.machine, table, arguments.rest, context.convention, context.dialect)
    yield from _enums(parts, context)
    prefixes = arguments.get("prefixes")
    yield CreateTable(
        table=table,
        columns=tuple(parts.columns),
        place=arguments.place,
        constraints=tuple(parts.constraints),
        indexes=tuple(parts.indexes),
        if_not_exists=flag(arguments.get("if_not_exists")),
        temporary=isinstance(prefixes, (list, tuple)) and "TEMPORARY" in prefixes,
        complete=parts.complete and not arguments.open_,
    )


def _enums(parts: TableParts, context: Context) -> Iterator[Operation]:
    """PostgreSQL gets the enumerated types of a new table, where they are not there."""
    if context.dialect != "postgresql":
        return
    for column in parts.columns:
        enum = enum_of(context.machine, column.type_value)
        if enum is not None and enum.created and enum.native and enum.name is not None:
            yield CreateEnum(enum.name, enum.members, column.place, if_not_exists=True)


def _drop_table(arguments: Arguments, _context: Context) -> Iterator[Operation]:
    yield DropTable(_table(arguments), arguments.place, flag(arguments.get("if_exists")))


def _rename_table(arguments: Arguments, _context: Context) -> Iterator[Operation]:
    old = table_name(arguments.get("old_table_name"), arguments.get("schema"))
    new = TableName(text(arguments.get("new_table_name"), "new table name"), old.schema)
    yield RenameTable(old, new, arguments.place)


def _add_column(arguments: Arguments, context: Context) -> Iterator[Operation]:
    table = _table(arguments)
    parts = table_parts(context.machine, table, [arguments.get("column")], context.convention)
    if len(parts.columns) != 1:
        raise UnsettledError("the column is computed at run time")
    keys = [one for one in parts.constraints if not isinstance(one, PrimaryKeySpec)]
    yield AddColumn(
        table,
        parts.columns[0],
        arguments.place,
        tuple(keys),
        tuple(parts.indexes),
        if_not_exists=flag(arguments.get("if_not_exists")),
    )


def _drop_column(arguments: Arguments, _context: Context) -> Iterator[Operation]:
    column = text(arguments.get("column_name"), "column name")
    yield DropColumn(_table(arguments), column, arguments.place, flag(arguments.get("if_exists")))


def _alter_column(arguments: Arguments, context: Context) -> Iterator[Operation]:
    type_value = arguments.get("type_")
    enum = enum_of(context.machine, type_value)
    changes_type = type_value is not None
    default = arguments.get("server_default", False)
    yield AlterColumn(
        _table(arguments),
        text(arguments.get("column_name"), "column name"),
        arguments.place,
        nullable=_nullable(arguments, context, changes_type=changes_type),
        type=type_text(type_value) if changes_type else KEEP,
        type_value=type_value,
        enum=enum.name if enum is not None else None,
        server_default=KEEP if default is False else _present(default),
        new_name=optional_text(arguments.get("new_column_name", arguments.get("name")), "new column name"),
    )


def _nullable(arguments: Arguments, context: Context, *, changes_type: bool) -> bool | Keep | None:
    """MySQL states the whole column anew, and takes it for NULL where neither keyword says a thing."""
    if arguments.get("nullable") is not None:
        return truth(arguments.get("nullable"))
    if context.dialect not in ("mysql", "mariadb"):
        return KEEP
    restates = changes_type or "new_column_name" in arguments or "autoincrement" in arguments
    existing = arguments.get("existing_nullable")
    return (True if existing is None else truth(existing)) if restates else KEEP


def _present(value: Value) -> bool | None:
    return None if isinstance(value, Unknown) else value is not None


def _create_index(arguments: Arguments, context: Context) -> Iterator[Operation]:
    table = _table(arguments)
    columns = index_columns(arguments.get("columns"))
    name = _parts(arguments, context, table).name("ix", arguments.get("index_name"), columns or ())
    unique = truth(arguments.get("unique", False))
    index = IndexSpec(columns, arguments.place, name, unique)
    yield CreateIndex(table, index, arguments.place, flag(arguments.get("if_not_exists")))


def _drop_index(arguments: Arguments, _context: Context) -> Iterator[Operation]:
    table = _table(arguments) if arguments.get("table_name") is not None else None
    name = text(arguments.get("index_name"), "index name")
    schema = optional_text(arguments.get("schema"), "schema")
    yield DropIndex(name, arguments.place, table, schema, flag(arguments.get("if_exists")))


def _create_unique(arguments: Arguments, context: Context) -> Iterator[Operation]:
    table = _table(arguments)
    columns = column_names(arguments.get("columns"))
    name = _parts(arguments, context, table).name("uq", arguments.get("constraint_name"), columns or ())
    yield AddConstraint(table, UniqueSpec(columns, arguments.place, name), arguments.place)


def _create_primary_key(arguments: Arguments, context: Context) -> Iterator[Operation]:
    table = _table(arguments)
    columns = column_names(arguments.get("columns"))
    if columns is None:
        raise UnsettledError("the columns are computed at run time")
    name = _parts(arguments, context, table).name("pk", arguments.get("constraint_name"), columns)
    yield AddConstraint(table, PrimaryKeySpec(columns, arguments.place, name), arguments.place)


def _create_foreign_key(arguments: Arguments, context: Context) -> Iterator[Operation]:
    schema = arguments.get("source_schema", arguments.get("schema"))
    table = table_name(arguments.get("source_table"), schema)
    referred = table_name(arguments.get("referent_table"), arguments.get("referent_schema"))
    columns = column_names(arguments.get("local_cols"))
    key = ForeignKeySpec(columns, referred, arguments.place, column_names(arguments.get("remote_cols")) or ())
    given = arguments.get("constraint_name")
    name = _parts(arguments, context, table).name("fk", given, columns or (), key)
    named = ForeignKeySpec(columns, referred, arguments.place, key.referred_columns, name)
    yield AddConstraint(table, named, arguments.place)


def _create_check(arguments: Arguments, context: Context) -> Iterator[Operation]:
    table = _table(arguments)
    condition = arguments.get("condition")
    if made_by(condition, "text") and condition.args:
        condition = condition.args[0]
    sqltext = condition if isinstance(condition, str) else None
    name = _parts(arguments, context, table).name("ck", arguments.get("constraint_name"), ())
    yield AddConstraint(table, CheckSpec(arguments.place, sqltext, name), arguments.place)


def _drop_constraint(arguments: Arguments, context: Context) -> Iterator[Operation]:
    kind = _KINDS.get(optional_text(arguments.get("type_"), "type of the constraint") or "")
    table = _table(arguments)
    given = arguments.get("constraint_name")
    name = optional_text(given, "name of the constraint")
    if kind == "check" and name is not None:
        name = _parts(arguments, context, table).name("ck", given, ())
    convention = arguments.get("naming_convention")
    pairs = convention.items() if isinstance(convention, dict) else ()
    yield DropConstraint(
        table,
        name,
        arguments.place,
        kind,
        flag(arguments.get("if_exists")),
        convention=tuple((k, v) for k, v in pairs if isinstance(k, str) and isinstance(v, str)),
    )


def _nothing(_arguments: Arguments, _context: Context) -> Iterator[Operation]:
    return iter(())


_READERS: dict[str, Callable[[Arguments, Context], Iterator[Operation]]] = {
    "add_column": _add_column,
    "alter_column": _alter_column,
    "bulk_insert": _nothing,
    "create_check_constraint": _create_check,
    "create_exclude_constraint": _nothing,
    "create_foreign_key": _create_foreign_key,
    "create_index": _create_index,
    "create_primary_key": _create_primary_key,
    "create_table": _create_table,
    "create_table_comment": _nothing,
    "create_unique_constraint": _create_unique,
    "drop_column": _drop_column,
    "drop_constraint": _drop_constraint,
    "drop_index": _drop_index,
    "drop_table": _drop_table,
    "drop_table_comment": _nothing,
    "rename_table": _rename_table,
}
