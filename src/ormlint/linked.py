"""Linked graphs, kept for rules that did not run and for settings that only rules look at."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import msgspec
from msgspec.structs import replace

from ormlint.choice import Terms
from ormlint.graph import judged
from ormlint.graph.model import Graph
from ormlint.options import Options
from ormlint.packing import written

_encode = msgspec.msgpack.Encoder().encode


class Linked(msgspec.Struct, array_like=True):
    """The graphs of a project, each with the terms that it was linked on."""

    graphs: list[tuple[Terms, Graph]]

    def of(self, terms: Terms) -> Graph | None:
        """The graph that is linked on such terms."""
        wanted = _encode(_of_linking(terms))
        return next((graph for made_on, graph in self.graphs if _encode(made_on) == wanted), None)

    def add(self, terms: Terms, graph: Graph) -> None:
        self.graphs.append((_of_linking(terms), graph))

    def has_all(self, terms: Iterable[Terms]) -> bool:
        return all(self.of(each) is not None for each in terms)


def _of_linking(terms: Terms) -> Terms:
    return terms._replace(options=terms.options.of_linking)


class _Record(msgspec.Struct, array_like=True):
    key: str
    linked: msgspec.Raw
    answers: dict[str, judged.Answer]
    """What the libraries said to the rules that looked at the graphs."""


def encode(key: str, linked: Linked) -> bytes | None:
    """Plain data, which cannot run code; `key` stands for what the graphs are made from.

    `None` where it cannot be written down.
    """
    bare = [(terms, replace(graph, options=Options())) for terms, graph in linked.graphs]
    return written((key, Linked(bare), judged.given))


def decode(key: str, data: bytes) -> Linked | None:
    """The graphs that `encode` was given with the same key; `None` for what it did not make."""
    with suppress(msgspec.MsgspecError):
        record = msgspec.msgpack.decode(data, type=_Record)
        if record.key == key:
            judged.known.update(record.answers)
            return msgspec.msgpack.decode(record.linked, type=Linked)
    return None
