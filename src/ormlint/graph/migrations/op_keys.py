"""`op.*` calls on indexes and constraints → operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.origins import made_by
from ormlint.graph.migrations.arguments import Arguments, Context, table_of
from ormlint.graph.migrations.operations import (
    AddConstraint,
    ConstraintKind,
    CreateIndex,
    DropConstraint,
    DropIndex,
    Operation,
)
from ormlint.graph.migrations.reading import (
    UnsettledError,
    column_names,
    flag,
    index_columns,
    optional_text,
    table_name,
    text,
)
from ormlint.graph.migrations.specs import (
    CheckSpec,
    ForeignKeySpec,
    IndexSpec,
    PrimaryKeySpec,
    TableName,
    UniqueSpec,
)
from ormlint.graph.migrations.table_parts import TableParts, table_parts

_KINDS: Mapping[str, ConstraintKind] = {
    "foreignkey": "foreignkey",
    "primary": "primary",
    "unique": "unique",
    "check": "check",
}


def _parts(arguments: Arguments, context: Context, table: TableName) -> TableParts:
    """An empty set of parts, for the names that the convention gives."""
    return table_parts(context.machine, table, (), context.convention, context.dialect)


def create_index(arguments: Arguments, context: Context) -> Iterator[Operation]:
    table = table_of(arguments)
    columns = index_columns(arguments.get("columns"))
    name = _parts(arguments, context, table).name("ix", arguments.get("index_name"), columns or ())
    unique = truth(arguments.get("unique", False))
    index = IndexSpec(columns, arguments.place, name, unique)
    yield CreateIndex(table, index, arguments.place, flag(arguments.get("if_not_exists")))


def drop_index(arguments: Arguments, _context: Context) -> Iterator[Operation]:
    table = table_of(arguments) if arguments.get("table_name") is not None else None
    name = text(arguments.get("index_name"), "index name")
    schema = optional_text(arguments.get("schema"), "schema")
    yield DropIndex(name, arguments.place, table, schema, flag(arguments.get("if_exists")))


def create_unique(arguments: Arguments, context: Context) -> Iterator[Operation]:
    table = table_of(arguments)
    columns = column_names(arguments.get("columns"))
    name = _parts(arguments, context, table).name("uq", arguments.get("constraint_name"), columns or ())
    yield AddConstraint(table, UniqueSpec(columns, arguments.place, name), arguments.place)


def create_primary_key(arguments: Arguments, context: Context) -> Iterator[Operation]:
    table = table_of(arguments)
    columns = column_names(arguments.get("columns"))
    if columns is None:
        raise UnsettledError("the columns are computed at run time")
    name = _parts(arguments, context, table).name("pk", arguments.get("constraint_name"), columns)
    yield AddConstraint(table, PrimaryKeySpec(columns, arguments.place, name), arguments.place)


def create_foreign_key(arguments: Arguments, context: Context) -> Iterator[Operation]:
    schema = arguments.get("source_schema", arguments.get("schema"))
    table = table_name(arguments.get("source_table"), schema)
    referred = table_name(arguments.get("referent_table"), arguments.get("referent_schema"))
    columns = column_names(arguments.get("local_cols"))
    key = ForeignKeySpec(columns, referred, arguments.place, column_names(arguments.get("remote_cols")) or ())
    given = arguments.get("constraint_name")
    name = _parts(arguments, context, table).name("fk", given, columns or (), key)
    named = ForeignKeySpec(columns, referred, arguments.place, key.referred_columns, name)
    yield AddConstraint(table, named, arguments.place)


def create_check(arguments: Arguments, context: Context) -> Iterator[Operation]:
    table = table_of(arguments)
    condition = arguments.get("condition")
    if made_by(condition, "text") and condition.args:
        condition = condition.args[0]
    sqltext = condition if isinstance(condition, str) else None
    name = _parts(arguments, context, table).name("ck", arguments.get("constraint_name"), ())
    yield AddConstraint(table, CheckSpec(arguments.place, sqltext, name), arguments.place)


def drop_constraint(arguments: Arguments, context: Context) -> Iterator[Operation]:
    kind = _KINDS.get(optional_text(arguments.get("type_"), "type of the constraint") or "")
    table = table_of(arguments)
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
