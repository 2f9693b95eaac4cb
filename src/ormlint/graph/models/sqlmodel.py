"""SQLModel's table classes: fields of the class and of the schema classes it inherits from are columns.

https://sqlmodel.tiangolo.com/tutorial/create-db-and-table/ and `sqlmodel.main.get_column_from_field`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from ormlint.graph.machine.classes import is_enum, mro, project_classes
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.values import (
    NOWHERE,
    ClassValue,
    External,
    Function,
    Made,
    Subscripted,
    Unknown,
    Value,
    known,
)  # fmt: skip
from ormlint.graph.models.annotations import MappedType, annotation_of, mapped_type, plain_type
from ormlint.graph.models.collect import other
from ormlint.graph.models.kinds import RELATIONSHIPS
from ormlint.graph.models.scan import Declaration

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine
    from ormlint.graph.machine.values import Binding

_PASSED_ON = ("primary_key", "index", "unique", "nullable")
_TEXTS = frozenset({
    "EmailStr", "AnyUrl", "AnyHttpUrl", "HttpUrl", "NameEmail", "SecretStr", "Path", "IPv4Address",
    "IPv6Address", "IPv4Network", "IPv6Network", "FilePath", "DirectoryPath",
})  # fmt: skip


def field_declarations(machine: Machine, cls: ClassValue) -> dict[str, Declaration]:
    """The attributes of a table class, the nearest class of the MRO that has the name winning."""
    found: dict[str, Declaration] = {}
    for owner in project_classes(machine, cls):
        for name in {**owner.namespace, **owner.annotations}:
            if name not in found and not name.startswith("__"):
                found[name] = _field(machine, cls, owner, name)
    return found


def _field(machine: Machine, cls: ClassValue, owner: ClassValue, name: str) -> Declaration:
    """The column that SQLModel makes of a field; other attributes as they are."""
    binding, value = owner.annotations.get(name), owner.namespace.get(name)
    if made_by(value, "Relationship"):
        declared = other(machine, cls, owner, name, value)
        return replace(declared, value=_relationship(value), mapped=_wrapped(machine, binding, value))
    private = name.startswith("_")  # to Pydantic
    if binding is None or private or isinstance(value, Function) or made_by(value, *RELATIONSHIPS):
        return other(machine, cls, owner, name, value)
    annotation, _ = annotation_of(machine, binding)
    if annotation is None:  # `ClassVar`
        return Declaration(name, owner, value, binding.place, "value")
    mapped = plain_type(annotation)
    mapped.plain, mapped.inner = True, _builtin(machine, mapped.inner)
    given = value if made_by(value, "Field") else _annotated_field(annotation)
    declaration = Declaration(name, owner, value, binding.place, "column", mapped)
    stated = binding.has_value and value is not None and value is not given
    if given is not None and made_by(given.kwargs.get("sa_column"), "Column"):
        column = given.kwargs["sa_column"]
        if _has_default(given, has_value=stated):  # of the instance: the column knows nothing of it
            column = replace(column, kwargs={**column.kwargs, "default_factory": "given"})
        if mapped.optional is False:
            column = replace(column, kwargs={**column.kwargs, "never_none": True})
        return replace(declaration, column=column, mapped=None)
    default = given.arg(0, "default", ...) if given is not None else value if binding.has_value else ...
    if default is None and machine.modules.pydantic(owner.module.path) == 1:
        mapped.optional = True  # Pydantic 1 takes a default of `None` for `Optional`
    zoned = machine.modules.derives_anew("sqlmodel", owner.module.path)
    call = _column(given, mapped, zoned, has_value=stated, declaration=declaration)
    if call is None or (binding.conditional and binding.other is None):
        return replace(declaration, kind="unknown")
    return replace(declaration, column=call)


def _wrapped(machine: Machine, binding: Binding | None, value: Made) -> MappedType | None:
    """The `Mapped[...]` that SQLModel puts around the annotation of a relationship, if it does.

    It leaves the annotation alone where `sa_relationship` is given (`SQLModelMetaclass.__init__`). SQLAlchemy
    takes for a single row what is annotated with no collection:
    https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#one-to-one
    """
    if binding is None or "sa_relationship" in value.kwargs:
        return None
    annotation, _ = annotation_of(machine, binding)
    stated = mapped_type(annotation)
    return plain_type(annotation) if stated is None else stated[1]


def _relationship(value: Made) -> Made:
    """The call of `sqlalchemy.orm.relationship` that SQLModel's `Relationship` makes."""
    given = dict(value.kwargs)
    stated = given.pop("sa_relationship", None)
    if isinstance(stated, Made):
        return stated
    more = given.pop("sa_relationship_kwargs", None)
    link = given.pop("link_model", None)
    if link is not None:
        given["secondary"] = link
    given.update(more if isinstance(more, dict) else {})
    open_ = value.open_keywords or isinstance(more, Unknown)
    return Made(value.callee, value.args, given, value.place, open_keywords=open_)


def _annotated_field(annotation: Value) -> Made | None:
    """The `Field(...)` in `Annotated[int, Field(...)]`."""
    if isinstance(annotation, Subscripted) and symbol(annotation.origin) == "Annotated":
        return next((extra for extra in annotation.args[1:] if made_by(extra, "Field")), None)
    return None


def _column(
    given: Made | None, mapped: MappedType, zoned: bool | None, *, has_value: bool, declaration: Declaration
) -> Made | None:
    kwargs = dict(given.kwargs) if given is not None else {}
    args: list[Value] = []
    sa_type = kwargs.get("sa_type")
    column_kwargs: dict[str, Value] = {key: kwargs[key] for key in _PASSED_ON if key in kwargs}
    if sa_type is not None:
        column_kwargs["type_"] = sa_type
    else:
        mapped.inner, sizes = _unconstrained(mapped.inner)
        if mapped.optional:  # what is said of a member of a union is not said of the field
            sizes = {}
        derived = _type(mapped, {**sizes, **kwargs}, zoned)
        if derived is not None:
            column_kwargs["type_"] = derived
    if "nullable" not in kwargs and not kwargs.get("primary_key"):
        column_kwargs["nullable"] = _nullable(mapped)
    if kwargs.get("foreign_key") is not None:
        args.append(Made(External("sqlalchemy.ForeignKey"), (kwargs["foreign_key"],), {}, declaration.place))
    extra_args = kwargs.get("sa_column_args", ())
    if not isinstance(extra_args, (list, tuple)):
        return None
    extra = kwargs.get("sa_column_kwargs", {})
    if not isinstance(extra, dict):
        return None
    if _has_default(given, has_value=has_value):
        column_kwargs["default"] = "given"
    return Made(
        External("sqlalchemy.Column"), (*args, *extra_args), {**column_kwargs, **extra}, declaration.place
    )


def _has_default(given: Made | None, *, has_value: bool) -> bool:
    if given is None or has_value:
        return has_value
    default = given.arg(0, "default", Unknown("none"))
    real = known(default) and not (
        isinstance(default, External) and default.name in ("Ellipsis", "Undefined")
    )
    return (real and default is not None) or "default_factory" in given.kwargs


def _nullable(mapped: MappedType) -> Value:
    """`sqlmodel.main._is_field_noneable`: a field whose type accepts `None`."""
    if mapped.optional is None:
        return Unknown("the annotation is not settled")
    return mapped.optional


def _type(mapped: MappedType, kwargs: dict[str, Value], zoned: bool | None) -> Value:
    """Texts and decimals have the sizes that are stated; the rest is derived as for `Mapped`."""
    inner = mapped.inner
    if isinstance(inner, External) and inner.path in _TIMES:
        return _time(_TIMES[inner.path] if _TIMES[inner.path] is not None else zoned)
    if isinstance(inner, External) and inner.path == "decimal.Decimal":
        given = {"precision": kwargs.get("max_digits"), "scale": kwargs.get("decimal_places")}
        stated = {key: value for key, value in given.items() if value is not None}
        return Made(External("sqlalchemy.Numeric"), (), stated, NOWHERE)
    if isinstance(inner, External) and (inner.path == "builtins.str" or inner.name in _TEXTS):
        length = kwargs.get("max_length")
        args = (length,) if isinstance(length, int) else ()
        return Made(External("sqlmodel.AutoString"), args, {}, NOWHERE)
    return None


def _time(zoned: bool | None) -> Value:
    """Where the release is not settled, neither is the zone."""
    if zoned:
        return Made(External("sqlmodel.UTCDateTime"), (), {}, NOWHERE)
    options: dict[str, Value] = {"timezone": Unknown("the release of SQLModel")} if zoned is None else {}
    return Made(External("sqlalchemy.DateTime"), (), options, NOWHERE)


_TIMES: dict[str, bool | None] = {
    "datetime.datetime": None,
    "pydantic.NaiveDatetime": False,
    "pydantic.AwareDatetime": True,
}
"""Whether they keep a zone; `None` where the release decides."""


def _builtin(machine: Machine, inner: Value) -> Value:
    """The Python type that a class of the project is below, which is what SQLModel asks of it."""
    if not isinstance(inner, ClassValue) or is_enum(machine, inner):
        return inner
    bases = [each for each in mro(machine, inner) if not isinstance(each, ClassValue)]
    found = [_unconstrained(each)[0] for each in bases]
    names = [each.path for each in found if isinstance(each, External) and each.path in _BUILTIN]
    return External(names[0]) if names and not any(isinstance(each, Unknown) for each in bases) else inner


def _unconstrained(inner: Value) -> tuple[Value, dict[str, Value]]:
    """The Python type behind one of Pydantic's, and what a call says of it: `condecimal(max_digits=5)`.

    https://docs.pydantic.dev/latest/api/types/
    """
    callee = inner.callee if isinstance(inner, Made) else inner
    if not isinstance(callee, External) or callee.root != "pydantic" or callee.name not in _CONSTRAINED:
        return inner, {}
    given = inner.kwargs if callee.name == "condecimal" and isinstance(inner, Made) else {}
    return External(_CONSTRAINED[callee.name]), given


_CONSTRAINED = {
    **dict.fromkeys(("conint", "PositiveInt", "NegativeInt", "NonNegativeInt"), "builtins.int"),
    "NonPositiveInt": "builtins.int",
    **dict.fromkeys(("confloat", "PositiveFloat", "NegativeFloat", "NonNegativeFloat"), "builtins.float"),
    **dict.fromkeys(("NonPositiveFloat", "FiniteFloat", "StrictFloat"), "builtins.float"),
    **dict.fromkeys(("UUID1", "UUID3", "UUID4", "UUID5", "UUID6", "UUID7", "UUID8"), "uuid.UUID"),
    "StrictInt": "builtins.int", "StrictBool": "builtins.bool", "StrictStr": "builtins.str",
    "StrictBytes": "builtins.bytes", "conbytes": "builtins.bytes", "constr": "builtins.str",
    "condecimal": "decimal.Decimal", "condate": "datetime.date",
    "ConstrainedStr": "builtins.str", "ConstrainedInt": "builtins.int", "ConstrainedFloat": "builtins.float",
    "ConstrainedBytes": "builtins.bytes", "ConstrainedDate": "datetime.date",
}  # fmt: skip
_BUILTIN = frozenset({*_CONSTRAINED.values(), "datetime.datetime", "datetime.time", "datetime.timedelta"}) - {
    "decimal.Decimal"  # whose sizes a class may state
}
