"""What `Field(...)` and a plain default say of a field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from ormlint.graph.machine.origins import root, symbol
from ormlint.graph.machine.values import (
    Alternatives,
    ClassValue,
    External,
    Made,
    Partial,
    Subscripted,
    Unknown,
    Value,
)  # fmt: skip

ABSENT = object()
"""No default was given."""

_FIELD_NAMES = frozenset({
    "Field", "field", "FieldInfo", "Query", "Body", "Path", "Header", "Cookie", "Form", "File", "Param",
    "ModelField",
})  # fmt: skip
_FIELD_ROOTS = frozenset({"pydantic", "sqlmodel", "fastapi", "pydantic_settings", "dataclasses"})
_BEFORE = frozenset({"BeforeValidator", "WrapValidator", "PlainValidator"})
_LIMITS = frozenset({"max_length", "pattern", "regex"})


class Info(Struct):
    """A field's settings, merged in the order in which Pydantic merges them.

    `default` is `ABSENT` where there is none, `Unknown` where it is not settled whether there is one.
    """

    default: Value = ABSENT
    settings: dict[str, Value] = {}
    validated_before: bool = False
    unsettled: bool = False


def is_field_call(value: Value) -> bool:
    """Whether a value is a `Field(...)` of Pydantic or SQLModel, or one of FastAPI's parameters."""
    return (
        isinstance(value, Made)
        and symbol(value.callee) in _FIELD_NAMES
        and root(value.callee) in _FIELD_ROOTS
    )


def read(metadata: Iterable[Value], assigned: Value, may_be_a_field: bool = True) -> Info:
    """Merge what `Annotated` carries with what is assigned, which may be a field where it is not settled."""
    info = Info()
    for each in metadata:
        if is_field_call(each):
            _merge(info, each)
        elif isinstance(each, Unknown):
            info.unsettled = True
        elif symbol(each.callee if isinstance(each, Made) else each) in _BEFORE:
            info.validated_before = True
        elif symbol(each.callee if isinstance(each, Made) else each) == "Strict":
            info.settings["strict"] = each.arg(0, "strict", True) if isinstance(each, Made) else True
    if assigned is ABSENT:
        return info
    if is_field_call(assigned):
        _merge(info, assigned)
    elif is_ellipsis(assigned) or _is_undefined(assigned):
        info.default = ABSENT
    elif may_be_a_field and _may_be_a_field(assigned):
        info.default, info.unsettled = Unknown("what the call gives is not settled"), True
    else:
        info.default = assigned
    return info


def _merge(info: Info, call: Made) -> None:
    settings = dict(call.kwargs)
    if call.args:
        settings["default"] = call.args[0]
    if call.open_keywords:
        info.unsettled = True
    if "default" in settings and not _is_undefined(settings["default"]):
        info.default = ABSENT if is_ellipsis(settings["default"]) else settings["default"]
    if settings.get("default_factory") is not None:
        info.default = Unknown("a default factory", name="default_factory")
    info.settings.update(settings)


def max_length(info: Info, annotation: Value) -> int | None:
    """The longest text that a field takes: of `Field`, `StringConstraints` and `constr`."""
    limits = [info.settings.get("max_length")]
    if isinstance(annotation, (Made, Subscripted, Alternatives)):
        limits += map(_limit, _carried(annotation, 0))
    known = [limit for limit in limits if type(limit) is int]
    return min(known) if known else None


def takes_any_text(info: Info, annotation: Value) -> bool:
    """Whether a field is a text that nothing limits: no length, no pattern, no validator within its type."""
    if info.unsettled or info.validated_before or _LIMITS & info.settings.keys():
        return False
    return _is_plain_text(annotation, 0)


def _is_plain_text(value: Value, depth: int) -> bool:
    if isinstance(value, Subscripted) and symbol(value.origin) == "Annotated" and value.args:
        fields = all(isinstance(each, Made) and is_field_call(each) for each in value.args[1:])
        return fields and depth < 8 and _is_plain_text(value.args[0], depth + 1)
    if isinstance(value, Alternatives) or (
        isinstance(value, Subscripted) and symbol(value.origin) in ("Optional", "Union")
    ):
        members = value.members if isinstance(value, Alternatives) else value.args
        texts = [each for each in members if each is not None]
        return bool(texts) and depth < 8 and all(_is_plain_text(each, depth + 1) for each in texts)
    return isinstance(value, External) and value.path == "builtins.str"


def _carried(value: Value, depth: int) -> Iterator[Value]:
    """Calls within a type: `constr(...)`, and what `Annotated` carries."""
    if isinstance(value, Made):
        yield value
    elif depth < 8 and isinstance(value, (Subscripted, Alternatives)):
        text = not isinstance(value, Subscripted) or symbol(value.origin) in (
            "Annotated",
            "Optional",
            "Union",
        )
        for part in value.members if isinstance(value, Alternatives) else value.args:
            if text:
                yield from _carried(part, depth + 1)


def _limit(value: Made) -> Value:
    if is_field_call(value) or symbol(value.callee) in ("constr", "StringConstraints", "MaxLen", "Length"):
        return value.kwargs.get("max_length")
    return None


def is_ellipsis(value: Value) -> bool:
    return value is ... or (isinstance(value, External) and value.path == "builtins.Ellipsis")


def _is_undefined(value: Value) -> bool:
    return isinstance(value, External) and value.name in ("PydanticUndefined", "Undefined")


def _may_be_a_field(value: Value) -> bool:
    """Whether a value whose making is not followed may be a `Field(...)` in disguise."""
    if isinstance(value, (Partial, Unknown)):
        return isinstance(value, Unknown)
    if isinstance(value, Made):
        callee = value.callee
        return not isinstance(callee, ClassValue) and symbol(callee).lower().endswith("field")
    return False
