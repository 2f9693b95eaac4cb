"""One function for each kind of expression but a constant, in one table."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ormlint.facts.code import (
    Attr,
    Call,
    Comprehension,
    Cond,
    FString,
    Index,
    Items,
    Lambda,
    Mapping,
    Name,
    Op,
    Opaque,
    Slice,
    Star,
    Walrus,
)  # fmt: skip
from ormlint.findings import Place
from ormlint.graph.machine import attributes, containers, displays, formatting, logic, operators, weight
from ormlint.graph.machine.aliases import alias_value, given_types, literal_values
from ormlint.graph.machine.branches import common
from ormlint.graph.machine.classes import is_enum, mro
from ormlint.graph.machine.doubts import is_open
from ormlint.graph.machine.enumerations import enum_members
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import (
    HOLE,
    ClassValue,
    External,
    Function,
    ImportRef,
    Made,
    Member,
    Partial,
    Subscripted,
    TypeAliasValue,
    Unknown,
    Value,
    known,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine

_BUILTINS = {name: External(f"builtins.{name}") for name in dir(builtins)}


def _name(machine: Machine, expr: Name, scope: Scope) -> Value:
    found = scope.find(expr.id)
    if found is not None and found[0].kind == "class" and _bound_after(found[0], expr):
        found = found[0].parent.find(expr.id) if found[0].parent is not None else None
    if found is None:
        if expr.id in _BUILTINS:
            return _BUILTINS[expr.id]
        return Unknown(f"`{expr.id}` is not defined", machine.place(scope, expr.line), expr.id)
    holder, value = found
    if type(value) is ImportRef:
        ref, value = value, machine.import_name(value)
        if type(value) is not ImportRef and not (isinstance(value, Unknown) and machine.depth):
            holder.names[expr.id] = ref.found = value
    if type(value) is TypeAliasValue:
        return alias_value(machine, value)
    return value


def _bound_after(scope: Scope, expr: Name) -> bool:
    """Whether a class body binds the name below the annotation that uses it, which so means an outer name."""
    place = scope.owner.places.get(expr.id) if scope.owner is not None else None
    return place is not None and place.path == scope.module.path and place.line > expr.line


def _attribute(machine: Machine, expr: Attr, scope: Scope) -> Value:
    value = attributes.get(machine, machine.evaluate(expr.value, scope), expr.attr)
    return machine.import_name(value) if isinstance(value, ImportRef) else value


def _call(machine: Machine, expr: Call, scope: Scope) -> Value:
    callee = machine.evaluate(expr.func, scope)
    args: list[Value] = []
    open_ = False
    for arg in expr.args:
        if isinstance(arg, Star):
            spread = containers.iterate(machine, machine.evaluate(arg.value, scope))
            if spread is None:
                open_ = True
            else:
                args += spread
        else:
            args.append(machine.evaluate(arg, scope))
    kwargs: dict[str, Value] = {}
    for keyword in expr.keywords:
        value = machine.evaluate(keyword.value, scope)
        if keyword.name is not None:
            kwargs[keyword.name] = value
        elif isinstance(value, dict):
            kwargs.update({key: item for key, item in value.items() if isinstance(key, str)})
            open_ = open_ or is_open(value)
        else:
            open_ = True
    place = Place(scope.module.path, expr.line)
    if type(callee) is External and callee.path in _OF_SCOPES:
        if callee.name != "super":
            of_class = scope.kind == "class" and callee.name != "globals" and not args
            return scope.names if of_class else Unknown(f"{callee.name}()", place)
        if not args:
            return _super(machine, scope)
    return machine.call(callee, args, kwargs, place, open_)  # which migrations answer in their own way


_OF_SCOPES = frozenset({"builtins.super", "builtins.locals", "builtins.globals", "builtins.vars"})
"""Functions whose answer depends on where they are called."""


def _super(machine: Machine, scope: Scope) -> Value:
    inner: Scope | None = scope
    while inner is not None and inner.receiver_class is None:
        inner = inner.parent
    if inner is None:
        return Unknown("super()", name="super")
    first = next(iter(inner.names.values()), None) if inner.kind == "function" else None
    holder = inner.receiver_class
    cls = first.callee if isinstance(first, Made) else first
    if isinstance(first, Made) and isinstance(cls, ClassValue) and holder in mro(machine, cls):
        return Member(cls, "super()", {"__thisclass__": holder, "__self__": first})
    return Member(cls if isinstance(cls, ClassValue) else holder, "super()", {"__thisclass__": holder})


def _index(machine: Machine, expr: Index, scope: Scope) -> Value:
    value = machine.evaluate(expr.value, scope)
    if isinstance(expr.index, Slice):
        return _slice(machine, value, expr.index, scope)
    index = machine.evaluate(expr.index, scope)
    if isinstance(value, ClassValue) and is_enum(machine, value):
        return enum_members(machine, value).get(index, Unknown("no such enum member"))
    if isinstance(value, (External, ClassValue, Function, Member, Subscripted)):
        args = tuple(index) if isinstance(index, tuple) else (index,)
        if isinstance(value, External) and value.name == "Literal":
            args = literal_values(args)
        given = given_types(value, args) if isinstance(value, Subscripted) else None
        return given if given is not None else Subscripted(value, args)
    return containers.item(value, index)


def _slice(machine: Machine, value: Value, part: Slice, scope: Scope) -> Value:
    bounds = [None if b is None else machine.evaluate(b, scope) for b in (part.lower, part.upper, part.step)]
    if isinstance(value, (str, list, tuple)) and all(b is None or type(b) is int for b in bounds):
        try:
            return value[slice(*bounds)]
        except ValueError:
            pass
    place = machine.place(scope, part.line)
    if isinstance(value, (External, ClassValue)):  # `Mapped[uuid:UUID]`, a slip that is no error
        return Subscripted(value, (Made(External("builtins.slice"), tuple(bounds), {}, place),))
    return Unknown("a slice", place)


def _operation(machine: Machine, expr: Op, scope: Scope) -> Value:
    if expr.op in ("and", "or"):
        return _boolean(machine, expr, scope)
    values = [machine.evaluate(arg, scope) for arg in expr.args]
    return operators.operate(expr.op, values, machine.place(scope, expr.line))


def _boolean(machine: Machine, expr: Op, scope: Scope) -> Value:
    stops = expr.op == "or"
    settled = True
    for arg in expr.args[:-1]:
        value = machine.evaluate(arg, scope)
        truth = logic.truth(value)
        if truth is stops and settled:
            return value
        settled = settled and truth is not None
    value = machine.evaluate(expr.args[-1], scope)
    if settled or value is stops:
        return value
    return Unknown("a condition", machine.place(scope, expr.line))


def _conditional(machine: Machine, expr: Cond, scope: Scope) -> Value:
    truth = logic.truth(machine.evaluate(expr.test, scope))
    if truth is None:
        with machine.uncertain():
            body, orelse = machine.evaluate(expr.body, scope), machine.evaluate(expr.orelse, scope)
        shared = common(body, orelse)
        return shared if known(shared) else Unknown(shared.reason, machine.place(scope, expr.line))
    return machine.evaluate(expr.body if truth else expr.orelse, scope)


def _fstring(machine: Machine, expr: FString, scope: Scope) -> Value:
    text, whole = "", True
    for part in expr.parts:
        if isinstance(part, str):
            text += part
            continue
        value = formatting.text(machine.evaluate(part.value, scope), part.conversion, part.spec)
        if value is None:
            whole, value = False, HOLE
        elif HOLE in value:
            whole = False
        text += value
        if len(text) > weight.MAX_TEXT:
            return Unknown("a very long text", machine.place(scope, expr.line))
    return text if whole else Partial(text, "a text with unknown parts", machine.place(scope, expr.line))


def _lambda(machine: Machine, expr: Lambda, scope: Scope) -> Value:
    return Function(expr, scope, scope.module)


def _star(machine: Machine, expr: Star, scope: Scope) -> Value:
    return machine.evaluate(expr.value, scope)


def _walrus(machine: Machine, expr: Walrus, scope: Scope) -> Value:
    value = machine.evaluate(expr.value, scope)
    scope.names[expr.target] = value
    return value


def _opaque(machine: Machine, expr: Opaque, scope: Scope) -> Value:
    return Unknown(f"an expression that is not followed ({expr.what})", machine.place(scope, expr.line))


def _slice_alone(machine: Machine, expr: Slice, scope: Scope) -> Value:
    return Unknown("a slice", machine.place(scope, expr.line))


EVALUATORS: dict[type, Callable[[Machine, Any, Scope], Value]] = {
    Name: _name,
    Attr: _attribute,
    Call: _call,
    Items: displays.items,
    Mapping: displays.mapping,
    Index: _index,
    Slice: _slice_alone,
    Op: _operation,
    Cond: _conditional,
    FString: _fstring,
    Comprehension: displays.comprehension,
    Lambda: _lambda,
    Star: _star,
    Walrus: _walrus,
    Opaque: _opaque,
}

MAKING = frozenset({Call, Items, Mapping, Index, Op, FString, Comprehension})
"""What may make a value that is larger than its parts."""
