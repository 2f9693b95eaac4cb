"""Constraints and indexes as rows of the system catalogues."""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.graph.migrations.database import Database, schema_of
from ormlint.graph.migrations.sql.rows import CERTAIN, NULL, Row
from ormlint.graph.model import Check, ForeignKey, Index, MigratedTable, Unique

Keyed = Index | Unique | Check | ForeignKey


def _keys(database: Database) -> Iterator[tuple[MigratedTable, str, Keyed | None, str | None]]:
    """Every constraint as (table, kind, constraint, name); a `None` kind row where they are not all known."""
    for table in database.tables.values():
        if table.primary_key:
            yield table, "p", None, table.primary_key_name
        for unique in table.uniques:
            yield table, "u", unique, unique.name
        for fk in table.foreign_keys:
            yield table, "f", fk, fk.name
        for check in table.checks:
            yield table, "c", check, check.name
        if table.opaque or table.has_unsettled_keys:
            yield table, "", None, None


_CONSTRAINT_TYPES = {"p": "PRIMARY KEY", "u": "UNIQUE", "f": "FOREIGN KEY", "c": "CHECK"}


def constraints(database: Database) -> Iterator[Row]:
    for table, kind, item, name in _keys(database):
        schema = schema_of(database, table)
        target = item.target[0].rpartition(".")[0] if isinstance(item, ForeignKey) else None
        yield {
            "table_schema": schema,
            "constraint_schema": schema,
            "table_name": table.name,
            "constraint_name": name,
            "constraint_type": _CONSTRAINT_TYPES.get(kind),
            "referenced_table_name": target,
            "conname": name,
            "contype": kind or None,
            "conrelid": ("class", schema, table.name),
            "confrelid": None,
            "connamespace": ("schema", schema),
            CERTAIN: bool(kind) and not table.uncertain,
        }


def constraint_columns(database: Database) -> Iterator[Row]:
    for table, kind, item, name in _keys(database):
        schema = schema_of(database, table)
        base: Row = {
            "table_schema": schema,
            "constraint_schema": schema,
            "table_name": table.name,
            "constraint_name": name,
            CERTAIN: bool(kind) and not table.uncertain,
        }
        columns = (table.primary_key or ()) if kind == "p" else getattr(item, "columns", ())
        targets = item.target if isinstance(item, ForeignKey) else ()
        for number, column in enumerate(columns):
            target = targets[number].rpartition(".") if number < len(targets) else None
            yield {
                **base,
                "column_name": column,
                "referenced_table_name": target[0] if target else NULL,
                "referenced_column_name": target[2] if target else NULL,
            }
        if not kind:
            yield base


def indexes(database: Database) -> Iterator[Row]:
    for table in database.tables.values():
        schema = schema_of(database, table)
        base: Row = {
            "schemaname": schema,
            "table_schema": schema,
            "tablename": table.name,
            "table_name": table.name,
            "relkind": "i",
            "relnamespace": ("schema", schema),
            "type": "index",
            "tbl_name": table.name,
            "indrelid": ("class", schema, table.name),
            "indisvalid": True,
            CERTAIN: not table.uncertain,
        }
        named: list[tuple[str | None, bool | None]] = [(index.name, index.unique) for index in table.indexes]
        named += [(unique.name, True) for unique in table.uniques]
        named += [(table.primary_key_name, True)] if table.primary_key else []
        for name, is_unique in named:
            if name is None and database.dialect == "sqlite":  # it makes one up that nobody asks for
                continue
            row = {**base, "indexname": name, "index_name": name, "relname": name, "name": name}
            row["non_unique"] = None if is_unique is None else int(not is_unique)
            row["oid"] = row["indexrelid"] = ("class", schema, name) if name is not None else None
            row["indisunique"] = is_unique
            row["indisprimary"] = name == table.primary_key_name if name is not None else None
            yield row
        if table.opaque or table.has_unsettled_keys:
            yield {**base, CERTAIN: False}
