"""Regular expressions over known texts: `re.sub(r"_([a-z])", lambda match: match[1].upper(), name)`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ormlint.findings import Place
from ormlint.graph.machine.methods import plain
from ormlint.graph.machine.values import BoundMethod, Function, Unknown, Value

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def regex(function: Callable[..., Value]) -> Callable[..., Value]:
    """A function of `re` as the evaluator calls it."""

    def apply(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        # Patterns come from the project: only short texts, so that none runs away.
        if any(isinstance(arg, str) and len(arg) > 500 for arg in args) or _risky(args[0] if args else None):
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
    answers: list[Value] = []

    def answer(match: re.Match[str]) -> str:
        answers.append(machine.call(args[1], [match], {}, place))
        return answers[-1] if isinstance(answers[-1], str) else ""

    result = plain(
        lambda pattern, text, **options: re.sub(pattern, answer, text, **options), args[::2], kwargs, place
    )
    settled = all(isinstance(each, str) for each in answers)
    return result if settled else Unknown("a text with unknown parts", place)


def _risky(pattern: Value) -> bool:
    """Nested repetition can take for ever."""
    return not isinstance(pattern, str) or bool(re.search(r"[+*}]\)*[+*{]", pattern))
