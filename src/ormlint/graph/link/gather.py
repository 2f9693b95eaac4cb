"""Which files may show what schemas and models have to do with each other, and what they show."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from ormlint.graph.link.evidence import Evidence
from ormlint.graph.link.keeping import Shapes, plain, recalled
from ormlint.graph.link.known import Known
from ormlint.graph.link.reader import Reader
from ormlint.graph.link.returns import Returns
from ormlint.graph.link.told import Told
from ormlint.graph.memo import Watch
from ormlint.graph.model import Graph, Model, Schema
from ormlint.graph.sources import Sources

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine


def telling_files(graph: Graph, sources: Sources) -> list[str]:
    """The files that speak of both models and schemas, known once these are."""
    models, schemas = _names(graph.models.values()), _names(graph.schemas.values())
    if sources.memo is not None:
        sources.memo.watch.add(Watch(models, schemas))
    if not models or not schemas:
        return []
    named = ((path, sources.words(path).classes.split()) for path in sources.speaking)
    return [path for path, names in named if not (models.isdisjoint(names) or schemas.isdisjoint(names))]


def gather(
    machine: Machine, graph: Graph, sources: Sources, files: Sequence[str], ran: Container[str]
) -> Iterator[Evidence]:
    """All evidence in the files, in source order; `ran` are those whose modules told of models and schemas.

    Of a module that was run more is known, so that others which happen to have run by now do not count.
    """
    if not files:
        return
    reading = Reading(machine, graph, sources, ran)
    memo = sources.memo
    if memo is None:
        for path in files:
            yield from reading.of(path)[0]
        return
    memo.watch.add(Watch(methods=reading.returns.counted))
    key, shapes = reading.key, Shapes(graph)
    for path in files:
        unit = f"evidence in {path}"
        found = recalled(memo.recall(unit, key), shapes)
        if found is None:
            found, looked_at = reading.of(path)
            memo.keep(unit, key, [path], plain(found, looked_at, shapes))
        yield from found


class Reading:
    """Reads the evidence in files."""

    def __init__(self, machine: Machine, graph: Graph, sources: Sources, ran: Container[str]) -> None:
        self._graph, self._sources = graph, sources
        self._modules = Told(machine, sources, ran, _names(graph.models.values()))
        self.returns = Returns(graph, map(sources.words, sources.paths))

    @property
    def key(self) -> str:
        """Of what the evidence in any file rests on, besides the modules that its names lead to."""
        ids = sorted(self._graph.models), sorted(self._graph.schemas)
        return sha256(repr((ids, sorted(self.returns.models.items()))).encode()).hexdigest()

    def of(self, path: str) -> tuple[list[Evidence], set[str]]:
        """The evidence in a file, and the models that were looked at for it."""
        facts = self._sources.load(path)
        if facts is None:
            return [], set()
        module = self._modules.of_file(path, facts.body)
        known = Known(self._modules, self._graph, module, self.returns)
        if not known.has_schemas():
            return [], set()
        reader = Reader(self._modules.machine, self._graph, known, module)
        return list(reader.block(facts.body)), known.looked_at


def _names(classes: Iterable[Model] | Iterable[Schema]) -> set[str]:
    return {each.name for each in classes}
