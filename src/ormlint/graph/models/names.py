"""The names that a naming convention gives, from SQLAlchemy's own code.

https://docs.sqlalchemy.org/en/20/core/constraints.html#configuring-constraint-naming-conventions
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Union

from msgspec import Struct

from ormlint.graph import judged
from ormlint.graph.judged import AskAhead
from ormlint.graph.model import Check, ForeignKey, Index, MetaDataInfo, Table, Unique
from ormlint.graph.models.reading import Reading
from ormlint.graph.models.usual import usual_names

if TYPE_CHECKING:
    import sqlalchemy as sa

Constraint = Union[Index, Unique, Check, ForeignKey]


class Described(Struct, frozen=True):
    """All of a constraint that its name depends on."""

    kind: str
    name: str | None
    is_final: bool
    columns: tuple[str, ...]
    target: tuple[str, ...]


class DescribedTable(Struct, frozen=True):
    """All of a table that names depend on; columns are names and keys, of those alone that these may use."""

    name: str
    schema: str | None
    columns: list[tuple[str, str | None]]


class Asked(Struct, frozen=True):
    """A table whose constraints are to be named, and the tables that its foreign keys refer to."""

    table: DescribedTable
    constraints: list[Described]
    referred: list[DescribedTable]


def ask_ahead(reading: Reading, ahead: AskAhead) -> None:
    """Have another process say what SQLAlchemy names by the conventions in force."""
    questions = (question for question, _ in _questions(reading))
    judged.ask(ahead, named, (each for each in questions if usual_names(*each) is None))


def named_tables(reading: Reading) -> list[Table]:
    """The tables, with the names that the source leaves to the convention in force."""
    if not reading.is_named:
        _settle(reading)
        reading.is_named = True
    return reading.tables


def _settle(reading: Reading) -> None:
    for info, tables in _by_metadata(reading):
        if info is None or (info.convention is None and info.convention_known):
            for table in tables:
                _default(table)
    for question, constraints in _questions(reading):
        names = usual_names(*question) or judged.answer(named, *question)
        for constraint, name in zip(constraints, names or (), strict=True):
            if name is not None:
                constraint.name, constraint.named_by = name, constraint.named_by or "convention"


def _by_metadata(reading: Reading) -> Iterator[tuple[MetaDataInfo | None, list[Table]]]:
    tables: dict[str, list[Table]] = {}
    for table in reading.tables:
        tables.setdefault(table.metadata, []).append(table)
    return ((reading.stores.infos.get(metadata), found) for metadata, found in tables.items())


def _default(table: Table) -> None:
    """SQLAlchemy's own convention names indexes alone: `ix_%(column_0_label)s`."""
    for index in table.indexes:
        if index.named_by is None and index.columns and "(" not in index.columns[0]:
            index.name = f"ix_{table.key.replace('.', '_')}_{index.columns[0]}"
            index.named_by = "convention"


def _questions(reading: Reading) -> Iterator[tuple[judged.Question, list[Constraint]]]:
    """What to ask of each table under a convention that is known, and the constraints that the answer names.

    Each table is asked about by itself, so that a change of one leaves what is known of the others.
    """
    for info, tables in _by_metadata(reading):
        if info is None or info.convention is None or not info.convention_known:
            continue
        patterns = _patterns(info.convention)
        beside = (table for table in reading.beside if table.metadata == info.id)
        by_key = {table.key: table for table in (*beside, *tables)}
        for table in tables:
            constraints = list(_open(table))
            if constraints:
                yield (patterns, _asked(table, constraints, by_key)), constraints


def _patterns(convention: dict[str, str | None]) -> list[tuple[str, str]]:
    own = [f"%({key})s" for key, pattern in convention.items() if pattern is None]  # tokens by functions
    return sorted(
        (key, pattern)
        for key, pattern in convention.items()
        if key in ("ix", "uq", "ck", "fk") and pattern and not any(token in pattern for token in own)
    )


def _open(table: Table) -> Iterator[Constraint]:
    """The constraints that the convention may name."""
    constraints: list[Constraint] = [*table.indexes, *table.uniques, *table.checks, *table.foreign_keys]
    for constraint in constraints:
        if isinstance(constraint, Check) and constraint.of_type and constraint.named_by is None:
            continue  # a type's check stays without a name where the convention asks for one
        if constraint.name is None and constraint.named_by is not None:
            continue  # the source gives a name that is not settled
        yield constraint


def _asked(table: Table, constraints: list[Constraint], by_key: dict[str, Table]) -> Asked:
    described = [
        Described(
            type(each).__name__,
            each.name,
            each.named_by == "final",
            getattr(each, "columns", ()),
            getattr(each, "target", ()),
        )
        for each in constraints
    ]
    used = {name for each in described for name in each.columns}
    targets: dict[str, set[str]] = {}
    for text in (text for each in described for text in each.target):
        key, _, column = text.rpartition(".")
        targets.setdefault(key, set()).add(column)
    own = _described(table, used | targets.pop(table.key, set()))
    referred = [_described(by_key[key], names) for key, names in sorted(targets.items()) if key in by_key]
    return Asked(own, described, referred)


def _described(table: Table, names: set[str]) -> DescribedTable:
    """A table with those of its columns that have one of the names, or have it as their key."""
    columns = [
        (each.name, each.key) for each in table.columns.values() if each.name in names or each.key in names
    ]
    return DescribedTable(table.name, table.schema, columns)


def named(patterns: list[tuple[str, str]], asked: Asked) -> list[str | None]:
    """The names that SQLAlchemy gives the constraints of a table, one after the other."""
    import sqlalchemy as sa  # noqa: PLC0415 - costs time that a project without a convention need not spend

    metadata = sa.MetaData(naming_convention=dict(patterns))
    for each in asked.referred:
        _table(metadata, each)
    table = _table(metadata, asked.table)
    return [_name(table, constraint) for constraint in asked.constraints]


def _table(metadata: sa.MetaData, table: DescribedTable) -> sa.Table:
    """The table as SQLAlchemy's, with columns that have names and no more."""
    import sqlalchemy as sa  # noqa: PLC0415 - as above

    columns = [sa.Column(name, sa.Integer, key=key or name) for name, key in table.columns]
    return sa.Table(table.name, metadata, *columns, schema=table.schema)


def _name(table: sa.Table, constraint: Described) -> str | None:
    """The name that SQLAlchemy gives a constraint on its table; its own where SQLAlchemy raises."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - as above

    try:
        made = _made(table, constraint)
    except (SQLAlchemyError, KeyError, IndexError, TypeError, AttributeError):
        return constraint.name
    return str(made.name) if isinstance(made.name, str) else None


def _made(table: sa.Table, constraint: Described) -> Any:
    import sqlalchemy as sa  # noqa: PLC0415 - as above
    from sqlalchemy.sql.elements import conv  # noqa: PLC0415 - as above

    columns = {column.name: column for column in table.columns}
    name = constraint.name
    if constraint.is_final and name is not None:
        name = conv(name)
    if constraint.kind == "Index":
        parts = (columns.get(each, sa.text(each)) for each in constraint.columns)
        return sa.Index(name, *parts, _table=table)
    made: Any
    if constraint.kind == "Unique":
        made = sa.UniqueConstraint(*(columns[each] for each in constraint.columns), name=name)
    elif constraint.kind == "Check":
        made = sa.CheckConstraint("true", name=name)
    else:
        made = sa.ForeignKeyConstraint(
            [columns[each] for each in constraint.columns], constraint.target, name=name
        )
    table.append_constraint(made)
    return made
