"""What is worked out of a linked graph once, for all that ask for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from ormlint.graph.model import Graph

Answer = TypeVar("Answer")


def once(work: Callable[[Graph], Answer]) -> Callable[[Graph], Answer]:
    """The same, worked out at the first question: for what no later step of linking adds to.

    A graph with other options is another one, of which all is worked out again.
    """
    key = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def known(graph: Graph) -> Answer:
        said = graph.__dict__
        if key not in said:
            said[key] = work(graph)
        answer: Answer = said[key]
        return answer

    return known
