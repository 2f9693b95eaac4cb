"""Values as texts, in f-strings and by `%`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from ormlint.findings import Place
from ormlint.graph.machine import logic, weight
from ormlint.graph.machine.values import HOLE, EnumMember, Partial, Unknown, Value

_WIDE = r"%[^a-zA-Z%]*(?:\*|\d{5})"
"""A width or a precision of `%` that would make a text of that size."""


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
    if value is None or not isinstance(value, (str, int, float, list, tuple)) or not logic.is_plain(value):
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


def percent(template: str, values: Value, place: Place) -> Value:
    """`template % values`."""
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
