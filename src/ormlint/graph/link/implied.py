"""What links imply of other schemas: of children, of namesakes in the module, and of bases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ormlint.graph.link.families import Families
from ormlint.graph.link.names import SchemaName, Words
from ormlint.graph.model import Graph, Schema

Implied = tuple[Schema, str, str]
"""A schema, the model that it may mirror, and why."""
CALLED_ALIKE = "is called like a schema of its module that mirrors it"
_UNSAID = frozenset({"fields", "relationship", "inheritance"})
"""What links a schema that neither its name nor the code links."""


def kin(
    graph: Graph, candidates: Sequence[Schema], names: Mapping[str, SchemaName], families: Families
) -> Iterator[Implied]:
    """Children of linked schemas, and inputs that are called like a linked schema of their module."""
    beside = namesakes(candidates, names)
    for schema in candidates:
        writes = schema.role in ("create", "update")
        if schema.model is not None or not (schema.ancestors or writes):
            continue
        parents = (graph.schemas.get(ancestor) for ancestor in schema.ancestors)
        parent = next((each for each in parents if each is not None and _hands_down(each, families)), None)
        alike = beside.get(namesake(schema, names), set())
        if parent is not None and parent.model is not None:
            yield schema, parent.model, f"inherits from `{parent.name}`"
        elif len(alike) == 1 and writes:
            yield schema, next(iter(alike)), CALLED_ALIKE


def namesakes(
    candidates: Sequence[Schema], names: Mapping[str, SchemaName]
) -> Mapping[tuple[str, Words], set[str]]:
    """The models that the schemas of a module and a name mirror, as far as these are linked by now."""
    found: dict[tuple[str, Words], set[str]] = defaultdict(set)
    for schema in candidates:
        if schema.model is not None:
            found[namesake(schema, names)].add(schema.model)
    return found


def namesake(schema: Schema, names: Mapping[str, SchemaName]) -> tuple[str, Words]:
    """A schema's module, and its name without the words that tell its part."""
    return schema.place.path, names[schema.id].cores[-1]


def bases(candidates: Sequence[Schema]) -> Iterator[Implied]:
    """Bases all of whose linked children mirror one model."""
    children: dict[str, dict[str, str]] = defaultdict(dict)
    for schema in candidates:
        for ancestor in schema.ancestors if schema.model is not None else ():
            children[ancestor][schema.model or ""] = schema.name
    for schema in candidates:
        models = children.get(schema.id, {}) if schema.model is None else {}
        if len(models) == 1:
            model, child = next(iter(models.items()))
            yield schema, model, f"`{child}` inherits from it"


def _hands_down(parent: Schema, families: Families) -> bool:
    """Whether a child of a schema mirrors the same: not where other children mirror something else."""
    if parent.model is None:
        return False
    return parent.linked_by not in _UNSAID or not families.is_shared(parent, parent.model)
