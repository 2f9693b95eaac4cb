"""How old a model's columns are, told from the migrations."""

from __future__ import annotations

from ormlint.graph.drift import Pair, pairs
from ormlint.graph.model import Graph, MigratedColumn, Model


class Ages:
    """Which revision brought a column, and which revisions came before which."""

    def __init__(self, graph: Graph) -> None:
        self._pairs: dict[str, Pair] = {}
        for pair in pairs(graph):
            self._pairs.setdefault(pair.table.key, pair)
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
            down = {each.id: (*each.down, *each.depends_on) for each in pair.environment.revisions}
            seen: set[str] = set()
            queue = list(down.get(revision, ()))
            while queue:
                current = queue.pop()
                if current not in seen:
                    seen.add(current)
                    queue += down.get(current, ())
            known[revision] = frozenset(seen)
        return known[revision]
