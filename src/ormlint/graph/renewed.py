"""The foundation of the last run with the models of a few modules read anew.

They are read beside those that they have to do with: what their relationships and foreign keys lead to, and
what leads to them by these. The rest stays as it was where nothing that others can see of them is another,
and what was read beside them is what it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from ormlint.findings import Place
from ormlint.graph import foundation
from ormlint.graph.foundation import Foundation
from ormlint.graph.founding import Founding, connect
from ormlint.graph.migrations.environments import Known, read_again
from ormlint.graph.model import (
    Column,
    Environment,
    Graph,
    MetaDataInfo,
    Model,
    Relationship,
    Table,
    Unresolved,
)
from ormlint.graph.models.names import named_tables
from ormlint.graph.settled import Types, settle, settle_table
from ormlint.graph.sources import Sources
from ormlint.graph.stored import note_stored, shown_columns
from ormlint.graph.stored_keeping import decode_shown

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine


class Renewed(Founding):
    """`was` is the foundation of the last run; `changed` are the files that it does not hold for."""

    def __init__(
        self, sources: Sources, machine: Machine, was: Foundation, changed: AbstractSet[str]
    ) -> None:
        for path in sorted(_near(was, changed)):
            machine.execute(machine.modules.at(path))
        modules = [module for module in machine.modules.awake() if not module.is_stub]
        super().__init__(sources, machine, modules, was.tables)
        self._was, self._changed = was, changed
        self.holds = (
            self._apart
            and _Comparison(was, self._read_now(), changed).agrees
            and self._unchanged_metadata()
            and not any(each.place.path in changed for each in (*was.unresolved, *self._unresolved()))
        )
        """Whether nothing but what was read anew is another."""

    def _read_now(self) -> Graph:
        now = Graph()
        super().put_into(now)
        named_tables(self._reading)
        return now

    def _unchanged_metadata(self) -> bool:
        """Whether each MetaData is what it was, but for what follows from the tables on it."""
        for key, info in self._reading.stores.infos.items():
            known = self._was.metadatas.get(key)
            if known is None or known.place.path in self._changed:
                return False
            same = replace(
                info,
                place=known.place,
                migrated_by=known.migrated_by,
                tables=known.tables,
            )
            if same != known:
                return False
        return True

    def put_into(self, graph: Graph) -> None:
        """Give a graph the models of the last run, and those that were read in place of theirs."""
        read = {mapped.model.id: mapped.model for mapped in self._reading.mapped.values()}
        tables = {_key(table): table for table in self._reading.tables}
        was, changed = self._was, self._changed
        graph.models = {
            key: read[key] if model.place.path in changed else model for key, model in was.models.items()
        }
        graph.tables = [tables[_key(table)] if table.place.path in changed else table for table in was.tables]
        graph.metadatas = was.metadatas

    def complete(self, graph: Graph) -> list[Unresolved]:
        """Give it the environments, too; return what is not settled.

        Raises `UpsetError` where that takes what was not read.
        """
        sources, was = self._sources, self._was
        try:
            shown = decode_shown(was.shown)
        except msgspec.MsgspecError:
            raise foundation.upset(sources) from None
        graph.environments = [self._environment_again(number, graph) for number in range(len(was.configured))]
        if (
            not {key for each in self._configured for key in each.target_metadata or ()}
            <= graph.metadatas.keys()
        ):
            raise foundation.upset(sources)
        connect(graph)
        self._shown = shown_columns(graph, self._machine, sources, shown, self._changed)
        note_stored(graph, self._machine, sources, self._shown)
        read = [(each, each.info) for each in self._reading.tables if each.place.path in self._changed]
        settle(graph)
        hides = any(each.hides for each in self._configured)
        self._tells_all = not hides or all(info == each.info for each, info in read)
        for each in sources.environments:
            if sources.memo is not None:
                sources.memo.carry(each.replay)
        self._left = was.unresolved
        return self._left

    def _environment_again(self, number: int, graph: Graph) -> Environment:
        """An environment beside the models; its `env.py` is read where that leads to a changed file."""
        source, sources = self._sources.environments[number], self._sources
        if source.env_py in self._changed:
            return self._environment(source, graph, lambda: graph.tables)
        known = Known(sources.dialect, frozenset(graph.models), sources.read, sources.find)
        configured = self._was.configured[number]
        environment = read_again(self._machine.modules, source, configured, known, graph.tables, sources.memo)
        environment.reached = self._was.reached[number]
        self._configured.append(configured)
        return environment


def _near(was: Foundation, changed: AbstractSet[str]) -> set[str]:
    """The files of what relationships and foreign keys lead to from changed files, or back."""
    places = {key: model.place.path for key, model in was.models.items()}
    led = [
        (model.place.path, places.get(each.target or "", model.place.path))
        for model in was.models.values()
        for each in model.relationships.values()
    ]
    files = {table.key: table.place.path for table in was.tables}
    led += [
        (table.place.path, files.get(name, table.place.path))
        for table in was.tables
        for key in table.foreign_keys
        for target in key.target
        for name in (target.rpartition(".")[0], f"{table.schema}.{target.rpartition('.')[0]}")
    ]
    return {path for pair in led if not changed.isdisjoint(pair) for path in pair}


class _Comparison:
    """What was beside what was read now, of which some is `changed` and the rest near that."""

    def __init__(self, was: Foundation, now: Graph, changed: AbstractSet[str]) -> None:
        self._was, self._now, self._changed = was, now, changed
        self._ids = [key for key, model in was.models.items() if model.place.path in changed]
        self._moved: dict[Place, Place] = {}
        """Where relationships of changed classes were declared, and are now."""

    @property
    def agrees(self) -> bool:
        """Whether others see of what changed what they saw; moves what points at lines of changed files."""
        return self._has_same() and self._tables_agree() and self._models_agree() and self._moves()

    def _has_same(self) -> bool:
        """Whether there are the same classes and tables, in the same order, and no two of a name."""
        was, now, changed = self._was, self._now, self._changed
        ids = [key for key, model in now.models.items() if model.place.path in changed]
        tables = [_key(table) for table in now.tables if table.place.path in changed]
        all_tables = Counter(map(_key, was.tables))
        return (
            ids == self._ids
            and tables == [_key(table) for table in was.tables if table.place.path in changed]
            and all(all_tables[_key(table)] == 1 for table in now.tables)
            and now.models.keys() <= was.models.keys()
        )

    def _tables_agree(self) -> bool:
        """Whether the tables near those that changed are what they were."""
        was, types = {_key(table): table for table in self._was.tables}, Types()
        near = [table for table in self._now.tables if table.place.path not in self._changed]
        read = {table.key for table in self._now.tables}
        for table in near:
            settle_table(table, types)
        stores = self._was.metadatas
        return all(
            _as_far_as_known(table, was[_key(table)], read, stores) == was[_key(table)] for table in near
        )

    def _models_agree(self) -> bool:
        ids, was, now = set(self._ids), self._was.models, self._now.models
        for key, model in now.items():
            before = was[key]
            of_changed = key in ids
            mine = _relationships(model, None if of_changed else ids, self._moved, before)
            if not mine or (of_changed and not _is_settled(model, before)):
                return False
        return self._names_are_unique(ids)

    def _names_are_unique(self, ids: set[str]) -> bool:
        """Whether the names by which relationships lead to classes, or from changed ones, are of one each."""
        count = Counter(model.name for model in self._was.models.values())
        targets = (each.target for key in ids for each in self._now.models[key].relationships.values())
        near = ids.union(target for target in targets if target is not None)
        return all(count[self._was.models[key].name] == 1 for key in near)

    def _moves(self) -> bool:
        """Have what others got by `backref` point at the lines of now; whether nothing else points there."""
        changed = self._changed
        for model in self._was.models.values():
            if model.place.path in changed:
                continue
            if any(each.place.path in changed for each in model.columns.values()):
                return False
            for name, each in model.relationships.items():
                if each.place.path in changed:
                    if each.place not in self._moved:
                        return False
                    model.relationships[name] = replace(each, place=self._moved[each.place])
        tables = (table for table in self._was.tables if table.place.path not in changed)
        return not any(part.path in changed for table in tables for part in _places(table))


def _relationships(now: Model, to: Collection[str] | None, moved: dict[Place, Place], was: Model) -> bool:
    """Whether the relationships to some classes (`None` for all) are what they were; notes what moved."""
    mine, before = _leading(now, to), _leading(was, to)
    if list(mine) != list(before) if to is None else mine.keys() != before.keys():
        return False
    for name, each in mine.items():
        old = before[name]
        if replace(each, place=old.place) != old:
            return False
        if each.place.path != old.place.path or moved.setdefault(old.place, each.place) != each.place:
            return False
    return True


def _is_settled(now: Model, was: Model) -> bool:
    """Whether a changed class has the same say in version tables, and lacks the same backrefs."""
    return (
        not (now.versioned or was.versioned)
        and now.unconfigured == was.unconfigured
        and now.associations == was.associations
        and all(key is not None for _, key in now.associations)
    )


def _leading(model: Model, to: Collection[str] | None) -> dict[str, Relationship]:
    found = model.relationships
    return found if to is None else {name: each for name, each in found.items() if each.target in to}


def _as_far_as_known(
    table: Table, was: Table, read: AbstractSet[str], stores: Mapping[str, MetaDataInfo]
) -> Table:
    """The table, whose foreign keys may lead to tables that were not read and have their types."""
    columns = {
        name: column
        if column.type is not None or _targets(table, name, stores) <= read
        else _with_type(column, was.columns.get(name))
        for name, column in table.columns.items()
    }
    return replace(table, columns=columns)


def _targets(table: Table, column: str, stores: Mapping[str, MetaDataInfo]) -> set[str]:
    """The keys of the tables that a column refers to."""
    store = stores.get(table.metadata)
    found = table.leads_to(column, store.schema if store is not None else None)
    return {target.rpartition(".")[0] for target in found}


def _with_type(column: Column, was: Column | None) -> Column:
    return column if was is None else replace(column, type=was.type, kind=was.kind)


def _key(table: Table) -> tuple[str, str, str]:
    return table.metadata, table.key, table.source


def _places(table: Table) -> Iterator[Place]:
    yield table.place
    yield from (column.place for column in table.columns.values())
    for parts in (table.indexes, table.uniques, table.checks, table.foreign_keys):
        yield from (part.place for part in parts)
