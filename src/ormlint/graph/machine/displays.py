"""Displays and comprehensions: expressions that make a list, tuple, set or dict of their parts.

https://docs.python.org/3/reference/expressions.html#displays-for-lists-sets-and-dictionaries
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ormlint.facts.code import Clause, Comprehension, Items, Mapping, Star
from ormlint.graph.machine import containers, logic
from ormlint.graph.machine.aliases import type_alias
from ormlint.graph.machine.binding import bind
from ormlint.graph.machine.doubts import merge
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import Unknown, Value

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def items(machine: Machine, expr: Items, scope: Scope) -> Value:
    values: list[Value] = []
    for item in expr.items:
        if isinstance(item, Star):
            spread = containers.iterate(machine, machine.evaluate(item.value, scope))
            values += (
                spread if spread is not None else [Unknown("unpacked items", machine.place(scope, item.line))]
            )
        else:
            values.append(machine.evaluate(item, scope))
    if expr.kind == "tuple":
        return tuple(values)
    if expr.kind == "set":
        return logic.hashed(values)
    return values


def mapping(machine: Machine, expr: Mapping, scope: Scope) -> Value:
    found: dict[Value, Value] = {}
    for pair in expr.items:
        value = machine.evaluate(pair.value, scope)
        if pair.key is None:
            if not isinstance(value, dict):
                return Unknown("a dict with unknown items", machine.place(scope, expr.line))
            merge(found, value)
        else:
            key = type_alias(machine, pair.key, scope) or machine.evaluate(pair.key, scope)
            if isinstance(key, Unknown) or not logic.hashable(key):
                return Unknown("a dict with unknown keys", machine.place(scope, expr.line))
            found[key] = value
    return found


def comprehension(machine: Machine, expr: Comprehension, scope: Scope) -> Value:
    inner = Scope("function", {}, scope.module, scope, receiver_class=scope.receiver_class)
    if scope.kind == "class":  # the first iterable is evaluated in the class body itself
        inner.names.update(scope.names)
    keys: list[Value] = []
    values: list[Value] = []
    for settled in _rounds(machine, expr.clauses, inner):
        if not settled:
            return Unknown("a comprehension over unknown items", machine.place(scope, expr.line))
        if expr.key is not None:
            keys.append(machine.evaluate(expr.key, inner))
        values.append(machine.evaluate(expr.value, inner))
    if expr.kind == "dict":
        if any(isinstance(key, Unknown) or not logic.hashable(key) for key in keys):
            return Unknown("a dict with unknown keys", machine.place(scope, expr.line))
        return dict(zip(keys, values, strict=True))
    return logic.hashed(values) if expr.kind == "set" else values


def _rounds(machine: Machine, clauses: list[Clause], scope: Scope) -> Iterator[bool]:
    """One round per combination of items; `False` where the items or a test are not settled."""
    first, rest = clauses[0], clauses[1:]
    items = containers.iterate(machine, machine.evaluate(first.iterable, scope))
    if items is None:
        yield False
        return
    for item in items:
        machine.steps -= 1
        if machine.steps < 0:
            yield False
            return
        bind(machine, first.target, item, scope)
        tests = [logic.truth(machine.evaluate(test, scope)) for test in first.tests]
        if False in tests:
            continue
        if None in tests:
            yield False
            return
        if rest:
            yield from _rounds(machine, rest, scope)
        else:
            yield True
