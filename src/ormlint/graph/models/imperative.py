"""Classes that `registry.map_imperatively(Class, table, properties=…)` maps.

https://docs.sqlalchemy.org/en/20/orm/mapping_styles.html#imperative-mapping
"""

from __future__ import annotations

from ormlint.graph.machine.values import ClassValue, Made, Member, Value, made_by, symbol
from ormlint.graph.model import Model
from ormlint.graph.models.attributes import map_attributes
from ormlint.graph.models.collect import Declaration, declarations
from ormlint.graph.models.columns import column_call
from ormlint.graph.models.declarative import Root
from ormlint.graph.models.kinds import KINDS, RELATIONSHIPS
from ormlint.graph.models.reading import Mapped, Reading


def map_classes(reading: Reading) -> None:
    """Put every class into the reading that a call of `map_imperatively` maps."""
    for made in reading.made("map_imperatively"):
        cls, table = made.arg(0, "class_"), made.arg(1, "local_table")
        if isinstance(cls, ClassValue) and id(cls) not in reading.mapped:
            _map(reading, made, cls, table)


def _map(reading: Reading, made: Made, cls: ClassValue, table: Value) -> None:
    registry = made.callee.owner if isinstance(made.callee, Member) else None
    inherits = made.kwargs.get("inherits")
    parent = reading.mapped.get(id(inherits)) if isinstance(inherits, ClassValue) else None
    bases = tuple(base.id if isinstance(base, ClassValue) else symbol(base) or "?" for base in cls.bases)
    model = Model(cls.id, cls.name, cls.place, None, bases)
    declared = declarations(
        reading.machine,
        cls,
        set(reading.mapped),
        frozenset(parent.model.columns if parent else ()),
        fixed_table=True,
    )
    properties = made.kwargs.get("properties", {})
    model.complete = isinstance(properties, dict) and not made.open_keywords
    for name, value in properties.items() if isinstance(properties, dict) else ():
        kind = _kind(value)
        if isinstance(name, str) and kind is not None:
            declared[name] = Declaration(name, cls, value, made.place, kind)
    mapped = Mapped(cls, model, declared, None, parent, Root(registry, "registry"))
    mapped.table = reading.by_call.get(id(table)) if isinstance(table, Made) else None
    if mapped.table is None and parent is not None and table is None:
        mapped.table = parent.table
    elif mapped.table is None:
        model.complete = False
    model.table = mapped.table.key if mapped.table is not None else None
    model.inherits = parent.model.id if parent is not None else None
    reading.mapped[id(cls)] = mapped
    map_attributes(reading, mapped, {**made.kwargs, "properties": properties})


def _kind(value: Value) -> str | None:
    """What a value in `properties` is; columns are mapped by `map_properties`."""
    if not isinstance(value, Made) or column_call(value) is not None:
        return None
    if made_by(value, *RELATIONSHIPS):
        return "relationship"
    return KINDS.get(symbol(value.callee))
