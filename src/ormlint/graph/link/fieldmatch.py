"""How much of a schema's fields a model has, and how much of the model's columns a schema shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import islice

from msgspec import Struct

from ormlint.graph.link.names import ModelNames, Relation, SchemaName
from ormlint.graph.model import Graph, Model, Schema

COMMON = frozenset({
    "id", "uuid", "guid", "pk", "name", "title", "description", "status", "type", "kind", "slug",
    "created_at", "updated_at", "update_at", "created_by", "updated_by", "created_by_id",
    "updated_by_id", "deleted_at", "is_deleted", "is_active", "created", "updated", "modified",
    "modified_at", "date_created", "date_updated", "created_on", "updated_on", "version", "notes",
    "metadata", "message", "success", "enabled", "user_id", "project", "project_id", "group_id",
    "default", "date", "start_date", "end_date", "reason",
})  # fmt: skip
"""Names that so many tables have that sharing them says little."""


LEAST_SHARE = 0.3
"""With less in common, and fewer than three fields, no evidence makes a link."""


class Fit(Struct, frozen=True):
    """What a schema and a model have in common.

    `share` is the part of the schema's fields that the model has, `coverage` the part of the model's columns
    that the schema has, `telling` the number of shared names that few tables have.
    """

    model: Model
    hits: int
    share: float
    coverage: float
    telling: int
    name: Relation

    @property
    def rank(self) -> float:
        return self.share + self.coverage + {"same": 0.5, "part": 0.2, "none": 0.0}[self.name]


class Matcher:
    """Compares schemas with all models of the graph through an index of attribute names.

    Models with the same attributes fit a schema equally well unless their names tell them apart: they are
    looked at once, however many there are.
    """

    def __init__(self, graph: Graph) -> None:
        self._models = graph.models
        self._named = ModelNames({key: model.name for key, model in graph.models.items()})
        groups: dict[object, list[str]] = defaultdict(list)
        for key, model in sorted(graph.models.items(), key=lambda each: each[1].id):
            groups[tuple(model.columns), readable(model)].append(key)
        self._alike = list(groups.values())
        self._group = {key: number for number, keys in enumerate(self._alike) for key in keys}
        self._having: dict[str, list[int]] = defaultdict(list)
        for number, keys in enumerate(self._alike):
            for attribute in readable(graph.models[keys[0]]):
                self._having[attribute].append(number)

    def fits(self, schema: Schema, name: SchemaName) -> list[Fit]:
        """Every model that has enough in common to be worth a thought, best first.

        Of models that are alike and that the name says nothing of, two stand for all.
        """
        fields = [field_names(schema, field) for field in schema.fields]
        hits, telling = self._counted(fields)
        called = self._named.related(name)
        related: dict[int, list[str]] = defaultdict(list)
        for key in called:
            related[self._group[key]].append(key)
        found = []
        for alike, count in hits.items():
            if count >= 3 or count / len(fields) >= LEAST_SHARE:
                others = islice((key for key in self._alike[alike] if key not in called), 2)
                found += [
                    self._fit(key, count, telling[alike], fields, called.get(key, "none"))
                    for key in (*related[alike], *others)
                ]
        return sorted(found, key=lambda fit: (-fit.rank, fit.model.id))

    def fit(self, schema: Schema, name: SchemaName, model: str) -> Fit | None:
        """The fit of one model; `None` where it is none of the graph, or has too little in common."""
        if model not in self._models:
            return None
        fields = [field_names(schema, field) for field in schema.fields]
        attributes = readable(self._models[model])
        shared = [names for names in fields if names & attributes]
        if len(shared) < 3 and (not shared or len(shared) / len(fields) < LEAST_SHARE):
            return None
        telling = sum(not names & COMMON for names in shared)
        called = self._named.relation(name, model)
        return self._fit(model, len(shared), telling, fields, called)

    def _counted(self, fields: list[frozenset[str]]) -> tuple[Counter[int], Counter[int]]:
        """How many fields the models have that are alike, and how many of them are telling."""
        hits: Counter[int] = Counter()
        telling: Counter[int] = Counter()
        for names in fields:
            having = {number for each in names for number in self._having.get(each, ())}
            hits.update(having)
            if not names & COMMON:
                telling.update(having)
        return hits, telling

    def _fit(self, key: str, hits: int, telling: int, fields: list[frozenset[str]], called: Relation) -> Fit:
        model = self._models[key]
        shown = frozenset().union(*fields)
        columns = model.columns
        coverage = sum(column in shown for column in columns) / len(columns) if columns else 0.0
        return Fit(model, hits, hits / len(fields), coverage, telling, called)


def readable(model: Model) -> frozenset[str]:
    """Every name that can be read from a model."""
    return frozenset((*model.columns, *model.relationships, *model.attributes))


def field_names(schema: Schema, name: str) -> frozenset[str]:
    """A field's name and what it is read as."""
    return frozenset((name, *(schema.fields[name].read_as or ())))
