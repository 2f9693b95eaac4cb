"""Relationships, their targets, and those that `backref=` puts on the other class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.graph.machine.classes import mro
from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.values import (
    Alternatives,
    ClassValue,
    External,
    Function,
    Made,
    Member,
    Subscripted,
    Unknown,
    Value,
)  # fmt: skip
from ormlint.graph.model import Relationship
from ormlint.graph.models.core import table_value
from ormlint.graph.models.directions import OPPOSITE, Direction, direction
from ormlint.graph.models.kinds import COLLECTIONS
from ormlint.graph.models.scan import Declaration

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine
    from ormlint.graph.models.reading import Mapped, Reading


def settle(reading: Reading) -> None:
    """Give every model its relationships, once all classes are known by name."""
    names: dict[str, list[Mapped]] = {}
    for mapped in reading.mapped.values():
        names.setdefault(mapped.model.name, []).append(mapped)
    backrefs: list[tuple[Mapped, str, Relationship]] = []
    for mapped in reading.mapped.values():
        for name, declaration in mapped.declared.items():
            if declaration.kind != "relationship":
                continue
            target = _target(reading, mapped, declaration, names)
            way = _direction(reading, mapped, target, declaration)
            uselist = _uselist(reading.machine, declaration, target)
            if uselist is None and way and not _states_uselist(declaration.value):
                uselist = way != "many-to-one"
            relationship = Relationship(name, target.model.id if target else None, uselist, declaration.place)
            relationship.foreign_keys = _foreign_keys(mapped, declaration)
            relationship.leads_out = target is None and _leads_out(_stated(reading, declaration))
            mapped.model.relationships[name] = relationship
            mapped.model.associations += _associations(reading, mapped, name, declaration.value)
            back = _backref(declaration)
            if target is not None and back is not None and way == "":
                target.model.unconfigured += (back,)
            elif target is not None and back is not None:
                many = _many_back(declaration, way)
                backrefs.append((target, back, Relationship(back, mapped.model.id, many, declaration.place)))
    for target, name, relationship in backrefs:
        target.model.relationships.setdefault(name, relationship)
    for mapped in reading.mapped.values():
        _inherit(mapped)


def _associations(
    reading: Reading, mapped: Mapped, name: str, call: Value
) -> tuple[tuple[str, str | None], ...]:
    """See `Model`; nothing for a relationship without such a table."""
    if not isinstance(call, Made) or truth(call.kwargs.get("viewonly", False)) is True:
        return ()
    secondary = call.arg(1, "secondary")
    if secondary is None:
        return ()
    table = table_value(reading, secondary)
    if table is None and mapped.table is not None:
        table = reading.table_of(secondary, mapped.table.metadata)
    key = secondary if isinstance(secondary, str) else None
    return ((name, table.key if table is not None else key),)


def _direction(
    reading: Reading, mapped: Mapped, target: Mapped | None, declaration: Declaration
) -> Direction | None:
    call = declaration.value
    if target is None or not (call is None or isinstance(call, Made)):
        return None
    return direction(reading, mapped, target, call)


def _states_uselist(call: Value) -> bool:
    return isinstance(call, Made) and call.kwargs.get("uselist") is not None


def _many_back(declaration: Declaration, way: Direction | None) -> bool | None:
    """Whether the relationship that `backref=` makes holds many rows."""
    back = declaration.value.kwargs.get("backref")
    if _states_uselist(back):
        return truth(back.kwargs["uselist"])
    return None if not way else OPPOSITE[way] != "many-to-one"


def _inherit(mapped: Mapped) -> None:
    """A mapper has the relationships of the mappers above it."""
    parent = mapped.parent
    while parent is not None and not mapped.concrete:
        for name, relationship in parent.model.relationships.items():
            if name not in mapped.declared:
                mapped.model.relationships.setdefault(name, relationship)
        parent = None if parent.concrete else parent.parent


def _target(
    reading: Reading, mapped: Mapped, declaration: Declaration, names: dict[str, list[Mapped]]
) -> Mapped | None:
    value = _stated(reading, declaration)
    if isinstance(value, ClassValue):
        return reading.mapped.get(id(value))
    name = value if isinstance(value, str) else value.name if isinstance(value, Unknown) else None
    if name is None:
        return None
    candidates = names.get(name.rpartition(".")[2], [])
    dotted = [each for each in candidates if each.model.id.endswith(name)]
    same_root = [each for each in dotted if each.root.value is mapped.root.value or each.root == mapped.root]
    found = same_root or dotted
    return found[0] if len(found) == 1 else None


def _stated(reading: Reading, declaration: Declaration) -> Value:
    """The class that a relationship leads to, or its name, as the call or else the annotation says it."""
    call = declaration.value
    value: Value = call.arg(0, "argument") if isinstance(call, Made) else None
    if isinstance(value, Function):
        value = reading.machine.invoke(value, [])
    return _annotated(reading, declaration) if value is None else value


def _leads_out(value: Value) -> bool:
    return isinstance(value, External) and value.root not in _CLASSLESS


_CLASSLESS = frozenset({"builtins", "collections", "sqlalchemy", "typing", "typing_extensions"})
"""Packages of which no class is mapped."""


def _annotated(reading: Reading, declaration: Declaration) -> Value:
    """The class in `Mapped[list["Item"]]`, or in SQLModel's plain annotation."""
    value: Value
    if declaration.mapped is not None:
        value = declaration.mapped.inner
    else:
        binding = declaration.owner.annotations.get(declaration.name)
        if binding is None:
            return None
        value = reading.machine.evaluate(binding.annotation, binding.scope)
    for _ in range(4):
        if isinstance(value, Alternatives):
            rest = [member for member in value.members if member is not None]
            value = rest[0] if rest else None
        elif isinstance(value, Subscripted):
            value = value.args[-1]
        else:
            break
    return value


def _uselist(machine: Machine, declaration: Declaration, target: Mapped | None) -> bool | None:
    """Whether the annotation or the call lets a relationship hold many rows, if they say.

    What is annotated with a class and no collection holds one, whatever `uselist=` says
    (`RelationshipProperty.declarative_scan`).
    """
    call = declaration.value
    many = _annotated_uselist(machine, declaration, target)
    if many is not False and isinstance(call, Made) and "uselist" in call.kwargs:
        return truth(call.kwargs["uselist"])
    return many


def _annotated_uselist(machine: Machine, declaration: Declaration, target: Mapped | None) -> bool | None:
    if declaration.mapped is None:
        return None
    if declaration.mapped.container in ("WriteOnlyMapped", "DynamicMapped"):
        return True
    inner = declaration.mapped.inner
    if isinstance(inner, Subscripted):
        line = mro(machine, inner.origin) if isinstance(inner.origin, ClassValue) else [inner.origin]
        return True if any(symbol(each) in COLLECTIONS for each in line) else None
    if isinstance(inner, Unknown):  # a name that only the registry knows is that of a class
        late = (inner.name or "").rpartition(".")[2]
        return False if target is not None and late == target.model.name else None
    return None if inner is None else False


def _backref(declaration: Declaration) -> str | None:
    call = declaration.value
    value = call.kwargs.get("backref") if isinstance(call, Made) else None
    if made_by(value, "backref") and value.args:
        value = value.args[0]
    return value if isinstance(value, str) else None


def _foreign_keys(mapped: Mapped, declaration: Declaration) -> tuple[str, ...]:
    """The local columns that `foreign_keys=` names."""
    call = declaration.value
    stated = call.kwargs.get("foreign_keys") if isinstance(call, Made) else None
    values = stated if isinstance(stated, (list, tuple)) else [stated]
    found = []
    for value in values:
        if isinstance(value, str):
            name = value.strip("[] ").rpartition(".")[2]
            found.append(name)
        elif isinstance(value, Member):
            found.append(value.name)
        else:
            found += [
                n for n, each in mapped.declared.items() if each.column is not None and each.column is value
            ]
    return tuple(found)
