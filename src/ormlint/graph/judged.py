"""What the libraries said, so that the same question does not import them again.

An answer depends on the question and the library's release alone. `known` are the answers of earlier runs,
`given` those that this one needed. Another process may be asked before an answer is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Union

Answer = Union[str, None, list[Union[str, None]]]
"""What can be kept as plain data."""
Asked = Callable[..., Answer]
"""A function of a module, which asks a library; its arguments are the question, as plain data."""
Question = tuple[Any, ...]
Wait = Callable[[], Union[Sequence[Answer], None]]
"""Waits for the answers of another process; `None` where there will be none."""
AskAhead = Callable[[Asked, Sequence[Question]], Union[Wait, None]]

known: dict[str, Answer] = {}
given: dict[str, Answer] = {}
_awaited: dict[str, tuple[list[str], Wait]] = {}


def answer(asked: Asked, *question: Any) -> Answer:
    """What is known, else what the library says; the question's `repr` tells it from every other."""
    key = _key(asked, question)
    if key in _awaited:
        keys, wait = _awaited[key]
        known.update(zip(keys, wait() or (), strict=False))
        for each in keys:
            _awaited.pop(each, None)
    if key not in given:
        given[key] = known[key] if key in known else asked(*question)
    return given[key]


def ask(ahead: AskAhead, asked: Asked, questions: Iterable[Question]) -> None:
    """Have another process answer the questions to which no answer is known, where that pays."""
    wanted = {_key(asked, question): question for question in questions}
    keys = [key for key in wanted if key not in known and key not in given and key not in _awaited]
    wait = ahead(asked, [wanted[key] for key in keys]) if keys else None
    if wait is not None:
        _awaited.update((key, (keys, wait)) for key in keys)


def _key(asked: Asked, question: Question) -> str:
    return repr((asked.__name__, *question))
