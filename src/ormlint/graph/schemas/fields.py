"""A schema's fields before its configuration is applied: own, inherited, and of plain mixins.

As Pydantic collects them (`collect_model_fields` in 2, `ModelMetaclass.__new__` in 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ormlint.facts import code
from ormlint.findings import Place
from ormlint.graph.machine.classes import mro
from ormlint.graph.machine.values import (
    ClassValue,
    External,
    Function,
    Made,
    Subscripted,
    Unknown,
    Value,
    made_by,
    symbol,
)  # fmt: skip
from ormlint.graph.schemas import hints, infos, kinds
from ormlint.graph.schemas.hints import Annotation, substituted, type_parameters
from ormlint.graph.schemas.infos import ABSENT, Info

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine


@dataclass(frozen=True)
class RawField:
    """A field as the class `owner` declares it."""

    name: str
    owner: ClassValue
    place: Place
    annotation: Value
    info: Info
    v1: bool = False


class Fields:
    """The fields of each class by name, in Pydantic's order, computed once."""

    def __init__(self, machine: Machine, project_is_v1: bool) -> None:
        self._machine = machine
        self._project_is_v1 = project_is_v1
        self._of: dict[int, dict[str, RawField]] = {}

    def of(self, cls: ClassValue) -> dict[str, RawField]:
        """The fields of a Pydantic class."""
        if id(cls) not in self._of:
            self._of[id(cls)] = {}  # a class that inherits from itself ends here
            kind = kinds.kind_of(self._machine, cls)
            if kind == "root":
                self._of[id(cls)] = self._root(cls)
            elif self.is_v1(cls):
                self._of[id(cls)] = self._collect_v1(cls)
            else:
                self._of[id(cls)] = self._collect(cls)
        return self._of[id(cls)]

    def is_v1(self, cls: ClassValue) -> bool:
        return kinds.is_v1(self._machine, cls, self._project_is_v1)

    def _inherited(self, cls: ClassValue) -> dict[str, RawField]:
        """The fields of the bases that are schemas, type parameters filled in; the first base wins."""
        found: dict[str, RawField] = {}
        for base in reversed(cls.bases):
            origin = base.origin if isinstance(base, Subscripted) else base
            if isinstance(origin, ClassValue) and kinds.kind_of(self._machine, origin) is not None:
                given = base.args if isinstance(base, Subscripted) else ()
                parameters = type_parameters(origin)
                mapping = {id(p): arg for p, arg in zip(parameters, given, strict=False)}
                found.update({name: _filled(raw, mapping) for name, raw in self.of(origin).items()})
        return found

    def _collect(self, cls: ClassValue) -> dict[str, RawField]:
        inherited = self._inherited(cls)
        owners: dict[str, ClassValue] = {}
        for owner in reversed(mro(self._machine, cls)):
            if isinstance(owner, ClassValue):
                owners.update(dict.fromkeys(owner.annotations, owner))
        found: dict[str, RawField] = {}
        for name, owner in owners.items():
            if not is_field_name(name):
                continue
            if owner is not cls and name in inherited:
                found[name] = inherited[name]
            elif (raw := self._own(cls, owner, name)) is not None:
                found[name] = raw
        return found

    def _own(self, cls: ClassValue, owner: ClassValue, name: str) -> RawField | None:
        assigned = self._assigned(cls, owner, name)
        if made_by(assigned, "Relationship", "PrivateAttr"):
            return None
        annotation = hints.evaluate(self._machine, owner.annotations[name])
        inside = hints.unwrap(annotation)
        if inside.class_var or (inside.final and assigned is not ABSENT):
            return None
        return _raw(name, owner, annotation, inside, assigned)

    def _assigned(self, cls: ClassValue, owner: ClassValue, name: str) -> Value:
        """The default as attribute look-up finds it: Pydantic takes defaults off the classes it has made."""
        for each in mro(self._machine, cls):
            if not isinstance(each, ClassValue) or name not in each.namespace:
                continue
            if each is cls or each is owner or kinds.kind_of(self._machine, each) is None:
                value = each.namespace[name]
                return ABSENT if isinstance(value, Function) and each is not owner else value
        return ABSENT

    def _root(self, cls: ClassValue) -> dict[str, RawField]:
        found = self._inherited(cls)
        for base in cls.bases:
            if isinstance(base, Subscripted) and symbol(base.origin) == "RootModel":
                inside = hints.unwrap(base.args[0])
                found["root"] = RawField(
                    "root", cls, cls.place, base.args[0], infos.read(inside.metadata, ABSENT, None)
                )
            elif isinstance(base, External) and base.name == "RootModel":
                unknown = Unknown("a root model without a type")
                found["root"] = RawField("root", cls, cls.place, unknown, Info())
        if "root" in cls.annotations and (raw := self._own(cls, cls, "root")) is not None:
            found["root"] = raw
        return found

    def _collect_v1(self, cls: ClassValue) -> dict[str, RawField]:
        found = self._inherited(cls)
        for name in cls.annotations:
            if is_field_name(name) or name == "__root__":
                raw = self._own_v1(cls, name)
                if raw is not None:
                    found[name] = raw
        for name, value in cls.namespace.items():
            if name in cls.annotations or not is_field_name(name) or not _is_plain(value):
                continue
            before = found.get(name)
            annotation = before.annotation if before is not None else _inferred(value)
            info = infos.read((), value, None)
            found[name] = RawField(name, cls, cls.places.get(name, cls.place), annotation, info, v1=True)
        return found

    def _own_v1(self, cls: ClassValue, name: str) -> RawField | None:
        annotation = hints.evaluate(self._machine, cls.annotations[name])
        inside = hints.unwrap(annotation)
        if inside.class_var:
            return None
        assigned = cls.namespace.get(name, ABSENT)
        return replace(_raw(name, cls, annotation, inside, assigned), v1=True)


def _raw(name: str, owner: ClassValue, annotation: Value, inside: Annotation, assigned: Value) -> RawField:
    written = _written(owner, name) if isinstance(assigned, Unknown) else None
    info = infos.read(inside.metadata, assigned, written)
    return RawField(name, owner, owner.annotations[name].place, annotation, info)


def _written(cls: ClassValue, name: str) -> code.Expr | None:
    """The expression that the class body assigns to an annotated name."""
    return next((value for target, value in _annotated(cls) if target == name), None)


def _annotated(cls: ClassValue) -> Iterator[tuple[str, code.Expr | None]]:
    for statement in cls.node.body:
        if isinstance(statement, code.Annotated) and isinstance(statement.target, code.Name):
            yield statement.target.id, statement.value


def _filled(raw: RawField, mapping: dict[int, Value]) -> RawField:
    annotation = substituted(raw.annotation, mapping)
    return raw if annotation is raw.annotation else replace(raw, annotation=annotation)


def is_field_name(name: str) -> bool:
    return not name.startswith("_") and name != "model_config"


def _inferred(value: Value) -> Value:
    """The type that Pydantic 1 takes from a default."""
    if isinstance(value, (bool, int, float, str, list, dict, tuple, set)):
        return External(f"builtins.{type(value).__name__}")
    return Unknown("a type that only the default tells")


def _is_plain(value: Value) -> bool:
    """Whether Pydantic 1 makes a field of a value without an annotation."""
    if isinstance(value, (Function, ClassValue)):
        return False
    return not (
        isinstance(value, Made) and symbol(value.callee) in ("validator", "root_validator", "property")
    )
