"""Aliases of types: of the `type` statement, which stand for themselves, and generic ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.facts.code import Expr, Name
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import (
    Alternatives,
    ImportRef,
    Made,
    Subscripted,
    TypeAliasValue,
    Unknown,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def type_alias(machine: Machine, expr: Expr, scope: Scope) -> TypeAliasValue | None:
    """The `type` statement that a name refers to; as a key (of a type map) an alias stands for itself."""
    found = scope.find(expr.id) if isinstance(expr, Name) else None
    value = found[1] if found is not None else None
    if isinstance(value, ImportRef):
        value = machine.import_name(value)
    return value if isinstance(value, TypeAliasValue) else None


def alias_value(machine: Machine, alias: TypeAliasValue) -> Value:
    """What a `type` statement names; a recursive alias is unknown."""
    if alias.resolving:
        return Unknown(f"`{alias.name}` is recursive", name=alias.name)
    alias.resolving = True
    try:
        return machine.evaluate(alias.value, alias.scope)
    finally:
        alias.resolving = False


_MAX_DEPTH = 20


def given_types(alias: Subscripted, args: tuple[Value, ...]) -> Subscripted | None:
    """A generic alias with its type variables replaced: `Annotated[T, note][int]` is `Annotated[int, note]`.

    `None` where it has none, or another number of them than it is given.

    https://docs.python.org/3/library/stdtypes.html#types-genericalias
    """
    variables = list(_variables(alias))
    if not variables or len(variables) != len(args):
        return None
    value = substituted(alias, dict(zip(variables, args, strict=True)))
    return value if isinstance(value, Subscripted) else None


def literal_values(args: tuple[Value, ...]) -> tuple[Value, ...]:
    """The values of a `Literal[…]`, to which those of another one inside belong.

    https://typing.python.org/en/latest/spec/literal.html#legal-parameters-for-literal-at-type-check-time
    """
    found: list[Value] = []
    for each in args:
        inside = isinstance(each, Subscripted) and symbol(each.origin) == "Literal"
        found += each.args if inside else (each,)
    return tuple(found)


def _variables(alias: Value, depth: int = 0) -> dict[int, None]:
    """The identities of the type variables in a type, in the order of their first use."""
    if made_by(alias, "TypeVar"):
        return {id(alias): None}
    found: dict[int, None] = {}
    parts: tuple[Value, ...] = ()
    if isinstance(alias, Subscripted):
        parts = alias.args
    elif isinstance(alias, Alternatives):
        parts = alias.members
    for part in parts if depth < _MAX_DEPTH else ():
        found.update(_variables(part, depth + 1))
    return found


def substituted(value: Value, mapping: dict[int, Value], depth: int = 0) -> Value:
    """The type with the type parameters of a generic replaced, by identity."""
    if not mapping or depth > _MAX_DEPTH:
        return value
    if isinstance(value, Made) and id(value) in mapping:
        return mapping[id(value)]
    if isinstance(value, Subscripted):
        args = tuple(substituted(arg, mapping, depth + 1) for arg in value.args)
        return (
            value
            if all(a is b for a, b in zip(args, value.args, strict=True))
            else Subscripted(value.origin, args)
        )
    if isinstance(value, Alternatives):
        members = tuple(substituted(member, mapping, depth + 1) for member in value.members)
        return Alternatives(members)
    return value
