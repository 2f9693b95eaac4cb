"""Indexes and constraints that one side has alone, by content: names do not count, and neither do options."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.drift import Pair, pairs
from ormlint.graph.model import Check, ForeignKey, Graph, Index, MigratedTable, Table, Unique
from ormlint.graph.model.types import Call, Class, Type, root
from ormlint.graph.once import once

_NAME_BYTES = 63
"""PostgreSQL cuts longer names."""
_WITHOUT_INDEXES = ("sqlalchemy", "sqlmodel", "pgvector")
"""Packages whose types make no index of their own."""
Columns = frozenset[str]
Reference = frozenset[tuple[str, str]]
"""Pairs of a column and the `table.column` that it refers to, without schemas."""


class Lone(Struct, frozen=True):
    """What one side has alone; `text` are its columns, or a foreign key's columns and targets."""

    text: str
    columns: tuple[str, ...]
    place: Place
    in_model: bool


@once
def key_pairs(graph: Graph) -> list[Pair]:
    """Tables of which both sides' indexes and constraints are known, and that `env.py` does not hide."""
    return [pair for pair in index_pairs(graph) if not pair.migrated.constraint_dropped]


@once
def index_pairs(graph: Graph) -> list[Pair]:
    """The same where a constraint may be gone that is not settled: what is left has those of its indexes."""
    return [pair for pair in pairs(graph) if _has_known_indexes(pair)]


def _has_known_indexes(pair: Pair) -> bool:
    hidden, table, migrated = pair.environment.excluded_tables, pair.table, pair.migrated
    if hidden is None or migrated.key in hidden or table.source == "continuum":
        return False
    return table.complete and table.keys_complete and not migrated.keys_uncertain


def lone_uniques(pair: Pair) -> Iterator[Lone]:
    """Unique constraints and unique indexes; a primary key on the same columns counts."""
    table, migrated = pair.table, pair.migrated
    yield from _lone(pair, _uniques(table, certain=True), _sets(_uniques(migrated)), in_model=True)
    yield from _lone(pair, _uniques(migrated, certain=True), _sets(_uniques(table)), in_model=False)


def lone_indexes(pair: Pair) -> Iterator[Lone]:
    """Indexes that need not be unique; whatever else indexes the same columns on the other side counts."""
    table, migrated = pair.table, pair.migrated
    yield from _lone(pair, _plain(table, migrated), _ordered(migrated), in_model=True)
    for lone in _lone(pair, _plain(migrated, table), _ordered(table), in_model=False):
        if not any(_brings_index(table, column) for column in lone.columns):
            yield lone


def names_of_keys(graph: Graph) -> dict[str, str]:
    """The `table.column` that a model's foreign key means, where it names a column by another key."""
    return {
        f"{table.key}.{column.key}": f"{table.key}.{column.name}"
        for table in graph.tables
        for column in table.columns.values()
        if column.key is not None
    }


def lone_foreign_keys(pair: Pair, names: Mapping[str, str]) -> Iterator[Lone]:
    """Foreign keys; `names` are what `names_of_keys` says."""
    if any(column.foreign_keys is None for column in pair.table.columns.values()):
        return
    modelled = {_reference(key, names): key for key in pair.table.foreign_keys}
    migrated = {_reference(key, {}): key for key in pair.migrated.foreign_keys}
    for one, other, in_model in ((modelled, migrated, True), (migrated, modelled, False)):
        for reference, key in one.items():
            if reference is None or reference in other:
                continue
            if _is_judged(pair, "foreign_key_constraint", key.columns):
                text = f"{', '.join(key.columns)} → {', '.join(key.target)}"
                yield Lone(text, key.columns, key.place, in_model)


def lone_checks(pair: Pair) -> Iterator[Lone]:
    """Check constraints that are given a name, and are not there under another name either."""
    table, migrated = pair.table.checks, pair.migrated.checks
    for one, other, in_model in ((table, migrated, True), (migrated, table, False)):
        names = {(each.name or "")[:_NAME_BYTES] for each in other}
        texts = {_squeezed(each) for each in other}
        vague = any(each.sqltext is None or each.name is None for each in other)
        for check in one:
            if check.named_by is None or check.of_type or check.name is None:
                continue
            if vague or (check.sqltext is None and other):
                continue  # it may be one of those
            if check.name[:_NAME_BYTES] not in names and _squeezed(check) not in texts:
                yield Lone(check.name, (), check.place, in_model)


def _squeezed(check: Check) -> str:
    """What a check says, whatever its spaces, quotes, brackets and case."""
    return re.sub(r"[\s()\"`]", "", check.sqltext or "").casefold()


def primary_keys(pair: Pair) -> tuple[Columns, Columns] | None:
    """The columns of both keys; `None` where a flag is not settled or a column is on one side alone."""
    columns = pair.table.columns.values()
    if any(column.primary_key is None for column in columns):
        return None
    one = frozenset(column.name for column in columns if column.primary_key)
    other = frozenset(pair.migrated.primary_key or ())
    return (one, other) if _on_both_sides(pair, one | other) else None


def _brings_index(table: Table, name: str) -> bool:
    """Whether the column's type may: of another package's (`TSVectorType`, `Geometry`) some make one."""
    column = table.columns.get(name)
    return column is None or _may_index(column.kind)


def _may_index(kind: Type) -> bool:
    """The same of a type, of what it derives from, and of what a `TypeDecorator` is stored as."""
    while isinstance(kind, Call):
        kind = kind.callee
    roots = kind.roots if isinstance(kind, Class) else (root(kind),)
    return any(each not in _WITHOUT_INDEXES for each in roots)


def _uniques(table: Table | MigratedTable, *, certain: bool = False) -> list[Unique | Index]:
    """What is unique; unless `certain`, also what may be."""
    indexes = [each for each in table.indexes if each.unique or (each.unique is None and not certain)]
    found: list[Unique | Index] = [*table.uniques, *(each for each in indexes if not _is_expression(each))]
    if not certain:
        key = _key_of(table)
        found += [Unique(None, key, table.place)] if key else []
        found += [
            Unique(None, (column.name,), column.place)
            for column in table.columns.values()
            if getattr(column, "unique", False) is None
        ]
    return found


def _key_of(table: Table | MigratedTable) -> tuple[str, ...]:
    if isinstance(table, MigratedTable):
        return table.primary_key or ()
    return tuple(column.name for column in table.columns.values() if column.primary_key is not False)


def _sets(found: Iterable[Unique | Index]) -> set[Columns]:
    return {frozenset(each.columns) for each in found}


def _plain(table: Table | MigratedTable, other: Table | MigratedTable) -> list[Index]:
    """The indexes on columns alone that no expression of the other side may stand for."""
    open_ = [each for each in other.indexes if _is_expression(each)]
    return [
        each
        for each in table.indexes
        if each.unique is False
        and not _is_expression(each)
        and not any(_may_be(each, expression) for expression in open_)
    ]


def _may_be(index: Index, expression: Index) -> bool:
    words = set(re.findall(r"\w+", " ".join(expression.columns)))
    return "?" in "".join(expression.columns) or not words.isdisjoint(index.columns)


def _is_expression(index: Index) -> bool:
    return any("(" in column or " " in column for column in index.columns)


def _ordered(table: Table | MigratedTable) -> set[tuple[str, ...]]:
    found = {each.columns for each in table.indexes} | {each.columns for each in table.uniques}
    found.add(_key_of(table))
    if isinstance(table, Table):
        found |= {(column.name,) for column in table.columns.values() if column.index is None}
    return found


def _lone(
    pair: Pair, found: Iterable[Unique | Index], others: Iterable[object], *, in_model: bool
) -> Iterator[Lone]:
    known, seen = set(others), set()
    for each in found:
        columns = tuple(each.columns)
        if columns in known or frozenset(columns) in known or columns in seen:
            continue
        seen.add(columns)
        kind = "index" if isinstance(each, Index) else "unique_constraint"
        if columns and _is_judged(pair, kind, columns):
            yield Lone(", ".join(columns), columns, each.place, in_model)


def _is_judged(pair: Pair, kind: str, columns: tuple[str, ...]) -> bool:
    """Whether both tables have its columns, and `env.py` does not hide it."""
    hidden = (kind, pair.migrated.key, columns) in pair.environment.excluded_keys
    return not hidden and _on_both_sides(pair, columns)


def _on_both_sides(pair: Pair, columns: Iterable[str]) -> bool:
    """Whether both tables have the columns for certain: one that is missing is another rule's."""
    migrated = pair.migrated.columns
    return all(
        name in pair.table.columns and name in migrated and not migrated[name].uncertain for name in columns
    )


def _reference(key: ForeignKey, names: Mapping[str, str]) -> Reference | None:
    targets = [names.get(target, target) for target in key.target]
    if any("." not in target for target in targets) or len(targets) != len(key.columns):
        return None
    ends = [".".join(target.split(".")[-2:]) for target in targets]
    return frozenset(zip(key.columns, ends, strict=True))
