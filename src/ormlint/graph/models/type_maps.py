"""Which SQL type an annotation stands for, where a base or its registry says so."""

from __future__ import annotations

from ormlint.graph.machine.classes import mro
from ormlint.graph.machine.origins import made_by
from ormlint.graph.machine.values import ClassValue, External, Made, Member, Unknown, Value
from ormlint.graph.models.reading import Mapped, Reading

_SINCE_2_1: dict[Value, Value] = {External("builtins.float"): External("sqlalchemy.Double")}
"""https://docs.sqlalchemy.org/en/21/changelog/migration_21.html"""


def type_map(reading: Reading, mapped: Mapped) -> dict[Value, Value] | None:
    """`type_annotation_map` of the base or its registry; `None` where it is not settled.

    With what SQLAlchemy's own map has, where the project's release is one for which that is another type.
    """
    for each in [*mro(reading.machine, mapped.cls), mapped.root.value]:
        value = None
        if isinstance(each, ClassValue):
            value = each.namespace.get("type_annotation_map")
            registry = each.namespace.get("registry")
            if value is None and made_by(registry, "registry"):
                value = registry.kwargs.get("type_annotation_map")
        elif isinstance(each, Made):
            value = each.kwargs.get("type_annotation_map")
        if isinstance(value, dict):
            return _updated(reading, mapped, {**_own(reading, mapped), **value})
        if isinstance(value, Unknown):
            return None
    return _updated(reading, mapped, _own(reading, mapped))


def _own(reading: Reading, mapped: Mapped) -> dict[Value, Value]:
    """Where SQLAlchemy's own map differs from that of 2.0; SQLModel asks it for no type."""
    is_late = reading.machine.modules.derives_anew("sqlalchemy", mapped.cls.module.path)
    return _SINCE_2_1 if is_late and mapped.root.kind != "SQLModel" else {}


def _updated(reading: Reading, mapped: Mapped, known: dict[Value, Value]) -> dict[Value, Value] | None:
    """The map with what `registry.update_type_annotation_map(...)` adds to it."""
    for made in reading.made("update_type_annotation_map"):
        registry = made.callee.owner if isinstance(made.callee, Member) else None
        more = made.arg(0, "type_annotation_map")
        if registry is None or not _is_registry_of(reading, mapped, registry):
            continue
        if not isinstance(more, dict):
            return None
        known = {**known, **more}
    return known


def _is_registry_of(reading: Reading, mapped: Mapped, registry: Value) -> bool:
    """Whether a value is the registry that a class is mapped with."""
    if isinstance(registry, Member) and registry.name == "registry":
        return registry.owner is mapped.root.value or registry.owner in mro(reading.machine, mapped.cls)
    if registry is mapped.root.value:
        return True
    line = mro(reading.machine, mapped.cls)
    return any(isinstance(each, ClassValue) and each.namespace.get("registry") is registry for each in line)
