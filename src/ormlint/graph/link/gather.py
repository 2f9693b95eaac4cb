"""Which files may show what schemas and models have to do with each other, and what they show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from ormlint.graph.link.answers import imports_of
from ormlint.graph.link.asking import Asking
from ormlint.graph.link.evidence import Evidence, Gathered
from ormlint.graph.link.keeping import Kept, Shapes, answers_of, plain, recalled
from ormlint.graph.link.returns import Returns
from ormlint.graph.link.told import Told
from ormlint.graph.memo import Memo
from ormlint.graph.model import Graph, Model, Schema
from ormlint.graph.sources import Sources
from ormlint.graph.texts import Texts

if TYPE_CHECKING:
    from ormlint.graph.link.known import Asked
    from ormlint.graph.machine import Machine


def telling_files(graph: Graph, sources: Sources, texts: Texts, *, at_once: bool = False) -> list[str]:
    """The files that have schemas, and models or what gives them, known once these are.

    Those that have models are told `at_once`, before all files are listened to.
    """
    models, schemas = (
        " ".join(sorted(_names(each))) for each in (graph.models.values(), graph.schemas.values())
    )
    if not models or not schemas:
        return []
    giving = set[str]()
    for said in texts.say("gives", models).values() if not at_once else ():
        giving.update(function.partition(":")[0] for function in str(said).split())
    linking = texts.say("links", models, schemas, " ".join(sorted(giving)))
    return [path for path in sources.speaking if path in linking]


def gather(
    machine: Machine,
    graph: Graph,
    sources: Sources,
    texts: Texts,
    files: Sequence[str],
    ran: Collection[str],
) -> Gathered:
    """All evidence in the files; `ran` are those whose modules told of models and schemas.

    Of a module that was run more is known, so that others which happen to have run by now do not count.
    """
    rests_on = frozenset(files).union(ran)
    if not files:
        return Gathered(files=rests_on)
    reading = Reading(machine, graph, sources, texts, ran)
    memo = sources.memo
    if memo is None:
        return Gathered([each for path in files for each in reading.of(path)[0]])
    keeper = _Keeper(reading, memo, graph)
    evidence = []
    for path in files:
        found = keeper.of(path)
        if found:
            memo.watch.heard.add(path)
        evidence += found
    return Gathered(evidence, rests_on, None if keeper.met_unreadable else keeper.key)


class Reading:
    """Reads the evidence in files."""

    def __init__(
        self, machine: Machine, graph: Graph, sources: Sources, texts: Texts, ran: Collection[str]
    ) -> None:
        self._graph, self._sources, self._ran = graph, sources, ran
        models, schemas = _names(graph.models.values()), _names(graph.schemas.values())
        self.modules = Told(machine, sources, ran, models, schemas)
        self.returns = Returns(graph, texts)

    @property
    def key(self) -> str:
        """Of what the graph and the methods say of all that may be asked for."""
        ids = sorted(self._graph.models), sorted(self._graph.schemas)
        models = sorted(self._graph.models.items())
        led_to = [
            (key, name, each.target) for key, model in models for name, each in model.relationships.items()
        ]
        said = (ids, led_to, sorted(self._ran), sorted(self.returns.models.items()))
        return sha256(repr(said).encode()).hexdigest()

    def of(self, path: str) -> tuple[list[Evidence], Asked]:
        """The evidence in a file, and what was asked for it."""
        from ormlint.graph.link.known import Asked, Known  # noqa: PLC0415 - nothing is read where all is kept
        from ormlint.graph.link.reader import Reader  # noqa: PLC0415

        facts = self._sources.load(path)
        if facts is None:
            return [], Asked()
        heard: dict[str, bool] = {}
        named: dict[str, bool] = {}
        self.modules.heard, self.modules.named = heard, named
        module = self.modules.of_file(path, facts.body)
        known = Known(self.modules, self._graph, module, self.returns, asked=Asked(imports_of(module)))
        answers = known.asked.answers
        answers.ran, answers.named = heard, named
        if self.modules.ran(path):
            answers.names, answers.imports = sorted(module.namespace), dict(known.asked.imports)
        answers.closed = path in self.modules.takes_all
        if not known.has_schemas():
            return [], known.asked
        reader = Reader(self.modules.machine, self._graph, known, module)
        return list(reader.block(facts.body)), known.asked


class _Keeper:
    """The evidence in files as it was, where what it rests on is, else read anew."""

    def __init__(self, reading: Reading, memo: Memo, graph: Graph) -> None:
        self._reading, self._memo, self._shapes = reading, memo, Shapes(graph)
        self.key = reading.key
        """Of what evidence rests on besides files."""
        self.met_unreadable = False
        self._asking = Asking(reading.modules, graph, reading.returns, memo)

    def of(self, path: str) -> list[Evidence]:
        unit, told = f"evidence in {path}", self._reading.modules
        told.met_unreadable = False
        kept = recalled(self._memo.recall(unit, self.key), self._shapes)
        if kept is None and (kept := self._asked_again(unit, path)) is not None and not told.met_unreadable:
            self._memo.confirm(unit, self.key)
        if kept is not None:
            return kept.evidence
        found, asked = self._reading.of(path)
        self.met_unreadable |= told.met_unreadable
        if not told.met_unreadable:
            self._memo.keep(unit, self.key, [path], plain(found, asked, self._shapes))
        return found

    def _asked_again(self, unit: str, path: str) -> Kept | None:
        """What was kept and holds by what it rested on, although something else is another now."""
        kept = recalled(self._memo.former(unit, path), self._shapes)
        answers = answers_of(kept) if kept is not None else None
        if answers is None:
            return None
        if self._memo.is_stale(path):
            return kept if self._asking.all_say(path, answers) else None
        return kept if self._asking.graph_says(answers) else None


def _names(classes: Iterable[Model] | Iterable[Schema]) -> set[str]:
    return {each.name for each in classes}
