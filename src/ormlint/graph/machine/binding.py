"""Assignment to names, attributes, items and patterns of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.facts.code import (
    Annotated,
    Assign,
    Attr,
    ClassDef,
    Expr,
    FunctionDef,
    Index,
    Items,
    Name,
    Star,
)  # fmt: skip
from ormlint.findings import Place
from ormlint.graph.machine import attributes, containers, logic, weight
from ormlint.graph.machine.doubts import doubt, merge
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import Unknown, Value

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def bind(machine: Machine, target: Expr, value: Value, scope: Scope) -> None:
    """Assign a value to a target."""
    if type(target) is Name:
        names = _holder(scope, target.id) if scope.outer_names else scope.names
        names[target.id] = value
    elif isinstance(target, Attr):
        attributes.assign(machine, machine.evaluate(target.value, scope), target.attr, value)
    elif isinstance(target, Index):
        _bind_item(machine, target, value, scope)
    elif isinstance(target, Items):
        _unpack(machine, target.items, value, scope)
    elif isinstance(target, Star):
        bind(machine, target.value, value, scope)


def _holder(scope: Scope, name: str) -> dict[str, Value]:
    if name in scope.outer_names:
        outer = scope.parent
        while outer is not None:
            if name in outer.names:
                return outer.names
            outer = outer.parent
    return scope.names


def _bind_item(machine: Machine, target: Index, value: Value, scope: Scope) -> None:
    container, index = machine.evaluate(target.value, scope), machine.evaluate(target.index, scope)
    if not weight.fits(machine, value, container):
        value = Unknown("a value that is too large")
    if machine.maybe:
        value = Unknown("assigned under a condition that is not settled")
    if isinstance(container, dict) and isinstance(index, Unknown):
        merge(container, {index: index})
    elif isinstance(container, dict) and logic.hashable(index):
        if machine.maybe and index not in container:
            doubt(container, value)
        else:
            container[index] = value
    elif isinstance(container, list) and isinstance(index, Unknown):
        container[:] = [index] * len(container)
    elif isinstance(container, list) and type(index) is int and -len(container) <= index < len(container):
        container[index] = value


def _unpack(machine: Machine, targets: list[Expr], value: Value, scope: Scope) -> None:
    items = containers.iterate(machine, value)
    stars = [i for i, target in enumerate(targets) if isinstance(target, Star)]
    if (
        items is None
        or (not stars and len(items) != len(targets))
        or (stars and len(items) < len(targets) - 1)
    ):
        reason = value.reason if isinstance(value, Unknown) else "unpacked items"
        for target in targets:
            bind(machine, target, Unknown(reason), scope)
        return
    if stars:
        at, tail = stars[0], len(targets) - stars[0] - 1
        middle = items[at : len(items) - tail]
        items = [*items[:at], middle, *items[len(items) - tail :]]
    for target, item in zip(targets, items, strict=True):
        bind(machine, target, item, scope)


def note(scope: Scope, target: Expr, node: Assign | Annotated | FunctionDef | ClassDef) -> None:
    """Remember where a statement binds a name of a class or module body."""
    if type(target) is not Name or scope.kind == "function":
        return
    place = Place(scope.module.path, node.line, node.column, node.line, node.end)
    if scope.kind == "module":
        scope.module.places[target.id] = place
    elif scope.owner is not None:
        scope.owner.places[target.id] = place
