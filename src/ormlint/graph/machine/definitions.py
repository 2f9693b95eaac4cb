"""Function and class statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.facts.code import ClassDef, FunctionDef, Name, Star
from ormlint.findings import Place
from ormlint.graph.machine import operators
from ormlint.graph.machine.binding import bind, note
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.signals import Signal
from ormlint.graph.machine.values import ClassValue, Function, Value

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def execute_function(machine: Machine, node: FunctionDef, scope: Scope) -> Signal | None:
    decorators = tuple(machine.evaluate(decorator, scope) for decorator in node.decorators)
    defaults = {p.name: machine.evaluate(p.default, scope) for p in node.params if p.default is not None}
    function = Function(node, scope, scope.module, decorators, scope.owner, defaults)
    note(
        scope,
        Name(node.line, node.name),
        Place(scope.module.path, node.line, node.column, node.line, node.end),
    )
    bind(machine, Name(node.line, node.name), function, scope)
    return None


def execute_class(machine: Machine, node: ClassDef, scope: Scope) -> Signal | None:
    bases: list[Value] = []
    for base in node.bases:
        value = machine.evaluate(base.value if isinstance(base, Star) else base, scope)
        bases += operators.iterate(machine, value) or [value] if isinstance(base, Star) else [value]
    keywords = {k.name: machine.evaluate(k.value, scope) for k in node.keywords if k.name is not None}
    decorators = tuple(machine.evaluate(decorator, scope) for decorator in node.decorators)
    prefix = ""
    if scope.kind == "class" and scope.owner is not None:
        prefix = f"{scope.owner.qualname}."
    elif scope.kind == "function":
        prefix = "<locals>."
    place = Place(scope.module.path, node.line, node.column, node.line, node.end)
    cls = ClassValue(node, scope.module, prefix + node.name, place, tuple(bases), keywords, decorators)
    cls.conditional = machine.maybe > 0
    body = Scope("class", cls.namespace, scope.module, scope, owner=cls, receiver_class=cls)
    cls.scope = body
    scope.module.classes.append(cls)
    machine.run(node.body, body)
    note(scope, Name(node.line, node.name), place)
    bind(machine, Name(node.line, node.name), cls, scope)
    return None
