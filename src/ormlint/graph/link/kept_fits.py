"""What names and fields of schemas said in the last run, as far as they say it in this one.

The model that they point at depends on the schema, on the words of `role-affixes`, and on the models that
have a certain part of the schema's fields (`LEAST_NAMED`). A schema that is the same is judged anew only
where the models that changed, came or went had that part of its fields together, before or after. It is the
same where all schemas of its module were recalled, or by a digest of what is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256

import msgspec

from ormlint.graph.heirs import of_heirs
from ormlint.graph.link.envelopes import is_envelope
from ormlint.graph.link.fieldmatch import LEAST_NAMED, field_names
from ormlint.graph.link.names import SchemaName
from ormlint.graph.memo import Memo
from ormlint.graph.model import Graph, Model, Schema
from ormlint.graph.schemas.keeping import are_as_before
from ormlint.packing import written


class Pointed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The model that a schema's name and fields point at, `by` what, and that in words."""

    model: str
    by: str
    words: str


class _Likeness(msgspec.Struct, frozen=True, array_like=True):
    """What a model is to those who compare it with schemas."""

    name: str
    path: str
    columns: list[str]
    others: list[str]


class _Judged(msgspec.Struct, frozen=True, array_like=True):
    schema: bytes
    """A digest of what the schema was."""
    renamed: int
    """How many of its fields are read as other names, too."""
    pointed: Pointed | None


class _Kept(msgspec.Struct, array_like=True):
    models: dict[str, _Likeness] = {}
    judged: dict[str, dict[str, _Judged]] = {}
    """By the path of the schema's module, and its id."""
    envelopes: dict[str, list[str]] = {}
    """The ids of schemas that carry others, by the path of their module."""
    names: dict[str, SchemaName] = {}
    """By the schema's name."""


_decode = msgspec.msgpack.Decoder(_Kept).decode


class KeptFits:
    """What was judged before and holds, and what is judged now."""

    def __init__(self, graph: Graph, memo: Memo) -> None:
        self._memo = memo
        self._key = _key(graph)
        self._before = self._recalled()
        heirs = of_heirs(graph.models)
        self._now = _Kept({key: _likeness(model, heirs.get(key, ())) for key, model in graph.models.items()})
        self._touched = _touched(self._before.models, self._now.models)
        self._known = dict(self._as_before(graph))
        """Of the schemas that are as they were, by id."""
        kept = self._before.envelopes.items()
        self._envelopes = {path: {*keys} for path, keys in kept if are_as_before(memo, path)}

    def of(self, schema: Schema, judge: Callable[[Schema], Pointed | None]) -> Pointed | None:
        """What its name and fields point at; it is judged anew where that may be another now."""
        found, path = self._known.get(schema.id), schema.place.path
        digest = found.schema if found is not None else _digest(schema)
        if digest is None:
            return judge(schema)
        found = found or self._before.judged.get(path, {}).get(schema.id)
        if found is None or found.schema != digest or self._is_near(schema, found.renamed):
            found = _Judged(digest, _renamed(schema), judge(schema))
        self._now.judged.setdefault(path, {})[schema.id] = found
        return found.pointed

    def was_judged(self, schema: Schema) -> bool:
        """Whether the schema is as it was, in all that can be asked of it, when the last run judged it."""
        return schema.id in self._known

    def is_envelope(self, schema: Schema) -> bool:
        """Whether the schema carries others and says nothing of a row itself."""
        path = schema.place.path
        found = schema.id in self._envelopes.get(path, ()) or is_envelope(schema)
        if found:
            self._now.envelopes.setdefault(path, []).append(schema.id)
        return found

    def _as_before(self, graph: Graph) -> Iterator[tuple[str, _Judged]]:
        """What the last run judged of the modules whose schemas were recalled."""
        judged = self._before.judged
        held = {path: judged[path] for path in judged if are_as_before(self._memo, path)}
        for schema in graph.schemas.values():
            found = held.get(schema.place.path)
            if found is not None and schema.id in found:
                yield schema.id, found[schema.id]

    def name(self, name: str, take_apart: Callable[[str], SchemaName]) -> SchemaName:
        """What a class is called, as a schema."""
        found = self._now.names[name] = self._before.names.get(name) or take_apart(name)
        return found

    def keep(self) -> None:
        """Hand what was judged to the next run."""
        self._memo.keep(_unit(self._key), self._key, (), self._now)

    def _is_near(self, schema: Schema, renamed: int) -> bool:
        """Whether a model that is another now may be, or have been, among those that fit."""
        touched, least = self._touched, LEAST_NAMED * len(schema.fields)
        if not touched or len(touched.intersection(schema.fields)) + renamed < least:
            return False
        return sum(not touched.isdisjoint(field_names(schema, name)) for name in schema.fields) >= least

    def _recalled(self) -> _Kept:
        content = self._memo.recall(_unit(self._key), self._key)
        try:
            return _Kept() if content is None else _decode(content)
        except msgspec.MsgspecError:
            return _Kept()


def carry(graph: Graph, memo: Memo) -> None:
    """Hand what was judged to the next run where this one does without, since nothing changed."""
    memo.carry(_unit(_key(graph)))


def _key(graph: Graph) -> str:
    return sha256(repr(graph.options.role_affixes).encode()).hexdigest()


def _unit(key: str) -> str:
    return f"fits {key}"


def _likeness(model: Model, heirs: Iterable[str]) -> _Likeness:
    others = [*model.relationships, *model.attributes, *sorted(heirs)]
    return _Likeness(model.name, model.place.path, [*model.columns], others)


def _touched(before: dict[str, _Likeness], now: dict[str, _Likeness]) -> set[str]:
    """Every name that is or was read from a model which is another now, is new, or is gone."""
    changed = [key for key in before.keys() | now.keys() if before.get(key) != now.get(key)]
    found = (each[key] for key in changed for each in (before, now) if key in each)
    return {name for each in found for name in (*each.columns, *each.others)}


def _digest(schema: Schema) -> bytes | None:
    """Of what is compared of a schema; `None` where it cannot be written down."""
    fields = [(name, field.read_as) for name, field in schema.fields.items()]
    data = written((schema.name, schema.from_attributes, fields))
    return sha256(data).digest()[:16] if data is not None else None


def _renamed(schema: Schema) -> int:
    return sum(not {name}.issuperset(field.read_as or ()) for name, field in schema.fields.items())
