"""Which way a relationship goes, where foreign keys settle it: `False` for one row, `True` for many.

https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ormlint.graph.machine.values import Function, Made, Member, Unknown, Value
from ormlint.graph.model import ForeignKey, Table
from ormlint.graph.models.columns import column_call
from ormlint.graph.models.core import column_of
from ormlint.graph.models.reading import Mapped, Reading

Direction = str
"""`many-to-one`, `one-to-many` or `many-to-many`; empty where no foreign key joins the tables.

Mappers with a relationship of the last kind fail to configure.
"""
OPPOSITE = {"many-to-one": "one-to-many", "one-to-many": "many-to-one", "many-to-many": "many-to-many"}


def direction(reading: Reading, mapped: Mapped, target: Mapped, call: Made | None) -> Direction | None:
    """The direction of a relationship to the target's class; `None` where it is not settled."""
    given = call.kwargs if call is not None else {}
    if given.get("secondary") is not None or (call is not None and len(call.args) > 1):
        return "many-to-many"
    if not _joins_by_keys(given.get("primaryjoin")) or (call is not None and call.open_keywords):
        return None
    here, there = _tables(mapped), _tables(target)
    if not here or not there or not all(_is_settled(table) for table in (*here, *there)):
        return None
    if given.get("foreign_keys") is not None:
        return _by_stated(reading, given, here, there)
    if {id(table) for table in here} & {id(table) for table in there}:
        return _to_itself(reading, given, here, there)
    out, back = list(_keys(here, there)), list(_keys(there, here))
    if not out and not back:
        return ""
    if out and back:
        return None
    return "many-to-one" if out else "one-to-many"


def _joins_by_keys(primaryjoin: Value) -> bool:
    """Whether a condition leaves it to the foreign keys which side is the foreign one."""
    if primaryjoin is None:
        return True
    return isinstance(primaryjoin, str) and "foreign(" not in primaryjoin and "remote(" not in primaryjoin


def _tables(mapped: Mapped) -> list[Table]:
    """The tables of a class and of those that it inherits from by a join."""
    found: list[Table] = []
    each: Mapped | None = mapped
    while each is not None:
        if each.table is None:
            return []
        if not any(table is each.table for table in found):
            found.append(each.table)
        each = None if each.concrete else each.parent
    return found


def _is_settled(table: Table) -> bool:
    return table.complete and all(column.foreign_keys is not None for column in table.columns.values())


def _keys(tables: Iterable[Table], targets: Iterable[Table]) -> Iterator[ForeignKey]:
    """The foreign keys from some tables to others."""
    names = {name for table in targets for name in (table.key, table.name)}
    for table in tables:
        yield from (key for key in table.foreign_keys if key.target[0].rpartition(".")[0] in names)


def _by_stated(
    reading: Reading, given: dict[str, Value], here: list[Table], there: list[Table]
) -> Direction | None:
    """By the table that the columns of `foreign_keys=` are in."""
    columns = _columns(reading, given["foreign_keys"], [*here, *there])
    if not columns or (len(here) == len(there) == 1 and here[0] is there[0]):
        return _to_itself(reading, given, here, there) if columns else None
    own = [any(table is each for each in here) for table, _ in columns]
    foreign = [any(table is each for each in there) for table, _ in columns]
    if all(own) and not any(foreign):
        return "many-to-one"
    return "one-to-many" if all(foreign) and not any(own) else None


def _to_itself(
    reading: Reading, given: dict[str, Value], here: list[Table], there: list[Table]
) -> Direction | None:
    """Between rows of one table: by `remote_side`, without which the other rows are the many."""
    if len(here) > 1 or len(there) > 1:
        return None
    if given.get("remote_side") is None:
        return "one-to-many"
    columns = _columns(reading, given["remote_side"], here)
    if not columns:
        return None
    foreign = {name for key in _keys(here, there) for name in key.columns}
    if all(name in foreign for _, name in columns):
        return "one-to-many"
    return None if any(name in foreign for _, name in columns) else "many-to-one"


def _columns(reading: Reading, value: Value, tables: list[Table]) -> list[tuple[Table, str]]:
    """The columns that `foreign_keys=` or `remote_side=` names; none where one of them is not settled."""
    if isinstance(value, Function):
        value = reading.machine.invoke(value, [])
    if isinstance(value, str):
        value = [part.strip() for part in value.strip("[]() ").split(",") if part.strip()]
    values = value if isinstance(value, (list, tuple, set)) else [value]
    found = [
        _by_name(reading, each) if isinstance(each, str) else _by_value(reading, each, tables)
        for each in values
    ]
    return [each for each in found if each is not None] if None not in found else []


def _by_value(reading: Reading, value: Value, tables: list[Table]) -> tuple[Table, str] | None:
    """A column of one of the tables: a mixin's is one of each class that takes it up."""
    if isinstance(value, Unknown):
        return None
    call = column_call(value)
    declared = reading.columns.get(id(call), []) if call is not None else []
    near = ((table, column.name) for table, column in declared if any(table is each for each in tables))
    return next(near, None) or column_of(reading, value)


def _by_name(reading: Reading, text: str) -> tuple[Table, str] | None:
    """`Person.id` or `people.c.id` in a text."""
    owner, _, name = text.rpartition(".")
    classes = [each for each in reading.mapped.values() if each.model.name == owner.rpartition(".")[2]]
    if len(classes) == 1:
        return column_of(reading, Member(classes[0].cls, name))
    tables = [table for table in reading.tables if table.key == owner.removesuffix(".c")]
    return (tables[0], name) if len(tables) == 1 and name in tables[0].columns else None
