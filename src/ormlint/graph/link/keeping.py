"""The evidence in a file, as plain data that outlives the run, and back.

It rests on the modules that the file's names lead to, on which models and schemas there are, and on what the
models have that it looked at, which other modules may add to.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import msgspec

from ormlint.graph.link.evidence import Evidence
from ormlint.graph.link.fieldmatch import readable
from ormlint.graph.model import Graph


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    evidence: list[Evidence]
    shapes: dict[str, str]
    """Of the models that were looked at, by id."""


_decode = msgspec.msgpack.Decoder(_Kept).decode


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


def plain(evidence: list[Evidence], looked_at: Iterable[str], shapes: Shapes) -> object:
    """The evidence, and what the models were that it looked at, as plain data."""
    return _Kept(evidence, {model: shapes.of(model) or "" for model in sorted(looked_at)})


def recalled(content: bytes | None, shapes: Shapes) -> list[Evidence] | None:
    """The evidence that was kept; `None` where there is none, or a model has become another."""
    try:
        kept = _decode(content) if content is not None else None
    except msgspec.MsgspecError:
        return None
    if kept is None or any(shapes.of(model) != was for model, was in kept.shapes.items()):
        return None
    return kept.evidence
