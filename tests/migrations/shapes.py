"""What a database holds, in one form for a real one (reflected) and for a replayed one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Inspector, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import NullType, UserDefinedType, to_instance

from ormlint.graph.model import MigratedColumn, MigratedEnum, MigratedTable

Shape = dict[str, dict[str, Any]]
_TYPES = {**vars(sqlalchemy), **vars(postgresql)}
_PROBE = "a_probe_of_types"


def reflected(connection: Connection) -> Shape:
    """Tables by their keys in `MetaData.tables`, then the enumerated types and the views."""
    inspector = inspect(connection)
    dialect = connection.dialect.name
    found: Shape = {}
    views: list[str] = []
    schemas = inspector.get_schema_names() if dialect == "postgresql" else ["main"]
    for schema in schemas:
        if schema == "information_schema":
            continue
        prefix = "" if schema in ("public", "main") else f"{schema}."
        for name in inspector.get_table_names(schema):
            found[prefix + name] = _table(inspector, name, schema, dialect)
        views += [prefix + name for name in inspector.get_view_names(schema)]
        if dialect == "postgresql":
            views += [prefix + name for name in inspector.get_materialized_view_names(schema)]
    found.pop("alembic_version", None)
    enums = inspector.get_enums("*") if dialect == "postgresql" else []
    return {
        **found,
        "(enums)": {enum["name"]: sorted(enum["labels"]) for enum in enums},
        "(views)": dict.fromkeys(sorted(views)),
    }


def _table(inspector: Inspector, name: str, schema: str, dialect: str) -> dict[str, Any]:
    columns = inspector.get_columns(name, schema)
    key = inspector.get_pk_constraint(name, schema)
    uniques = inspector.get_unique_constraints(name, schema)
    names = {unique["name"] for unique in uniques} if dialect == "postgresql" else set()
    return {
        "columns": {c["name"]: (c["nullable"], _shown(c["type"], inspector)) for c in columns},
        "defaults": sorted(
            c["name"]
            for c in columns
            if c.get("identity") or (c["default"] is not None and not c.get("computed"))
        ),
        "computed": sorted(c["name"] for c in columns if c.get("computed")),
        "primary key": (key["name"], key["constrained_columns"]),
        "indexes": sorted(
            (str(i["name"]), [c or "expression" for c in i["column_names"]], bool(i["unique"]))
            for i in inspector.get_indexes(name, schema)
            if i["name"] not in names  # PostgreSQL lists the index behind a constraint
        ),
        "uniques": sorted((str(unique["name"]), unique["column_names"]) for unique in uniques),
        "foreign keys": sorted(
            (
                str(fk["name"]),
                fk["constrained_columns"],
                [f"{_target(fk)}.{c}" for c in fk["referred_columns"]],
            )
            for fk in inspector.get_foreign_keys(name, schema)
        ),
        "checks": sorted(str(check["name"]) for check in inspector.get_check_constraints(name, schema)),
    }


def _target(fk: Mapping[str, Any]) -> str:
    schema = fk["referred_schema"]
    return (
        f"{schema}.{fk['referred_table']}" if schema not in (None, "public", "main") else fk["referred_table"]
    )


def _shown(type_: Any, inspector: Inspector) -> str:
    if isinstance(type_, NullType):
        return ""
    shown = str(type_.compile(dialect=inspector.dialect))
    return shown.partition(" COLLATE ")[0]  # Alembic compares no collations


def replayed(
    connection: Connection,
    tables: Mapping[str, MigratedTable],
    enums: Mapping[str, MigratedEnum],
    views: Iterable[str],
) -> Shape:
    """The same of the replay. The types are what the database of `connection` makes of the expressions."""
    types = _types(connection, [column for table in tables.values() for column in table.columns.values()])
    dialect = connection.dialect.name
    found = {key: _replayed(table, types, dialect) for key, table in tables.items()}
    return {
        **found,
        "(enums)": {name: sorted(enum.members or "?") for name, enum in enums.items()},
        "(views)": dict.fromkeys(sorted(views)),
    }


def _types(connection: Connection, columns: Iterable[MigratedColumn]) -> dict[str, str]:
    """The type in SQL of each column, by its expression: what the database says once it has had it."""
    dialect = connection.dialect
    wanted = dict.fromkeys(
        expression for column in columns if (expression := _expression(column, dialect.name))
    )
    if not wanted:
        return {}
    specs = [built(expression).compile(dialect=dialect) for expression in wanted]
    listed = ", ".join(f"c{number} {spec}" for number, spec in enumerate(specs))
    connection.execute(text(f"CREATE TABLE {_PROBE} ({listed})"))
    inspector = inspect(connection)
    shown = [_shown(column["type"], inspector) for column in inspector.get_columns(_PROBE)]
    connection.execute(text(f"DROP TABLE {_PROBE}"))
    return dict(zip(wanted, shown, strict=True))


def _expression(column: MigratedColumn, dialect: str) -> str:
    """A type that the database has under another name by now goes by that."""
    if column.enum is None or dialect != "postgresql":
        return column.type or ""
    return f"ARRAY({column.enum}())" if (column.type or "").startswith("ARRAY") else f"{column.enum}()"


class _Names(dict[str, Any]):
    """SQLAlchemy's types; any other name is a type of the database's own."""

    def __missing__(self, name: str) -> Any:
        return type(
            name, (UserDefinedType,), {"get_col_spec": lambda _self, **_: name.lower(), "cache_ok": True}
        )


def built(expression: str) -> Any:
    """The SQLAlchemy type."""
    return to_instance(eval(expression, {}, _Names(_TYPES)))  # noqa: S307


def _replayed(table: MigratedTable, types: Mapping[str, str], dialect: str) -> dict[str, Any]:
    assert (table.opaque, table.uncertain, table.has_unsettled_keys) == (False, False, False), table
    columns = table.columns.values()
    return {
        "columns": {
            column.name: (column.nullable, types.get(_expression(column, dialect))) for column in columns
        },
        "defaults": sorted(column.name for column in columns if column.server_default),
        "computed": sorted(column.name for column in columns if column.computed),
        "primary key": (table.primary_key_name, list(table.primary_key or ())),
        "indexes": sorted(
            (str(i.name), ["expression" if "(" in c else c for c in i.columns], bool(i.unique))
            for i in table.indexes
        ),
        "uniques": sorted((str(unique.name), list(unique.columns)) for unique in table.uniques),
        "foreign keys": sorted(
            (str(fk.name), list(fk.columns), list(fk.target)) for fk in table.foreign_keys
        ),
        "checks": sorted(str(check.name) for check in table.checks),
    }
