"""Bodies of which one happens, and nobody knows which: run all, keep what agrees."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

from ormlint.facts.code import Stmt
from ormlint.graph.machine import logic
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
        return Signal("return", reduce(common, values))
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
        agreed = reduce(common, values)
        if (complete or scope.kind != "class") and not isinstance(agreed, Unknown):
            merged[name] = agreed
            continue
        changed = [value for value in values if name not in before or value is not before[name]]
        definition = next((v for v in changed if isinstance(v, ClassValue)), None)
        if definition is not None and scope.kind == "module":
            merged[name] = definition
        else:
            merged[name] = Unknown("bound under a condition that is not settled", name=name)
    return merged


def common(left: Value, right: Value) -> Value:
    """What two values have in common of which one is right: of two calls of one name, the equal arguments."""
    if left is right:
        return left
    if isinstance(left, ImportRef) and isinstance(right, ImportRef):
        same_name = (left.module, left.attr) == (right.module, right.attr)
        return left if same_name else Unknown("imported under a condition that is not settled")
    if isinstance(left, ImportRef) or isinstance(right, ImportRef):
        ref, value = (left, right) if isinstance(left, ImportRef) else (right, left)
        return value if _is_used(ref, value) else Unknown("a condition that is not settled")
    if isinstance(left, Made) and isinstance(right, Made):
        return _common_call(left, right)
    return left if logic.same(left, right) is True else Unknown("a condition that is not settled")


def _is_used(ref: Value, value: Value) -> bool:
    """Whether a name that one branch leaves as it was imported is no other in one that uses it."""
    return isinstance(ref, ImportRef) and ref.found is not None and logic.same(ref.found, value) is True


def _common_call(left: Made, right: Made) -> Value:
    if logic.same(left.callee, right.callee) is not True or len(left.args) != len(right.args):
        return Unknown("a condition that is not settled", left.place)
    args = tuple(map(common, left.args, right.args))
    kwargs = {key: common(left.kwargs[key], right.kwargs[key]) for key in left.kwargs if key in right.kwargs}
    if left.kwargs.keys() == right.kwargs.keys():
        pairs = (*zip(args, left.args, strict=True), *((kwargs[key], left.kwargs[key]) for key in kwargs))
        if all(shared is own for shared, own in pairs):
            return left
    elsewhere = left.kwargs.keys() != right.kwargs.keys()
    open_ = left.open_keywords or right.open_keywords or elsewhere
    return Made(left.callee, args, kwargs, left.place, open_keywords=open_)
