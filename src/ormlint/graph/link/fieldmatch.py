"""How much of a schema's fields a model has, and how much of the model's columns a schema shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from ormlint.graph.link.names import Relation, SchemaName, Words, of_model, relation, words_of
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


@dataclass(frozen=True)
class Fit:
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
    """Compares schemas with all models of the graph through an index of attribute names."""

    def __init__(self, graph: Graph) -> None:
        self._models = graph.models
        self._words: dict[str, Words] = {key: of_model(model.name) for key, model in graph.models.items()}
        self._having: dict[str, list[str]] = defaultdict(list)
        for key, model in graph.models.items():
            for attribute in readable(model):
                self._having[attribute].append(key)

    def fits(self, schema: Schema, name: SchemaName) -> list[Fit]:
        """Every model that has enough in common to be worth a thought, best first."""
        fields = [field_names(schema, field) for field in schema.fields]
        hits: Counter[str] = Counter()
        telling: Counter[str] = Counter()
        for names in fields:
            models = {key for each in names for key in self._having.get(each, ())}
            hits.update(models)
            if not names & COMMON:
                telling.update(models)
        found = [
            self._fit(key, count, telling[key], fields, name)
            for key, count in hits.items()
            if count >= 3 or count / len(fields) >= LEAST_SHARE
        ]
        return sorted(found, key=lambda fit: (-fit.rank, fit.model.id))

    def fit(self, schema: Schema, name: SchemaName, model: str) -> Fit | None:
        """The fit of one model."""
        return next((fit for fit in self.fits(schema, name) if fit.model.id == model), None)

    def _fit(self, key: str, hits: int, telling: int, fields: list[frozenset[str]], name: SchemaName) -> Fit:
        model = self._models[key]
        shown = frozenset().union(*fields)
        columns = model.columns
        coverage = sum(column in shown for column in columns) / len(columns) if columns else 0.0
        said = relation(name, self._words[key], words_of(model.name))
        if said == "same" and model.name.startswith("_"):
            said = "part"  # the class that goes by the name without the underscore is the one to mean
        return Fit(model, hits, hits / len(fields), coverage, telling, said)


def readable(model: Model) -> frozenset[str]:
    """Every name that can be read from a model."""
    return frozenset((*model.columns, *model.relationships, *model.attributes))


def field_names(schema: Schema, name: str) -> frozenset[str]:
    """A field's name and what it is read as."""
    return frozenset((name, *(schema.fields[name].read_as or ())))
