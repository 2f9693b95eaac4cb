"""What the methods of the project say they return, by name: `def get_notes(self) -> list[Note]`.

A call like `handler.get_notes()` tells the method's name, and seldom what `handler` is. Where one method of
the project alone has that name, its annotation says what comes back.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable

from ormlint.graph.model import Graph

_RETURNS = re.compile(rb"->[ \t]*([^\n]*?)[ \t]*:[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_METHOD = re.compile(rb"^[ \t]+(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)
_CLASS = re.compile(rb"\b[A-Z]\w+")
_OF_SQLALCHEMY = frozenset({
    b"one_or_none", b"scalar_one", b"scalar_one_or_none", b"get_one", b"first_or_404", b"get_or_404",
    b"one_or_404", b"with_entities", b"with_for_update", b"yield_per", b"execution_options",
    b"filter_by", b"order_by", b"group_by", b"select_from", b"join_from", b"add_columns",
})  # fmt: skip
"""Methods of sessions, queries and results, and of packages about them, that a project may override."""


class Returns:
    """The model whose rows a method returns, by the method's name."""

    def __init__(self, graph: Graph, texts: Iterable[bytes]) -> None:
        models = _by_name(graph)
        methods: Counter[bytes] = Counter()
        found: dict[bytes, str] = {}
        for text in texts:
            starts = {match.start(): match[1] for match in _METHOD.finditer(text)}
            methods.update(starts.values())
            places = sorted(starts)
            for match in _RETURNS.finditer(text):
                said = {models[name] for name in _CLASS.findall(match[1]) if name in models}
                before = bisect(places, match.start())
                if len(said) == 1 and before:
                    found[starts[places[before - 1]]] = next(iter(said))
        self._models = {
            name.decode(): model
            for name, model in found.items()
            if methods[name] == 1 and b"_" in name.strip(b"_") and name not in _OF_SQLALCHEMY
        }

    def of(self, name: str) -> str | None:
        """The model whose rows the one method of that name returns."""
        return self._models.get(name)


def _by_name(graph: Graph) -> dict[bytes, str]:
    """The models that their class names alone tell apart from other models and schemas."""
    count = Counter(model.name for model in graph.models.values())
    count.update(schema.name for schema in graph.schemas.values())
    return {model.name.encode(): model.id for model in graph.models.values() if count[model.name] == 1}
