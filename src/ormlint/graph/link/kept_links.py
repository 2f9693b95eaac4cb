"""All links as the last run made them, where nothing that they rest on is another.

They rest on models, on schemas, on the evidence in files, and on what comments and settings state. What is
left to do else is in `kept_fits`.
"""

from __future__ import annotations

import hashlib
from typing import Union

import msgspec

from ormlint.findings import Place
from ormlint.graph import foundation
from ormlint.graph.link import kept_fits
from ormlint.graph.link.evidence import Gathered
from ormlint.graph.memo import Memo, Unit
from ormlint.graph.model import Graph, Link, Making, Misstatement, Role, Schema


class Described(msgspec.Struct, frozen=True, array_like=True):
    """What linking says of a linked schema, but for its role and link."""

    called_otherwise: bool
    made: tuple[Making, ...]
    updates: tuple[Making, ...]
    built: tuple[Making, ...]
    unread: tuple[Making, ...]
    validated: Union[Place, None]
    reached: Union[Place, None]
    read_by_name: Union[bool, None]
    never_null: frozenset[str]


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    links: list[Link]
    """In the order in which they were made."""
    described: list[Described]
    """For each of them."""
    roles: list[Role]
    """For each schema."""
    misstated: list[Misstatement]


_decode = msgspec.msgpack.Decoder(_Kept).decode


class KeptLinks:
    """The links of the last run, and those of this run, which are made in a graph that has none yet."""

    def __init__(self, graph: Graph, memo: Memo, gathered: Gathered) -> None:
        self._graph, self._memo, self._files = graph, memo, gathered.files
        self._models = foundation.unit(memo) if gathered.key is not None else None
        self._key = _key(graph, gathered, self._models)
        self._unit = f"links {_digest(_settings(graph))}"
        self._misstated = len(graph.misstated)

    def put_into_graph(self) -> bool:
        """Link the graph as in the last run, if it would be linked like that."""
        content = self._memo.recall(self._unit, self._key) if self._models is not None else None
        try:
            kept = _decode(content) if content is not None else None
        except msgspec.MsgspecError:
            return False
        if kept is None:
            return False
        graph = self._graph
        for schema, role in zip(graph.schemas.values(), kept.roles, strict=True):
            schema.role = role
        for link, described in zip(kept.links, kept.described, strict=True):
            schema = graph.schemas[link.schema]
            schema.model, schema.linked_by = link.model, link.by
            graph.links[link.schema] = link
            for name in Described.__struct_fields__:
                setattr(schema, name, getattr(described, name))
        graph.misstated += kept.misstated
        kept_fits.carry(graph, self._memo)
        return True

    def keep(self) -> None:
        """Hand the links that were made to the next run, if models are kept for it."""
        if self._models is None:
            return
        graph = self._graph
        kept = _Kept(
            [*graph.links.values()],
            [_described(graph.schemas[each]) for each in graph.links],
            [schema.role for schema in graph.schemas.values()],
            graph.misstated[self._misstated :],
        )
        self._memo.keep(self._unit, self._key, self._files | {*self._models.files}, kept)


def _described(schema: Schema) -> Described:
    return Described(*(getattr(schema, name) for name in Described.__struct_fields__))


def _key(graph: Graph, gathered: Gathered, models: Unit | None) -> str:
    stating = [
        (path, each)
        for path, comments in graph.comments.items()
        for each in comments
        if each.kind in ("model", "no-model")
    ]
    rests_on = models.key if models is not None else None, gathered.key, sorted(gathered.files)
    return _digest((rests_on, [*graph.schemas], stating))


def _settings(graph: Graph) -> object:
    options = graph.options
    return options.links, options.link_places, options.role_affixes


def _digest(said: object) -> str:
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()
