"""`op.*` and `batch_op.*` calls → steps.

https://alembic.sqlalchemy.org/en/latest/ops.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.values import Unknown, Value
from ormlint.graph.migrations import op_keys
from ormlint.graph.migrations.arguments import Arguments, Context, table_of
from ormlint.graph.migrations.enums import enum_of
from ormlint.graph.migrations.operations import (
    KEEP,
    AddColumn,
    AlterColumn,
    CreateEnum,
    CreateTable,
    DropColumn,
    DropTable,
    Keep,
    Opaque,
    Operation,
    RenameTable,
)
from ormlint.graph.migrations.reading import (
    UnsettledError,
    flag,
    is_standard,
    optional_text,
    table_name,
    text,
)
from ormlint.graph.migrations.specs import (
    PrimaryKeySpec,
    TableName,
)
from ormlint.graph.migrations.table_parts import TableParts, table_parts
from ormlint.graph.models.typetext import type_text

_KEYS_ONLY = ("index", "constraint", "foreign_key")  # a primary key makes columns NOT NULL


def operations(name: str, arguments: Arguments, context: Context) -> list[Operation]:
    """The operations of `op.<name>(…)`; what is not settled is one opaque step."""
    read = _READERS.get(name)
    if read is None:
        return []
    try:
        return list(read(arguments, context))
    except UnsettledError as problem:
        keys_only = name.endswith(_KEYS_ONLY)
        drops = name == "drop_constraint"
        return [Opaque(f"op.{name}: {problem}", arguments.place, _tables(arguments), keys_only, drops)]


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


def _create_table(arguments: Arguments, context: Context) -> Iterator[Operation]:
    table = table_of(arguments)
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
    yield DropTable(table_of(arguments), arguments.place, flag(arguments.get("if_exists")))


def _rename_table(arguments: Arguments, _context: Context) -> Iterator[Operation]:
    old = table_name(arguments.get("old_table_name"), arguments.get("schema"))
    new = TableName(text(arguments.get("new_table_name"), "new table name"), old.schema)
    yield RenameTable(old, new, arguments.place)


def _add_column(arguments: Arguments, context: Context) -> Iterator[Operation]:
    table = table_of(arguments)
    parts = table_parts(
        context.machine, table, [arguments.get("column")], context.convention, context.dialect
    )
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
    yield DropColumn(table_of(arguments), column, arguments.place, flag(arguments.get("if_exists")))


def _alter_column(arguments: Arguments, context: Context) -> Iterator[Operation]:
    restates = _restates(arguments, context)
    type_value = arguments.get("type_")
    if type_value is None and restates:
        type_value = arguments.get("existing_type")
    enum = enum_of(context.machine, type_value)
    default = arguments.get("server_default", False)
    if default is False and restates:
        existing = arguments.get("existing_server_default")
        default = None if existing is False else existing
    yield AlterColumn(
        table_of(arguments),
        text(arguments.get("column_name"), "column name"),
        arguments.place,
        nullable=_nullable(arguments, restates=restates),
        type=type_text(type_value) if type_value is not None else KEEP,
        type_value=type_value,
        enum=enum.name if enum is not None else None,
        is_standard=is_standard(type_value),
        server_default=KEEP if default is False else _present(default),
        new_name=optional_text(arguments.get("new_column_name", arguments.get("name")), "new column name"),
    )


def _restates(arguments: Arguments, context: Context) -> bool:
    """Whether MySQL is to state the whole column anew, with what the `existing_` keywords say of the rest.

    https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.alter_column
    """
    if context.dialect not in ("mysql", "mariadb"):
        return False
    return arguments.get("comment", False) is not False or any(
        arguments.get(name) is not None
        for name in ("nullable", "type_", "new_column_name", "name", "autoincrement")
    )


def _nullable(arguments: Arguments, *, restates: bool) -> bool | Keep | None:
    """What is stated anew takes NULL where neither keyword says a thing."""
    if arguments.get("nullable") is not None:
        return truth(arguments.get("nullable"))
    existing = arguments.get("existing_nullable")
    return (True if existing is None else truth(existing)) if restates else KEEP


def _present(value: Value) -> bool | None:
    return None if isinstance(value, Unknown) else value is not None


def _nothing(_arguments: Arguments, _context: Context) -> Iterator[Operation]:
    return iter(())


_READERS: dict[str, Callable[[Arguments, Context], Iterator[Operation]]] = {
    "add_column": _add_column,
    "alter_column": _alter_column,
    "bulk_insert": _nothing,
    "create_check_constraint": op_keys.create_check,
    "create_exclude_constraint": _nothing,
    "create_foreign_key": op_keys.create_foreign_key,
    "create_index": op_keys.create_index,
    "create_primary_key": op_keys.create_primary_key,
    "create_table": _create_table,
    "create_table_comment": _nothing,
    "create_unique_constraint": op_keys.create_unique,
    "drop_column": _drop_column,
    "drop_constraint": op_keys.drop_constraint,
    "drop_index": op_keys.drop_index,
    "drop_table": _drop_table,
    "drop_table_comment": _nothing,
    "rename_table": _rename_table,
}
