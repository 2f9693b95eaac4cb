"""What `sqlalchemy.inspect(bind)` answers in the midst of the replay.

https://docs.sqlalchemy.org/en/20/core/reflection.html#sqlalchemy.engine.reflection.Inspector
"""

from __future__ import annotations

from collections.abc import Callable

from ormlint.graph.machine.values import Unknown, Value
from ormlint.graph.migrations.database import DEFAULT_SCHEMAS, Database
from ormlint.graph.migrations.specs import TableName
from ormlint.graph.model import ForeignKey, MigratedColumn, MigratedTable

_NOT_SETTLED = "what the database holds at this revision is not settled"


class NoSuchTableError(Exception):
    """The table that is asked for is certain not to be there."""


def reflected(database: Database, method: str, table: Value = None, schema: Value = None) -> Value:
    """The answer of `inspector.<method>(table, schema=schema)`; `Unknown` where it is not settled."""
    if isinstance(schema, Unknown) or isinstance(table, Unknown) or database.everything_opaque:
        return Unknown(_NOT_SETTLED)
    if method in _OF_SCHEMA:
        wanted = table if isinstance(table, str) else schema
        return _OF_SCHEMA[method](database, wanted if isinstance(wanted, str) else None)
    if not isinstance(table, str):
        return Unknown(_NOT_SETTLED)
    name = TableName(table, schema if isinstance(schema, str) else None)
    if method == "has_table":
        return _has_table(database, name)
    read = _OF_TABLE.get(method)
    if read is None:
        return Unknown(f"`{method}` of an inspector")
    found = database.table(name)
    if found is None:
        if name.key in database.unsettled or database.has_view(name):
            return Unknown(_NOT_SETTLED)
        raise NoSuchTableError(name.key)
    if found.uncertain or found.opaque:
        return Unknown(_NOT_SETTLED)
    if found.has_unsettled_keys and method != "get_columns":
        return Unknown(_NOT_SETTLED)
    return read(found)


def has_index(database: Database, table: Value, index: Value) -> Value:
    """`inspector.has_index(table, index)`."""
    try:
        indexes = reflected(database, "get_indexes", table)
    except NoSuchTableError:
        return False
    if isinstance(indexes, Unknown) or not isinstance(index, str):
        return Unknown(_NOT_SETTLED)
    return any(each["name"] == index for each in indexes)


def _has_table(database: Database, name: TableName) -> Value:
    table = database.table(name)
    if table is None:
        return Unknown(_NOT_SETTLED) if name.key in database.unsettled else database.has_view(name)
    return Unknown(_NOT_SETTLED) if table.uncertain else True


def _table_names(database: Database, schema: str | None) -> Value:
    default = DEFAULT_SCHEMAS.get(database.dialect)
    names = [
        Unknown(_NOT_SETTLED) if table.uncertain else table.name
        for table in database.tables.values()
        if table.schema == schema or {table.schema, schema} <= {None, default}
    ]
    return names + [Unknown(_NOT_SETTLED)] * bool(database.unsettled)


def _view_names(database: Database, schema: str | None) -> Value:
    keys = [key.rpartition(".") for key in database.views]
    return [name for view_schema, _, name in keys if (view_schema or None) == schema]


def _enums(database: Database, schema: str | None) -> Value:
    return [
        {
            "name": Unknown(_NOT_SETTLED) if enum.uncertain else enum.name,
            "schema": schema,
            "labels": list(enum.members) if enum.members is not None else Unknown(_NOT_SETTLED),
        }
        for enum in database.enums.values()
    ]


def _columns(table: MigratedTable) -> Value:
    return [_column(column) for column in table.columns.values()]


def _column(column: MigratedColumn) -> dict[str, Value]:
    return {
        "name": Unknown(_NOT_SETTLED) if column.uncertain else column.name,
        "type": Unknown("the reflected type of a column"),
        "nullable": Unknown(_NOT_SETTLED) if column.nullable is None else column.nullable,
        "default": None if column.server_default is False else Unknown("the default of a column"),
        "autoincrement": Unknown(_NOT_SETTLED),
        "comment": Unknown(_NOT_SETTLED),
        "primary_key": Unknown(_NOT_SETTLED) if column.primary_key is None else int(column.primary_key),
    }


def _indexes(table: MigratedTable) -> Value:
    plain = [
        {"name": index.name, "column_names": list(index.columns), "unique": index.unique}
        for index in table.indexes
    ]
    of_constraints = [
        {"name": unique.name, "column_names": list(unique.columns), "unique": True}
        for unique in table.uniques
    ]
    return plain + of_constraints


def _uniques(table: MigratedTable) -> Value:
    return [{"name": unique.name, "column_names": list(unique.columns)} for unique in table.uniques]


def _primary_key(table: MigratedTable) -> Value:
    return {"constrained_columns": list(table.primary_key or ()), "name": table.primary_key_name}


def _foreign_keys(table: MigratedTable) -> Value:
    return [_foreign_key(fk) for fk in table.foreign_keys]


def _foreign_key(fk: ForeignKey) -> dict[str, Value]:
    schema, _, name = fk.target[0].rpartition(".")[0].rpartition(".")
    return {
        "name": fk.name,
        "constrained_columns": list(fk.columns),
        "referred_schema": schema or None,
        "referred_table": name,
        "referred_columns": [target.rpartition(".")[2] for target in fk.target],
        "options": Unknown("the options of a foreign key"),
    }


def _checks(table: MigratedTable) -> Value:
    return [{"name": check.name, "sqltext": check.sqltext} for check in table.checks]


_OF_SCHEMA: dict[str, Callable[[Database, str | None], Value]] = {
    "get_table_names": _table_names,
    "table_names": _table_names,
    "get_view_names": _view_names,
    "get_materialized_view_names": _view_names,
    "get_enums": _enums,
}

_OF_TABLE: dict[str, Callable[[MigratedTable], Value]] = {
    "get_columns": _columns,
    "get_indexes": _indexes,
    "get_unique_constraints": _uniques,
    "get_pk_constraint": _primary_key,
    "get_foreign_keys": _foreign_keys,
    "get_check_constraints": _checks,
}

METHODS = frozenset({*_OF_SCHEMA, *_OF_TABLE, "has_table"})
