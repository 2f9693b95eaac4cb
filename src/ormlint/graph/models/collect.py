"""What a mapped class declares: its attributes along the MRO, as SQLAlchemy's declarative scan takes them.

https://docs.sqlalchemy.org/en/20/orm/declarative_mixins.html
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from ormlint.graph.machine.classes import project_classes
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.values import (
    NOWHERE,
    Binding,
    ClassValue,
    External,
    Function,
    Made,
    Member,
    Unknown,
    Value,
)  # fmt: skip
from ormlint.graph.models.annotations import MappedType
from ormlint.graph.models.columns import COLUMN_CALLS
from ormlint.graph.models.declared import declared_as, introspects, place_of, type_inside
from ormlint.graph.models.kinds import KINDS, RELATIONSHIPS, function_kind
from ormlint.graph.models.scan import Declaration, Scan, given

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine


def declarations(
    machine: Machine,
    cls: ClassValue,
    mapped: Container[int],
    inherited: frozenset[str],
    *,
    fixed_table: bool = False,
) -> dict[str, Declaration]:
    """Every attribute by name; `inherited` are the names that a mapped parent maps."""
    scan = Scan(machine, cls, mapped, inherited, fixed_table)
    for owner in project_classes(machine, cls):
        if owner is not cls and id(owner) not in mapped:
            _copy_columns(scan, owner)
    for owner in project_classes(machine, cls):
        if owner is cls:
            _own(scan)
        elif id(owner) not in mapped:
            _mixed_in(scan, owner)
    for owner in project_classes(machine, cls):
        _readable(scan, owner)
    return scan.found


def _names(owner: ClassValue) -> Iterator[str]:
    return (name for name in {**owner.namespace, **owner.annotations} if not name.startswith(("__", "_sa_")))


def _copy_columns(scan: Scan, owner: ClassValue) -> None:
    """Columns of a mixin or abstract base come to the class, unless something nearer has the name."""
    for name in _names(owner):
        value = given(scan.machine, owner, name)
        binding = owner.annotations.get(name)
        if value is None and not scan.fixed_table:
            inside = type_inside(scan, binding)
            if inside is not None and inside[0] in ("Mapped", "Unmapped") and scan.current(name) is None:
                _put_annotated(scan, owner, name, inside[1], binding)
                scan.copied[name] = Made(External("sqlalchemy.orm.mapped_column"), (), {}, NOWHERE)
        elif _is_column(value) and name not in scan.cls.namespace and scan.current(name) is value:
            scan.found[name] = declared_as(scan, owner, name, value, binding)
            scan.copied[name] = value


def _own(scan: Scan) -> None:
    cls = scan.cls
    for name in _names(cls):
        binding = cls.annotations.get(name)
        value = given(scan.machine, cls, name)
        inside = type_inside(scan, binding)
        if (
            name in scan.found
        ):  # a mixin's column, which the class annotates anew: the mixin's annotation is taken
            found = scan.found[name]
            if found.mapped is None and inside is not None and introspects(found.value):
                found.mapped = inside[1]
            continue
        if value is None and inside is not None:
            if not scan.fixed_table:
                _put_annotated(scan, cls, name, inside[1], binding, inside[0])
        elif name in cls.assigned_later and _is_mapped(scan, name, value):
            scan.found[name] = Declaration(name, cls, value, place_of(cls, name, value), "synonym")
        elif name in cls.namespace and value is not None:
            scan.found[name] = declared_as(scan, cls, name, value, binding)


def _is_mapped(scan: Scan, name: str, value: Value) -> bool:
    """Whether a value put on the class is what it maps already: `Model.alias = Model.column`.

    SQLAlchemy makes a synonym of it: `_add_attribute` in `sqlalchemy.orm.decl_base`.
    """
    line = list(project_classes(scan.machine, scan.cls))
    if isinstance(value, Member) and any(value.owner is each for each in line):
        return any(value.name in each.namespace or value.name in each.annotations for each in line)
    if not made_by(value, *COLUMN_CALLS, *RELATIONSHIPS, "column_property", "composite", "synonym"):
        return False
    return any(held is value and key != name for each in line for key, held in each.namespace.items())


def _mixed_in(scan: Scan, owner: ClassValue) -> None:
    """`declared_attr` and other values of a mixin or abstract base."""
    for name in _names(owner):
        value = owner.namespace.get(name)
        if isinstance(value, Function) and value.decorated_by("declared_attr", "directive"):
            cascading = value.decorated_by("cascading")
            if cascading or scan.current(name) is value:  # before a mere annotation of the class itself
                scan.found[name] = declared_as(scan, owner, name, value, None)
        elif name not in scan.found and scan.current(name) is value and _maps(value):
            scan.found[name] = declared_as(scan, owner, name, value, owner.annotations.get(name))


def _maps(value: Value) -> bool:
    return isinstance(value, Unknown) or made_by(value, "declared_attr")


def _readable(scan: Scan, owner: ClassValue) -> None:
    """Names that can be read on an instance although no mapper has them."""
    for name in _names(owner):
        if name in scan.found or name in scan.copied or name in scan.names:
            continue
        value = owner.namespace.get(name)
        if scan.cls.namespace.get(name, value) is not value:
            continue
        if isinstance(value, Function):
            kind = function_kind(value)
            if kind is not None:
                scan.found[name] = Declaration(name, owner, value, place_of(owner, name, value), kind)
        elif not (value is None and name in owner.namespace and name not in owner.annotations):
            kind = KINDS.get(symbol(value.callee), "value") if isinstance(value, Made) else "value"
            scan.found[name] = Declaration(name, owner, value, place_of(owner, name, value), kind)


def other(machine: Machine, cls: ClassValue, owner: ClassValue, name: str, value: Value) -> Declaration:
    """An attribute that the scan does not come to: of a SQLModel class, or put on a class later."""
    scan = Scan(machine, cls, set(), frozenset(), fixed_table=False)
    return declared_as(scan, owner, name, value, None)


def _put_annotated(
    scan: Scan,
    owner: ClassValue,
    name: str,
    mapped: MappedType,
    binding: Binding | None,
    kind: str = "Mapped",
) -> None:
    """An annotation without a value: a column, or a relationship of its own container."""
    place = binding.place if binding is not None else owner.place
    if kind in ("WriteOnlyMapped", "DynamicMapped"):
        scan.found[name] = Declaration(name, owner, None, place, "relationship", mapped)
    elif binding is not None and binding.conditional and binding.other is None:
        scan.found[name] = Declaration(name, owner, None, place, "unknown", mapped)
    else:
        scan.found[name] = Declaration(name, owner, None, place, "column", mapped)


def _is_column(value: Value) -> bool:
    return made_by(value, *COLUMN_CALLS)
