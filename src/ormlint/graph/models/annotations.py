"""What SQLAlchemy derives from `Mapped[...]` annotations.

https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html#using-annotated-declarative-table-type-annotated-forms-for-mapped-column
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ormlint.facts.code import Expr, Index, Op
from ormlint.graph.machine.aliases import type_alias
from ormlint.graph.machine.classes import is_enum, mro
from ormlint.graph.machine.logic import same
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import (
    NOWHERE,
    Alternatives,
    Binding,
    ClassValue,
    External,
    ImportRef,
    Made,
    Subscripted,
    TypeAliasValue,
    Unknown,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

MAPPED = frozenset({"Mapped", "Unmapped", "WriteOnlyMapped", "DynamicMapped", "_MappedAnnotationBase"})
_BY_PYTHON_TYPE = {
    "builtins.bool": "Boolean", "builtins.bytes": "LargeBinary", "datetime.date": "Date",
    "datetime.datetime": "DateTime", "datetime.time": "Time", "datetime.timedelta": "Interval",
    "decimal.Decimal": "Numeric", "builtins.float": "Float", "builtins.int": "Integer",
    "builtins.str": "String", "uuid.UUID": "Uuid",
}  # fmt: skip
"""`sqlalchemy.sql.sqltypes._type_map` of SQLAlchemy 2.0."""


class MappedType(Struct):
    """What is inside `Mapped[...]`: a type without `None`, whether `None` was there, what `Annotated` has."""

    inner: Value
    optional: bool | None
    columns: list[Made] = []
    """Only the first is taken (`_init_column_for_annotation` in `sqlalchemy.orm.properties`)."""
    form: Value = None
    """The annotation as written, for the `type_annotation_map`."""
    alias: TypeAliasValue | None = None
    """The `type` statement that it names, which the map may hold too."""
    container: str = "Mapped"
    plain: bool = False
    """SQLModel's, which gives a column its type whatever it refers to."""


def annotation_of(machine: Machine, binding: Binding) -> tuple[Value, TypeAliasValue | None]:
    """An annotation of a class body, and the `type` statement inside; `None` for `ClassVar`.

    Names in it are types: an attribute of the class that has the name of one does not hide it.
    """
    scope = binding.scope
    if scope.kind == "class":
        names = {name: value for name, value in scope.names.items() if isinstance(value, _TYPES)}
        scope = Scope("class", names, scope.module, scope.parent, owner=scope.owner)
    value = machine.evaluate(binding.annotation, scope)
    if binding.other is not None and same(value, annotation_of(machine, binding.other)[0]) is not True:
        value = _either(value)
    if isinstance(value, Subscripted) and symbol(value.origin) == "ClassVar":
        return None, None
    inner = binding.annotation.index if isinstance(binding.annotation, Index) else binding.annotation
    return value, _alias(machine, inner, scope)


_TYPES = (ClassValue, External, Subscripted, Alternatives, TypeAliasValue, ImportRef)


def _either(value: Value) -> Value:
    """One of several annotations, whose `Mapped` at least is certain where this one has it."""
    unknown = Unknown("annotated under a condition that is not settled")
    return Subscripted(value.origin, (unknown,)) if isinstance(value, Subscripted) else unknown


def _alias(machine: Machine, expr: Expr, scope: Scope) -> TypeAliasValue | None:
    if isinstance(expr, Op) and expr.op == "|":
        found = [_alias(machine, arg, scope) for arg in expr.args]
        return next((alias for alias in found if alias is not None), None)
    if isinstance(expr, Index):
        return _alias(machine, expr.index, scope)
    return type_alias(machine, expr, scope)


def mapped_type(annotation: Value, alias: TypeAliasValue | None = None) -> tuple[str, MappedType] | None:
    """The kind of `Mapped` and what is inside, or `None` where the annotation is another one."""
    if (
        isinstance(annotation, Subscripted)
        and symbol(annotation.origin) in MAPPED
        and len(annotation.args) == 1
    ):
        inside = plain_type(annotation.args[0])
        inside.alias, inside.container = alias, symbol(annotation.origin)
        return symbol(annotation.origin), inside
    if isinstance(annotation, External) and annotation.name in MAPPED:
        return annotation.name, MappedType(Unknown("no type in `Mapped`"), None)
    return None


def plain_type(value: Value) -> MappedType:
    """Take `Optional`, `| None`, `Annotated`, `Final` and `ClassVar` off a type."""
    form = value
    columns: list[Made] = []
    within = 0  # what an `Annotated` carries comes before that of one around it, but for a union between
    optional: bool | None = False
    while True:
        if isinstance(value, Subscripted) and symbol(value.origin) == "Annotated":
            columns[within:within] = filter(None, map(_carried, value.args[1:]))
            value = value.args[0]
        elif isinstance(value, Subscripted) and symbol(value.origin) in ("Optional", "Union"):
            members = [*value.args, None] if symbol(value.origin) == "Optional" else list(value.args)
            value = Alternatives(tuple(members))
        elif isinstance(value, Alternatives):
            rest = [
                m
                for m in value.members
                if m is not None and not (isinstance(m, External) and m.name == "NoneType")
            ]
            if len(rest) < len(value.members):
                optional = True
            if len(rest) != 1:
                return MappedType(Alternatives(tuple(rest)), optional, columns, form)
            value, within = rest[0], len(columns)
        elif isinstance(value, Subscripted) and symbol(value.origin) in ("Final", "Required", "NotRequired"):
            value = value.args[0]
        else:
            break
    if isinstance(value, Unknown) and optional is False:
        optional = None
    return MappedType(value, optional, columns, form)


def _carried(extra: Value) -> Made | None:
    """The column that `Annotated` carries; of what is not settled, one of which nothing is known."""
    if isinstance(extra, Unknown):
        return Made(External("sqlalchemy.orm.mapped_column"), (extra,), {}, NOWHERE, open_keywords=True)
    return extra if made_by(extra, "mapped_column", "Column") else None


def derived_type(machine: Machine, mapped: MappedType, type_map: dict[Value, Value] | None) -> Value:
    """The SQLAlchemy type of an annotation: from the registry's map (`None`: not settled), else its own."""
    if type_map is None:
        return Unknown("the type_annotation_map is not settled")
    for form in (mapped.alias, mapped.form, mapped.inner):
        found = _in_map(type_map, form)
        if found is not None:
            return found
    inner = mapped.inner
    if isinstance(inner, Made) and symbol(inner.callee) == "NewType" and len(inner.args) > 1:
        return derived_type(machine, plain_type(inner.args[1]), type_map)
    if isinstance(inner, External) and inner.path in _BY_PYTHON_TYPE:
        return External(f"sqlalchemy.{_BY_PYTHON_TYPE[inner.path]}")
    if isinstance(inner, ClassValue):
        enum = is_enum(machine, inner)
        # The standard library's own enums, such as `StrEnum`, are below `Enum` too.
        for base in (*mro(machine, inner), *([External("enum.Enum")] if enum else ())):
            found = _in_map(type_map, base)
            if found is not None:
                return _enum_of(found, (inner,)) if enum else found
        if enum:
            return Made(External("sqlalchemy.Enum"), (inner,), {}, NOWHERE)
    if isinstance(inner, Subscripted) and symbol(inner.origin) == "Literal":
        found = _in_map(type_map, inner.origin)
        given = Made(External("sqlalchemy.Enum"), inner.args, {"native_enum": False}, NOWHERE)
        return given if found is None else _enum_of(found, inner.args)
    return Unknown("no SQL type is known for the annotation")


def _enum_of(form: Value, members: tuple[Value, ...]) -> Value:
    """The map's `Enum(enum.Enum, …)` made for one class: its options with that class's members."""
    if made_by(form, "Enum", "ENUM"):
        return Made(form.callee, members, form.kwargs, form.place)
    return form


def _in_map(type_map: dict[Value, Value], form: Value) -> Value:
    """What the map has for an annotation; `None` in a union counts on neither side."""
    if form is None or isinstance(form, (Unknown, list, dict, set)):
        return None
    wanted = _without_none(form)
    return next((value for key, value in type_map.items() if _without_none(key) == wanted), None)


def _without_none(form: Value) -> Value:
    """A union as the set of what is in it besides `None`; one type alone, and what is no union, as it is.

    `sqlalchemy.util.typing.de_optionalize_union_types`, which takes the map's keys and annotations alike.
    """
    if isinstance(form, Subscripted) and symbol(form.origin) in ("Optional", "Union"):
        form = Alternatives(form.args)
    if not isinstance(form, Alternatives):
        return form
    rest = [_without_none(member) for member in form.members if member is not None]
    if any(isinstance(member, (list, dict, set)) for member in rest):
        return form
    return rest[0] if len(rest) == 1 else frozenset(rest)
