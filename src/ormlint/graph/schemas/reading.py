"""Pydantic models as they are at run time: what `model_fields` and `model_config` say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ormlint.graph.machine.classes import project_classes
from ormlint.graph.machine.values import ClassValue, External, ModuleValue, Subscripted, Unknown, Value
from ormlint.graph.model import Field, Schema
from ormlint.graph.models.typetext import annotation_text
from ormlint.graph.schemas import aliases, hints, infos, kinds, validators
from ormlint.graph.schemas.config import OPEN, Configs, flag
from ormlint.graph.schemas.fields import Fields, RawField
from ormlint.graph.schemas.infos import ABSENT, Info
from ormlint.graph.schemas.kinds import Kind, Kinds
from ormlint.graph.schemas.validators import Early
from ormlint.graph.settled import Types

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_OPEN = Unknown("a decorator or metaclass may change it")


class Schemas:
    """Reads the Pydantic models of modules that were run."""

    def __init__(self, machine: Machine, for_v1: bool) -> None:
        self._machine, self._configs = machine, Configs(machine)
        self._known = Kinds(machine, for_v1)
        self._fields = Fields(machine, self._known, self._configs)
        self._types = Types()

    def of(self, module: ModuleValue) -> dict[str, Schema]:
        """Those of a module by id; of two classes with one id the last stands."""
        found: dict[str, Schema] = {}
        for cls in module.classes:
            kind = self._known.of(cls)
            if kind is not None:
                v1 = self._known.is_v1(cls)
                found[cls.id] = _schema(self._machine, cls, kind, v1, self._fields, self._configs)
        for schema in found.values():
            self._leave_stubs(schema)
            self._types.settle_fields(schema)
        return found

    def _leave_stubs(self, schema: Schema) -> None:
        """A field that a package declares has its place at the class that takes it up."""
        for field in schema.fields.values():
            if self._machine.modules.is_stub(field.place.path):
                field.place = schema.place


def _schema(
    machine: Machine, cls: ClassValue, kind: Kind, v1: bool, fields: Fields, configs: Configs
) -> Schema:
    config = configs.of(cls, v1)
    early = validators.read(machine, cls)
    by_name = flag(
        config, *(("allow_population_by_field_name",) if v1 else ("validate_by_name", "populate_by_name"))
    )
    limited = not config.keys().isdisjoint(_LIMITS)
    strict = flag(config, "strict")
    defaults = flag(config, "validate_all" if v1 else "validate_default") is not False
    told = _Told(early, by_name, strict, settled=OPEN not in config, defaults=defaults, limited=limited)
    settled = kinds.keeps_fields(machine, cls)
    made = {name: _field(raw, told) for name, raw in fields.of(cls).items()}
    if not settled:
        made = {
            name: replace(each, required=None, nullable=None, has_default=None, type=None, type_value=_OPEN)
            for name, each in made.items()
        }
    return Schema(
        id=cls.id,
        name=cls.name,
        place=cls.place,
        bases=tuple(_base(base) for base in cls.bases),
        ancestors=tuple(each.id for each in project_classes(machine, cls) if each is not cls),
        from_attributes=flag(config, "orm_mode" if v1 else "from_attributes"),
        populate_by_name=by_name,
        complete=settled and kinds.complete(machine, cls),
        fields=made,
        told=sum(each.required is not None and each.nullable is not None for each in made.values()),
        computed=early.computed,
        custom_build=early.whole or bool(early.builders),
        kind=kind,
        pydantic_1=v1,
        coerces_numbers=True if v1 else flag(config, "coerce_numbers_to_str"),
    )


_LIMITS = frozenset({OPEN, "str_max_length", "any_str_max_length", "max_anystr_length"})
"""Keys of a configuration that limit every text, or may."""


class _Told(Struct, frozen=True):
    """What a class says of all its fields alike."""

    early: Early
    by_name: bool | None
    strict: bool | None
    """https://docs.pydantic.dev/latest/concepts/strict_mode/."""
    settled: bool
    """Its configuration is."""
    defaults: bool
    """Defaults are validated, or may be."""
    limited: bool
    """The configuration limits every text, or may."""


def _base(base: Value) -> str:
    origin = base.origin if isinstance(base, Subscripted) else base
    if isinstance(origin, ClassValue):
        return origin.id
    return origin.path if isinstance(origin, External) else "?"


def _field(raw: RawField, told: _Told) -> Field:
    name, annotation, info, early = raw.name, raw.annotation, raw.info, told.early
    settings = info.settings
    required = _required(info)
    if raw.v1:
        required, nullable = _as_v1(raw, required, hints.accepts_none_in_1(annotation))
    else:
        nullable = hints.accepts_none(annotation)
    aliased = aliases.explicit(settings, raw.v1)
    names = _names(name, aliased, told)
    checked = told.limited or name in early.checked or "*" in early.checked
    return Field(
        name=name,
        place=raw.place,
        required=required,
        nullable=nullable,
        alias=names[0] if names and aliased else None,
        type=annotation_text(annotation),
        excluded=_excluded(settings),
        has_default=None if required is None else not required,
        max_length=infos.max_length(info, annotation),
        any_text=not checked and infos.takes_any_text(info, annotation),
        own_validator=name in early.fields,
        defaults_checked=_checks_default(name, settings, told),
        default=None if info.default is ABSENT else info.default,
        validated_before=early.whole or info.validated_before or name in early.fields or "*" in early.fields,
        declared_in=raw.owner.id,
        type_value=annotation,
        read_as=names,
        strict=flag(settings, "strict") if settings.get("strict") is not None else told.strict,
        deprecated=settings.get("deprecated") not in (None, False),
        generated=settings.get("alias_priority") == 1,
    )


def _checks_default(name: str, settings: aliases.Settings, told: _Told) -> bool:
    """Whether a validator of a field runs on its default: `always=True` in Pydantic 1, or a setting."""
    early = told.early
    if not early.on_defaults.isdisjoint((name, "*")):
        return True
    stated = settings.get("validate_default")
    runs = told.defaults if stated is None else stated is not False
    return runs and not early.checked.isdisjoint((name, "*"))


def _required(info: Info) -> bool | None:
    if info.default is ABSENT:
        return None if info.unsettled else True
    if info.unsettled and isinstance(info.default, Unknown):
        return None
    return False


def _as_v1(raw: RawField, required: bool | None, nullable: bool | None) -> tuple[bool | None, bool | None]:
    """Pydantic 1: what takes `None` has it as its default, and a default of `None` is taken."""
    insisted = "default" in raw.info.settings or infos.is_ellipsis(raw.owner.namespace.get(raw.name))
    if required and nullable and not insisted:
        required = False
    if raw.info.default is None:
        nullable = True
    return required, nullable


def _names(name: str, aliased: aliases.Names, told: _Told) -> aliases.Names:
    """The names that validation reads, in order."""
    if not aliased:
        return (name,) if aliased == () and told.settled else None
    return (*aliased, name) if told.by_name and name not in aliased else aliased


def _excluded(settings: aliases.Settings) -> bool | None:
    value = settings.get("exclude")
    if value is None or isinstance(value, bool):
        return bool(value)
    return None
