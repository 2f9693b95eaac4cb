"""Which files may show what schemas and models have to do with each other, and what they show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from ormlint.facts.code import ClassDef, FunctionDef, Import, ImportFrom, Stmt
from ormlint.facts.walk import walk
from ormlint.graph.link.evidence import Evidence
from ormlint.graph.link.keeping import Shapes, plain, recalled
from ormlint.graph.link.known import Known
from ormlint.graph.link.reader import Reader
from ormlint.graph.link.returns import Returns
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import Function, ModuleValue
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


def gather(machine: Machine, graph: Graph, sources: Sources, files: Sequence[str]) -> Iterator[Evidence]:
    """All evidence in the files, in source order."""
    if not files:
        return
    reading = Reading(machine, graph, sources)
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

    def __init__(self, machine: Machine, graph: Graph, sources: Sources) -> None:
        self._machine, self._graph, self._sources = machine, graph, sources
        self.returns = Returns(graph, map(sources.words, sources.paths))
        self._unread = _Unread(machine, sources, _names(graph.models.values()))

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
        module = _imported(self._machine, self._sources, path, facts.body)
        known = Known(self._machine, self._graph, module, self.returns, self._unread)
        if not known.has_schemas():
            return [], set()
        reader = Reader(self._machine, self._graph, known, module)
        return list(reader.block(facts.body)), known.looked_at


def _names(classes: Iterable[Model] | Iterable[Schema]) -> set[str]:
    return {each.name for each in classes}


def _imported(machine: Machine, sources: Sources, path: str, body: Sequence[Stmt]) -> ModuleValue:
    """The module of a file; one that was not run has what it imports and the functions it defines."""
    module = machine.modules.at(path)
    if module.state != "new":
        return module
    bare = ModuleValue(sources.module_name(path), path, is_package=path.endswith("__init__.py"))
    scope = Scope("module", bare.namespace, bare)
    for statement in body:
        if isinstance(statement, FunctionDef):
            bare.namespace[statement.name] = Function(statement, scope, bare)
        elif not isinstance(statement, ClassDef):  # imports stand under `if TYPE_CHECKING:` too
            machine.run([part for part in walk([statement]) if isinstance(part, (Import, ImportFrom))], scope)
    return bare


class _Unread:
    """What modules that were not run define and import, where they name a model: each is read once."""

    def __init__(self, machine: Machine, sources: Sources, models: set[str]) -> None:
        self._machine, self._sources, self._models = machine, sources, models
        self._found: dict[str, ModuleValue] = {}

    def __call__(self, module: ModuleValue) -> ModuleValue:
        if module.state != "new" or module.is_stub:
            return module
        if module.path not in self._found:
            self._found[module.path] = self._read(module)
        return self._found[module.path]

    def _read(self, module: ModuleValue) -> ModuleValue:
        names = self._sources.words(module.path).classes.split()
        facts = None if self._models.isdisjoint(names) else self._sources.load(module.path)
        return module if facts is None else _imported(self._machine, self._sources, module.path, facts.body)
