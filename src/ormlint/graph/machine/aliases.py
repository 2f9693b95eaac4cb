"""Aliases of the `type` statement, which are types of their own until their value is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.facts.code import Expr, Name
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import ImportRef, TypeAliasValue, Unknown, Value

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
