"""The evidence in a file, as plain data that outlives the run, and back.

It rests on the modules that the file's names lead to, on what the graph says of classes and relationships,
and on what models do not have that were asked for it. Where one of these is another now, what was asked is
asked again: the answers are kept with it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from ormlint.graph.heirs import readable
from ormlint.graph.link.answers import Answers
from ormlint.graph.link.evidence import Evidence
from ormlint.graph.model import Graph

if TYPE_CHECKING:
    from ormlint.graph.link.known import Asked


class Kept(msgspec.Struct, frozen=True, array_like=True):
    evidence: list[Evidence]
    shapes: dict[str, str]
    """Of the models that were looked at, by id."""
    answers: msgspec.Raw
    """See `Answers`."""


_decode = msgspec.msgpack.Decoder(Kept).decode
_answers = msgspec.msgpack.Decoder(Answers).decode


class Shapes:
    """What can be asked of each model, as a digest."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[str, str] = {}

    def of(self, model: str) -> str | None:
        """`None` where there is no such model."""
        if model not in self._known:
            mapped = self._graph.models.get(model)
            if mapped is None:
                return None
            targets = sorted((name, str(each.target)) for name, each in mapped.relationships.items())
            said = (sorted(readable(mapped)), targets, mapped.complete)
            self._known[model] = sha256(repr(said).encode()).hexdigest()[:16]
        return self._known[model]


def plain(evidence: list[Evidence], asked: Asked, shapes: Shapes) -> object:
    """The evidence and what it rests on, as plain data."""
    shown = {model: shapes.of(model) or "" for model in sorted(asked.looked_at)}
    return (evidence, shown, asked.answers)


def recalled(content: bytes | None, shapes: Shapes) -> Kept | None:
    """What was kept; `None` where there is nothing, or a model that was looked at has become another."""
    try:
        kept = _decode(content) if content is not None else None
    except msgspec.MsgspecError:
        return None
    if kept is None or any(shapes.of(model) != was for model, was in kept.shapes.items()):
        return None
    return kept


def answers_of(kept: Kept) -> Answers | None:
    """What was asked, and the answers."""
    try:
        return _answers(kept.answers)
    except msgspec.MsgspecError:
        return None
