"""The names that a naming convention gives, from SQLAlchemy's own code.

https://docs.sqlalchemy.org/en/20/core/constraints.html#configuring-constraint-naming-conventions
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from ormlint.graph import judged
from ormlint.graph.judged import AskAhead
from ormlint.graph.model import Check, ForeignKey, Index, MetaDataInfo, Table, Unique
from ormlint.graph.models.constraints import FinalName
from ormlint.graph.models.reading import Reading
from ormlint.graph.models.usual import usual_names

if TYPE_CHECKING:
    import sqlalchemy as sa

Constraint = Union[Index, Unique, Check, ForeignKey]


class Described(NamedTuple):
    """All of a constraint that its name depends on."""

    kind: str
    name: str | None
    is_final: bool
    columns: tuple[str, ...]
    target: tuple[str, ...]


class DescribedTable(NamedTuple):
    """All of a table that its constraints' names depend on; columns are names and keys."""

    name: str
    schema: str | None
    columns: list[tuple[str, str | None]]
    constraints: list[Described]


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
    """What to ask of each convention that is known, and the constraints that the answer names."""
    for info, tables in _by_metadata(reading):
        if info is None or info.convention is None or not info.convention_known:
            continue
        constraints = [constraint for table in tables for constraint in _open(table)]
        if constraints:
            yield (_patterns(info.convention), [_described(table) for table in tables]), constraints


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


def _described(table: Table) -> DescribedTable:
    columns = [(each.name, each.key) for each in table.columns.values()]
    constraints = [
        Described(
            type(each).__name__,
            each.name,
            isinstance(each.name, FinalName),
            getattr(each, "columns", ()),
            getattr(each, "target", ()),
        )
        for each in _open(table)
    ]
    return DescribedTable(table.name, table.schema, columns, constraints)


def named(patterns: list[tuple[str, str]], tables: list[DescribedTable]) -> list[str | None]:
    """The names that SQLAlchemy gives the constraints of all tables, one after the other."""
    import sqlalchemy as sa  # noqa: PLC0415 - costs time that a project without a convention need not spend

    metadata = sa.MetaData(naming_convention=dict(patterns))
    made = [_table(metadata, table) for table in tables]
    return [
        _name(one, constraint)
        for one, table in zip(made, tables, strict=True)
        for constraint in table.constraints
    ]


def _table(metadata: sa.MetaData, table: DescribedTable) -> sa.Table:
    """The table as SQLAlchemy's, with columns that have names and no more."""
    import sqlalchemy as sa  # noqa: PLC0415 - as above

    columns = [sa.Column(name, sa.Integer, key=key or name) for name, key in table.columns]
    return sa.Table(table.name, metadata, *columns, schema=table.schema, extend_existing=True)


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
