"""Schemas and what inherits from them: a base of what mirrors several models mirrors none of these."""

from __future__ import annotations

from collections import defaultdict

from ormlint.graph.model import Graph, Schema


class Families:
    """The models that the children of each schema mirror, as far as they are linked by now.

    That a child has fields like a model is too little to speak against the name of what it inherits from.
    """

    def __init__(self, graph: Graph) -> None:
        self._models = graph.models
        self._of: dict[str, set[str]] = defaultdict(set)
        self._surely: dict[str, set[str]] = defaultdict(set)
        for schema in graph.schemas.values():
            for ancestor in schema.ancestors if schema.model is not None else ():
                self._of[ancestor].add(schema.model or "")
                if schema.linked_by != "fields":
                    self._surely[ancestor].add(schema.model or "")

    def is_shared(self, schema: Schema, model: str) -> bool:
        """Whether a schema is the base of one that mirrors another model than that one."""
        named = schema.linked_by == "name" and schema.role != "base"
        of = self._surely if named else self._of
        return any(not self._is_a(each, model) for each in of.get(schema.id, ()))

    def _is_a(self, model: str, ancestor: str) -> bool:
        """Whether a model is another, or inherits from its table."""
        current: str | None = model
        while current is not None and current != ancestor:
            parent = self._models.get(current)
            current = parent.inherits if parent is not None else None
        return current == ancestor
