"""What `Model.model_fields` says where the project's code asks for it: `{name: (field.annotation, None)}`.

https://docs.pydantic.dev/latest/api/base_model/#pydantic.BaseModel.model_fields
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.graph.machine.origins import symbol
from ormlint.graph.machine.values import ClassValue, External, Made, Subscripted, Unknown, Value
from ormlint.graph.schemas import kinds
from ormlint.graph.schemas.config import Configs
from ormlint.graph.schemas.fields import Fields, RawField
from ormlint.graph.schemas.hints import Hints
from ormlint.graph.schemas.infos import ABSENT
from ormlint.graph.schemas.kinds import Kinds

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine


def fields_of(machine: Machine, value: ClassValue, name: str) -> Value:
    """The fields of a schema by name, or its annotations; `NotImplemented` for any other class."""
    if kinds.kind_of(machine, value) is None:
        return NotImplemented
    if not (kinds.complete(machine, value) and kinds.keeps_fields(machine, value)):
        return Unknown("the fields of a schema that is not settled", value.place)
    if name == "__annotations__":
        annotations = Hints(machine)
        return {key: annotations.of(binding) for key, binding in value.annotations.items()}
    known = Kinds(machine, written_for_v1=False)
    if name == "model_fields" and known.is_v1(value):
        return NotImplemented
    fields = Fields(machine, known, Configs(machine))
    return {key: _info(raw) for key, raw in fields.of(value).items()}


def _info(raw: RawField) -> Made:
    """A field as `FieldInfo` tells of it: its type without what `Annotated` carries, its default."""
    default, settings = raw.info.default, raw.info.settings
    given = {} if default is ABSENT else {"default": default}
    plain = ABSENT if settings.get("default_factory") is not None else default
    required = default is ABSENT if not raw.info.unsettled else Unknown("whether a field is required")
    told = {
        "annotation": _without_metadata(raw.annotation),
        "outer_type_": raw.annotation,
        "default": External("pydantic_core.PydanticUndefined") if plain is ABSENT else plain,
        "required": required,
        # What a call of it gives, whatever the arguments.
        "is_required": Made(
            External("functools.partial"), (External("builtins.bool"), required), {}, raw.place
        ),
    }
    info = External("pydantic.fields.FieldInfo")
    return Made(info, (), {**settings, **given}, raw.place, attributes={**settings, **told})


def _without_metadata(annotation: Value) -> Value:
    while isinstance(annotation, Subscripted) and symbol(annotation) == "Annotated":
        annotation = annotation.args[0]
    return annotation
