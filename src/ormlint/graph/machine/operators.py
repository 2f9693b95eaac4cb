"""Operators over values."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from pathlib import PurePath

from ormlint.findings import Place
from ormlint.graph.machine import logic, weight
from ormlint.graph.machine.doubts import is_open
from ormlint.graph.machine.formatting import percent
from ormlint.graph.machine.values import (
    HOLE,
    Alternatives,
    ClassValue,
    External,
    Made,
    Member,
    Partial,
    Subscripted,
    Unknown,
    Value,
)  # fmt: skip

_TYPES = (External, ClassValue, Subscripted, Alternatives, Member)


def operate(op: str, values: list[Value], place: Place) -> Value:
    """Apply an operator to values; more than two are taken from the left."""
    if len(values) > 2 and op != "|":
        result = values[0]
        for value in values[1:]:
            result = operate(op, [result, value], place)
        return result
    if op == "|" and _are_types(values):
        return _union(values)
    if op == "/" and isinstance(values[0], PurePath) and isinstance(values[1], str):
        return values[0] / values[1]
    if op == "not":
        value = logic.truth(values[0])
        return Unknown("a condition", place) if value is None else not value
    if op in ("is", "is not", "==", "!="):
        equal = logic.same(values[0], values[1])
        if equal is None and op in ("is", "is not") and None in [v for v in values if v is None]:
            equal = None if any(isinstance(v, Unknown) for v in values) else False
        return Unknown("a comparison", place) if equal is None else equal is (op in ("is", "=="))
    if op in ("in", "not in"):
        found = logic.contains(values[1], values[0])
        return Unknown("a comparison", place) if found is None else found is (op == "in")
    if op in ("+", "%") and any(isinstance(v, Partial) for v in values):
        joined = _join(op, values)
        return (
            Partial(joined, "a text with unknown parts", place)
            if joined is not None
            else Unknown("a text", place)
        )
    if op == "+" and isinstance(values[0], str) and isinstance(values[1], Unknown):
        return Partial(values[0] + HOLE, "a text with unknown parts", place)
    if op == "+" and isinstance(values[1], str) and isinstance(values[0], Unknown):
        return Partial(HOLE + values[1], "a text with unknown parts", place)
    return _arithmetic(op, values, place)


def _are_types(values: list[Value]) -> bool:
    """Whether `|` joins types: beside `None` or a class, what is not settled is a type too."""
    if all(isinstance(v, _TYPES) or v is None for v in values):
        return True
    certain = any(v is None or isinstance(v, (ClassValue, Subscripted, Alternatives)) for v in values)
    return certain and all(v is None or isinstance(v, (*_TYPES, Made, Unknown)) for v in values)


def _union(values: list[Value]) -> Value:
    members: list[Value] = []
    for value in values:
        members += value.members if isinstance(value, Alternatives) else (value,)
    return Alternatives(tuple(members))


def _join(op: str, values: list[Value]) -> str | None:
    """What is joined with a text is one, known or not."""
    texts = [v.text if isinstance(v, Partial) else HOLE if isinstance(v, Unknown) else v for v in values]
    if op == "+" and all(isinstance(t, str) for t in texts):
        return "".join(texts)
    return None


def _arithmetic(op: str, values: list[Value], place: Place) -> Value:
    function = _FUNCTIONS.get(op)
    if op == "%" and isinstance(values[0], str):
        return percent(values[0], values[1], place)
    if function is None or any(not isinstance(v, (str, int, float, list, tuple, dict, set)) for v in values):
        return Unknown(f"the outcome of `{op}`", place)
    if op != "|" and any(isinstance(v, set) and is_open(v) for v in values):
        return Unknown(f"the outcome of `{op}`", place)
    if op in ("*", "**", "<<") and not _small(values):
        return Unknown(f"the outcome of `{op}`", place)
    try:
        return function(*values)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return Unknown(f"the outcome of `{op}`", place)


def _small(values: list[Value]) -> bool:
    """No product that fills the memory."""
    if any(isinstance(value, (int, float)) and not abs(value) < 1000 for value in values):
        return False
    sizes = [abs(value) if isinstance(value, (int, float)) else len(value) for value in values]
    return math.prod(size + 1 for size in sizes) <= weight.MAX_TEXT


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "|": operator.or_, "&": operator.and_, "^": operator.xor,
    "<<": operator.lshift, ">>": operator.rshift, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "neg": operator.neg, "pos": operator.pos, "inv": operator.invert,
}  # fmt: skip
