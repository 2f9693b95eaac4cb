"""Function and class statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.facts.code import ClassDef, FunctionDef, Name, Star
from ormlint.findings import Place
from ormlint.graph.machine import containers
from ormlint.graph.machine.binding import bind, note
from ormlint.graph.machine.origins import made_by
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.signals import Signal
from ormlint.graph.machine.values import ClassValue, External, Function, Made, Subscripted, Value

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def execute_function(machine: Machine, node: FunctionDef, scope: Scope) -> Signal | None:
    decorators = tuple(machine.evaluate(decorator, scope) for decorator in node.decorators)
    defaults = {p.name: machine.evaluate(p.default, scope) for p in node.params if p.default is not None}
    function = Function(node, scope, scope.module, decorators, scope.owner, defaults)
    target = Name(node.line, node.name)
    note(scope, target, node)
    bind(machine, target, function, scope)
    for each in decorators:
        if made_by(each, "listens_for"):
            made = Made(External("sqlalchemy.event.listen"), (*each.args, function), each.kwargs, each.place)
            machine.record(made, "listen")
    return None


def execute_class(machine: Machine, node: ClassDef, scope: Scope) -> Signal | None:
    outer, scope = scope, _with_type_parameters(machine, node, scope)
    bases: list[Value] = []
    for base in node.bases:
        value = machine.evaluate(base.value if isinstance(base, Star) else base, scope)
        bases += containers.iterate(machine, value) or [value] if isinstance(base, Star) else [value]
    if node.parameters:
        bases.append(Subscripted(External("typing.Generic"), tuple(scope.names.values())))
    keywords = {k.name: machine.evaluate(k.value, scope) for k in node.keywords if k.name is not None}
    decorators = tuple(machine.evaluate(decorator, outer) for decorator in node.decorators)
    prefix = ""
    if outer.kind == "class" and outer.owner is not None:
        prefix = f"{outer.owner.qualname}."
    elif outer.kind == "function":
        prefix = "<locals>."
    place = Place(scope.module.path, node.line, node.column, node.line, node.end)
    cls = ClassValue(node, scope.module, prefix + node.name, place, tuple(bases), keywords, decorators)
    cls.conditional, cls.position = machine.maybe > 0, len(machine.made)
    body = Scope("class", cls.namespace, scope.module, scope, owner=cls, receiver_class=cls)
    cls.scope = body
    machine.declare(cls)
    machine.run(node.body, body)
    target = Name(node.line, node.name)
    note(outer, target, node)
    bind(machine, target, cls, outer)
    announce(machine, cls, announcer(cls))
    return None


def _with_type_parameters(machine: Machine, node: ClassDef, scope: Scope) -> Scope:
    """The scope in which a class statement's type parameters are known.

    https://docs.python.org/3/reference/compound_stmts.html#generic-classes
    """
    if not node.parameters:
        return scope
    inner = Scope("function", {}, scope.module, scope)
    for each in node.parameters:
        given = {"bound": each.bound, "default": each.default}
        kwargs = {key: machine.evaluate(expr, inner) for key, expr in given.items() if expr is not None}
        place = machine.place(scope, node.line)
        inner.names[each.name] = Made(External(f"typing.{each.kind}"), (each.name,), kwargs, place)
    return inner


def announcer(cls: ClassValue) -> Value:
    """The `__init_subclass__` above a class, as far as bases are known while modules are still running."""
    seen: set[int] = set()
    above = [*reversed(cls.bases)]
    while above:
        base = above.pop()
        origin = base.origin if isinstance(base, Subscripted) else base
        if not isinstance(origin, ClassValue) or id(origin) in seen:
            continue
        seen.add(id(origin))
        found = origin.namespace.get("__init_subclass__")
        if found is not None:
            return found
        above += reversed(origin.bases)
    return None


def announce(machine: Machine, cls: ClassValue, hook: Value) -> None:
    """Run the `__init_subclass__` that a class inherits, once."""
    if isinstance(hook, Function) and not cls.announced:
        cls.announced = True
        keywords = {name: value for name, value in cls.keywords.items() if name != "metaclass"}
        machine.invoke(hook, [cls], keywords)
