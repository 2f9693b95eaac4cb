"""Classes that `registry.map_imperatively(Class, table, properties=…)` maps.

https://docs.sqlalchemy.org/en/20/orm/mapping_styles.html#imperative-mapping
"""

from __future__ import annotations

from ormlint.graph.machine.origins import symbol
from ormlint.graph.machine.values import ClassValue, Made, Member, Value
from ormlint.graph.model import Model
from ormlint.graph.models.attributes import map_attributes
from ormlint.graph.models.collect import declarations
from ormlint.graph.models.core import table_value
from ormlint.graph.models.declarative import Root
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
        reading.mapped.keys(),
        frozenset(parent.model.columns if parent else ()),
        fixed_table=True,
    )
    properties = made.kwargs.get("properties", {})
    model.complete = isinstance(properties, dict) and not made.open_keywords
    mapped = Mapped(cls, model, declared, None, parent, Root(registry, "registry"))
    mapped.table = table_value(reading, table)
    if mapped.table is None and parent is not None and table is None:
        mapped.table = parent.table
    elif mapped.table is None:
        model.complete = False
    model.table = mapped.table.key if mapped.table is not None else None
    model.inherits = parent.model.id if parent is not None else None
    reading.mapped[id(cls)] = mapped
    map_attributes(reading, mapped, {**made.kwargs, "properties": properties})
