"""Indexes and constraints of a table in the replayed database: made, dropped, renamed, followed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.names import automatic_name, conventional_name
from ormlint.graph.migrations.operations import (
    CheckSpec,
    ConstraintSpec,
    DropConstraint,
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
    table.keys_uncertain = table.keys_uncertain or source.keys_uncertain


def add_index(database: Database, table: MigratedTable, spec: IndexSpec) -> None:
    if spec.columns is None:
        table.keys_uncertain = True
        return
    words = [_index_word(column) for column in spec.columns]
    name = spec.name or _made_up(database, table, "ix", words)
    table.indexes.append(Index(name, _stored(database, table, spec.columns), spec.unique, spec.place))


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
    table.checks.append(Check(name, spec.place, spec.sqltext))


def _made_up(database: Database, table: MigratedTable, kind: str, columns: Sequence[str]) -> str | None:
    return automatic_name(database.dialect, kind, table.name, columns, database.key_names(table))


def _stored(database: Database, table: MigratedTable, columns: Sequence[str]) -> tuple[str, ...]:
    """The names as the table spells them."""
    return tuple(database.column_key(table, column) or column for column in columns)


def _mentioned(sqltext: str | None, table: MigratedTable) -> list[str]:
    words = set(re.findall(r"\w+", sqltext or ""))
    return [name for name in table.columns if name in words]


def drop_constraint(database: Database, table: MigratedTable, operation: DropConstraint) -> None:
    """Drop it by its name, else by the name that a convention gives it."""
    if operation.name is None:
        if operation.kind == "primary":
            set_primary_key(database, table, None, None)
        else:
            table.keys_uncertain = True
        return
    if _drop_named(database, table, operation.name, operation.kind):
        return
    if _drop_conventional(table, operation):
        return
    if not operation.if_exists:
        table.keys_uncertain = True


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
