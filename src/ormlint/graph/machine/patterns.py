"""Regular expressions over known texts: `re.sub(r"_([a-z])", lambda match: match[1].upper(), name)`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ormlint.findings import Place
from ormlint.graph.machine.methods import plain
from ormlint.graph.machine.values import BoundMethod, Function, Unknown, Value

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


MAX_STEPS = 2e8
MAX_ANSWER = 1_000
"""Characters that take the place of one match."""


def regex(function: Callable[..., Value]) -> Callable[..., Value]:
    """A function of `re` as the evaluator calls it."""

    def apply(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        if not args or _steps(args[0], [*args, *kwargs.values()]) > MAX_STEPS:
            return Unknown("a regular expression", place)
        try:
            if function is re.sub and len(args) == 3 and isinstance(args[1], (Function, BoundMethod)):
                return _substituted(machine, args, kwargs, place)
            return plain(function, args, kwargs, place)
        except re.error:
            return Unknown("a regular expression", place)

    return apply


def _substituted(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """`re.sub` with a function that is given each match."""
    answers: list[str | None] = []

    def answer(match: re.Match[str]) -> str:
        given = machine.call(args[1], [match], {}, place)
        answers.append(given if isinstance(given, str) and len(given) <= MAX_ANSWER else None)
        return answers[-1] or ""

    result = plain(
        lambda pattern, text, **options: re.sub(pattern, answer, text, **options), args[::2], kwargs, place
    )
    return result if None not in answers else Unknown("a text with unknown parts", place)


def _steps(pattern: Value, args: list[Value]) -> float:
    """How many steps a pattern of the project's may take in the longest of the texts.

    Each repetition may try every length at every place; a repeated group may take for ever.
    """
    if not isinstance(pattern, str):
        return math.inf
    signs = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "x", pattern, flags=re.DOTALL).replace("(?", "(")
    if re.search(r"[)*+?}][*+{]", signs):
        return math.inf
    longest = max(len(arg) for arg in args if isinstance(arg, str))
    return float(max(longest, 2)) ** (1 + len(re.findall(r"[*+?{]", signs)))
