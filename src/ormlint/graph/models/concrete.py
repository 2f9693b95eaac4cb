"""Concrete inheritance over a union: `ConcreteBase` and `AbstractConcreteBase`.

https://docs.sqlalchemy.org/en/20/orm/inheritance.html#concrete-table-inheritance
"""

from __future__ import annotations

from ormlint.graph.machine.classes import lookup, mro, project_classes
from ormlint.graph.machine.values import ClassValue, External
from ormlint.graph.model import Model
from ormlint.graph.models.reading import Mapped, Reading


def settle(reading: Reading) -> None:
    """Give the mappers below such a base what the union adds, and map the abstract ones on it."""
    for mapped in list(reading.mapped.values()):
        if _is_below(reading, mapped.cls, "AbstractConcreteBase"):
            _map_abstract(reading, mapped)
        elif _is_below(reading, mapped.cls, "ConcreteBase"):
            found = lookup(reading.machine, mapped.cls, "_concrete_discriminator_name")
            name = found[1] if found is not None else "type"
            if isinstance(name, str) and name not in mapped.model.columns:
                mapped.model.attributes[name] = "column_property"


def _is_below(reading: Reading, cls: ClassValue, name: str) -> bool:
    return any(isinstance(each, External) and each.name == name for each in mro(reading.machine, cls))


def _map_abstract(reading: Reading, mapped: Mapped) -> None:
    """The classes between a mapped class and `AbstractConcreteBase` are mapped too, on a union of tables."""
    child = mapped
    for cls in list(project_classes(reading.machine, mapped.cls))[1:]:
        if not _is_below(reading, cls, "AbstractConcreteBase"):
            continue
        if id(cls) not in reading.mapped:
            model = Model(cls.id, cls.name, cls.place, None, tuple(_name(base) for base in cls.bases))
            model.complete, model.on_select = False, True
            above = Mapped(cls, model, {}, None, None, mapped.root, concrete=True)
            reading.mapped[id(cls)] = above
        if child.model.inherits is None:
            child.model.inherits = cls.id
        child = reading.mapped[id(cls)]


def _name(base: object) -> str:
    if isinstance(base, ClassValue):
        return base.id
    return base.path if isinstance(base, External) else "?"
