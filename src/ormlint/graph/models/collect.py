"""What a mapped class declares: its attributes along the MRO, as SQLAlchemy's declarative scan takes them.

https://docs.sqlalchemy.org/en/20/orm/declarative_mixins.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ormlint.findings import Place
from ormlint.graph.machine.classes import mro
from ormlint.graph.machine.values import (
    Binding,
    ClassValue,
    Function,
    Made,
    Subscripted,
    Unknown,
    Value,
    made_by,
    symbol,
)  # fmt: skip
from ormlint.graph.models.annotations import MappedType, mapped_type
from ormlint.graph.models.columns import column_call

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

RELATIONSHIPS = frozenset({"relationship", "Relationship", "dynamic_loader"})
KINDS = {
    "synonym": "synonym", "column_property": "column_property", "association_proxy": "proxy",
    "AssociationProxy": "proxy", "composite": "composite", "query_expression": "column_property",
}  # fmt: skip


@dataclass
class Declaration:
    """One attribute of a mapped class; `owner` is the class of the MRO that declares it."""

    name: str
    owner: ClassValue
    value: Value
    place: Place
    kind: str
    """`column`, `relationship`, `unknown`, or one of the other readable kinds."""
    mapped: MappedType | None = None
    column: Made | None = None


def declarations(machine: Machine, cls: ClassValue) -> dict[str, Declaration]:
    """Every attribute by name, the first class along the MRO that has it winning."""
    found: dict[str, Declaration] = {}
    hidden: set[str] = set()
    for owner in mro(machine, cls):
        if not isinstance(owner, ClassValue):
            continue
        for name in {**owner.namespace, **owner.annotations}:
            if name in found or name in hidden or name.startswith("__"):
                continue
            declaration = _declaration(machine, cls, owner, name)
            if declaration is None:
                hidden.add(name)
            else:
                found[name] = declaration
    return found


def _declaration(machine: Machine, cls: ClassValue, owner: ClassValue, name: str) -> Declaration | None:
    value = owner.namespace.get(name)
    place = owner.places.get(name, owner.place)
    binding = owner.annotations.get(name)
    annotation, declared = _annotation(machine, owner, binding), False
    if isinstance(value, Function):
        kind = _function_kind(value)
        if kind != "declared":
            return None if kind is None else Declaration(name, owner, value, place, kind)
        annotation = _returns(machine, value)
        value, declared = machine.invoke(value, [cls]), True
    if made_by(value, "declared_attr") and value.args and isinstance(value.args[0], Function):
        value = machine.invoke(value.args[0], [cls])
    inside = mapped_type(annotation) if annotation is not None else None
    mapped = inside[1] if inside is not None else None
    if name not in owner.namespace and binding is not None:
        return _annotated_only(name, owner, binding, inside)
    call = column_call(value)
    if call is not None:
        return Declaration(name, owner, value, place, "column", mapped, call)
    if isinstance(value, Made):
        kind = symbol(value.callee)
        if kind in RELATIONSHIPS:
            return Declaration(name, owner, value, place, "relationship", mapped)
        return Declaration(name, owner, value, place, KINDS.get(kind, "value"), mapped)
    if isinstance(value, Unknown):
        inner = "unknown" if declared or value.name in (None, name) else "value"
        return Declaration(name, owner, value, place, inner, mapped)
    if value is None and name in owner.namespace and binding is None:
        return None
    return Declaration(name, owner, value, place, "value", mapped)


def _annotated_only(
    name: str, owner: ClassValue, binding: Binding, inside: tuple[str, MappedType] | None
) -> Declaration | None:
    if inside is None:
        return Declaration(name, owner, None, binding.place, "value")
    kind, mapped = inside
    if kind in ("WriteOnlyMapped", "DynamicMapped"):
        return Declaration(name, owner, None, binding.place, "relationship", mapped)
    return Declaration(name, owner, None, binding.place, "column", mapped)


def _annotation(machine: Machine, owner: ClassValue, binding: Binding | None) -> Value:
    if binding is None:
        return None
    value = machine.evaluate(binding.annotation, binding.scope)
    if isinstance(value, Subscripted) and symbol(value.origin) == "ClassVar":
        return None
    return value


def _returns(machine: Machine, function: Function) -> Value:
    returns = getattr(function.node, "returns", None)
    return None if returns is None else machine.evaluate(returns, function.scope)


def _function_kind(function: Function) -> str | None:
    """What a function in a class body is to the mapper; `None` for a plain method."""
    if function.decorated_by("declared_attr", "directive"):
        return "declared"
    if function.decorated_by("hybrid_property", "hybrid_method"):
        return "hybrid"
    if function.decorated_by("property", "cached_property"):
        return "property"
    if function.decorated_by("setter", "expression", "comparator", "update_expression", "inplace"):
        return "hybrid" if not function.decorated_by("setter") else "property"
    return None
