"""Everything that made a column what it is: operations in revision order, the attribute, schema fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ormlint.findings import Place
from ormlint.graph import choices
from ormlint.graph.drift import migrated_table
from ormlint.graph.mirror import Mirror, described
from ormlint.graph.model import Environment, Graph, MigratedColumn, MigratedTable, Model, Table
from ormlint.graph.model.types import Class
from ormlint.settings import UsageError, nearest


@dataclass(frozen=True)
class Step:
    """One thing that says what the column is; `by` is the revision, model or schema that says it."""

    layer: str
    by: str
    says: str
    place: Place


@dataclass(frozen=True)
class Trace:
    table: str
    column: str
    steps: tuple[Step, ...]


def trace(graph: Graph, name: str) -> Trace:
    """The trace of `table.column` or `Model.attribute`; raises `UsageError` with the nearest name."""
    table, column = _found(graph, name)
    steps = (*_migrated(graph, table, column), *_mapped(graph, table, column))
    return Trace(table, column, steps)


def _found(graph: Graph, name: str) -> tuple[str, str]:
    """The key of the table and the name of the column."""
    owner = name.rpartition(".")[0]
    known = {f"{table}.{column}": (table, column) for table, column in _columns(graph)}
    if name in known:
        return known[name]
    attributes = {
        f"{said}.{mapped.attribute}": (model.table, mapped.column)
        for model in graph.models.values()
        if model.table is not None
        for mapped in model.columns.values()
        for said in (model.name, model.id)
    }
    if name in attributes:
        return attributes[name]
    words = [each for each in (*known, *attributes) if each.rpartition(".")[0] == owner] or [
        *known,
        *attributes,
    ]
    raise UsageError(f"there is no column `{name}`.{nearest(name, words)}")


def _columns(graph: Graph) -> Iterator[tuple[str, str]]:
    for table in graph.tables:
        for column in table.columns:
            yield table.key, column
    for environment in graph.environments:
        for key, migrated in environment.tables.items():
            for column in migrated.columns:
                yield key, column


def _migrated(graph: Graph, key: str, name: str) -> Iterator[Step]:
    declared = next((table for table in graph.tables if table.key == key), None)
    for environment in graph.environments:
        table = migrated_table(environment, declared) if declared is not None else environment.tables.get(key)
        column = table.columns.get(name) if table is not None else None
        if table is not None and column is not None:
            order = order_of(environment)
            steps = list(_operations(environment, table, column))
            yield from sorted(steps, key=lambda step: order.get(step.by, len(order)))


def _operations(environment: Environment, table: MigratedTable, column: MigratedColumn) -> Iterator[Step]:
    layer = f"database, as {environment.path} leaves it"
    made = "creates the table with it" if column.revision == table.created_in else "adds it"
    null = {True: "may be NULL", False: "NOT NULL", None: ""}[column.nullable]
    stands = ", ".join(part for part in ((column.type or "").removesuffix("()"), null) if part)
    enum = environment.enums.get(column.enum or "")
    if enum is not None:
        members = ", ".join(enum.members) if enum.members is not None else "members that are not settled"
        yield Step(layer, enum.revision, f"type `{enum.name}`: {members}", enum.place)
    changes = [(column.revision, made, column.place)]
    changes += [(revision, "changes it", place) for revision, place in column.changed_in]
    for revision, says, place in changes[:-1]:
        yield Step(layer, revision, says, place)
    revision, says, place = changes[-1]
    yield Step(layer, revision, f"{says}: {stands}" if stands else says, place)
    paths = {each.path: each.id for each in environment.revisions}
    for place, says in _keys(table, column.name):
        yield Step(layer, paths.get(place.path, ""), says, place)


def _keys(table: MigratedTable, column: str) -> Iterator[tuple[Place, str]]:
    """The indexes and constraints that the column is part of."""
    for index in table.indexes:
        if column in index.columns:
            yield index.place, f"{'unique ' * bool(index.unique)}index {_named(index.name)}".rstrip()
    for unique in table.uniques:
        if column in unique.columns:
            yield unique.place, f"unique constraint {_named(unique.name)}".rstrip()
    for key in table.foreign_keys:
        if column in key.columns:
            yield key.place, f"foreign key to {key.target[key.columns.index(column)]}"


def _named(name: str | None) -> str:
    return f"`{name}`" if name else ""


def _mapped(graph: Graph, key: str, name: str) -> Iterator[Step]:
    for table in graph.tables:
        if table.key == key and name in table.columns:
            yield from _attributes(graph, table, name)


def _attributes(graph: Graph, table: Table, name: str) -> Iterator[Step]:
    column = table.columns[name]
    models = [model for model in graph.models.values() if model.table == table.key]
    mapping = [(model, each) for model in models for each in model.columns.values() if each.column == name]
    if not mapping:
        yield Step("model", table.key, described(column), column.place)
    for model, mapped in mapping:
        says = described(mapped.definition or column)
        attribute = f", attribute `{mapped.attribute}`" if mapped.attribute != name else ""
        yield Step("model", model.name, says + attribute, mapped.place)
        yield from _enum("model", choices.of_column(mapped.definition or column))
    for model, mapped in mapping:
        yield from _fields(graph, model, mapped.attribute)


def _fields(graph: Graph, model: Model, attribute: str) -> Iterator[Step]:
    links = sorted(
        (link for link in graph.links.values() if link.model == model.id), key=lambda link: link.schema
    )
    for link in links:
        mirror = Mirror(graph.schemas[link.schema], model, link, graph.options)
        fields = [each for each in mirror.schema.fields.values() if mirror.attribute_of(each) == attribute]
        for field in fields:
            parts = [
                field.type or "type not settled",
                "" if field.required is None else "required" if field.required else "optional",
            ]
            if field.name != attribute:
                parts.append(f"field `{field.name}`")
            yield Step("schema", mirror.schema.name, ", ".join(filter(None, parts)), field.place)
            allowed, own = choices.of_field(field), mirror.column(attribute)
            if own is None or allowed != choices.of_column(own):
                yield from _enum("schema", allowed)
        if not fields:
            says = "shown by its relationship" if mirror.covers(attribute) else "leaves it out"
            yield Step("schema", mirror.schema.name, says, mirror.schema.place)


def _enum(layer: str, allowed: tuple[frozenset[str], Class | None] | None) -> Iterator[Step]:
    """The class that lists what is allowed."""
    if allowed is not None and allowed[1] is not None:
        yield Step(layer, allowed[1].name, f"allows {', '.join(sorted(allowed[0]))}", allowed[1].place)


def order_of(environment: Environment) -> dict[str, int]:
    """Where each revision stands when all are run, parents first."""
    parents = {each.id: (*each.down, *each.depends_on) for each in environment.revisions}
    order: dict[str, int] = {}
    started: set[str] = set()
    for first in parents:
        queue = [first]
        while queue:
            current = queue[-1]
            waiting = [each for each in parents[current] if each in parents and each not in started]
            started.add(current)
            if waiting:
                queue.append(waiting[0])
            else:
                order.setdefault(queue.pop(), len(order))
    return order
