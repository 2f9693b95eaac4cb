"""Where the source does not settle which way a migration goes: what both ways leave in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from msgspec.structs import replace

from ormlint.graph.migrations.database import Database, copy_of
from ormlint.graph.model import MigratedColumn, MigratedEnum, MigratedTable

_T = TypeVar("_T")


def join(one: Database, other: Database) -> Database:
    """The database after one of two ways; what differs is uncertain or not known."""
    joined = one.fork()
    joined.tables = _merged(one.tables, other.tables, _uncertain_table, _join_tables)
    joined.enums = _merged(one.enums, other.enums, _uncertain_enum, _join_enums)
    joined.views = one.views | other.views
    joined.temporary |= other.temporary
    joined.assumed = {key for key in one.assumed | other.assumed if key in joined.tables}
    joined.unsettled |= other.unsettled
    joined.dropped = {
        key: revision
        for key, revision in {**one.dropped, **other.dropped}.items()
        if key not in joined.tables
    }
    joined.everything_opaque = one.everything_opaque or other.everything_opaque
    return joined


def _merged(
    one: dict[str, _T], other: dict[str, _T], alone: Callable[[_T], _T], both: Callable[[_T, _T], _T]
) -> dict[str, _T]:
    """What either side has: as it is where they share it, through `alone` where only one has it."""
    merged: dict[str, _T] = {}
    for key in {**one, **other}:
        if key not in one or key not in other:
            merged[key] = alone(one[key] if key in one else other[key])
        else:
            merged[key] = one[key] if one[key] is other[key] else both(one[key], other[key])
    return merged


def _uncertain_table(table: MigratedTable) -> MigratedTable:
    return table if table.uncertain else replace(copy_of(table), uncertain=True)


def _uncertain_enum(enum: MigratedEnum) -> MigratedEnum:
    return replace(enum, uncertain=True)


def _join_enums(one: MigratedEnum, other: MigratedEnum) -> MigratedEnum:
    members = one.members if one.members == other.members else None
    return replace(one, members=members, uncertain=one.uncertain or other.uncertain)


def _join_tables(one: MigratedTable, other: MigratedTable) -> MigratedTable:
    joined = copy_of(one)
    joined.opaque = one.opaque or other.opaque
    joined.uncertain = one.uncertain or other.uncertain
    joined.keys_uncertain = one.keys_uncertain or other.keys_uncertain or not _same_keys(one, other)
    joined.constraint_dropped = one.constraint_dropped or other.constraint_dropped
    joined.columns = _merged(one.columns, other.columns, _uncertain_column, _join_columns)
    return joined


def _uncertain_column(column: MigratedColumn) -> MigratedColumn:
    return replace(column, uncertain=True)


def _join_columns(one: MigratedColumn, other: MigratedColumn) -> MigratedColumn:
    joined = replace(one, changed_in=list(one.changed_in))
    joined.changed_in += [change for change in other.changed_in if change not in one.changed_in]
    joined.uncertain = one.uncertain or other.uncertain
    if one.nullable != other.nullable:
        joined.nullable = None
    if one.server_default != other.server_default:
        joined.server_default = None
    if one.primary_key != other.primary_key:
        joined.primary_key = None
    if one.type != other.type:
        joined.type = joined.type_value = joined.enum = None
    return joined


def _same_keys(one: MigratedTable, other: MigratedTable) -> bool:
    return _keys(one) == _keys(other)


def _keys(table: MigratedTable) -> Iterable[object]:
    return (
        table.primary_key,
        sorted((tuple(index.columns), str(index.unique)) for index in table.indexes),
        sorted(tuple(unique.columns) for unique in table.uniques),
        sorted((fk.columns, fk.target) for fk in table.foreign_keys),
        sorted(str(check.name) for check in table.checks),
    )
