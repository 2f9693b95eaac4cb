"""Links that follow from others: schemas nested where the model has a relationship."""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.graph.model import Field, Graph, Model, Relationship, Schema
from ormlint.graph.model.types import Class, Either, Generic, Type


def nested(graph: Graph) -> Iterator[tuple[Schema, str, str]]:
    """(schema, model, words) for each schema that stands where a linked one's model has a relationship."""
    for link in list(graph.links.values()):
        schema, model = graph.schemas[link.schema], graph.models[link.model]
        for field in schema.fields.values() if model.relationships else ():
            relationship = _relationship(field, model)
            if relationship is None or relationship.target not in graph.models:
                continue
            for inner in _schemas_in(field.kind, graph):
                where = f"`{schema.name}.{field.name}` over `{model.name}.{relationship.attribute}`"
                yield inner, relationship.target, where


def _relationship(field: Field, model: Model) -> Relationship | None:
    """That which a field is named like, or read as."""
    for name in (field.name, *(field.read_as or ())):
        if name in model.relationships:
            return model.relationships[name]
    return None


def _schemas_in(value: Type, graph: Graph, depth: int = 0) -> Iterator[Schema]:
    if isinstance(value, Class) and value.id in graph.schemas:
        yield graph.schemas[value.id]
    elif isinstance(value, (Generic, Either)) and depth < 8:
        for inner in value.args if isinstance(value, Generic) else value.members:
            yield from _schemas_in(inner, graph, depth + 1)
