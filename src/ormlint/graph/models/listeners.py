"""What listeners of mapper events add to tables: `event.listen(Mapper, "instrument_class", add_index)`.

Each is called as SQLAlchemy would call it, with what stands for the mapper and its table. It is how
SQLAlchemy-Searchable indexes its columns.

https://docs.sqlalchemy.org/en/20/orm/events.html#sqlalchemy.orm.MapperEvents
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ormlint.graph.machine.classes import mro
from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.origins import root, symbol
from ormlint.graph.machine.values import NOWHERE, BoundMethod, ClassValue, External, Function, Made, Value
from ormlint.graph.model import Column, Table
from ormlint.graph.models import core
from ormlint.graph.models.attributes import map_attribute
from ormlint.graph.models.collect import other
from ormlint.graph.models.columns import column_call
from ormlint.graph.models.reading import Mapped, Reading

_EVENTS = frozenset({
    "after_mapper_constructed", "before_mapper_configured", "instrument_class", "mapper_configured",
})  # fmt: skip
"""Those whose listeners take a mapper and its class."""
_KEYS = ("Index", "UniqueConstraint", "append_constraint")
"""What leaves a table's columns as they are."""


def run(reading: Reading) -> None:
    """Call every listener for each class that was mapped after it began to listen."""
    listeners = list(_listeners(reading))
    tables: dict[int, Made] = {}
    for mapped in list(reading.mapped.values()) if listeners else ():
        for position, listen in listeners:
            if mapped.cls.position > position and _concerns(reading, listen, mapped.cls):
                _call(reading, mapped, listen, tables)


def listen(reading: Reading) -> bool:
    """Whether anything listens to events of mappers."""
    return next(_listeners(reading), None) is not None


def _listeners(reading: Reading) -> Iterator[tuple[int, Made]]:
    for call in reading.machine.made.named("listen"):
        if len(call.made.args) > 2 and _is_of_mappers(call.made):
            yield call.position, call.made


def _is_of_mappers(listen: Made) -> bool:
    """Whether it listens to one of the events; what is no text names none."""
    event = listen.args[1]
    return isinstance(event, str) and event in _EVENTS


def _concerns(reading: Reading, listen: Made, cls: ClassValue) -> bool:
    target = listen.args[0]
    if isinstance(target, ClassValue):
        below = target in mro(reading.machine, cls) and truth(listen.kwargs.get("propagate", False)) is True
        return below or target is cls
    return symbol(target) in ("Mapper", "mapper") and root(target) == "sqlalchemy"


def _call(reading: Reading, mapped: Mapped, listen: Made, tables: dict[int, Made]) -> None:
    """Call the listener, and put what it makes on the tables."""
    machine, function = reading.machine, listen.args[2]
    if not isinstance(function, (BoundMethod, Function)) or mapped.table is None:
        return
    before, assigned = len(machine.made), dict(mapped.cls.assigned_later)
    machine.running.append(mapped.cls.module)
    machine.refill()
    try:
        machine.call(function, [_mapper(reading, mapped, tables), mapped.cls], {}, listen.place)
    finally:
        machine.running.pop()
    made = [_placed(each) for each in machine.made.since(before) if not _hears_other_events(each)]
    machine.made.forget(before)
    unsettled = [each for each in made if each.conditional]
    if listen.conditional or any(symbol(each.callee) not in _KEYS for each in unsettled):
        mapped.table.complete = mapped.model.complete = False
        return
    if unsettled:
        mapped.table.keys_complete = False
    core.add_late(reading, [each for each in made if not each.conditional])
    for name, value in mapped.cls.assigned_later.items():
        if assigned.get(name) is not value:
            mapped.declared[name] = other(machine, mapped.cls, mapped.cls, name, value)
            map_attribute(reading, mapped, name, mapped.declared[name])


def _hears_other_events(made: Made) -> bool:
    """Whether it listens to what happens to rows and attributes, which adds nothing to a table."""
    return symbol(made.callee) == "listen" and len(made.args) > 1 and not _is_of_mappers(made)


def _placed(made: Made) -> Made:
    """The call at the place of the column that it is about, where it is about one."""
    place = next((arg.place for arg in made.args if column_call(arg) is not None), made.place)
    return replace(made, place=place)


def _mapper(reading: Reading, mapped: Mapped, tables: dict[int, Made]) -> Made:
    """What stands for the class's mapper."""
    line: list[Table] = []
    each: Mapped | None = mapped
    while each is not None and each.table is not None:
        if not any(each.table is table for table in line):
            line.append(each.table)
        each = None if each.concrete else each.parent
    views = [_table(reading, table, tables) for table in line]
    joined = [column for view in reversed(views) for column in view.attributes["c"].attributes["__iter__"]]
    selectable = views[0] if len(views) == 1 else _selectable("sqlalchemy.sql.expression.Join", joined)
    attributes = {
        "class_": mapped.cls, "local_table": views[0], "persist_selectable": selectable, "tables": views,
        "selectable": selectable, "columns": selectable.attributes["c"], "c": selectable.attributes["c"],
    }  # fmt: skip
    return Made(External("sqlalchemy.orm.Mapper"), (), {}, mapped.cls.place, attributes)


def _table(reading: Reading, table: Table, tables: dict[int, Made]) -> Made:
    """What stands for a table: the same at every call."""
    if id(table) not in tables:
        columns = [_column(reading, table, column) for column in table.columns.values()]
        view = tables[id(table)] = _selectable("sqlalchemy.Table", columns)
        view.attributes |= {
            "name": table.name,
            "schema": table.schema,
            "key": table.key,
            "fullname": table.key,
        }
        for column in columns:
            column.attributes["table"] = view
        reading.by_call[id(view)] = table
    return tables[id(table)]


def _selectable(path: str, columns: list[Made]) -> Made:
    by_name: dict[str, Value] = {column.attributes["key"]: column for column in columns}
    collection = Made(
        External("sqlalchemy.sql.base.ColumnCollection"),
        (),
        {},
        columns[0].place if columns else NOWHERE,
        by_name,
    )
    collection.attributes["__iter__"] = columns
    return Made(External(path), (), {}, collection.place, {"c": collection, "columns": collection})


def _column(reading: Reading, table: Table, column: Column) -> Made:
    type_ = column.type_value
    if type_ is None:  # that of the column which it refers to, once that is known
        type_ = External("sqlalchemy.types.NullType")
    if isinstance(type_, (ClassValue, External)):
        type_ = Made(type_, (), {}, column.place)
    settled = {
        "primary_key": column.primary_key,
        "nullable": column.nullable,
        "unique": column.unique,
        "index": column.index,
    }
    attributes: dict[str, Value] = {"name": column.name, "key": column.key or column.name, "type": type_}
    attributes |= {name: value for name, value in settled.items() if value is not None}
    made = Made(External("sqlalchemy.Column"), (column.name,), {}, column.place, attributes)
    reading.columns[id(made)] = [(table, column)]
    return made
