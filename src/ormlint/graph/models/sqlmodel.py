"""SQLModel's table classes: fields of the class and of the schema classes it inherits from are columns.

https://sqlmodel.tiangolo.com/tutorial/create-db-and-table/ and `sqlmodel.main.get_column_from_field`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ormlint.graph.machine.values import NOWHERE, External, Function, Made, Unknown, Value, known, made_by
from ormlint.graph.models.annotations import MappedType, plain_type
from ormlint.graph.models.collect import Declaration

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_PASSED_ON = ("primary_key", "index", "unique", "nullable")
_TEXTS = frozenset({
    "EmailStr", "AnyUrl", "AnyHttpUrl", "HttpUrl", "NameEmail", "SecretStr", "Path", "IPv4Address", "IPv6Address",
    "IPv4Network", "IPv6Network", "FilePath", "DirectoryPath", "constr",
})  # fmt: skip


def field_declaration(machine: Machine, declaration: Declaration) -> Declaration:
    """Turn a field into the column that SQLModel makes of it; other attributes stay as they are."""
    if declaration.kind not in ("value", "column", "unknown"):
        return declaration
    binding = declaration.owner.annotations.get(declaration.name)
    if binding is None or declaration.kind == "column" or isinstance(declaration.value, Function):
        return declaration
    annotation = machine.evaluate(binding.annotation, binding.scope)
    mapped = plain_type(annotation)
    given = declaration.value if made_by(declaration.value, "Field") else None
    call = _column(given, mapped, binding.has_value, declaration)
    if call is None:
        return replace(declaration, kind="unknown")
    return replace(declaration, kind="column", column=call, mapped=mapped)


def _column(given: Made | None, mapped: MappedType, has_value: bool, declaration: Declaration) -> Made | None:
    kwargs = dict(given.kwargs) if given is not None else {}
    stated = kwargs.get("sa_column")
    if made_by(stated, "Column"):
        column: Made = stated
        return column
    args: list[Value] = []
    sa_type = kwargs.get("sa_type")
    column_kwargs: dict[str, Value] = {key: kwargs[key] for key in _PASSED_ON if key in kwargs}
    if sa_type is not None:
        column_kwargs["type_"] = sa_type
    else:
        derived = _type(mapped, kwargs)
        if derived is not None:
            column_kwargs["type_"] = derived
    if "nullable" not in kwargs and not kwargs.get("primary_key"):
        column_kwargs["nullable"] = _nullable(given, mapped, has_value, declaration)
    if kwargs.get("foreign_key") is not None:
        args.append(Made(External("sqlalchemy.ForeignKey"), (kwargs["foreign_key"],), {}, declaration.place))
    extra_args = kwargs.get("sa_column_args", ())
    if not isinstance(extra_args, (list, tuple)):
        return None
    extra = kwargs.get("sa_column_kwargs", {})
    if not isinstance(extra, dict):
        return None
    if _has_default(given, has_value):
        column_kwargs["default"] = "given"
    return Made(
        External("sqlalchemy.Column"), (*args, *extra_args), {**column_kwargs, **extra}, declaration.place
    )


def _has_default(given: Made | None, has_value: bool) -> bool:
    if given is None:
        return has_value
    default = given.arg(0, "default", Unknown("none"))
    real = known(default) and not (
        isinstance(default, External) and default.name in ("Ellipsis", "Undefined")
    )
    return (real and default is not None) or "default_factory" in given.kwargs


def _nullable(given: Made | None, mapped: MappedType, has_value: bool, declaration: Declaration) -> Value:
    """`sqlmodel.main._is_field_noneable`: a field whose type accepts `None`."""
    if mapped.optional is None:
        return Unknown("the annotation is not settled")
    return mapped.optional


def _type(mapped: MappedType, kwargs: dict[str, Value]) -> Value:
    """Texts become `String(max_length)`; the rest is derived as for `Mapped`."""
    inner = mapped.inner
    if isinstance(inner, External) and (inner.path == "builtins.str" or inner.name in _TEXTS):
        length = kwargs.get("max_length")
        args = (length,) if isinstance(length, int) else (255,) if inner.name == "EmailStr" else ()
        return Made(External("sqlmodel.AutoString"), args, {}, NOWHERE)
    return None
