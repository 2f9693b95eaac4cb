"""One function for each kind of statement, in one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ormlint.facts.code import (
    Annotated,
    Assign,
    Attr,
    Augmented,
    ClassDef,
    Delete,
    Do,
    Expr,
    For,
    FunctionDef,
    If,
    Import,
    ImportFrom,
    Index,
    Jump,
    Match,
    Name,
    Raise,
    Return,
    Stmt,
    Try,
    TypeAlias,
    While,
    With,
)  # fmt: skip
from ormlint.findings import Place
from ormlint.graph.machine import containers, definitions, imports, logic, methods, operators, weight
from ormlint.graph.machine.binding import bind, note
from ormlint.graph.machine.branches import branch_out
from ormlint.graph.machine.doubts import unsettle
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.signals import Raised, Signal
from ormlint.graph.machine.values import Binding, TypeAliasValue, Unknown, Value

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine

MAX_ROUNDS = 5_000


def run(machine: Machine, body: Sequence[Stmt], scope: Scope) -> Signal | None:
    """Execute statements in order; return the signal that ended them early, if one did."""
    entered = 0
    try:
        for statement in body:
            kind = type(statement)
            before = _possible_ends(scope) if kind in _BRANCHING else 0
            try:
                signal = _EXECUTORS[kind](machine, statement, scope)
            except Raised as raised:
                signal = Signal("raise", raised.value)
            if signal is not None:
                return signal
            if kind in _BRANCHING and _possible_ends(scope) > before:
                # One branch left the body, another went on: what follows may happen or not.
                machine.maybe += 1
                entered += 1
    finally:
        machine.maybe -= entered
    return None


def _possible_ends(scope: Scope) -> int:
    return len(scope.possible_returns) + len(scope.possible_jumps)


def _assign(machine: Machine, node: Assign, scope: Scope) -> Signal | None:
    value = machine.evaluate(node.value, scope)
    for target in node.targets:
        note(scope, target, node)
        bind(machine, target, value, scope)
    return None


def _annotated(machine: Machine, node: Annotated, scope: Scope) -> Signal | None:
    note(scope, node.target, node)
    if type(node.target) is Name and scope.kind == "class" and scope.owner is not None:
        place = scope.owner.places[node.target.id]
        binding = Binding(node.annotation, place, scope, node.value is not None)
        if machine.maybe:
            binding.other, binding.conditional = scope.owner.annotations.get(node.target.id), True
        scope.owner.annotations[node.target.id] = binding
    if node.value is not None:
        bind(machine, node.target, machine.evaluate(node.value, scope), scope)
    return None


def _augmented(machine: Machine, node: Augmented, scope: Scope) -> Signal | None:
    before = machine.evaluate(node.target, scope)
    value = machine.evaluate(node.value, scope)
    place = machine.place(scope, node.line)
    if isinstance(before, list) and node.op == "+" and not machine.maybe:
        methods.extend(machine, before, value, place)
        return None
    after = operators.operate(node.op, [before, value], place)
    bind(machine, node.target, weight.bounded(machine, after, place.path, place.line), scope)
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
    if _is_type_checking(node.test) and scope.kind != "class":  # where it would declare a field or a column
        with_names = Scope("module", {}, scope.module, scope) if scope.kind == "module" else scope
        run(machine, node.body, with_names)
        signal = run(machine, node.orelse, scope)
        if with_names is not scope:
            for name, value in with_names.names.items():
                scope.names.setdefault(name, value)
        return signal
    truth = logic.truth(test)
    if truth is not None:
        return run(machine, node.body if truth else node.orelse, scope)
    return branch_out(machine, [node.body, node.orelse], scope)


def _is_type_checking(test: Expr) -> bool:
    return (isinstance(test, Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, Attr) and test.attr == "TYPE_CHECKING"
    )


def _for(machine: Machine, node: For, scope: Scope) -> Signal | None:
    items = containers.iterate(machine, machine.evaluate(node.iterable, scope))
    if items is None or len(items) > MAX_ROUNDS:
        bind(machine, node.target, Unknown("an item of unknown ones", machine.place(scope, node.line)), scope)
        return _some_rounds(machine, node.body, scope)
    maybe = machine.maybe
    try:
        for item in items:
            if machine.steps < 0:
                break
            bind(machine, node.target, item, scope)
            signal, may_end = _round(machine, node.body, scope)
            if signal is not None and signal.kind == "break":
                return None
            if signal is not None and signal.kind != "continue":
                return signal
            machine.maybe += may_end
        return run(machine, node.orelse, scope)
    finally:
        machine.maybe = maybe


def _round(machine: Machine, body: Sequence[Stmt], scope: Scope) -> tuple[Signal | None, bool]:
    """One round of a loop, and whether a `break` or a `return` may have ended the loop."""
    machine.steps -= 1
    outer, scope.possible_jumps = scope.possible_jumps, []
    returns = len(scope.possible_returns)
    signal = run(machine, body, scope)
    may_end = "break" in scope.possible_jumps or len(scope.possible_returns) > returns
    scope.possible_jumps = outer
    return signal, may_end


def _some_rounds(machine: Machine, body: Sequence[Stmt], scope: Scope) -> Signal | None:
    """Rounds of a loop of which nobody knows whether there is any."""
    outer, scope.possible_jumps = scope.possible_jumps, []
    signal = branch_out(machine, [body, []], scope)
    scope.possible_jumps = outer
    return None if signal is None or signal.kind in ("break", "continue") else signal


def _while(machine: Machine, node: While, scope: Scope) -> Signal | None:
    for _ in range(MAX_ROUNDS):
        truth = logic.truth(machine.evaluate(node.test, scope))
        if truth is None or machine.steps < 0:
            return _some_rounds(machine, node.body, scope)
        if not truth:
            return run(machine, node.orelse, scope)
        signal, may_end = _round(machine, node.body, scope)
        if signal is not None and signal.kind == "break":
            return None
        if signal is not None and signal.kind != "continue":
            return signal
        if may_end:  # there may be any number of rounds more
            return _some_rounds(machine, node.body, scope)
    return None


def _with(machine: Machine, node: With, scope: Scope) -> Signal | None:
    for item in node.items:
        value = machine.evaluate(item.value, scope)
        if item.target is not None:
            bind(machine, item.target, value, scope)
    return run(machine, node.body, scope)


def _try(machine: Machine, node: Try, scope: Scope) -> Signal | None:
    with machine.catching():
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


def _type_alias(machine: Machine, node: TypeAlias, scope: Scope) -> Signal | None:
    scope.names[node.name] = TypeAliasValue(node.name, node.value, scope)
    return None


def _delete(machine: Machine, node: Delete, scope: Scope) -> Signal | None:
    for target in node.targets:
        if isinstance(target, Name):
            scope.names.pop(target.id, None)
        elif isinstance(target, Index):
            container, index = machine.evaluate(target.value, scope), machine.evaluate(target.index, scope)
            if isinstance(container, (dict, list)):
                _delete_item(machine, container, index, machine.place(scope, node.line))
    return None


def _delete_item(machine: Machine, container: Value, index: Value, place: Place) -> None:
    """`del container[index]`"""
    sure = machine.maybe == 0 and not isinstance(index, Unknown)
    if sure and isinstance(container, dict) and logic.hashable(index):
        container.pop(index, None)
    elif (
        sure
        and isinstance(container, list)
        and type(index) is int
        and -len(container) <= index < len(container)
    ):
        del container[index]
    else:
        unsettle(container, Unknown("items of which some may be deleted", place))


def _jump(machine: Machine, node: Jump, scope: Scope) -> Signal | None:
    return Signal(node.kind)


def _match(machine: Machine, node: Match, scope: Scope) -> Signal | None:
    subject = machine.evaluate(node.subject, scope)
    open_bodies: list[Sequence[Stmt]] = []
    for case in node.cases:
        verdict: bool | None = None if case.captures or case.guard is not None else True
        if case.pattern is not None:
            verdict = logic.same(subject, machine.evaluate(case.pattern, scope))
        if verdict is True and not open_bodies:
            return run(machine, case.body, scope)
        if verdict is not False:
            open_bodies.append(case.body)
    return branch_out(machine, [*open_bodies, []], scope) if open_bodies else None


_BRANCHING = frozenset({If, For, While, With, Try, Match})
"""Statements with bodies of their own, which may end the body that they are in."""

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
    Import: imports.execute_import,
    ImportFrom: imports.execute_import_from,
    FunctionDef: definitions.execute_function,
    ClassDef: definitions.execute_class,
    TypeAlias: _type_alias,
    Delete: _delete,
    Jump: _jump,
    Match: _match,
}
