"""Indexes and constraints that are dropped, renamed, or follow the columns and tables that they use."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.keys import MYSQL, set_primary_key
from ormlint.graph.migrations.names import conventional_name
from ormlint.graph.migrations.operations import DropConstraint
from ormlint.graph.model import Check, ForeignKey, Index, MigratedTable, Unique


def drop_constraint(database: Database, table: MigratedTable, operation: DropConstraint) -> None:
    """Drop it by its name, else by the name that a convention gives it."""
    if operation.name is None:
        if operation.kind == "primary":
            set_primary_key(database, table, None, None)
        else:
            table.constraint_dropped = True
        return
    if _drop_named(database, table, operation.name, operation.kind):
        return
    if _drop_conventional(table, operation):
        return
    if not operation.if_exists:
        table.constraint_dropped = True


def drop_unique(database: Database, table: MigratedTable, name: str) -> bool:
    """Drop the unique constraint that MySQL knows as an index of that name."""
    if database.dialect not in MYSQL:
        return False
    return _drop_named(database, table, name, "unique")


def _drop_named(database: Database, table: MigratedTable, name: str, kind: str | None) -> bool:
    primary = table.primary_key_name
    if kind in (None, "primary") and primary is not None and database.same(primary, name):
        set_primary_key(database, table, None, None)
        return True
    if kind == "primary" and table.primary_key and primary is None:
        set_primary_key(database, table, None, None)
        return True

    def other(item: Unique | ForeignKey | Check | Index) -> bool:
        return item.name is None or not database.same(item.name, name)

    before = _count(table)
    if kind in (None, "unique"):
        table.uniques = [item for item in table.uniques if other(item)]
        if database.dialect in MYSQL:
            table.indexes = [item for item in table.indexes if not item.unique or other(item)]
    if kind in (None, "foreignkey"):
        table.foreign_keys = [item for item in table.foreign_keys if other(item)]
    if kind in (None, "check"):
        table.checks = [item for item in table.checks if other(item)]
    return _count(table) < before


def _count(table: MigratedTable) -> int:
    return len(table.uniques) + len(table.foreign_keys) + len(table.checks) + len(table.indexes)


def _drop_conventional(table: MigratedTable, operation: DropConstraint) -> bool:
    """SQLite keeps no names for constraints; batch mode then names them by a convention."""
    convention = dict(operation.convention)
    if not convention:
        return False
    before = _count(table)
    if operation.kind in (None, "unique"):
        table.uniques = [
            item
            for item in table.uniques
            if item.name is not None
            or conventional_name(convention, "uq", table.name, item.columns) != operation.name
        ]
    if operation.kind in (None, "foreignkey"):
        table.foreign_keys = [
            item
            for item in table.foreign_keys
            if item.name is not None or _fk_name(convention, table, item) != operation.name
        ]
    return _count(table) < before


def _fk_name(convention: dict[str, str], table: MigratedTable, fk: ForeignKey) -> str | None:
    referred = target_table(fk).rpartition(".")[2]
    referred_columns = [target.rpartition(".")[2] for target in fk.target]
    return conventional_name(convention, "fk", table.name, fk.columns, referred, referred_columns)


def rename_constraint(table: MigratedTable, name: str, to: str) -> None:
    if table.primary_key_name == name:
        table.primary_key_name = to
    table.uniques = [replace(item, name=to) if item.name == name else item for item in table.uniques]
    table.checks = [replace(item, name=to) if item.name == name else item for item in table.checks]
    table.foreign_keys = [
        replace(item, name=to) if item.name == name else item for item in table.foreign_keys
    ]


def forget_column(database: Database, table: MigratedTable, column: str) -> None:
    """What used the dropped column goes with it."""
    if database.dialect in MYSQL:
        table.indexes = [
            replace(item, columns=tuple(c for c in item.columns if c != column)) for item in table.indexes
        ]
        table.indexes = [item for item in table.indexes if item.columns]
    else:
        table.indexes = [item for item in table.indexes if not _uses(item.columns, column)]
    table.uniques = [item for item in table.uniques if column not in item.columns]
    table.foreign_keys = [item for item in table.foreign_keys if column not in item.columns]
    word = re.compile(rf"\b{re.escape(column)}\b")
    table.checks = [item for item in table.checks if not word.search(item.sqltext or "")]
    if table.primary_key and column in table.primary_key:
        set_primary_key(database, table, None, None)
    gone = f"{table.key}.{column}"
    for other in referring(database, table.key):
        writable = database.writable(other)
        writable.foreign_keys = [fk for fk in writable.foreign_keys if gone not in fk.target]


def _uses(columns: Sequence[str], column: str) -> bool:
    return any(c == column or ("(" in c and re.search(rf"\b{re.escape(column)}\b", c)) for c in columns)


def rename_column(database: Database, table: MigratedTable, old: str, new: str) -> None:
    """Indexes and constraints follow, here and in the tables that refer to it."""

    def renamed(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if column == old else column for column in columns)

    table.indexes = [replace(item, columns=renamed(item.columns)) for item in table.indexes]
    table.uniques = [replace(item, columns=renamed(item.columns)) for item in table.uniques]
    table.foreign_keys = [replace(item, columns=renamed(item.columns)) for item in table.foreign_keys]
    if table.primary_key is not None:
        table.primary_key = renamed(table.primary_key)
    before, after = f"{table.key}.{old}", f"{table.key}.{new}"
    for other in referring(database, table.key):
        writable = database.writable(other)
        writable.foreign_keys = [
            replace(fk, target=tuple(after if target == before else target for target in fk.target))
            for fk in writable.foreign_keys
        ]


def referring(database: Database, key: str) -> list[str]:
    """The keys of the tables that have a foreign key to `key`."""
    return [
        other
        for other, table in database.tables.items()
        if any(target_table(fk) == key for fk in table.foreign_keys)
    ]


def target_table(fk: ForeignKey) -> str:
    return fk.target[0].rpartition(".")[0] if fk.target else ""


def renamed_target(fk: ForeignKey, old: str, new: str) -> ForeignKey:
    if target_table(fk) != old:
        return fk
    return replace(fk, target=tuple(f"{new}.{target.rpartition('.')[2]}" for target in fk.target))
