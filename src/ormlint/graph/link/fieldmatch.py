"""How much of a schema's fields a model has, and how much of the model's columns a schema shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from itertools import chain, islice

from msgspec import Struct

from ormlint.graph.heirs import heirs, readable
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
LEAST_NAMED = 0.4
"""With less in common, nothing is convincing."""
LEAST_PART = 0.5
"""With less in common, nothing is convincing where one name is a part of the other."""
LEAST_UNNAMED = 0.75
"""With less in common, nothing is convincing where names say nothing."""
_LEAST: dict[Relation, float] = {"same": LEAST_NAMED, "part": LEAST_PART, "none": LEAST_UNNAMED}


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
        self._readable = {key: readable(model) for key, model in graph.models.items()}
        self._heirs = heirs(graph.models)
        groups: dict[object, list[str]] = defaultdict(list)
        for key, model in sorted(graph.models.items(), key=lambda each: each[1].id):
            groups[tuple(model.columns), self._readable[key]].append(key)
        self._alike = list(groups.values())
        self._group = {key: number for number, keys in enumerate(self._alike) for key in keys}
        self._having: dict[str, list[int]] = defaultdict(list)
        for number, keys in enumerate(self._alike):
            for attribute in self._readable[keys[0]]:
                self._having[attribute].append(number)
        self._fields: dict[str, list[frozenset[str]]] = {}
        self._fits: dict[tuple[str, str], Fit | None] = {}

    def fits(self, schema: Schema, name: SchemaName) -> list[Fit]:
        """Every model that names and fields together may point at, and its rivals, best first.

        Of models that are alike and that the name says nothing of, two stand for all.
        """
        fields = self._fields_of(schema)
        hits = self._hits(fields)
        if max(hits.values(), default=0) < LEAST_NAMED * len(fields):
            return []
        called = self._named.related(name)
        chosen: dict[str, int] = {}
        for key, said in called.items():
            whole = said == "same" and key in self._heirs
            count = len(self._shared(fields, key, said)) if whole else hits[self._group[key]]
            if count >= _LEAST[said] * len(fields):
                chosen[key] = count
        least = LEAST_UNNAMED * len(fields)
        for alike, count in hits.items():
            if count >= least:
                others = (key for key in self._alike[alike] if key not in called)
                chosen |= dict.fromkeys(islice(others, 2), count)
        found = [self._fit(key, count, fields, called.get(key, "none")) for key, count in chosen.items()]
        return sorted(found, key=lambda fit: (-fit.rank, fit.model.id))

    def fit(self, schema: Schema, name: SchemaName, model: str) -> Fit | None:
        """The fit of one model; `None` where it is none of the graph, or has too little in common."""
        known = (schema.id, model)
        if known not in self._fits:
            self._fits[known] = self._compared(schema, name, model) if model in self._models else None
        return self._fits[known]

    def relation(self, name: SchemaName, model: str) -> Relation:
        """How a schema's name relates to that of a model."""
        return self._named.relation(name, model)

    def _compared(self, schema: Schema, name: SchemaName, model: str) -> Fit | None:
        fields = self._fields_of(schema)
        called = self._named.relation(name, model)
        shared = self._shared(fields, model, called)
        if len(shared) < 3 and (not shared or len(shared) / len(fields) < LEAST_SHARE):
            return None
        return self._fit(model, len(shared), fields, called)

    def _shared(self, fields: list[frozenset[str]], key: str, called: Relation) -> list[frozenset[str]]:
        """The fields that rows of a model have something for.

        Of a schema that is called like the model each heir may fill some; where one fills as many as all do
        together, the schema may show rows of that one alone.
        """
        own = _having(fields, self._readable[key])
        if called != "same" or key not in self._heirs:
            return own
        below = [self._readable[each] for each in self._heirs[key]]
        found = _having(fields, self._readable[key].union(*below))
        return own if any(len(_having(fields, each)) == len(found) for each in below) else found

    def _fields_of(self, schema: Schema) -> list[frozenset[str]]:
        if schema.id not in self._fields:
            self._fields[schema.id] = [field_names(schema, field) for field in schema.fields]
        return self._fields[schema.id]

    def _hits(self, fields: list[frozenset[str]]) -> Counter[int]:
        """How many of the fields the models have that are alike."""
        return Counter(chain.from_iterable(map(self._groups_having, fields)))

    def _groups_having(self, names: frozenset[str]) -> Collection[int]:
        """The numbers of the models with one of the names, each once."""
        found = [self._having[name] for name in names if name in self._having]
        return found[0] if len(found) == 1 else set(chain.from_iterable(found))

    def _fit(self, key: str, hits: int, fields: list[frozenset[str]], called: Relation) -> Fit:
        model = self._models[key]
        columns = model.columns
        shown = columns.keys() & chain.from_iterable(fields)
        coverage = len(shown) / len(columns) if columns else 0.0
        telling = sum(names.isdisjoint(COMMON) for names in self._shared(fields, key, called))
        return Fit(model, hits, hits / len(fields), coverage, telling, called)


def _having(fields: list[frozenset[str]], attributes: frozenset[str]) -> list[frozenset[str]]:
    return [names for names in fields if not names.isdisjoint(attributes)]


def field_names(schema: Schema, name: str) -> frozenset[str]:
    """A field's name and what it is read as."""
    return frozenset((name, *(schema.fields[name].read_as or ())))
