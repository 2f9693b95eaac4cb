"""Operators, truth, equality, texts and iteration over values."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from ormlint.findings import Place
from ormlint.graph.machine import weight
from ormlint.graph.machine.classes import is_enum
from ormlint.graph.machine.doubts import is_open
from ormlint.graph.machine.enumerations import enum_members
from ormlint.graph.machine.values import (
    HOLE,
    Alternatives,
    ClassValue,
    EnumMember,
    External,
    Function,
    Made,
    Member,
    ModuleValue,
    Partial,
    Subscripted,
    Unknown,
    Value,
    made_by,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine

MAX_ITEMS = 100_000
_WIDE = r"%[^a-zA-Z%]*(?:\*|\d{5})"
"""A width or a precision of `%` that would make a text of that size."""
_TYPES = (External, ClassValue, Subscripted, Alternatives, Member)


def truth(value: Value) -> bool | None:
    """Whether a value is true; `None` where it is not settled."""
    if isinstance(value, Unknown):
        return None
    if isinstance(value, (list, dict, set)) and value:
        # What was added under a condition that is not settled stands as unknown, and may not be there.
        return None if all(isinstance(item, Unknown) for item in value) else True
    if isinstance(value, (str, int, float, list, tuple, dict, set, frozenset)) or value is None:
        return bool(value)
    if isinstance(value, (ClassValue, Function, ModuleValue)):
        return True
    if isinstance(value, EnumMember) and isinstance(value.value, (str, int)):
        return bool(value.value) if not isinstance(value.value, str) else True
    return True if isinstance(value, Made) and _is_always_true(value.callee) else None


def _is_always_true(cls: Value) -> bool:
    """Whether every instance of a class is true: nothing in it says otherwise.

    https://docs.python.org/3/library/stdtypes.html#truth-value-testing
    """
    if not isinstance(cls, ClassValue):
        return isinstance(cls, External) and cls.path == "builtins.object"
    plain = not {"__bool__", "__len__"} & cls.namespace.keys()
    return plain and all(_is_always_true(base) for base in cls.bases)


def hashable(value: Value) -> bool:
    """Whether a value can be a key."""
    return not weight.is_large(value) and _hashable(value)


def _hashable(value: Value) -> bool:
    if isinstance(value, tuple):
        return all(_hashable(item) for item in value)
    return not isinstance(value, (list, dict, set))


def hashed(values: Iterable[Value]) -> Value:
    """A set display, or Unknown where an item is."""
    items = list(values)
    if any(isinstance(item, Unknown) or not hashable(item) for item in items):
        return Unknown("a set with unknown items")
    return set(items)


def same(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; `None` where it is not settled."""
    if left is not right and (weight.is_large(left) or weight.is_large(right)):
        return None
    return _same(left, right)


def _same(left: Value, right: Value) -> bool | None:
    if left is right:
        return True
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return None
    if isinstance(left, EnumMember) and isinstance(right, EnumMember):
        return left.owner is right.owner and left.name == right.name
    if isinstance(left, EnumMember) or isinstance(right, EnumMember):
        plain = [value.value if isinstance(value, EnumMember) else value for value in (left, right)]
        return True if plain[0] == plain[1] else None
    if isinstance(left, (Made, Member)) or isinstance(right, (Made, Member)):
        columns = made_by(left, "Column") and made_by(right, "Column")  # each call makes another one
        return False if left is None or right is None or columns else None
    if isinstance(left, (list, tuple)) and type(left) is type(right):
        if len(left) != len(right):
            return False
        parts = [_same(a, b) for a, b in zip(left, right, strict=True)]
        return False if False in parts else None if None in parts else True
    if left == right:
        return True
    # Any two of what is neither plain nor known may be equal after all.
    doubtful = isinstance(left, (dict, set)) and isinstance(right, type(left)) and not _are_plain(left, right)
    return None if doubtful else False


_INDEXED = (str, list, tuple, dict, re.Match)


def item(value: Value, index: Value) -> Value:
    """`value[index]` of a known container."""
    if (
        isinstance(index, Unknown)
        or not isinstance(value, (str, list, tuple, dict, re.Match))
        or not hashable(index)
    ):
        return Unknown("an item")
    if isinstance(index, EnumMember) and isinstance(value, dict) and index not in value:
        index = index.value
    try:
        return value[index]
    except (KeyError, IndexError, TypeError):
        return Unknown(f"no item {index!r}")


def iterate(machine: Machine, value: Value) -> list[Value] | None:
    """The items that iterating gives, or `None` where they are not settled."""
    if isinstance(value, (list, tuple)):
        return list(value)
    if isinstance(value, dict):
        return list(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=repr)
    if isinstance(value, str):
        return list(value) if len(value) <= MAX_ITEMS else None
    if isinstance(value, ClassValue) and is_enum(machine, value):
        return list(enum_members(machine, value).values())
    if isinstance(value, Made):  # whoever stands for a collection says what is in it
        items: list[Value] | None = value.attributes.get("__iter__")
        return items
    return None


def text(value: Value, conversion: str = "", spec: str = "") -> str | None:
    """What an f-string shows for a value; `None` where it is not settled."""
    if isinstance(value, Partial):
        return value.text if not spec and not conversion else None
    if isinstance(value, EnumMember):
        value = value.value if not conversion else None
    if isinstance(value, PurePath) and not conversion:
        value = str(value)
    if weight.is_large(value):
        return None
    if value is None or not isinstance(value, (str, int, float, list, tuple)) or not _plain(value):
        return "None" if value is None and not spec and not conversion else None
    try:
        shown = _CONVERSIONS[conversion](value) if conversion else value
        return format(shown, spec) if _bounded(spec) else None
    except (ValueError, TypeError):
        return None


_CONVERSIONS: dict[str, Callable[[object], str]] = {"r": repr, "s": str, "a": ascii}


def _bounded(spec: str) -> bool:
    """A width of many digits would make a text of that size."""
    return sum(c.isdigit() for c in spec) <= 4


def _plain(value: Value) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_plain(each) for each in value)
    return isinstance(value, (str, int, float)) or value is None


def _are_plain(*containers: Value) -> bool:
    held = (
        item for each in containers for item in ([*each, *each.values()] if isinstance(each, dict) else each)
    )
    return all(map(_plain, held))


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
        value = truth(values[0])
        return Unknown("a condition", place) if value is None else not value
    if op in ("is", "is not", "==", "!="):
        equal = same(values[0], values[1])
        if equal is None and op in ("is", "is not") and None in [v for v in values if v is None]:
            equal = None if any(isinstance(v, Unknown) for v in values) else False
        return Unknown("a comparison", place) if equal is None else equal is (op in ("is", "=="))
    if op in ("in", "not in"):
        found = _contains(values[1], values[0])
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


def _contains(container: Value, value: Value) -> bool | None:
    if isinstance(value, EnumMember) and isinstance(container, (str, dict)):
        value = value.value
    if isinstance(container, str):
        return value in container if isinstance(value, str) else None
    if isinstance(container, (list, tuple, set, frozenset, dict)):
        if type(value) is str and all(type(each) is str for each in container):
            return value in container
        answers = [same(each, value) for each in container]
        return True if True in answers else None if None in answers else False
    return None


def _join(op: str, values: list[Value]) -> str | None:
    """What is joined with a text is one, known or not."""
    texts = [v.text if isinstance(v, Partial) else HOLE if isinstance(v, Unknown) else v for v in values]
    if op == "+" and all(isinstance(t, str) for t in texts):
        return "".join(texts)
    return None


def _arithmetic(op: str, values: list[Value], place: Place) -> Value:
    function = _FUNCTIONS.get(op)
    if op == "%" and isinstance(values[0], str):
        return _percent(values[0], values[1], place)
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


def _percent(template: str, values: Value, place: Place) -> Value:
    if isinstance(values, dict):
        filled: Any = {key: _shown(value) for key, value in values.items()}
    else:
        filled = tuple(_shown(value) for value in (values if isinstance(values, tuple) else (values,)))
    shown = filled.values() if isinstance(filled, dict) else filled
    longest = max((len(each) for each in shown if isinstance(each, str)), default=0)
    if template.count("%") * longest > weight.MAX_TEXT or re.search(_WIDE, template):
        return Unknown("a very long text", place)
    try:
        result = template % filled
    except (TypeError, ValueError, KeyError, OverflowError):
        return Unknown("a formatted text", place)
    return Partial(result, "a text with unknown parts", place) if HOLE in result else result


def _shown(value: Value) -> Value:
    if isinstance(value, (int, float)):
        return value
    shown = text(value)
    return HOLE if shown is None else shown


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "|": operator.or_, "&": operator.and_, "^": operator.xor,
    "<<": operator.lshift, ">>": operator.rshift, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "neg": operator.neg, "pos": operator.pos, "inv": operator.invert,
}  # fmt: skip
