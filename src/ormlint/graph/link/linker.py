"""Links the schemas of a graph, the strongest evidence first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ormlint.findings import Place
from ormlint.graph.link import judge
from ormlint.graph.link.envelopes import is_envelope
from ormlint.graph.link.evidence import Evidence
from ormlint.graph.link.families import Families
from ormlint.graph.link.fieldmatch import Fit, Matcher, field_names
from ormlint.graph.link.implied import CALLED_ALIKE, bases, kin, namesake, namesakes
from ormlint.graph.link.kept_fits import KeptFits, Pointed
from ormlint.graph.link.names import SchemaName, affixes, of_model, of_schema, role_of
from ormlint.graph.link.nesting import nested
from ormlint.graph.link.stated import stated
from ormlint.graph.model import Graph, Link, Making, Schema

_ROUNDS = 4
_BY = {
    "attribute": "attribute",
    "generic": "generic",
    "validate": "model_validate",
    "response": "response_model",
    "constructor": "constructor",
    "update": "setattr",
    "built": "built",
}
_TELLING = _BY.keys() - {"built"}
"""What links where the fields do not contradict it."""
_ALIKE = 0.05
_BASE_SHARE = 0.6
_LEAST_FED = 3
_FED_SHARE = 0.6
"""The part of a schema's fields that one row must fill for the schema to be a view of that row."""


class Linker:
    """Links by what is stated, what code says (`evidence`), names and fields, and what these links imply."""

    def __init__(self, graph: Graph, evidence: Iterable[Evidence], fits: KeptFits | None) -> None:
        self._graph, self._fits = graph, fits
        self._matcher = Matcher(graph)
        self._names: dict[str, SchemaName] = {}
        self._affixes = affixes(graph.options.role_affixes)
        self._judged: set[str] = set()
        """The schemas whose fields count."""
        self._evidence: dict[str, list[Evidence]] = defaultdict(list)
        for each in evidence:
            self._evidence[each.schema].append(each)

    def run(self) -> None:
        """Set each schema's role and link, and the links of the graph."""
        self._stated = {each.schema: each for each in stated(self._graph)}
        candidates = [schema for schema in self._graph.schemas.values() if self._can_mirror(schema)]
        for schema in candidates:
            if said := self._stated.get(schema.id):
                self._set(schema, said.model, said.by, said.words, said.place)
                continue
            self._inherited_by_table(schema)
            if schema.id in self._evidence:
                self._told(schema)
        self._beside = namesakes(candidates, self._names)
        for schema in candidates:
            if schema.model is None:
                self._fitted(schema)
        for _ in range(_ROUNDS):
            before = len(self._graph.links)
            self._spread(candidates)
            if len(self._graph.links) == before:
                break
        self._drop_shared_bases()
        for schema in candidates:
            if schema.model is not None:
                self._describe(schema, schema.model)

    def _describe(self, schema: Schema, model: str) -> None:
        """Say what a linked schema is for, and what the code does with it."""
        schema.role = role_of(
            self._names[schema.id].words, of_model(self._graph.models[model].name), self._affixes
        )
        called = self._matcher.relation if schema.linked_by == "fields" else None
        schema.called_otherwise = called is not None and called(self._names[schema.id], model) == "none"
        said = [each for each in self._evidence.get(schema.id, ()) if each.model == model]
        rows = [each for each in said if each.kind in ("validate", "response")]
        plain = [each for each in said if each.kind == "validate" and not each.stated]
        schema.reached = rows[0].place if rows else None
        schema.read_by_name = all("by_name" in each.given for each in rows) if rows else None
        schema.never_null = frozenset.intersection(*(each.asked for each in rows)) if rows else frozenset()
        schema.validated = plain[0].place if plain else None
        schema.made = _makings(said, "constructor")
        schema.updates = _makings(said, "update")
        schema.built = tuple(Making(e.place, e.absent, whole=False) for e in said if e.kind == "built")
        schema.unread = _makings(said, "unread")

    def _can_mirror(self, schema: Schema) -> bool:
        name = self._names[schema.id] = self._name(schema.name)
        schema.role = name.role
        said = self._stated.get(schema.id)
        if said is not None:
            return bool(said.model)
        if self._fits is None or not self._fits.was_judged(schema):
            if schema.kind in ("settings", "root", "dataclass") or not schema.fields:
                return False
            if "abc.ABC" in schema.bases:
                return False  # it says what others do, not what a row has
            if (is_envelope if self._fits is None else self._fits.is_envelope)(schema):
                schema.role = "envelope"
                return False
        self._judged.add(schema.id)
        return True

    def _name(self, name: str) -> SchemaName:
        return self._take_apart(name) if self._fits is None else self._fits.name(name, self._take_apart)

    def _take_apart(self, name: str) -> SchemaName:
        return of_schema(name, self._affixes)

    def _inherited_by_table(self, schema: Schema) -> None:
        """SQLModel: a table class that inherits a schema's fields."""
        if schema.kind != "sqlmodel":
            return
        heirs = [model for model in self._graph.models.values() if schema.id in model.bases]
        if len(heirs) == 1:
            self._set(
                schema, heirs[0].id, "inheritance", f"`{heirs[0].name}` inherits from it", heirs[0].place
            )

    def _told(self, schema: Schema) -> None:
        """What the project's code says, where the fields do not contradict it."""
        said = [each for each in self._evidence[schema.id] if each.kind in _TELLING]
        if said:
            self._believe(schema, [each for each in said if self._bearable(schema, each)])

    def _bearable(self, schema: Schema, said: Evidence) -> bool:
        fit = self._fit(schema, said.model)
        if fit is None or fit.share < 0.1 or (fit.share < 0.3 and fit.hits < 3):
            return False
        if said.kind not in ("constructor", "update") or fit.name == "same" or fit.share == 1:
            return True
        if judge.takes_little(schema, said, fit):
            return False
        return not judge.is_outdone(fit, self._matcher.fits(schema, self._names[schema.id]))

    def _believe(self, schema: Schema, said: list[Evidence]) -> None:
        """Link to the model that fits best; one schema for several tables that fit alike mirrors none."""
        fits = [(fit.rank, each) for each in said if (fit := self._fit(schema, each.model)) is not None]
        best = max(fits, key=lambda pair: pair[0], default=None)
        if best is None:
            return
        rank, each = best
        model = self._namesake(schema, each.model)
        rivals = {self._namesake(schema, other.model) for near, other in fits if near > rank - _ALIKE}
        if rivals == {model}:
            self._set(schema, model, _BY[each.kind], each.words, each.place)

    def _namesake(self, schema: Schema, model: str) -> str:
        """The ancestor of a model that the schema is called like: a row of a child is a row of its parent."""
        current: str | None = model
        while current is not None:
            fit = self._fit(schema, current)
            if fit is not None and fit.name == "same":
                return current
            parent = self._graph.models.get(current)
            current = parent.inherits if parent is not None else None
        return model

    def _fitted(self, schema: Schema) -> None:
        """What names and fields say together, then what rows it is built from."""
        found = self._pointed(schema) if self._fits is None else self._fits.of(schema, self._pointed)
        if found is None or found.by == "fields":
            found = self._called_like_told(schema) or found
        else:
            found = self._rather_told(schema, found.model) or found
        if found is not None:
            self._set(schema, found.model, found.by, found.words)
        if schema.id in self._evidence:
            self._built(schema)

    def _pointed(self, schema: Schema) -> Pointed | None:
        """The model that name and fields point at."""
        name = self._names[schema.id]
        fit = judge.best(schema, name, self._matcher.fits(schema, name))
        if fit is None:
            return None
        words = f"{fit.hits} of {len(schema.fields)} fields are attributes of `{fit.model.name}`"
        return Pointed(fit.model.id, "name" if fit.name == "same" else "fields", words)

    def _called_like_told(self, schema: Schema) -> Pointed | None:
        """The model that code names for the schemas of its name in the module, where rows fill all of it."""
        model = self._told_beside(schema)
        fit = self._fit(schema, model)
        filled = fit is not None and judge.is_filled(schema, fit)
        return Pointed(model, "inheritance", CALLED_ALIKE) if filled else None

    def _rather_told(self, schema: Schema, called: str) -> Pointed | None:
        """The model that code names for its namesakes in the module, where that of its name has fewer fields.

        `CustomerCreate` makes a `User`: `CustomerRead` with what users alone have is no row of `Customer`.
        """
        model = self._told_beside(schema)
        if model in ("", called):
            return None
        told, other = self._fit(schema, model), self._fit(schema, called)
        if told is None or other is None or told.hits <= other.hits or not judge.supported(schema, told):
            return None
        return Pointed(model, "inheritance", CALLED_ALIKE)

    def _told_beside(self, schema: Schema) -> str:
        """The one model that code names for the schemas of its name in the module, if there is one."""
        models = self._beside.get(namesake(schema, self._names), set())
        return next(iter(models)) if len(models) == 1 else ""

    def _built(self, schema: Schema) -> None:
        """The one model whose rows it is built from, wherever it is built from rows."""
        built = [each for each in self._evidence[schema.id] if each.kind == "built"]
        if len({each.model for each in built}) != 1:
            return
        self._believe(schema, [each for each in built if self._confirmed(schema, each)])
        if all(self._fills(schema, each) for each in built):
            words = f"a row fills {len(built[0].given)} of {len(schema.fields)} fields"
            self._set(schema, built[0].model, "built", words, built[0].place)

    def _confirmed(self, schema: Schema, said: Evidence) -> bool:
        """Whether the row shares most of the schema's fields, and fills a good part of them."""
        fit = self._fit(schema, said.model)
        if fit is None or fit.hits < _LEAST_FED or not judge.supported(schema, fit):
            return False
        return said.open or 2 * _filled(schema, said) >= len(schema.fields)

    def _fills(self, schema: Schema, said: Evidence) -> bool:
        """Whether the attributes of one row, its key among them, make up most of the schema."""
        filled = _filled(schema, said)
        whole = filled >= _LEAST_FED and filled / len(schema.fields) >= _FED_SHARE
        return whole and bool(judge.KEYS & said.given)

    def _fit(self, schema: Schema, model: str) -> Fit | None:
        if schema.id not in self._judged:
            return None
        return self._matcher.fit(schema, self._names[schema.id], model)

    def _spread(self, candidates: list[Schema]) -> None:
        """Link what the links so far imply."""
        families = Families(self._graph)
        stands = list(nested(self._graph))
        targets: dict[str, set[str]] = defaultdict(set)
        for schema, model, _ in stands:
            targets[schema.id].add(model)
        for schema, model, words in stands:
            fit = self._fit(schema, model)
            if fit is None or len(targets[schema.id]) > 1:
                continue
            if fit.name == "none" and families.is_shared(schema, model):
                continue
            if judge.supported(schema, fit):
                self._set(schema, self._namesake(schema, model), "relationship", words)
        for schema, model, words in list(kin(self._graph, candidates, self._names, families)):
            fit = self._fit(schema, model)
            if fit is not None and judge.is_kin(schema, fit):
                self._set(schema, model, "inheritance", words)
        for schema, model, words in list(bases(candidates)):
            fit = self._fit(schema, model)
            if fit is not None and fit.name != "none" and fit.telling and fit.share >= _BASE_SHARE:
                self._set(schema, model, "inheritance", words)

    def _set(self, schema: Schema, model: str, by: str, words: str, place: Place | None = None) -> None:
        if schema.model is None:
            schema.model, schema.linked_by = model, by
            self._graph.links[schema.id] = Link(schema.id, model, by, words, place)

    def _drop_shared_bases(self) -> None:
        """A base whose children mirror different models mirrors none of them, unless code says so."""
        families = Families(self._graph)
        for base in self._graph.schemas.values():
            if base.model is None or base.linked_by not in ("name", "fields", "inheritance"):
                continue
            if families.is_shared(base, base.model):
                base.model = base.linked_by = None
                base.role = "base"
                del self._graph.links[base.id]


def _makings(said: Iterable[Evidence], kind: str) -> tuple[Making, ...]:
    return tuple(Making(each.place, each.given, each.whole, each.open) for each in said if each.kind == kind)


def _filled(schema: Schema, said: Evidence) -> int:
    """How many fields a row fills where the schema is built from it."""
    return sum(bool(field_names(schema, name) & said.given) for name in schema.fields)
