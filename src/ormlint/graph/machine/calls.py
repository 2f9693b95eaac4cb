"""Calls: functions of the project are followed, classes are instantiated symbolically, the rest is `Made`."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from ormlint.facts.code import FunctionDef, Lambda
from ormlint.findings import Place
from ormlint.graph.machine import created, logic, methods, natives
from ormlint.graph.machine.branches import common
from ormlint.graph.machine.classes import is_enum, lookup, mro
from ormlint.graph.machine.enumerations import enum_members
from ormlint.graph.machine.origins import symbol
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.signals import Raised
from ormlint.graph.machine.values import (
    BoundMethod,
    ClassValue,
    External,
    Function,
    Made,
    Member,
    NativeMethod,
    Partial,
    Unknown,
    Value,
    decorator_names,
    known,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine

MAX_DEPTH = 60
"""Calls of the project's functions within one another."""
MAX_DOUBTS = 2
"""Calls of one function within itself, each of them where it is not settled whether it happens.

A walk through a value that is not known never ends, and doubles with each branch that calls it again.
"""

TRANSPARENT = frozenset({
    "staticmethod", "classmethod", "property", "cached_property", "lru_cache", "cache", "wraps",
    "declared_attr",
    "directive", "hybrid_property", "contextmanager", "override", "validates", "overload", "no_type_check",
    "declarative_mixin", "inplace", "expression", "setter", "classproperty",
    "listens_for", "implementation_for",
})  # fmt: skip
"""Decorators that leave what a call returns as it is."""


def call(
    machine: Machine,
    callee: Value,
    args: list[Value],
    kwargs: dict[str, Value],
    place: Place,
    open_: bool = False,
) -> Value:
    """What a call gives. `open_` says that unknown arguments were spread into it."""
    for hook in machine.hooks.call:
        answer = hook(machine, callee, args, kwargs, place)
        if answer is not NotImplemented:
            return answer
    caller = _CALLERS.get(type(callee))
    answer = NotImplemented if caller is None else caller(machine, callee, args, kwargs, place, open_)
    if answer is not NotImplemented:
        return answer
    made = Made(callee, tuple(args), kwargs, place, open_keywords=open_)
    machine.record(made, symbol(callee))
    return made


def _call_unknown(
    machine: Machine, callee: Unknown, args: list[Value], kwargs: dict[str, Value], place: Place, open_: bool
) -> Value:
    return Unknown(callee.reason, place, callee.name)


def _call_function(
    machine: Machine, callee: Function, args: list[Value], kwargs: dict[str, Value], place: Place, open_: bool
) -> Value:
    return Unknown("a call with unknown arguments", place) if open_ else invoke(machine, callee, args, kwargs)


def _call_bound(
    machine: Machine,
    callee: BoundMethod,
    args: list[Value],
    kwargs: dict[str, Value],
    place: Place,
    open_: bool,
) -> Value:
    return call(machine, callee.function, [callee.receiver, *args], kwargs, place, open_)


def _call_native(
    machine: Machine,
    callee: NativeMethod,
    args: list[Value],
    kwargs: dict[str, Value],
    place: Place,
    open_: bool,
) -> Value:
    return methods.method(machine, callee.receiver, callee.name, args, kwargs, place)


def _call_class(
    machine: Machine,
    callee: ClassValue,
    args: list[Value],
    kwargs: dict[str, Value],
    place: Place,
    open_: bool,
) -> Value:
    return _enum_call(machine, callee, args, place) if is_enum(machine, callee) else NotImplemented


def _call_external(
    machine: Machine, callee: External, args: list[Value], kwargs: dict[str, Value], place: Place, open_: bool
) -> Value:
    if callee.path == "functools.partial" and args:
        return Made(callee, tuple(args), kwargs, place)
    if created.makes_model(callee):
        return created.create_model(machine, callee, args, kwargs, place, open_)
    return NotImplemented if open_ else natives.builtin(machine, callee, args, kwargs, place)


def _call_made(
    machine: Machine, callee: Made, args: list[Value], kwargs: dict[str, Value], place: Place, open_: bool
) -> Value:
    if isinstance(callee.callee, External) and callee.callee.path == "functools.partial":
        return call(
            machine, callee.args[0], [*callee.args[1:], *args], {**callee.kwargs, **kwargs}, place, open_
        )
    if isinstance(callee.callee, ClassValue):
        found = lookup(machine, callee.callee, "__call__")
        if found is not None and isinstance(found[1], Function):
            return invoke(machine, found[1], [callee, *args], kwargs)
    return Made(callee, tuple(args), kwargs, place, open_keywords=open_)


def _call_member(
    machine: Machine, callee: Member, args: list[Value], kwargs: dict[str, Value], place: Place, open_: bool
) -> Value:
    if callee.name == "mro" and isinstance(callee.owner, ClassValue):
        return list(mro(machine, callee.owner))
    if isinstance(callee.owner, Made) and callee.owner.callee == External("re.compile"):
        pattern = External(f"re.{callee.name}")
        return natives.builtin(machine, pattern, [*callee.owner.args, *args], kwargs, place)
    return NotImplemented


def _enum_call(machine: Machine, cls: ClassValue, args: list[Value], place: Place) -> Value:
    if len(args) == 1:
        for member in enum_members(machine, cls).values():
            if logic.same(member.value, args[0]):
                return member
    return Unknown("a member of an enum", place)


def invoke(machine: Machine, function: Function, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """Call a function of the project: bind its parameters, run its body, give what it returns."""
    node = function.node
    place = Place(function.module.path, node.line)
    if machine.depth >= MAX_DEPTH:
        return Unknown("calls nested too deeply", place)
    decorator, inner = wrapping(function)
    if decorator is not None:
        if not isinstance(decorator, (Function, BoundMethod)):
            return Unknown(f"the decorator of `{function.name}`", place)
        return _call_wrapped(machine, decorator, inner, args, kwargs, place)
    if isinstance(node, FunctionDef) and node.left_out:
        node = function.node = machine.modules.whole(function.module, node)
    scope = Scope("function", {}, function.module, function.scope, receiver_class=function.owner)
    reason = _bind(machine, function, args, kwargs, scope)
    if reason is not None:
        return Unknown(reason, place)
    maybe = machine.maybe
    entered = machine.entered.setdefault(id(node), [])
    if len({*entered, maybe}) > MAX_DOUBTS + 1:
        return Unknown(f"`{function.name}` calls itself under conditions that are not settled", place)
    entered.append(maybe)
    machine.depth += 1
    try:
        if isinstance(node, Lambda):
            return machine.evaluate(node.body, scope)
        if node.yields:
            return _generator(machine, node, scope, place)
        signal = machine.run(node.body, scope)
    finally:
        entered.pop()
        machine.depth -= 1
        machine.maybe = maybe
    returned = list(scope.possible_returns)
    if signal is None or signal.kind != "raise":
        returned.append(signal.value if signal is not None and signal.kind == "return" else None)
    elif not returned:
        raise Raised(signal.value)  # where it may have returned before, it goes on there
    if len(returned) == 1:
        return returned[0]
    shared = reduce(common, returned)
    return shared if known(shared) else Unknown(f"different returns of `{function.name}`", place)


def _call_wrapped(
    machine: Machine,
    decorator: Value,
    inner: Function,
    args: list[Value],
    kwargs: dict[str, Value],
    place: Place,
) -> Value:
    machine.depth += 1
    try:
        return machine.call(machine.call(decorator, [inner], {}, place), args, kwargs, place)
    finally:
        machine.depth -= 1


def wrapping(function: Function) -> tuple[Value, Function]:
    """The outermost decorator that may change what a call does, if any, and the function that it is given."""
    for number, decorator in enumerate(function.decorators):
        called = decorator.callee if isinstance(decorator, Made) else decorator
        if symbol(called) not in TRANSPARENT and not _known(decorator):
            return decorator, replace(function, decorators=function.decorators[number + 1 :])
    return None, function


def _generator(machine: Machine, node: FunctionDef, scope: Scope, place: Place) -> Value:
    """A generator or context manager: its body happens, what it yields is not followed."""
    machine.run(node.body, scope)
    return Unknown(f"what `{node.name}` yields", place)


def _known(decorator: Value) -> bool:
    return any(name in TRANSPARENT for name in decorator_names(decorator))


def _bind(
    machine: Machine, function: Function, args: list[Value], kwargs: dict[str, Value], scope: Scope
) -> str | None:
    """Bind arguments to parameters; return the reason where they do not fit."""
    rest, named = list(args), dict(kwargs)
    for param in function.node.params:
        if param.kind == "args":
            scope.names[param.name] = tuple(rest)
            rest = []
        elif param.kind == "kwargs":
            scope.names[param.name] = named
            named = {}
        elif param.kind == "positional" and rest:
            scope.names[param.name] = rest.pop(0)
        elif param.name in named:
            scope.names[param.name] = named.pop(param.name)
        elif param.name in function.defaults:
            scope.names[param.name] = function.defaults[param.name]
        elif param.default is not None:
            scope.names[param.name] = machine.evaluate(param.default, function.scope)
        else:
            return f"`{function.name}` is called without `{param.name}`"
    return f"`{function.name}` is called with too many arguments" if rest else None


_Caller = Callable[["Machine", Any, list[Value], dict[str, Value], Place, bool], Value]
_CALLERS: dict[type, _Caller] = {
    Unknown: _call_unknown,
    Partial: _call_unknown,
    Function: _call_function,
    BoundMethod: _call_bound,
    NativeMethod: _call_native,
    ClassValue: _call_class,
    External: _call_external,
    Member: _call_member,
    Made: _call_made,
}
