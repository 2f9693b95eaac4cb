"""What a field's annotation says: its type, what `Annotated` adds, and whether it takes `None`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ormlint.graph.machine.origins import made_by, root, symbol
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import (
    Alternatives,
    Binding,
    ClassValue,
    External,
    Made,
    Member,
    ModuleValue,
    Subscripted,
    Unknown,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_TYPES = frozenset({ClassValue, External, Subscripted, Alternatives, ModuleValue, Member})
_MAX_DEPTH = 40


class Annotation(Struct, frozen=True):
    """An annotation without its wrappers; `metadata` is what `Annotated` carries, outermost last."""

    type: Value
    metadata: tuple[Value, ...] = ()
    class_var: bool = False
    final: bool = False


class Hints:
    """The annotations of class bodies as Pydantic resolves them once the classes are there."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._types: dict[int, tuple[Scope, Scope]] = {}
        """By identity of a class body's scope: itself, and the one that has its types alone."""

    def of(self, binding: Binding) -> Value:
        """What an annotation means."""
        scope = self._seen_from(binding.scope)
        return resolved(self._machine, self._machine.evaluate(binding.annotation, scope), scope)

    def _seen_from(self, scope: Scope) -> Scope:
        """The scope in which a name means a type, not the default of a field."""
        if scope.kind != "class":
            return scope
        known = self._types.get(id(scope))
        if known is None:
            names = {name: value for name, value in scope.names.items() if _is_type(value)}
            types = Scope("class", names, scope.module, scope.parent, owner=scope.owner)
            known = self._types[id(scope)] = (scope, types)
        return known[1]


def _is_type(value: Value) -> bool:
    return type(value) in _TYPES or made_by(value, "NewType", "TypeVar", "TypeAliasType")


def resolved(machine: Machine, value: Value, scope: Scope) -> Value:
    """The same with texts replaced by the names they hold: `Page["UserRead"]`."""
    if isinstance(value, str):
        found = scope.find(value.partition(".")[0]) if value.replace(".", "").isidentifier() else None
        if found is None:
            return Unknown("a type in a text that is not followed", name=value)
        from ormlint.facts.code import Attr, Name  # noqa: PLC0415 - an expression is built here and nowhere else

        first, *rest = value.split(".")
        expr: Name | Attr = Name(0, first)
        for part in rest:
            expr = Attr(0, expr, part)
        return machine.evaluate(expr, scope)
    if not isinstance(value, Subscripted) or symbol(value.origin) in ("Literal", "Annotated"):
        return value
    if any(isinstance(arg, str) for arg in value.args):
        return Subscripted(value.origin, tuple(resolved(machine, arg, scope) for arg in value.args))
    return value


def unwrap(value: Value) -> Annotation:
    """Take `Annotated`, `Final`, `ClassVar`, `Required` and type aliases off."""
    metadata: list[Value] = []
    class_var = final = False
    for _ in range(_MAX_DEPTH):
        name = symbol(value)
        if name == "ClassVar":
            return Annotation(value, tuple(metadata), class_var=True)
        if isinstance(value, Subscripted):
            if not value.args or not (name in _WRAPPERS or _is_transparent(value)):
                break
            final = final or name == "Final"
            metadata[:0] = value.args[1:] if name == "Annotated" else ()
            value = value.args[0]
        elif isinstance(value, External) and name == "Final":
            return Annotation(External("typing.Any"), tuple(metadata), final=True)
        elif made_by(value, "TypeAliasType") and isinstance(value, Made):
            value = value.arg(1, "value", Unknown("a type alias"))
        else:
            break
    return Annotation(value, tuple(metadata), class_var, final)


def _is_transparent(value: Subscripted) -> bool:
    """`SkipJsonSchema[X]` and the like stand for `Annotated[X, …]`.

    https://docs.pydantic.dev/latest/api/json_schema/#pydantic.json_schema.SkipJsonSchema
    """
    origin = value.origin
    return isinstance(origin, External) and origin.root == "pydantic" and origin.name in _TRANSPARENT


_WRAPPERS = frozenset({"Annotated", "Final", "Required", "NotRequired", "InitVar"})
_TRANSPARENT = frozenset({"SkipJsonSchema", "SkipValidation", "SerializeAsAny", "OnErrorOmit"})


def accepts_none(value: Value, depth: int = 0) -> bool | None:
    """Whether a type takes `None`; `None` where the source does not settle it."""
    if value is None:
        return True
    kind = type(value)
    if depth > _MAX_DEPTH or kind not in _TAKERS:
        return None
    return _TAKERS[kind](value, depth)


def _external_accepts_none(value: External, depth: int) -> bool | None:
    if value.path in _ANYTHING:
        return True
    return False if value.root in _KNOWN_ROOTS else None


def _one_accepts_none(value: Alternatives, depth: int) -> bool | None:
    return _any([accepts_none(member, depth + 1) for member in value.members])


def _class_accepts_none(cls: ClassValue, depth: int) -> bool | None:
    """A class takes `None` where a member of its Enum is that, or where the root of its model takes it."""
    line = cls.linear or [cls, *cls.bases]
    if any(symbol(base) == "Enum" for base in line):
        return None in [value for name, value in cls.namespace.items() if name in cls.places]
    if any(symbol(base) == "RootModel" for base in line):
        roots = [base for base in cls.bases if isinstance(base, Subscripted) and symbol(base) == "RootModel"]
        return accepts_none(roots[0].args[0], depth + 1) if roots and "root" not in cls.annotations else None
    builds = any(_BUILDS_ITSELF & base.namespace.keys() for base in line if isinstance(base, ClassValue))
    return None if builds else False


_BUILDS_ITSELF = frozenset({"__get_pydantic_core_schema__", "__get_validators__"})


def accepts_none_in_1(value: Value) -> bool | None:
    """The same in Pydantic 1, where no `Literal` takes `None`, and `Json` stands for what the text holds."""
    inside = unwrap(value).type
    if inside is None or symbol(inside) == "Literal":
        return False
    if symbol(inside) == "Json" and root(inside) == "pydantic":
        return accepts_none(inside.args[0]) if isinstance(inside, Subscripted) and inside.args else True
    return accepts_none(value)


_ANYTHING = frozenset({
    "typing.Any", "typing_extensions.Any", "builtins.object", "types.NoneType", "typing.Optional",
    "typing.Hashable", "collections.abc.Hashable", "pydantic.JsonValue", "pydantic.types.JsonValue",
})  # fmt: skip
_KNOWN_ROOTS = frozenset({
    "builtins", "datetime", "uuid", "decimal", "pathlib", "typing", "typing_extensions", "collections",
    "enum", "pydantic", "ipaddress", "re", "fractions", "zoneinfo", "annotated_types", "email", "types",
    "fastapi", "starlette", "pydantic_extra_types", "sqlmodel", "io", "logging", "numpy", "pandas",
    "PIL", "email_validator",
})  # fmt: skip
"""Packages whose types are classes: none of them takes `None`."""


def _subscripted_accepts_none(value: Subscripted, depth: int) -> bool | None:
    name = symbol(value.origin)
    if name == "Optional":
        return True
    if name == "Union":
        return _any([accepts_none(member, depth + 1) for member in value.args])
    if value.args and (name in _WRAPPERS or _is_transparent(value)):
        return accepts_none(value.args[0], depth + 1)
    if name == "Literal":
        return None in value.args
    if isinstance(value.origin, External):
        return False if value.origin.root in _KNOWN_ROOTS else None
    return None if isinstance(value.origin, (Unknown, Made)) else False


def _made_accepts_none(value: Made, depth: int) -> bool | None:
    name = symbol(value.callee)
    if name in ("NewType", "TypeAliasType"):
        return accepts_none(value.arg(1, "tp" if name == "NewType" else "value", Unknown("")), depth + 1)
    if name == "TypeVar":
        return accepts_none(_stands_for(value), depth + 1)
    if name.startswith("con") and symbol(value.callee) in _CONSTRAINED:
        return False
    return None


def _stands_for(variable: Made) -> Value:
    """What a type variable that was given nothing takes: its default, bound or constraints, else anything.

    https://docs.pydantic.dev/latest/concepts/models/#generic-models
    """
    if "default" in variable.kwargs:
        return variable.kwargs["default"]
    if "bound" in variable.kwargs:
        return variable.kwargs["bound"]
    return Alternatives(variable.args[1:]) if len(variable.args) > 1 else External("typing.Any")


_CONSTRAINED = frozenset(
    {"constr", "conint", "confloat", "conlist", "condecimal", "conbytes", "conset", "confrozenset", "condate"}
)


def _any(answers: list[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False


_TAKERS: dict[type, Callable[[Any, int], bool | None]] = {
    External: _external_accepts_none,
    ClassValue: _class_accepts_none,
    Alternatives: _one_accepts_none,
    Subscripted: _subscripted_accepts_none,
    Made: _made_accepts_none,
}


def type_parameters(cls: ClassValue) -> list[Value]:
    """The type variables of a generic class, in the order in which arguments are given."""
    found: list[Value] = []
    for base in cls.bases:
        if isinstance(base, Subscripted) and symbol(base.origin) in ("Generic", "Protocol"):
            return [arg for arg in base.args if made_by(arg, "TypeVar", "TypeVarTuple", "ParamSpec")]
    for base in cls.bases:
        if isinstance(base, Subscripted):
            found += [
                arg for arg in base.args if made_by(arg, "TypeVar") and not any(arg is each for each in found)
            ]
    return found
