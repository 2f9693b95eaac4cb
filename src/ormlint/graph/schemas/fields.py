"""A schema's fields before its configuration is applied: own, inherited, and of plain mixins.

As Pydantic collects them (`collect_model_fields` in 2, `ModelMetaclass.__new__` in 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ormlint.facts import code
from ormlint.findings import Place
from ormlint.graph.machine.aliases import substituted
from ormlint.graph.machine.classes import mro
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.values import ClassValue, External, Function, Made, Subscripted, Unknown, Value
from ormlint.graph.schemas import aliases, defaults, hints, infos, kinds
from ormlint.graph.schemas.config import Configs
from ormlint.graph.schemas.hints import Annotation, Hints, type_parameters
from ormlint.graph.schemas.infos import ABSENT, Info
from ormlint.graph.schemas.kinds import Kinds

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine


class RawField(Struct, frozen=True):
    """A field as the class `owner` declares it."""

    name: str
    owner: ClassValue
    place: Place
    annotation: Value
    info: Info
    v1: bool = False


class Fields:
    """The fields of each class by name, in Pydantic's order, computed once."""

    def __init__(self, machine: Machine, known: Kinds, configs: Configs) -> None:
        self._machine = machine
        self._kinds = known
        self._configs = configs
        self._hints = Hints(machine)
        self._of: dict[int, dict[str, RawField]] = {}

    def of(self, cls: ClassValue) -> dict[str, RawField]:
        """The fields of a Pydantic class."""
        if id(cls) not in self._of:
            self._of[id(cls)] = {}  # a class that inherits from itself ends here
            kind = self._kinds.of(cls)
            if kind == "root":
                found = self._root(cls)
            elif self._kinds.is_v1(cls):
                found = self._collect_v1(cls)
            elif kind == "dataclass":
                found = self._collect_dataclass(cls)
            else:
                found = self._collect(cls)
            self._of[id(cls)] = self._aliased(cls, found)
        return self._of[id(cls)]

    def _aliased(self, cls: ClassValue, found: dict[str, RawField]) -> dict[str, RawField]:
        """The fields with the aliases that the configuration of the class gives them."""
        config = self._configs.of(cls, self._kinds.is_v1(cls))
        generator, stated = config.get("alias_generator"), config.get("fields")
        if generator is None and not isinstance(stated, dict):
            return found
        return {name: self._with_alias(raw, generator, stated) for name, raw in found.items()}

    def _with_alias(self, raw: RawField, generator: Value, stated: Value) -> RawField:
        settings = raw.info.settings
        if raw.v1:
            settings = aliases.configured_in_1(
                self._machine, generator, stated, (raw.name, raw.place), settings
            )
        elif generator is not None:
            settings = aliases.generated(self._machine, generator, raw.name, raw.place, settings)
        else:
            return raw
        return replace(raw, info=replace(raw.info, settings=settings))

    def _inherited(self, cls: ClassValue) -> dict[str, RawField]:
        """The fields of the bases that are schemas, type parameters filled in; the first base wins."""
        found: dict[str, RawField] = {}
        for base in reversed(cls.bases):
            origin = base.origin if isinstance(base, Subscripted) else base
            if isinstance(origin, ClassValue) and self._kinds.of(origin) is not None:
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
            assigned = self._assigned(cls, owner, name)
            if owner is not cls and name in inherited and assigned is ABSENT:
                if not hints.unwrap(self._hints.of(owner.annotations[name])).class_var:
                    found[name] = inherited[name]
            elif (raw := self._own(owner, name, assigned)) is not None:
                found[name] = raw
        return found

    def _own(self, owner: ClassValue, name: str, assigned: Value) -> RawField | None:
        if made_by(assigned, "Relationship", "PrivateAttr"):
            return None
        annotation = self._hints.of(owner.annotations[name])
        inside = hints.unwrap(annotation)
        if inside.class_var or (inside.final and assigned is not ABSENT):
            return None
        return _raw(self._machine, name, owner, annotation, inside, assigned)

    def _assigned(self, cls: ClassValue, owner: ClassValue, name: str) -> Value:
        """The default as attribute look-up finds it: Pydantic takes defaults off the classes it has made."""
        if owner is cls and name in cls.namespace:
            return cls.namespace[name]
        for each in mro(self._machine, cls):
            if not isinstance(each, ClassValue) or name not in each.namespace:
                continue
            if each is cls or self._kinds.of(each) is None or name not in self.of(each):
                value = each.namespace[name]
                return ABSENT if isinstance(value, Function) and each is not owner else value
        return ABSENT

    def _collect_dataclass(self, cls: ClassValue) -> dict[str, RawField]:
        """As `dataclasses` collects them: along the bases that are dataclasses, private names included.

        https://docs.python.org/3/library/dataclasses.html#inheritance
        """
        found: dict[str, RawField] = {}
        for owner in reversed(mro(self._machine, cls)):
            if not isinstance(owner, ClassValue) or not kinds.is_any_dataclass(owner):
                continue
            for name in owner.annotations:
                raw = self._own(owner, name, owner.namespace.get(name, ABSENT))
                if raw is not None and symbol(raw.annotation) != "KW_ONLY":
                    found[name] = raw
        return found

    def _root(self, cls: ClassValue) -> dict[str, RawField]:
        found = self._inherited(cls)
        for base in cls.bases:
            if isinstance(base, Subscripted) and symbol(base.origin) == "RootModel":
                inside = hints.unwrap(base.args[0])
                found["root"] = RawField(
                    "root", cls, cls.place, base.args[0], infos.read(inside.metadata, ABSENT)
                )
            elif isinstance(base, External) and base.name == "RootModel":
                unknown = Unknown("a root model without a type")
                found["root"] = RawField("root", cls, cls.place, unknown, Info())
        if "root" in cls.annotations:
            raw = self._own(cls, "root", self._assigned(cls, cls, "root"))
            if raw is not None:
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
            info = infos.read((), value)
            found[name] = RawField(name, cls, cls.places.get(name, cls.place), annotation, info, v1=True)
        return found

    def _own_v1(self, cls: ClassValue, name: str) -> RawField | None:
        annotation = self._hints.of(cls.annotations[name])
        inside = hints.unwrap(annotation)
        if inside.class_var:
            return None
        assigned = cls.namespace.get(name, ABSENT)
        return replace(_raw(self._machine, name, cls, annotation, inside, assigned), v1=True)


def _raw(
    machine: Machine, name: str, owner: ClassValue, annotation: Value, inside: Annotation, assigned: Value
) -> RawField:
    if kinds.may_be_absent(owner, name):
        unsettled = Unknown("declared under a condition that is not settled", owner.annotations[name].place)
        return RawField(name, owner, unsettled.place, unsettled, Info(unsettled, unsettled=True))
    written = _written(owner, name) if isinstance(assigned, Unknown) else None
    open_ = written is None or defaults.may_be_a_field(machine, written, owner.annotations[name].scope)
    info = infos.read(inside.metadata, assigned, open_)
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
