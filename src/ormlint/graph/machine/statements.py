"""One function for each kind of statement, in one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ormlint.facts.code import (
    Annotated, Assign, Attr, Augmented, ClassDef, Delete, Do, Expr, For, FunctionDef, If, Import, ImportFrom, Index,
    Items, Jump, Match, Name, Raise, Return, Star, Stmt, Try, TypeAlias, While, With,
)  # fmt: skip
from ormlint.findings import Place
from ormlint.graph.machine import attributes, operators
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import (
    Binding, ClassValue, Function, ImportRef, Made, ModuleValue, TypeAliasValue, Unknown, Value,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine

MAX_ROUNDS = 5_000


@dataclass(frozen=True)
class Signal:
    """Why a body ended early: `return`, `raise`, `break` or `continue`."""

    kind: str
    value: Value = None


class Raised(Exception):  # noqa: N818 - it stands for a raise of the program that is read, not for an error of ours
    """A hook found that the program would raise here."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


def run(machine: Machine, body: Sequence[Stmt], scope: Scope) -> Signal | None:
    """Execute statements in order; return the signal that ended them early, if one did."""
    entered = 0
    try:
        for statement in body:
            before = len(scope.possible_returns)
            try:
                signal = _EXECUTORS[type(statement)](machine, statement, scope)
            except Raised as raised:
                signal = Signal("raise", raised.value)
            if signal is not None:
                return signal
            if len(scope.possible_returns) > before:
                # One branch returned, another went on: what follows may happen or not.
                machine.maybe += 1
                entered += 1
    finally:
        machine.maybe -= entered
    return None


def bind(machine: Machine, target: Expr, value: Value, scope: Scope) -> None:
    """Assign a value to a target."""
    if isinstance(target, Name):
        _holder(scope, target.id)[target.id] = value
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
    if machine.maybe:
        value = Unknown("assigned under a condition that is not settled")
    if isinstance(container, dict) and operators.hashable(index) and not isinstance(index, Unknown):
        container[index] = value
    elif isinstance(container, list) and type(index) is int and -len(container) <= index < len(container):
        container[index] = value
    elif isinstance(container, dict):
        for key in container:
            container[key] = Unknown("a dict that an unknown key changed")


def _unpack(machine: Machine, targets: list[Expr], value: Value, scope: Scope) -> None:
    items = operators.iterate(machine, value)
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


def _note(scope: Scope, target: Expr, place: Place) -> None:
    """Remember where a name of a class or module body is bound."""
    if isinstance(target, Name):
        if scope.kind == "class" and scope.owner is not None:
            scope.owner.places[target.id] = place
        elif scope.kind == "module":
            scope.module.places[target.id] = place


def _assign(machine: Machine, node: Assign, scope: Scope) -> Signal | None:
    value = machine.evaluate(node.value, scope)
    for target in node.targets:
        _note(scope, target, Place(scope.module.path, node.line, node.column, node.line, node.end))
        bind(machine, target, value, scope)
    return None


def _annotated(machine: Machine, node: Annotated, scope: Scope) -> Signal | None:
    place = Place(scope.module.path, node.line, node.column, node.line, node.end)
    _note(scope, node.target, place)
    if isinstance(node.target, Name) and scope.kind == "class" and scope.owner is not None:
        binding = Binding(node.annotation, place, scope, node.value is not None)
        scope.owner.annotations[node.target.id] = binding
    if node.value is not None:
        bind(machine, node.target, machine.evaluate(node.value, scope), scope)
    return None


def _augmented(machine: Machine, node: Augmented, scope: Scope) -> Signal | None:
    before = machine.evaluate(node.target, scope)
    value = machine.evaluate(node.value, scope)
    place = machine.place(scope, node.line)
    if isinstance(before, list) and node.op == "+" and not machine.maybe:
        items = operators.iterate(machine, value)
        before.extend(items if items is not None else [Unknown("unknown items", place)])
        return None
    bind(machine, node.target, operators.operate(node.op, [before, value], place), scope)
    return None


def _do(machine: Machine, node: Do, scope: Scope) -> Signal | None:
    machine.evaluate(node.value, scope)
    return None


def _return(machine: Machine, node: Return, scope: Scope) -> Signal | None:
    return Signal("return", None if node.value is None else machine.evaluate(node.value, scope))


def _raise(machine: Machine, node: Raise, scope: Scope) -> Signal | None:
    return Signal("raise", None if node.value is None else machine.evaluate(node.value, scope))


def _if(machine: Machine, node: If, scope: Scope) -> Signal | None:
    test = machine.evaluate(node.test, scope)
    if _is_type_checking(node.test):
        with_names = Scope("module", {}, scope.module, scope) if scope.kind == "module" else scope
        run(machine, node.body, with_names)
        signal = run(machine, node.orelse, scope)
        if with_names is not scope:
            for name, value in with_names.names.items():
                scope.names.setdefault(name, value)
        return signal
    truth = operators.truth(test)
    if truth is not None:
        return run(machine, node.body if truth else node.orelse, scope)
    return branches(machine, [node.body, node.orelse], scope)


def _is_type_checking(test: Expr) -> bool:
    return (isinstance(test, Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, Attr) and test.attr == "TYPE_CHECKING"
    )


def branches(machine: Machine, bodies: list[Sequence[Stmt]], scope: Scope) -> Signal | None:
    """Run bodies of which one happens, and merge what they bind."""
    before = dict(scope.names)
    outcomes: list[tuple[Signal | None, dict[str, Value]]] = []
    for body in bodies:
        _replace(scope.names, before)
        with machine.uncertain():
            signal = run(machine, body, scope)
        outcomes.append((signal, dict(scope.names)))
    going_on = [(s, names) for s, names in outcomes if s is None or s.kind != "raise"]
    if not going_on:
        return outcomes[0][0]
    _replace(
        scope.names, _merged(before, [names for s, names in going_on if s is None] or [going_on[0][1]], scope)
    )
    signals = [signal for signal, _ in going_on]
    if all(signal is not None and signal.kind == "return" for signal in signals):
        values = [signal.value for signal in signals if signal is not None]
        agreed = all(operators.same(values[0], value) for value in values[1:])
        return Signal("return", values[0] if agreed else Unknown("different returns of a condition"))
    scope.possible_returns += [s.value for s in signals if s is not None and s.kind == "return"]
    if all(signal is not None for signal in signals):
        return signals[0]
    return None


def _replace(names: dict[str, Value], new: dict[str, Value]) -> None:
    names.clear()
    names.update(new)


def _merged(before: dict[str, Value], outcomes: list[dict[str, Value]], scope: Scope) -> dict[str, Value]:
    """Names after branches: what agrees stays, what differs is unknown.

    A name that only some branches bind keeps its value in a module (an import, a definition), and is
    unknown in a class, where it would be a column or a field that may not be there.
    """
    merged: dict[str, Value] = {}
    for name in {name: None for outcome in outcomes for name in outcome}:
        values = [outcome[name] for outcome in outcomes if name in outcome]
        complete = len(values) == len(outcomes)
        if (complete or scope.kind != "class") and all(_alike(values[0], value) for value in values[1:]):
            merged[name] = values[0]
            continue
        changed = [value for value in values if name not in before or value is not before[name]]
        definition = next((v for v in changed if isinstance(v, ClassValue)), None)
        if definition is not None and scope.kind == "module":
            merged[name] = definition
        else:
            merged[name] = Unknown("bound under a condition that is not settled", name=name)
    return merged


def _alike(left: Value, right: Value) -> bool:
    if isinstance(left, ImportRef) and isinstance(right, ImportRef):
        return (left.module, left.attr) == (right.module, right.attr)
    if isinstance(left, Made) and isinstance(right, Made) and left is not right:
        return operators.same(left.callee, right.callee) is True and _alike_arguments(left, right)
    return operators.same(left, right) is True


def _alike_arguments(left: Made, right: Made) -> bool:
    return (
        len(left.args) == len(right.args)
        and left.kwargs.keys() == right.kwargs.keys()
        and all(_alike(a, b) for a, b in zip(left.args, right.args, strict=True))
        and all(_alike(left.kwargs[key], right.kwargs[key]) for key in left.kwargs)
    )


def _for(machine: Machine, node: For, scope: Scope) -> Signal | None:
    items = operators.iterate(machine, machine.evaluate(node.iterable, scope))
    if items is None or len(items) > MAX_ROUNDS:
        bind(machine, node.target, Unknown("an item of unknown ones", machine.place(scope, node.line)), scope)
        return _loop_outcome(branches(machine, [node.body, []], scope))
    for item in items:
        if machine.steps < 0:
            break
        bind(machine, node.target, item, scope)
        signal = run(machine, node.body, scope)
        if signal is not None and signal.kind == "break":
            return None
        if signal is not None and signal.kind != "continue":
            return signal
    return run(machine, node.orelse, scope)


def _loop_outcome(signal: Signal | None) -> Signal | None:
    return None if signal is None or signal.kind in ("break", "continue") else signal


def _while(machine: Machine, node: While, scope: Scope) -> Signal | None:
    for _ in range(MAX_ROUNDS):
        truth = operators.truth(machine.evaluate(node.test, scope))
        if truth is None or machine.steps < 0:
            return _loop_outcome(branches(machine, [node.body, []], scope))
        if not truth:
            return run(machine, node.orelse, scope)
        signal = run(machine, node.body, scope)
        if signal is not None and signal.kind == "break":
            return None
        if signal is not None and signal.kind != "continue":
            return signal
    return None


def _with(machine: Machine, node: With, scope: Scope) -> Signal | None:
    for item in node.items:
        value = machine.evaluate(item.value, scope)
        if item.target is not None:
            bind(machine, item.target, value, scope)
    return run(machine, node.body, scope)


def _try(machine: Machine, node: Try, scope: Scope) -> Signal | None:
    signal = run(machine, node.body, scope)
    if signal is not None and signal.kind == "raise" and node.handlers:
        handler = node.handlers[0]
        if handler.name is not None:
            scope.names[handler.name] = Unknown("an exception", name=handler.name)
        signal = run(machine, handler.body, scope)
        if signal is not None and signal.kind == "raise" and len(node.handlers) > 1:
            signal = run(machine, node.handlers[1].body, scope)
    elif signal is None:
        signal = run(machine, node.orelse, scope)
    last = run(machine, node.final, scope)
    return last if last is not None else signal


def _import(machine: Machine, node: Import, scope: Scope) -> Signal | None:
    for alias in node.names:
        if alias.asname is not None:
            scope.names[alias.asname] = ImportRef(alias.name, None, scope.module, node.line)
        else:
            top = alias.name.partition(".")[0]
            scope.names[top] = ImportRef(top, None, scope.module, node.line)
    return None


def absolute(module: ModuleValue, name: str, level: int) -> str | None:
    """The dotted name that a relative import means (https://docs.python.org/3/reference/import.html)."""
    if level == 0:
        return name
    parts = module.name.split(".")
    if not module.is_package:
        parts = parts[:-1]
    if level - 1 >= len(parts) + (1 if module.is_package else 0):
        return None
    parts = parts[: len(parts) - (level - 1)]
    return ".".join([*parts, name] if name else parts)


def _import_from(machine: Machine, node: ImportFrom, scope: Scope) -> Signal | None:
    target = absolute(scope.module, node.module, node.level)
    for alias in node.names:
        if alias.name == "*":
            if target is not None:
                _import_star(machine, target, scope)
            continue
        name = alias.asname or alias.name
        if target is None:
            scope.names[name] = Unknown("a relative import beyond the package", name=name)
        else:
            scope.names[name] = ImportRef(target, alias.name, scope.module, node.line)
    return None


def _import_star(machine: Machine, target: str, scope: Scope) -> None:
    module = machine.import_module(target, scope.module)
    if not isinstance(module, ModuleValue):
        return
    machine.execute(module)
    public = module.namespace.get("__all__")
    names = [n for n in public if isinstance(n, str)] if isinstance(public, (list, tuple)) else None
    for name in names if names is not None else [n for n in module.namespace if not n.startswith("_")]:
        scope.names[name] = machine.module_attribute(module, name)


def _function(machine: Machine, node: FunctionDef, scope: Scope) -> Signal | None:
    decorators = tuple(machine.evaluate(decorator, scope) for decorator in node.decorators)
    defaults = {p.name: machine.evaluate(p.default, scope) for p in node.params if p.default is not None}
    function = Function(node, scope, scope.module, decorators, scope.owner, defaults)
    _note(
        scope,
        Name(node.line, node.name),
        Place(scope.module.path, node.line, node.column, node.line, node.end),
    )
    _holder(scope, node.name)[node.name] = function
    return None


def _class(machine: Machine, node: ClassDef, scope: Scope) -> Signal | None:
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
    run(machine, node.body, body)
    _note(scope, Name(node.line, node.name), place)
    _holder(scope, node.name)[node.name] = cls
    return None


def _type_alias(machine: Machine, node: TypeAlias, scope: Scope) -> Signal | None:
    scope.names[node.name] = TypeAliasValue(node.name, node.value, scope)
    return None


def _delete(machine: Machine, node: Delete, scope: Scope) -> Signal | None:
    for target in node.targets:
        if isinstance(target, Name):
            scope.names.pop(target.id, None)
        elif isinstance(target, Index):
            container, index = machine.evaluate(target.value, scope), machine.evaluate(target.index, scope)
            if isinstance(container, dict) and operators.hashable(index):
                container.pop(index, None)
    return None


def _jump(machine: Machine, node: Jump, scope: Scope) -> Signal | None:
    return Signal(node.kind)


def _match(machine: Machine, node: Match, scope: Scope) -> Signal | None:
    subject = machine.evaluate(node.subject, scope)
    open_bodies: list[Sequence[Stmt]] = []
    for case in node.cases:
        verdict: bool | None = None if case.captures or case.guard is not None else True
        if case.pattern is not None:
            verdict = operators.same(subject, machine.evaluate(case.pattern, scope))
        if verdict is True and not open_bodies:
            return run(machine, case.body, scope)
        if verdict is not False:
            open_bodies.append(case.body)
    return branches(machine, [*open_bodies, []], scope) if open_bodies else None


_EXECUTORS: dict[type, Callable[[Machine, Any, Scope], Signal | None]] = {
    Assign: _assign,
    Annotated: _annotated,
    Augmented: _augmented,
    Do: _do,
    Return: _return,
    Raise: _raise,
    If: _if,
    For: _for,
    While: _while,
    With: _with,
    Try: _try,
    Import: _import,
    ImportFrom: _import_from,
    FunctionDef: _function,
    ClassDef: _class,
    TypeAlias: _type_alias,
    Delete: _delete,
    Jump: _jump,
    Match: _match,
}
