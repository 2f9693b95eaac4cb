"""Indexes and constraints of a table in the replayed database: made, dropped, renamed, followed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.names import automatic_name
from ormlint.graph.migrations.specs import (
    CheckSpec,
    ConstraintSpec,
    ForeignKeySpec,
    IndexSpec,
    PrimaryKeySpec,
    UniqueSpec,
)
from ormlint.graph.model import Check, ForeignKey, Index, MigratedTable, Unique

MYSQL = ("mysql", "mariadb")


def add_constraint(database: Database, table: MigratedTable, spec: ConstraintSpec) -> None:
    """Add the constraint; what is not known of it makes the keys of the table uncertain."""
    if isinstance(spec, PrimaryKeySpec):
        columns = _taken_from_index(table, spec.using_index) if spec.using_index else spec.columns
        name = spec.name or _made_up(database, table, "pk", columns or ())
        set_primary_key(database, table, columns, name)
    elif isinstance(spec, UniqueSpec):
        _add_unique(database, table, spec)
    elif isinstance(spec, ForeignKeySpec):
        _add_foreign_key(database, table, spec)
    else:
        _add_check(database, table, spec)


def without_repeats(database: Database, specs: Sequence[ConstraintSpec]) -> Iterator[ConstraintSpec]:
    """PostgreSQL leaves out a unique constraint of CREATE TABLE on columns that another one has."""
    taken = {spec.columns for spec in specs if isinstance(spec, PrimaryKeySpec)}
    for spec in specs:
        if isinstance(spec, UniqueSpec) and database.dialect == "postgresql":
            if spec.columns in taken and spec.columns is not None:
                continue
            taken.add(spec.columns or ())
        yield spec


def copy_keys(database: Database, source: MigratedTable, table: MigratedTable) -> None:
    """Give `table` the indexes and constraints of `source`, under names of its own."""
    if source.primary_key:
        name = _made_up(database, table, "pk", ())
        set_primary_key(database, table, source.primary_key, name)
    for unique in source.uniques:
        add_constraint(database, table, UniqueSpec(unique.columns, table.place))
    for index in source.indexes:
        add_index(database, table, IndexSpec(index.columns, table.place, unique=index.unique))
    table.checks += source.checks
    table.keys_uncertain = table.keys_uncertain or source.has_unsettled_keys


def add_index(database: Database, table: MigratedTable, spec: IndexSpec) -> None:
    if spec.columns is None:
        table.keys_uncertain = True
        return
    words = [_index_word(column) for column in spec.columns]
    name = spec.name or _made_up(database, table, "ix", words)
    columns = _stored(database, table, spec.columns)
    database.add_index(table, Index(name, columns, spec.unique, spec.place))


def _index_word(column: str) -> str:
    """What PostgreSQL puts into a made-up name for a column or an expression."""
    if "(" not in column:
        return column
    function = re.match(r"\w+(?=\()", column)
    return function[0] if function else "expr"


def set_primary_key(
    database: Database, table: MigratedTable, columns: Sequence[str] | None, name: str | None
) -> None:
    """Make `columns` the primary key; every database but SQLite makes them NOT NULL by that."""
    stored = _stored(database, table, columns) if columns is not None else None
    table.primary_key = stored
    table.primary_key_name = name if stored else None
    for column in table.columns.values():
        column.primary_key = stored is not None and column.name in stored
        if column.primary_key and database.dialect != "sqlite":
            column.nullable = False


def _add_unique(database: Database, table: MigratedTable, spec: UniqueSpec) -> None:
    columns = _taken_from_index(table, spec.using_index) if spec.using_index else spec.columns
    if columns is None:
        table.keys_uncertain = True
        return
    name = spec.name or _made_up(database, table, "uq", columns)
    table.uniques.append(Unique(name, _stored(database, table, columns), spec.place))


def _taken_from_index(table: MigratedTable, name: str) -> tuple[str, ...] | None:
    """The columns of the index that becomes a constraint."""
    used = next((index for index in table.indexes if index.name == name), None)
    if used is None:
        return None
    table.indexes = [index for index in table.indexes if index is not used]
    return used.columns


def _add_foreign_key(database: Database, table: MigratedTable, spec: ForeignKeySpec) -> None:
    if spec.columns is None or spec.referred is None:
        table.keys_uncertain = True
        return
    key = database.key_of(spec.referred)
    referred = database.tables.get(key)
    names = spec.referred_columns or (referred.primary_key if referred is not None else None)
    if not names:
        table.keys_uncertain = True
        return
    name = spec.name or _made_up(database, table, "fk", spec.columns)
    target = tuple(f"{key}.{column}" for column in names)
    table.foreign_keys.append(ForeignKey(name, _stored(database, table, spec.columns), target, spec.place))


def _add_check(database: Database, table: MigratedTable, spec: CheckSpec) -> None:
    columns = [spec.column] if spec.column else _mentioned(spec.sqltext, table)
    name = spec.name or _made_up(database, table, "ck", columns if len(columns) == 1 else ())
    table.checks.append(Check(name, spec.place, spec.sqltext, "source" if spec.name else None))


def _made_up(database: Database, table: MigratedTable, kind: str, columns: Sequence[str]) -> str | None:
    return automatic_name(database.dialect, kind, table.name, columns, database.key_names(table))


def _stored(database: Database, table: MigratedTable, columns: Sequence[str]) -> tuple[str, ...]:
    """The names as the table spells them."""
    return tuple(database.column_key(table, column) or column for column in columns)


def _mentioned(sqltext: str | None, table: MigratedTable) -> list[str]:
    words = set(re.findall(r"\w+", sqltext or ""))
    return [name for name in table.columns if name in words]
