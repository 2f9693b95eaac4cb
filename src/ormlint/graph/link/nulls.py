"""Code that asks whether a column of a row is NULL, in its query or of the row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from ormlint.facts.code import Attr, Call, Const, Expr, Op
from ormlint.graph.link.known import Known
from ormlint.graph.link.parts import Parts
from ormlint.graph.link.variables import Variables

_METHODS = frozenset({"is_not", "isnot"})
"""https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.ColumnElement.is_not"""
_OPERATORS = frozenset({"is", "is not", "!="})


def asked_for_null(parts: Parts, known: Known, variables: Variables) -> Mapping[str, frozenset[str]]:
    """The attributes of each model that a function asks, in whatever it does then."""
    found: dict[str, set[str]] = defaultdict(set)
    for asked in _asked(parts):
        model = known.model(asked.value) or variables.model(asked.value)
        if model is not None:
            found[model].add(asked.attr)
    return {model: frozenset(names) for model, names in found.items()}


def _asked(parts: Parts) -> Iterator[Attr]:
    for call in parts.of(Call):
        method = call.func
        column = method.value if isinstance(method, Attr) and method.attr in _METHODS else None
        if isinstance(column, Attr) and any(map(_is_none, call.args)):
            yield column
    for test in parts.of(Op):
        if test.op in _OPERATORS and any(map(_is_none, test.args)):
            yield from (each for each in test.args if isinstance(each, Attr))


def _is_none(value: Expr) -> bool:
    return isinstance(value, Const) and value.value is None
