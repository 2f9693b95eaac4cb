"""What a mapped class declares: its attributes along the MRO, as SQLAlchemy's declarative scan takes them.

https://docs.sqlalchemy.org/en/20/orm/declarative_mixins.html
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ormlint.findings import Place
from ormlint.graph.machine.attributes import declared
from ormlint.graph.machine.classes import project_classes
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
    made_by,
    symbol,
)  # fmt: skip
from ormlint.graph.models.annotations import MappedType, annotation_of, mapped_type
from ormlint.graph.models.columns import COLUMN_CALLS, SENTINELS, column_call, explicit_name
from ormlint.graph.models.kinds import KINDS, RELATIONSHIPS, function_kind, unseen_function

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_INHERITED = Unknown("mapped by a class above")


class Declaration(Struct):
    """One attribute of a mapped class; `owner` is the class of the MRO that declares it."""

    name: str
    owner: ClassValue
    value: Value
    place: Place
    kind: str
    """`column`, `relationship`, `unknown`, or one of the other readable kinds."""
    mapped: MappedType | None = None
    column: Made | None = None

    @property
    def unmapped(self) -> bool:
        """Whether the mapper leaves the column out: `Unmapped[int]`, `unmapped_column()`, a sentinel."""
        annotated = self.mapped is not None and self.mapped.container == "Unmapped"
        return annotated or made_by(self.column, "unmapped_column", *SENTINELS)


class Scan(Struct):
    """The scan of one class; `names` are those that a mapped parent maps."""

    machine: Machine
    cls: ClassValue
    mapped: Container[int]
    """Identities of the mapped classes."""
    names: frozenset[str]
    fixed_table: bool
    found: dict[str, Declaration] = {}
    copied: dict[str, Value] = {}
    """What the scan has put on the class itself so far."""

    def current(self, name: str) -> Value:
        """What `getattr(cls, name, None)` gives at this point of the scan."""
        if name in self.copied:
            return self.copied[name]
        for owner in project_classes(self.machine, self.cls):
            if owner is not self.cls and id(owner) in self.mapped and name in self.names:
                return _INHERITED
            if name in owner.namespace:
                return _given(self.machine, owner, name)
        return None


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
        value = _given(scan.machine, owner, name)
        binding = owner.annotations.get(name)
        if value is None and not scan.fixed_table:
            inside = _inside(scan, owner, binding)
            if inside is not None and inside[0] in ("Mapped", "Unmapped") and scan.current(name) is None:
                _put_annotated(scan, owner, name, inside[1], binding)
                scan.copied[name] = Made(External("sqlalchemy.orm.mapped_column"), (), {}, NOWHERE)
        elif _is_column(value) and name not in scan.cls.namespace and scan.current(name) is value:
            scan.found[name] = _declared(scan, owner, name, value, binding)
            scan.copied[name] = value


def _own(scan: Scan) -> None:
    cls = scan.cls
    for name in _names(cls):
        binding = cls.annotations.get(name)
        value = _given(scan.machine, cls, name)
        inside = _inside(scan, cls, binding)
        if (
            name in scan.found
        ):  # a mixin's column, which the class annotates anew: the mixin's annotation is taken
            found = scan.found[name]
            if found.mapped is None and inside is not None and _introspects(found.value):
                found.mapped = inside[1]
            continue
        if value is None and inside is not None:
            if not scan.fixed_table:
                _put_annotated(scan, cls, name, inside[1], binding, inside[0])
        elif name in cls.assigned_later and _is_mapped(scan, name, value):
            scan.found[name] = Declaration(name, cls, value, _place(cls, name, value), "synonym")
        elif name in cls.namespace and value is not None:
            scan.found[name] = _declared(scan, cls, name, value, binding)


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
                scan.found[name] = _declared(scan, owner, name, value, None)
        elif name not in scan.found and scan.current(name) is value and _maps(value):
            scan.found[name] = _declared(scan, owner, name, value, owner.annotations.get(name))


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
                scan.found[name] = Declaration(name, owner, value, _place(owner, name, value), kind)
        elif not (value is None and name in owner.namespace and name not in owner.annotations):
            kind = KINDS.get(symbol(value.callee), "value") if isinstance(value, Made) else "value"
            scan.found[name] = Declaration(name, owner, value, _place(owner, name, value), kind)


def other(machine: Machine, cls: ClassValue, owner: ClassValue, name: str, value: Value) -> Declaration:
    """An attribute that the scan does not come to: of a SQLModel class, or put on a class later."""
    scan = Scan(machine, cls, set(), frozenset(), fixed_table=False)
    return _declared(scan, owner, name, value, None)


def _given(machine: Machine, owner: ClassValue, name: str) -> Value:
    """The value of a name in a class body; of a dataclass field, the column in its metadata."""
    value = owner.namespace.get(name)
    if made_by(value, "field"):
        key = owner.namespace.get("__sa_dataclass_metadata_key__")
        metadata = value.kwargs.get("metadata")
        if isinstance(key, str) and isinstance(metadata, dict) and key in metadata:
            inner = metadata[key]
            return machine.invoke(inner, []) if isinstance(inner, Function) else inner
    return value


def _inside(scan: Scan, owner: ClassValue, binding: Binding | None) -> tuple[str, MappedType] | None:
    return None if binding is None else mapped_type(*annotation_of(scan.machine, binding))


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


def _declared(scan: Scan, owner: ClassValue, name: str, value: Value, binding: Binding | None) -> Declaration:
    """A value in a class body, and what it is to the mapper."""
    machine, place = scan.machine, _place(owner, name, value)
    inside = _inside(scan, owner, binding)
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
        read = mapped if _introspects(value) else None
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


def _place(owner: ClassValue, name: str, value: Value) -> Place:
    place = owner.places.get(name)
    if place is None:
        place = value.place if isinstance(value, Made) and value.place.path else owner.place
    return place


def _introspects(value: Value) -> bool:
    """Whether SQLAlchemy reads the annotation beside a column: not of `Column()`, nor of `deferred(...)`."""
    return made_by(value, "mapped_column", "MappedColumn", "unmapped_column")


def _is_column(value: Value) -> bool:
    return made_by(value, *COLUMN_CALLS)
