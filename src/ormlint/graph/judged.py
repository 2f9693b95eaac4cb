"""What the libraries said, so that the same question does not import them again.

An answer depends on the question and the library's release alone. `known` are the answers of earlier runs,
`given` those that this one needed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Union

Answer = Union[str, None, list[Union[str, None]]]
"""What can be kept as plain data."""

known: dict[str, Answer] = {}
given: dict[str, Answer] = {}


def answer(question: object, ask: Callable[[], Answer]) -> Answer:
    """What is known, else what the library says; the question's `repr` tells it from every other."""
    key = repr(question)
    if key not in given:
        given[key] = known[key] if key in known else ask()
    return given[key]
