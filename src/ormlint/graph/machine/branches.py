"""Bodies of which one happens, and nobody knows which: run all, keep what agrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ormlint.facts.code import Stmt
from ormlint.graph.machine import operators
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.signals import Signal
from ormlint.graph.machine.values import ClassValue, ImportRef, Made, Unknown, Value

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def branch_out(machine: Machine, bodies: list[Sequence[Stmt]], scope: Scope) -> Signal | None:
    """Run bodies of which one happens, and merge what they bind."""
    before = dict(scope.names)
    outcomes: list[tuple[Signal | None, dict[str, Value]]] = []
    for body in bodies:
        _replace(scope.names, before)
        with machine.uncertain():
            signal = machine.run(body, scope)
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
    scope.possible_jumps += [s.kind for s in signals if s is not None and s.kind != "return"]
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
