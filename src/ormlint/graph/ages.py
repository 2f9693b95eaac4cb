"""How old a model's columns are, told from the migrations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ormlint.graph.drift import Pair, pairs
from ormlint.graph.mirror import Mirror, mirrors
from ormlint.graph.model import Environment, Graph, MigratedColumn, Model


def unshown(graph: Graph, ages: Ages) -> Iterator[tuple[str, MigratedColumn, list[Mirror]]]:
    """(attribute, its column, the model's schemas) for each later column that no schema shows to readers."""
    families: dict[str, list[Mirror]] = defaultdict(list)
    for mirror in mirrors(graph):
        families[mirror.model.id].append(mirror)
    for family in families.values():
        model = family[0].model
        for attribute, mapped in model.columns.items():
            late = ages.added_later(model, attribute) if mapped.definition is not None else None
            if late is None or any(mirror.shows and attribute in mirror.shown for mirror in family):
                continue
            if not family[0].is_left_out(attribute):
                yield attribute, late, family


class Ages:
    """Which revision brought a column, and which revisions came before which."""

    def __init__(self, graph: Graph) -> None:
        self._pairs: dict[str, Pair] = {}
        for pair in pairs(graph):
            self._pairs.setdefault(pair.table.key, pair)
        self._down: dict[int, dict[str, tuple[str, ...]]] = {}
        self._older: dict[int, dict[str, frozenset[str]]] = {}

    def added_later(self, model: Model, attribute: str) -> MigratedColumn | None:
        """The migrated column behind an attribute, if a later revision than the table's first added it."""
        column = self._migrated(model, attribute)
        if column is None or column.uncertain:
            return None
        pair = self._pairs[model.table or ""]
        return column if column.revision != pair.migrated.created_in else None

    def _migrated(self, model: Model, attribute: str) -> MigratedColumn | None:
        pair = self._pairs.get(model.table or "")
        return pair.migrated.columns.get(model.columns[attribute].column) if pair is not None else None

    def is_newer(self, model: Model, attribute: str, than: MigratedColumn) -> bool:
        """Whether another column of the same table came by a descendant of the revision of `than`."""
        column = self._migrated(model, attribute)
        if column is None:
            return False
        return than.revision in self._ancestors(self._pairs[model.table or ""], column.revision)

    def _ancestors(self, pair: Pair, revision: str) -> frozenset[str]:
        known = self._older.setdefault(id(pair.environment), {})
        if revision not in known:
            down = self._below(pair.environment)
            seen: set[str] = set()
            queue = list(down.get(revision, ()))
            while queue:
                current = queue.pop()
                if current not in seen:
                    seen.add(current)
                    queue += down.get(current, ())
            known[revision] = frozenset(seen)
        return known[revision]

    def _below(self, environment: Environment) -> dict[str, tuple[str, ...]]:
        """The revisions right before each."""
        if id(environment) not in self._down:
            below = {each.id: (*each.down, *each.depends_on) for each in environment.revisions}
            self._down[id(environment)] = below
        return self._down[id(environment)]
