"""Models as they were kept, and beside them migrations that are replayed anew."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import msgspec

from ormlint.graph import foundation
from ormlint.graph.foundation import Foundation
from ormlint.graph.migrations.environments import Known, read_again
from ormlint.graph.model import Environment, Graph, Unresolved
from ormlint.graph.settled import settle
from ormlint.graph.sources import Sources
from ormlint.graph.stored import note_stored
from ormlint.graph.stored_keeping import decode_shown

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine


class Refounding:
    """A foundation whose environments are made anew, while the modules of its models rest."""

    def __init__(self, sources: Sources, machine: Machine, kept: Foundation) -> None:
        self._sources, self._machine, self._kept = sources, machine, kept

    def put_into(self, graph: Graph) -> None:
        """Give a graph its models."""
        self._kept.put_into(graph)

    def complete(self, graph: Graph) -> list[Unresolved]:
        """Replay the migrations beside the models; return what is not settled."""
        try:
            shown = decode_shown(self._kept.shown)
        except msgspec.MsgspecError:
            raise foundation.upset(self._sources) from None
        graph.environments = self._environments()
        note_stored(graph, self._machine, self._sources, shown)
        settle(graph)
        return self._kept.unresolved

    def _environments(self) -> list[Environment]:
        sources, modules = self._sources, self._machine.modules
        known = Known(sources.dialect, frozenset(self._kept.models), sources.read, sources.find)
        found = []
        for source, configured, reached in zip(
            sources.environments, self._kept.configured, self._kept.reached, strict=True
        ):
            environment = read_again(modules, source, configured, known, self._kept.tables, sources.memo)
            environment.reached = reached
            found.append(environment)
        return found

    def keep(self, graph: Graph, releases: str, _modules: Collection[str]) -> None:
        """Keep the environments."""
        if self._sources.memo is not None:
            self._kept.environments = graph.environments
            foundation.keep_environments(self._sources, releases, self._kept, self._sources.memo)
