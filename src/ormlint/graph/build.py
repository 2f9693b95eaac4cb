"""Facts → the linked graph."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ormlint.facts.comments import Comment
from ormlint.graph import foundation, schemas
from ormlint.graph.elsewhere import note_places, note_views
from ormlint.graph.foundation import Foundation
from ormlint.graph.link import gather, link, note_uses, telling_files
from ormlint.graph.machine import Machine, Modules
from ormlint.graph.machine.machine import FRAMES
from ormlint.graph.memo import UpsetError
from ormlint.graph.model import Coverage, Environment, Graph, Table
from ormlint.graph.resting import Resting
from ormlint.graph.schemas import keeping
from ormlint.graph.sources import Sources
from ormlint.graph.texts import Texts

if TYPE_CHECKING:
    from ormlint.graph.founding import Founding
    from ormlint.graph.machine.values import ModuleValue
    from ormlint.graph.refounding import Refounding
    from ormlint.graph.renewed import Renewed

WATCHED = frozenset({
    "Table", "Index", "MetaData", "create_model", "map_imperatively", "SQLAlchemy", "declarative_base",
    "append_column", "append_constraint", "make_versioned", "type", "update_type_annotation_map",
    "listen", "UniqueConstraint",
})  # fmt: skip
"""Calls that declare something although no class statement shows it."""
_STUBS = Path(__file__).parent.parent / "stubs"


def build(sources: Sources) -> Graph:
    """Read, replay and link everything; total for whatever the files say."""
    with _frames():
        while True:  # each time less is left to recall
            with suppress(UpsetError):
                return _build(sources)


def build_revisions(sources: Sources) -> Graph:
    """The revision graphs alone."""
    from ormlint.graph.migrations.environments import read_revisions  # noqa: PLC0415 - only for these

    graph = Graph(comments=_comments(sources), options=sources.options, migrations_only=True)
    machine = Machine(Modules(sources, _stub_of))
    with _frames():
        graph.environments = [read_revisions(machine, each) for each in sources.environments]
    note_places(graph, Texts.of(sources), sources)
    return graph


@contextmanager
def _frames() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _build(sources: Sources) -> Graph:
    graph = Graph(options=sources.options)
    machine, resting, found, changed = _run(sources)
    found.put_into(graph)
    graph.schemas = keeping.read_all(machine, resting, sources.memo)
    founding = resting.founding
    if not resting.leads_as_before(changed & founding):  # in what order models come depends on it
        raise foundation.upset(sources)
    resting.keep()
    texts = Texts.of(sources)
    sources.read_ahead(telling_files(graph, sources, texts, at_once=True))
    unresolved = found.complete(graph)
    _spoil(sources, machine)
    if _begin_elsewhere(sources, resting):
        raise foundation.upset(sources)
    found.keep(graph, resting.key, founding)
    _seal(sources, machine)
    graph.comments = _comments(sources)
    telling = telling_files(graph, sources, texts)
    sources.read_ahead(telling)
    link(graph, gather(machine, graph, sources, texts, telling, resting.ran), sources.memo)
    note_uses(graph, texts)
    note_places(graph, texts, sources)
    note_views(graph, texts)
    _spoil(sources, machine)
    if sources.memo is not None:
        sources.memo.follow(machine.modules.asked, [*resting.paths, *_read(sources, telling)])
    graph.unresolved += unresolved
    graph.coverage = _coverage(graph)
    return graph


class _World(NamedTuple):
    """What running the project's modules showed."""

    machine: Machine
    resting: Resting
    found: Foundation | Founding | Refounding
    changed: AbstractSet[str] = frozenset()
    """The files of which alone models were read anew, where others were left as they were."""


def _run(sources: Sources, *, recalls: bool = True, founds: bool = True) -> _World:
    """Run the modules, but those that the last run tells enough of, and read their models or recall them."""
    machine = Machine(Modules(sources, _stub_of))
    machine.watch = WATCHED
    machine.hooks.member.append(schemas.fields_of)
    resting = Resting(machine, sources, recalls=recalls)
    founds = founds and recalls
    kept = foundation.recalled(sources, resting.key) if founds else None
    former = foundation.former(sources, resting.key) if founds and kept is None else None
    was, changed = former or (kept, frozenset[str]())
    ran = resting.run_all(sources.declaring, {*was.modules} - changed if was is not None else ())
    if recalls and _begin_elsewhere(sources, resting):
        return _run(sources, recalls=False)
    if kept is not None and not resting.is_founded:
        return _run(sources, founds=False)
    found: Foundation | Founding | Refounding
    if former is not None:
        renewed = _renewed(sources, machine, *former)
        if not renewed.holds or resting.founding != {*former[0].modules}:
            return _run(sources, founds=False)
        found = renewed
    else:
        found = _founding(sources, machine, ran) if kept is None else _on(sources, machine, kept)
    _spoil(sources, machine)
    if resting.is_upset or (was is not None and foundation.is_spoilt(sources)):
        return _run(sources, recalls=False)
    return _World(machine, resting, found, changed)


def _spoil(sources: Sources, machine: Machine) -> None:
    """Recall and keep nothing of modules that others change, nor of those that cannot be read.

    That is to be told, and is in every run of the files that are read whatever asks for them. What a package
    holds tells nothing but of tables, whose modules rest all together.
    """
    if sources.memo is None:
        return
    modules = machine.modules
    read = {*sources.declaring, *(path for each in sources.environments for path in each.revision_files)}
    sources.memo.spoil(
        each.path
        for each in modules.awake()
        if not each.is_stub
        and (machine.is_altered(each) or (each.path not in read and modules.is_broken(each)))
    )


def _begin_elsewhere(sources: Sources, resting: Resting) -> bool:
    """Whether modules that import each other are begun at another one than before; spoils them then."""
    found = resting.begun_elsewhere
    if sources.memo is not None:
        sources.memo.spoil(found)
    return bool(found)


def _seal(sources: Sources, machine: Machine) -> None:
    """What links are told by may change a module, too: all else is done by then."""
    if sources.memo is not None:
        sources.memo.follow(machine.modules.asked, ())
        sources.memo.seal()


def _founding(sources: Sources, machine: Machine, modules: list[ModuleValue]) -> Founding:
    from ormlint.graph.founding import Founding  # noqa: PLC0415 - where the foundation holds, nobody reads

    return Founding(sources, machine, modules)


def _renewed(sources: Sources, machine: Machine, was: Foundation, changed: AbstractSet[str]) -> Renewed:
    from ormlint.graph.renewed import Renewed  # noqa: PLC0415 - as above

    return Renewed(sources, machine, was, changed)


def _on(sources: Sources, machine: Machine, kept: Foundation) -> Foundation | Refounding:
    if kept.environments is not None:
        return kept
    from ormlint.graph.refounding import Refounding  # noqa: PLC0415 - where no migration changed

    return Refounding(sources, machine, kept)


def _read(sources: Sources, telling: Sequence[str]) -> Iterator[str]:
    """The files besides modules whose content may have had a say."""
    yield from telling
    yield from sources.telling
    for environment in sources.environments:
        yield from environment.revision_files
        yield from filter(None, [environment.env_py])


def _comments(sources: Sources) -> dict[str, list[Comment]]:
    paths = [*sources.telling, *(path for each in sources.environments for path in each.revision_files)]
    comments = ((path, sources.comments(path)) for path in sorted(set(paths)))
    return {path: list(found) for path, found in comments if found}


def _stub_of(name: str) -> str | None:
    """The stub that stands for the module of a dotted name."""
    return _stubs(name.partition(".")[0]).get(name)


@cache
def _stubs(package: str) -> dict[str, str]:
    """The stubs of a package, by the dotted name of the module that each stands for."""
    if not {package, f"{package}.py"} & _stubbed():
        return {}
    paths = [path for path in (_STUBS / f"{package}.py", *(_STUBS / package).rglob("*.py")) if path.is_file()]
    found = {}
    for path in paths:
        parts = path.relative_to(_STUBS).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = str(path)
    return found


@cache
def _stubbed() -> frozenset[str]:
    return frozenset(path.name for path in _STUBS.iterdir())


def _coverage(graph: Graph) -> Coverage:
    tables: list[Table] = graph.tables
    columns = [column for table in tables for column in table.columns.values()]
    environments: list[Environment] = graph.environments
    schemas = graph.schemas.values()
    typed = [each for each in columns if each.type is not None and each.nullable is not None]
    return Coverage(
        (sum(table.complete for table in tables), len(tables)),
        (len(typed), len(columns)),
        (sum(schema.told for schema in schemas), sum(len(schema.fields) for schema in schemas)),
        (sum(env.operations_known for env in environments), sum(env.operations for env in environments)),
    )
