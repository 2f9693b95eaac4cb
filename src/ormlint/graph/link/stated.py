"""Links that comments and settings state: they outrank whatever the code says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from ormlint.facts.comments import Comment
from ormlint.findings import Place
from ormlint.graph.model import Graph, Misstatement, Model, Schema


class Stated(Struct, frozen=True):
    """A schema mirrors a model; an empty model stands for none."""

    schema: str
    model: str
    by: Literal["comment", "config"]
    words: str
    place: Place | None


def stated(graph: Graph) -> list[Stated]:
    """Every link that is stated, a comment's before a setting's; what cannot be is noted in the graph."""
    found: dict[str, Stated] = {}
    for each in (*_by_comments(graph), *_by_settings(graph)):
        found.setdefault(each.schema, each)
    return list(found.values())


def _by_comments(graph: Graph) -> Iterator[Stated]:
    linking = [
        (path, comment)
        for path, comments in graph.comments.items()
        for comment in comments
        if comment.kind in ("model", "no-model")
    ]
    schemas = graph.schemas.values() if linking else ()
    by_line = {(schema.place.path, schema.place.line): schema for schema in schemas}
    for path, comment in linking:
        place = Place(path, comment.line, comment.column, comment.line, comment.end)
        schema = by_line.get((path, comment.target))
        if not comment.target:
            said = "no class statement stands here: the comment links nothing"
            _misstate(
                graph, place, f"ormlint: {comment.kind}", said, "put it at the schema's class statement"
            )
        elif schema is not None:
            model = _model(graph, place, comment)
            if model is not None:
                yield Stated(schema.id, model, "comment", "a comment says so", place)


def _model(graph: Graph, place: Place, comment: Comment) -> str | None:
    return "" if comment.kind == "no-model" else _only_model(graph, place, comment.words[0])


def _by_settings(graph: Graph) -> Iterator[Stated]:
    for name, target in graph.options.links.items():
        place = graph.options.link_places.get(name, Place(".", 1))
        schemas = _named(graph.schemas, name)
        if not schemas:
            known = sorted({schema.name for schema in graph.schemas.values()})
            _misstate(
                graph,
                place,
                name,
                f"`links` names a schema `{name}` that does not exist",
                _nearest(name, known),
            )
        model = _only_model(graph, place, target) if isinstance(target, str) else ""
        if model is not None:
            for schema in schemas:
                yield Stated(schema.id, model, "config", "the settings say so", place)


def _only_model(graph: Graph, place: Place, name: str) -> str | None:
    """The id of the one model of that name."""
    models = _named(graph.models, name)
    if len(models) == 1:
        return models[0].id
    if models:
        ids = ", ".join(f"`{model.id}`" for model in models)
        _misstate(graph, place, name, f"`{name}` may be any of {ids}", "write the dotted name")
    elif graph.models:
        known = sorted({model.name for model in graph.models.values()})
        _misstate(graph, place, name, f"there is no model `{name}`", _nearest(name, known))
    return None


def _named(classes: Mapping[str, Model] | Mapping[str, Schema], name: str) -> list[Model | Schema]:
    """The classes of that name: a class name, a dotted id, or the end of one."""
    return [each for key, each in classes.items() if key == name or key.endswith(f".{name}")]


def _misstate(graph: Graph, place: Place, name: str, message: str, help_: str) -> None:
    graph.misstated.append(Misstatement("unknown-link", place, name, message, help_))


def _nearest(name: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - for mistakes alone

    close = get_close_matches(name.rpartition(".")[2], known, n=1, cutoff=0.7)
    return f"did you mean `{close[0]}`?" if close else ""
