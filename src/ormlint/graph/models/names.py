"""The names that a naming convention gives, from SQLAlchemy's own code.

https://docs.sqlalchemy.org/en/20/core/constraints.html#configuring-constraint-naming-conventions
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Union

from ormlint.graph.judged import answer
from ormlint.graph.model import Check, ForeignKey, Index, Table, Unique
from ormlint.graph.models.constraints import FinalName
from ormlint.graph.models.reading import Reading

if TYPE_CHECKING:
    import sqlalchemy as sa

Constraint = Union[Index, Unique, Check, ForeignKey]


def settle(reading: Reading) -> None:
    """Name what the source leaves to the convention in force."""
    tables: dict[str, list[Table]] = {}
    for table in reading.tables:
        tables.setdefault(table.metadata, []).append(table)
    for metadata, found in tables.items():
        info = reading.stores.infos.get(metadata)
        if info is None or (info.convention is None and info.convention_known):
            for table in found:
                _default(table)
        elif info.convention is not None and info.convention_known:
            _by_convention(info.convention, found)


def _default(table: Table) -> None:
    """SQLAlchemy's own convention names indexes alone: `ix_%(column_0_label)s`."""
    for index in table.indexes:
        if index.named_by is None and index.columns and "(" not in index.columns[0]:
            index.name = f"ix_{table.key.replace('.', '_')}_{index.columns[0]}"
            index.named_by = "convention"


def _by_convention(convention: dict[str, str | None], tables: list[Table]) -> None:
    own = [f"%({key})s" for key, pattern in convention.items() if pattern is None]  # tokens by functions
    patterns = {
        key: pattern
        for key, pattern in convention.items()
        if key in ("ix", "uq", "ck", "fk") and pattern and not any(token in pattern for token in own)
    }
    open_ones = [(table, constraint) for table in tables for constraint in _open(table)]
    if not open_ones:
        return
    question = ("names", sorted(patterns.items()), [_described(table) for table in tables])
    names = answer(question, lambda: _names(patterns, tables, open_ones))
    for (_, constraint), name in zip(open_ones, names or (), strict=True):
        if name is not None:
            constraint.name, constraint.named_by = name, constraint.named_by or "convention"


def _open(table: Table) -> Iterator[Constraint]:
    """The constraints that the convention may name."""
    constraints: list[Constraint] = [*table.indexes, *table.uniques, *table.checks, *table.foreign_keys]
    for constraint in constraints:
        if isinstance(constraint, Check) and constraint.of_type and constraint.named_by is None:
            continue  # a type's check stays without a name where the convention asks for one
        if constraint.name is None and constraint.named_by is not None:
            continue  # the source gives a name that is not settled
        yield constraint


def _described(table: Table) -> object:
    """All of a table that its constraints' names depend on."""
    columns = [(each.name, each.key) for each in table.columns.values()]
    constraints = [
        (
            type(each).__name__,
            each.name,
            isinstance(each.name, FinalName),
            getattr(each, "columns", ()),
            getattr(each, "target", ()),
        )
        for each in _open(table)
    ]
    return table.name, table.schema, columns, constraints


def _names(
    patterns: dict[str, str], tables: list[Table], open_ones: list[tuple[Table, Constraint]]
) -> list[str | None]:
    import sqlalchemy as sa  # noqa: PLC0415 - costs time that a project without a convention need not spend

    metadata = sa.MetaData(naming_convention=patterns)
    made = {id(table): _table(metadata, table) for table in tables}
    return [_name(made[id(table)], constraint) for table, constraint in open_ones]


def _table(metadata: sa.MetaData, table: Table) -> sa.Table:
    """The table as SQLAlchemy's, with columns that have names and no more."""
    import sqlalchemy as sa  # noqa: PLC0415 - as above

    columns = [sa.Column(each.name, sa.Integer, key=each.key or each.name) for each in table.columns.values()]
    return sa.Table(table.name, metadata, *columns, schema=table.schema, extend_existing=True)


def _name(table: sa.Table, constraint: Constraint) -> str | None:
    """The name that SQLAlchemy gives a constraint on its table; its own where SQLAlchemy raises."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - as above

    try:
        made = _made(table, constraint)
    except (SQLAlchemyError, KeyError, IndexError, TypeError, AttributeError):
        return constraint.name
    return str(made.name) if isinstance(made.name, str) else None


def _made(table: sa.Table, constraint: Constraint) -> Any:
    import sqlalchemy as sa  # noqa: PLC0415 - as above
    from sqlalchemy.sql.elements import conv  # noqa: PLC0415 - as above

    named = {column.name: column for column in table.columns}
    name = conv(constraint.name) if isinstance(constraint.name, FinalName) else constraint.name
    if isinstance(constraint, Index):
        return sa.Index(name, *(named.get(each, sa.text(each)) for each in constraint.columns), _table=table)
    made: Any
    if isinstance(constraint, Unique):
        made = sa.UniqueConstraint(*(named[each] for each in constraint.columns), name=name)
    elif isinstance(constraint, Check):
        made = sa.CheckConstraint("true", name=name)
    else:
        made = sa.ForeignKeyConstraint(
            [named[each] for each in constraint.columns], constraint.target, name=name
        )
    table.append_constraint(made)
    return made
