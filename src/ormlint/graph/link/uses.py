"""Whether the sources build a schema by hand or set a name on objects: told from the text of every file."""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.facts.words import Form
from ormlint.findings import Place
from ormlint.graph.ages import Ages, unshown
from ormlint.graph.conversions import certainly_fails, refuses_null
from ormlint.graph.mirror import Mirror, lacking, mirrors
from ormlint.graph.model import Field, Graph, Schema
from ormlint.graph.questions import Said
from ormlint.graph.texts import Texts

_NAMED: tuple[Form, ...] = ("read", "keywords", "texts", "aliases")
"""The forms of an attribute, a keyword and a key."""
_LEAST_GIVEN = 3
"""With fewer keys, a dict may be anything."""


def note_uses(graph: Graph, texts: Texts) -> None:
    """Look for the fields of schemas that their models do not have."""
    linked = list(mirrors(graph))
    doubtful = [mirror for mirror in linked if mirror.reads and _is_doubtful(mirror)]
    taken = [
        mirror for mirror in linked if _may_lose(mirror.schema) and mirror.writes and any(_unread(mirror))
    ]
    short = [(mirror, names) for mirror in linked if (names := [name for name, _ in lacking(mirror)])]
    hidden = [mirror for mirror in linked if mirror.writes and mirror.hidden]
    vain = [mirror for mirror in linked if mirror.schema.unread or any(m.names for m in mirror.schema.built)]
    late = list(unshown(graph, Ages(graph)))
    if not (doubtful or taken or short or hidden or vain or late):
        return
    for attribute, _, family in late:
        mapped = family[0].model.columns[attribute]
        mapped.touched = texts.have(attribute, *_NAMED, elsewhere_than=mapped.place.path)
    for mirror in taken:
        _note_input(mirror, texts)
    for mirror in vain:
        mirror.schema.unfilled = frozenset(_unfilled(mirror, graph, texts))
    for mirror, names in short:
        mirror.schema.completed = frozenset(name for name in names if texts.have(name, "assigned"))
    for mirror in hidden:
        kept = mirror.hidden.values()
        mirror.schema.never_set = frozenset(
            name for name in kept if not texts.have(name, "assigned", "keywords", "texts", "aliases")
        )
    for mirror in doubtful:
        schema = mirror.schema
        called = bool(schema.built) or texts.have(schema.name, "called")
        schema.built_by_code = called or _builds_itself(schema, texts)
        if schema.reached is None and not schema.built_by_code:
            schema.given_dicts = _is_given_dicts(mirror, texts)
        if schema.read_by_name is None and any(mirror.has(field.name) for field in _unread(mirror)):
            schema.read_by_name = texts.have("by_name", "keywords")
        for field in _unread(mirror):
            read = field.read_as or (field.name,)
            field.set_by_code = any(texts.have(name, "assigned", "keywords", "texts") for name in read)


def _may_lose(schema: Schema) -> bool:
    """Whether a field that the model lacks is lost only where nothing else reads it."""
    return bool(schema.made) or any(making.open for making in schema.updates)


def _note_input(mirror: Mirror, texts: Texts) -> None:
    """Whether an input schema goes anywhere else than into rows, and whether its extra fields are read."""
    schema = mirror.schema
    annotated, used = _sum(texts.say("annotated", schema.name)), _sum(texts.say("used", schema.name))
    schema.named_elsewhere = used > annotated or annotated > max(len(schema.made), len(_places(schema)))
    for field in _unread(mirror):
        field.set_by_code = texts.have(field.name, *_NAMED)


def _sum(said: dict[str, Said]) -> int:
    return sum(map(int, said.values()))


def _places(schema: Schema) -> set[Place]:
    """The functions that read the schema only where a row had what its model does not have."""
    return {making.place for making in schema.unread}


def _unfilled(mirror: Mirror, graph: Graph, texts: Texts) -> Iterator[str]:
    """The fields that every place which builds the schema, or reads it, asks a row for in vain."""
    schema = mirror.schema
    if schema.built:
        names = frozenset.intersection(*(making.names for making in schema.built))
        settled = _sum(texts.say("calls", schema.name)) == len(schema.built)
    else:
        _note_input(mirror, texts)
        names = frozenset().union(*(making.names for making in schema.unread))
        settled = schema.named_elsewhere is False
    for name in names if settled else ():
        other = any(name in model.columns for model in graph.models.values())
        beside = (mirror.model.name,) if other else ()
        if not texts.say("sets", name, *beside):
            yield name


def _is_doubtful(mirror: Mirror) -> bool:
    """Whether it matters to a rule that rows reach the schema: some field does not fit its column."""
    for field in mirror.schema.fields.values():
        attribute = mirror.attribute_of(field)
        column = mirror.column(attribute) if attribute is not None else None
        if attribute is None or (column is not None and refuses_null(field, column)):
            return True
        if _is_refused(mirror, field):
            return True
    return False


def _unread(mirror: Mirror) -> Iterator[Field]:
    """The fields for which a row has nothing."""
    return (field for field in mirror.schema.fields.values() if mirror.attribute_of(field) is None)


def _is_given_dicts(mirror: Mirror, texts: Texts) -> bool:
    """Whether code may put dicts together that have all that the schema needs and no row gives as it is."""
    schema, model = mirror.schema, mirror.model
    refused = {_key(field) for field in schema.fields.values() if _is_refused(mirror, field)}
    names = refused | {_key(field) for field in schema.fields.values() if field.required is not False}
    if not refused or len(names) < _LEAST_GIVEN:
        return False
    classes = f"{schema.name} {model.name}"
    return bool(texts.say("fills", min(names), *map(" ".join, map(sorted, (names, refused))), classes))


def _key(field: Field) -> str:
    """What the field is called in a dict that is validated."""
    return field.read_as[0] if field.read_as else field.name


def _is_refused(mirror: Mirror, field: Field) -> bool:
    """Whether a field takes no value of its column."""
    attribute = mirror.attribute_of(field)
    column = mirror.column(attribute) if attribute is not None else None
    return column is not None and certainly_fails(mirror.schema, field, column)


def _builds_itself(schema: Schema, texts: Texts) -> bool:
    """Whether a class method of the schema makes an instance."""
    line = schema.place.line
    return any(start <= line < last for start, last in texts.words_of(schema.place.path).makers)
