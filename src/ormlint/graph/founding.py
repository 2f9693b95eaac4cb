"""Models read and migrations replayed: what a graph is founded on, where nothing that is kept of it holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from ormlint.graph import foundation
from ormlint.graph.migrations.configured import Configured
from ormlint.graph.migrations.environments import Known, read_environment
from ormlint.graph.model import Environment, Graph, Table, Unresolved
from ormlint.graph.models.names import named_tables
from ormlint.graph.models.read import are_apart, read
from ormlint.graph.settled import settle
from ormlint.graph.sources import EnvironmentSource, Sources
from ormlint.graph.stored import note_stored, shown_columns
from ormlint.graph.stored_keeping import ShownTables
from ormlint.packing import written

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine
    from ormlint.graph.machine.values import ModuleValue


class Founding:
    """The models of the modules that were run, read at once; the rest follows."""

    def __init__(
        self, sources: Sources, machine: Machine, modules: list[ModuleValue], beside: Sequence[Table] = ()
    ) -> None:
        self._sources, self._machine = sources, machine
        self._reading = read(machine, modules, sources.ask_ahead, beside)
        self._apart = are_apart(self._reading)
        self._configured: list[Configured] = []
        self._shown: list[ShownTables] = []
        self._left: list[Unresolved] = []
        self._tells_all = False

    def put_into(self, graph: Graph) -> None:
        """Give a graph its models."""
        graph.models = {mapped.model.id: mapped.model for mapped in self._reading.mapped.values()}
        graph.tables = self._reading.tables
        graph.metadatas = self._reading.stores.infos

    def complete(self, graph: Graph) -> list[Unresolved]:
        """Replay the migrations beside the models, and settle both; return what is not settled."""
        tables = partial(named_tables, self._reading)
        graph.environments = [self._environment(each, graph, tables) for each in self._sources.environments]
        named_tables(self._reading)
        connect(graph)
        self._shown = shown_columns(graph, self._machine, self._sources, (), ())
        note_stored(graph, self._machine, self._sources, self._shown)
        told = [each.info for each in graph.tables]
        settle(graph)
        self._tells_all = not any(each.hides for each in self._configured) or all(
            info == each.info for info, each in zip(told, graph.tables, strict=True)
        )
        self._left = self._unresolved()
        return self._left

    def _environment(
        self, source: EnvironmentSource, graph: Graph, tables: Callable[[], list[Table]]
    ) -> Environment:
        environment, configured = read_environment(
            self._machine.modules,
            source,
            Known(self._sources.dialect, frozenset(graph.models), self._sources.read, self._sources.find),
            self._reading.stores.of_value,
            tables,
            self._sources.memo,
        )
        self._configured.append(configured)
        environment.reached = foundation.reached_by(self._sources, source)
        return environment

    def keep(self, graph: Graph, releases: str, modules: Collection[str]) -> None:
        """Keep what a settled graph has of the modules and the migrations."""
        memo, shown = self._sources.memo, written(self._shown)
        if memo is None or shown is None:
            return
        found = foundation.Foundation(
            sorted(modules),
            graph.models,
            graph.tables,
            graph.metadatas,
            self._left,
            self._configured,
            [each.reached for each in graph.environments],
            msgspec.Raw(shown),
            self._tells_all,
            self._apart,
            environments=graph.environments,
        )
        foundation.keep(self._sources, releases, found)

    def _unresolved(self) -> list[Unresolved]:
        found = list(self._reading.unresolved)
        found += [
            Unresolved(
                mapped.model.place, mapped.model.id, "a base class or a name in it is not settled", "base"
            )
            for mapped in self._reading.mapped.values()
            if not mapped.model.complete
        ]
        found += [
            Unresolved(column.place, f"{table.key}.{column.name}", "its type is not settled", "column")
            for table in self._reading.tables
            for column in table.columns.values()
            if column.type is None
        ]
        return found


def connect(graph: Graph) -> None:
    """Tell every MetaData its tables, and the environments that migrate it."""
    for info in graph.metadatas.values():
        info.tables = tuple(sorted(table.key for table in graph.tables if table.metadata == info.id))
        info.migrated_by = tuple(
            each.path for each in graph.environments if info.id in (each.target_metadata or ())
        )
