"""The system catalogues of the replayed database, as rows that a query can be run over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from ormlint.graph.migrations.database import CURRENT_SCHEMA, DEFAULT_SCHEMAS, Database, schema_of
from ormlint.graph.migrations.sql import catalog_keys
from ormlint.graph.migrations.sql.catalog_types import names_of_type
from ormlint.graph.migrations.sql.rows import CERTAIN, NULL, Row

_LENGTH = re.compile(r"CHAR\((\d{1,30})\)|String\((?:length=)?(\d{1,30})\)")


def relation(database: Database, name: str) -> list[Row] | None:
    """The rows of a catalogue relation; `None` for what is none, or is not kept."""
    rows = _RELATIONS.get(name.lower())
    return list(rows(database)) if rows is not None else None


def table_info(database: Database, name: str) -> list[Row] | None:
    """The rows of SQLite's `table_info` pragma; `None` where the columns are not all known."""
    table = next((t for t in database.tables.values() if database.same(t.name, name)), None)
    if table is None:
        return None if database.everything_opaque or name in database.unsettled else []
    if table.opaque or table.uncertain:
        return None
    return [
        {
            "cid": number,
            "name": column.name,
            "type": None,
            "notnull": None if column.nullable is None else int(not column.nullable),
            "dflt_value": None if column.server_default else NULL,
            "pk": None if column.primary_key is None else int(column.primary_key),
            CERTAIN: not column.uncertain,
        }
        for number, column in enumerate(table.columns.values())
    ]


def _tables(database: Database) -> Iterator[Row]:
    for table in database.tables.values():
        yield _table_row(table.name, schema_of(database, table), certain=not table.uncertain)
    for key in database.unsettled - set(database.tables):
        schema, _, name = key.rpartition(".")
        yield _table_row(name, schema or None, certain=False)
    for key in database.views:
        schema, _, name = key.rpartition(".")
        default = DEFAULT_SCHEMAS.get(database.dialect, CURRENT_SCHEMA)
        yield _table_row(name, schema or default, certain=True, kind="v")
    if database.everything_opaque:
        yield _table_row(None, None, certain=False)


def _table_row(name: str | None, schema: str | None, *, certain: bool, kind: str = "r") -> Row:
    return {
        "table_schema": schema,
        "table_name": name,
        "table_type": "BASE TABLE" if kind == "r" else "VIEW",
        "schemaname": schema,
        "tablename": name,
        "viewname": name,
        "matviewname": name,
        "oid": ("class", schema, name) if name is not None else None,
        "relname": name,
        "relkind": kind if kind == "r" else None,
        "relnamespace": ("schema", schema) if schema is not None else None,
        "type": "table" if kind == "r" else "view",
        "name": name,
        "tbl_name": name,
        "sql": None,
        CERTAIN: certain,
    }


def _base_tables(database: Database) -> Iterator[Row]:
    return (row for row in _tables(database) if row["table_type"] == "BASE TABLE")


def _views(database: Database) -> Iterator[Row]:
    return (row for row in _tables(database) if row["table_type"] == "VIEW")


def _columns(database: Database) -> Iterator[Row]:
    is_postgresql = database.dialect == "postgresql"
    for table in database.tables.values():
        schema = schema_of(database, table)
        base: Row = {
            "table_schema": schema,
            "table_name": table.name,
            "attrelid": ("class", schema, table.name),
            "attisdropped": False,
            "column_name": None,
            "attname": None,
            CERTAIN: False,
        }
        for number, column in enumerate(table.columns.values(), start=1):
            settled = not (table.opaque or table.uncertain or column.uncertain)
            length = _LENGTH.search(column.type or "")
            data_type, udt_name = names_of_type(column) if is_postgresql else (None, None)
            yield {
                **base,
                "column_name": column.name,
                "attname": column.name,
                "attnum": number,
                "ordinal_position": None,
                "attnotnull": None if column.nullable is None else not column.nullable,
                "is_nullable": {True: "YES", False: "NO", None: None}[column.nullable],
                "column_default": None if column.server_default is not False else NULL,
                "character_maximum_length": int(length[1] or length[2]) if length else None,
                "udt_name": udt_name,
                "data_type": data_type,
                CERTAIN: settled,
            }
        if table.opaque:
            yield base
    if database.everything_opaque:
        yield {CERTAIN: False}


def _classes(database: Database) -> Iterator[Row]:
    yield from _tables(database)
    yield from catalog_keys.indexes(database)


def _schemas(database: Database) -> Iterator[Row]:
    default = DEFAULT_SCHEMAS.get(database.dialect, CURRENT_SCHEMA)
    for schema in {default, *(schema_of(database, table) for table in database.tables.values())}:
        yield {"nspname": schema, "schema_name": schema, "oid": ("schema", schema), CERTAIN: True}


def _types(database: Database) -> Iterator[Row]:
    for enum in database.enums.values():
        yield {
            "oid": ("type", enum.name),
            "typname": enum.name,
            "typtype": "e",
            "typnamespace": ("schema", DEFAULT_SCHEMAS.get(database.dialect, CURRENT_SCHEMA)),
            CERTAIN: not enum.uncertain,
        }


def _enum_labels(database: Database) -> Iterator[Row]:
    for enum in database.enums.values():
        base: Row = {"enumtypid": ("type", enum.name), CERTAIN: not enum.uncertain}
        for label in enum.members or ():
            yield {**base, "enumlabel": label}
        if enum.members is None:
            yield {**base, CERTAIN: False}


_RELATIONS: dict[str, Callable[[Database], Iterator[Row]]] = {
    "tables": _tables,
    "columns": _columns,
    "views": _views,
    "table_constraints": catalog_keys.constraints,
    "referential_constraints": catalog_keys.constraints,
    "key_column_usage": catalog_keys.constraint_columns,
    "constraint_column_usage": catalog_keys.constraint_columns,
    "statistics": catalog_keys.indexes,
    "schemata": _schemas,
    "pg_tables": _base_tables,
    "pg_views": _views,
    "pg_matviews": _views,
    "pg_indexes": catalog_keys.indexes,
    "pg_class": _classes,
    "pg_index": catalog_keys.indexes,
    "pg_namespace": _schemas,
    "pg_attribute": _columns,
    "pg_constraint": catalog_keys.constraints,
    "pg_type": _types,
    "pg_enum": _enum_labels,
    "sqlite_master": _classes,
    "sqlite_schema": _classes,
}

COLUMNS: Final = {
    "tables": "table_schema table_name table_type",
    "columns": "table_schema table_name column_name is_nullable column_default character_maximum_length "
    "udt_name data_type ordinal_position",
    "views": "table_schema table_name",
    "table_constraints": "table_schema constraint_schema table_name constraint_name constraint_type",
    "referential_constraints": "constraint_schema table_name constraint_name referenced_table_name",
    "key_column_usage": "table_schema table_name constraint_name column_name referenced_table_name "
    "referenced_column_name",
    "constraint_column_usage": "table_schema table_name constraint_name column_name",
    "statistics": "table_schema table_name index_name non_unique",
    "schemata": "schema_name",
    "pg_tables": "schemaname tablename",
    "pg_views": "schemaname viewname",
    "pg_matviews": "schemaname matviewname",
    "pg_indexes": "schemaname tablename indexname",
    "pg_class": "oid relname relkind relnamespace",
    "pg_index": "indexrelid indrelid indisunique indisprimary indisvalid",
    "pg_namespace": "oid nspname",
    "pg_attribute": "attrelid attname attnum attnotnull attisdropped",
    "pg_constraint": "conname contype conrelid connamespace",
    "pg_type": "oid typname typtype typnamespace",
    "pg_enum": "enumtypid enumlabel",
    "sqlite_master": "type name tbl_name",
    "sqlite_schema": "type name tbl_name",
}
"""The columns that tell which relation of a query a column without a table is of, and `SELECT *`."""
