"""What a value in the body of a class is to the mapper."""

from __future__ import annotations

from msgspec.structs import replace

from ormlint.findings import Place
from ormlint.graph.machine.attributes import declared
from ormlint.graph.machine.classes import project_classes
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.values import Binding, ClassValue, Function, Made, Member, Unknown, Value
from ormlint.graph.models.annotations import MappedType, annotation_of, mapped_type
from ormlint.graph.models.columns import COLUMN_CALLS, column_call, explicit_name
from ormlint.graph.models.kinds import KINDS, RELATIONSHIPS, function_kind, unseen_function
from ormlint.graph.models.scan import Declaration, Scan


def declared_as(
    scan: Scan, owner: ClassValue, name: str, value: Value, binding: Binding | None
) -> Declaration:
    """A value in a class body, and what it is to the mapper."""
    machine, place = scan.machine, place_of(owner, name, value)
    inside = type_inside(scan, binding)
    evaluated = False
    if isinstance(value, Function):
        kind = function_kind(value)
        if kind != "declared":
            return Declaration(name, owner, value, place, kind or "method")
        inside = _returned(scan, owner, name, value)
        value, evaluated = declared(machine, scan.cls, value), True
    if made_by(value, "declared_attr") and value.args and isinstance(value.args[0], Function):
        value, evaluated = machine.invoke(value.args[0], [scan.cls]), True
    value = _looked_up(value)
    mapped = inside[1] if inside is not None else None
    call = column_call(value)
    if call is not None:
        read = mapped if introspects(value) else None
        return Declaration(name, owner, value, place, "column", read, call)
    if isinstance(value, Made):
        called = symbol(value.callee)
        if called in RELATIONSHIPS:
            return Declaration(name, owner, value, place, "relationship", mapped)
        kind = "unknown" if unseen_function(value) else KINDS.get(called, "value")
        return Declaration(name, owner, value, place, kind, mapped)
    if isinstance(value, Unknown):
        open_ = evaluated or value.name in (None, name) or inside is not None
        return Declaration(name, owner, value, place, "unknown" if open_ else "value", mapped)
    return Declaration(name, owner, value, place, "value", mapped)


def _looked_up(value: Value) -> Value:
    """`cls.__table__.c.get("name", Column(...))`: the column of the table where it has one.

    https://docs.sqlalchemy.org/en/20/orm/inheritance.html#resolving-column-conflicts-with-use-existing-column
    """
    getter = value.callee if isinstance(value, Made) else None
    if not isinstance(getter, Member) or getter.name != "get" or not isinstance(getter.owner, Member):
        return value
    call = value.args[1] if len(value.args) > 1 and getter.owner.name in ("c", "columns") else None
    if not made_by(call, *COLUMN_CALLS):
        return value
    named = {"name": value.args[0]} if explicit_name(call) is None else {}
    return replace(call, kwargs={**call.kwargs, **named, "use_existing_column": True})


def _returned(scan: Scan, owner: ClassValue, name: str, function: Function) -> tuple[str, MappedType] | None:
    """The annotation of what a `declared_attr` returns: of the mapped class's own, what a mixin's says.

    SQLAlchemy collects it from mixins alone (`_scan_attributes` in `sqlalchemy.orm.decl_base`).
    """
    functions: list[Value] = [function]
    if owner is scan.cls:
        above = [each for each in project_classes(scan.machine, owner) if id(each) not in scan.mapped]
        functions = [each.namespace[name] for each in above if name in each.namespace and each is not owner]
    for each in functions:
        returns = getattr(each.node, "returns", None) if isinstance(each, Function) else None
        if returns is not None:
            return mapped_type(scan.machine.evaluate(returns, each.scope))
    return None


def place_of(owner: ClassValue, name: str, value: Value) -> Place:
    """Where a class declares a name."""
    place = owner.places.get(name)
    if place is None:
        place = value.place if isinstance(value, Made) and value.place.path else owner.place
    return place


def introspects(value: Value) -> bool:
    """Whether SQLAlchemy reads the annotation beside a column: not of `Column()`, nor of `deferred(...)`."""
    return made_by(value, "mapped_column", "MappedColumn", "unmapped_column")


def type_inside(scan: Scan, binding: Binding | None) -> tuple[str, MappedType] | None:
    """What stands in an annotation such as `Mapped[int]`, after the name of the container."""
    return None if binding is None else mapped_type(*annotation_of(scan.machine, binding))
