"""What the methods of the project say they return, by name: `def get_notes(self) -> list[Note]`.

A call like `handler.get_notes()` tells the method's name, and seldom what `handler` is. Where one method of
the project alone has that name, its annotation says what comes back.
"""

from __future__ import annotations

from collections import Counter

from ormlint.graph.model import Graph
from ormlint.graph.texts import Texts

_OF_SQLALCHEMY = frozenset({
    "one_or_none", "scalar_one", "scalar_one_or_none", "get_one", "first_or_404", "get_or_404",
    "one_or_404", "with_entities", "with_for_update", "yield_per", "execution_options",
    "filter_by", "order_by", "group_by", "select_from", "join_from", "add_columns",
})  # fmt: skip
"""Methods of sessions, queries and results, and of packages about them, that a project may override."""


class Returns:
    """The model whose rows a method returns, by the method's name."""

    def __init__(self, graph: Graph, texts: Texts) -> None:
        models = _by_name(graph)
        found: dict[str, str] = {}
        for returns in texts.say("returns", " ".join(sorted(models))).values():
            for each in str(returns).split():
                method, _, classes = each.partition(":")
                said = {models[name] for name in classes.split(",") if name in models}
                if len(said) == 1 and method not in _OF_SQLALCHEMY:
                    found[method] = next(iter(said))
        defining = texts.say("defines", " ".join(sorted(found))) if found else {}
        defined = Counter(name for names in defining.values() for name in str(names).split())
        self.models = {name: model for name, model in found.items() if defined[name] == 1}

    def of(self, name: str) -> str | None:
        """The model whose rows the one method of that name returns."""
        return self.models.get(name)


def _by_name(graph: Graph) -> dict[str, str]:
    """The models that their class names alone tell apart from other models and schemas."""
    count = Counter(model.name for model in graph.models.values())
    count.update(schema.name for schema in graph.schemas.values())
    return {model.name: model.id for model in graph.models.values() if count[model.name] == 1}
