"""What a project has, in few words per name: two commits are compared by their outlines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from ormlint.baseline import subject_of
from ormlint.findings import Finding, Place
from ormlint.graph.model import (
    Column,
    Environment,
    Field,
    ForeignKey,
    Graph,
    Index,
    MigratedColumn,
    MigratedTable,
    Model,
    Relationship,
    Revision,
    Schema,
    Table,
    Unique,
    metadata_name,
)
from ormlint.report.cells import At, at, type_words
from ormlint.report.document import Document, Found, Layer
from ormlint.report.enums import enumerated


class Part(Struct):
    """A column, a field, a key: what an outline says of it."""

    kind: str
    name: str
    says: str
    at: At
    declared_in: str = ""
    """The id of the class that it is inherited from."""


class Thing(Struct):
    """A model, a table, a schema; `name` is what stays of its id when it moves."""

    id: str
    name: str
    at: At
    parts: dict[str, Part]


class Reported(Struct):
    """A finding, and its subject in names that stay when files move."""

    found: Found
    subject: str


class Past(Struct):
    """The revisions of an environment."""

    path: str
    heads: list[str]
    revisions: list[Thing]


class Outline(Struct):
    risk: str = "none"
    layers: list[Layer] = []
    findings: list[Reported] = []
    models: list[Thing] = []
    tables: list[Thing] = []
    migrated: list[Thing] = []
    schemas: list[Thing] = []
    enums: list[Thing] = []
    histories: list[Past] = []


def encode(outline: Outline) -> bytes:
    return msgspec.json.encode(outline)


def decode(data: bytes) -> Outline:
    return msgspec.json.decode(data, type=Outline)


def outline(graph: Graph, findings: Sequence[Finding], document: Document) -> Outline:
    """The outline of a project whose report is at hand."""
    subjects = {finding.fingerprint: subject_of(finding) for finding in findings}
    return Outline(
        risk=document.summary.risk.level,
        layers=document.summary.layers,
        findings=[Reported(found, subjects[found.fingerprint]) for found in document.findings],
        models=[_model(model) for _, model in sorted(graph.models.items())],
        tables=[_table(table) for table in graph.tables],
        migrated=[
            _migrated(environment, table)
            for environment in graph.environments
            for _, table in sorted(environment.tables.items())
        ],
        schemas=[_schema(graph, schema) for _, schema in sorted(graph.schemas.items())],
        enums=[
            _thing(
                f"{each.place.path} {each.name}",
                each.name,
                each.place,
                [("value", label, "", each.place) for label in each.labels],
            )
            for each in enumerated(graph)
        ],
        histories=[_past(environment) for environment in graph.environments],
    )


Said = tuple[str, str, str, Place]
"""Kind, name, what is said of it, and where."""


def _thing(id_: str, name: str, place: Place, said: Iterable[Said]) -> Thing:
    thing = Thing(id_, name, at(place), {})
    for kind, part, says, where in said:
        _add(thing, Part(kind, part, says, at(where)))
    return thing


def _add(thing: Thing, part: Part) -> None:
    """Two of one name (indexes on the same columns) are kept apart by what is said of them."""
    key = f"{part.kind} {part.name}"
    thing.parts[f"{key} {part.says}" if key in thing.parts else key] = part


def _words(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _model(model: Model) -> Thing:
    said: list[Said] = [("table", "", f"`{model.table}`" if model.table else "", model.place)]
    if model.versioned:
        said.append(("versioned", "", "by SQLAlchemy-Continuum", model.place))
    for mapped in model.columns.values():
        renamed = mapped.attribute != mapped.column
        words = f"column `{mapped.column}`" if renamed else ""
        said.append(("attribute" if renamed else "column", mapped.attribute, words, mapped.place))
    said += [
        ("relationship", each.attribute, _of_relationship(each), each.place)
        for each in model.relationships.values()
    ]
    said += [(kind, name, "", model.place) for name, kind in model.attributes.items() if kind != "value"]
    return _thing(model.id, model.name, model.place, said)


def _of_relationship(relationship: Relationship) -> str:
    target = (relationship.target or "").rpartition(".")[2]
    return f"list of `{target}`" if target and relationship.uselist else f"`{target}`" if target else ""


def _table(table: Table) -> Thing:
    said: list[Said] = [
        ("column", column.name, _of_column(column), column.place) for column in table.columns.values()
    ]
    said += [
        ("foreign key", column.name, _targets(column.foreign_keys), column.place)
        for column in table.columns.values()
        if column.foreign_keys
    ]
    alone = {("foreign key", name) for kind, name, _, _ in said if kind == "foreign key"}
    said += [
        each for each in _keys(table.indexes, table.uniques, table.foreign_keys) if each[:2] not in alone
    ]
    return _thing(f"{table.key} {metadata_name(table.metadata)}", table.key, table.place, said)


def _of_column(column: Column) -> str:
    return _words(
        type_words(column.type) or "type not settled",
        _null(column.nullable),
        "primary key" if column.primary_key else "",
        "server default" if column.server_default else "",
        "computed" if column.computed else "",
    )


def _migrated(environment: Environment, table: MigratedTable) -> Thing:
    said: list[Said] = [
        ("column", column.name, _of_migrated(table, column), column.place)
        for column in table.columns.values()
    ]
    said += _keys(table.indexes, table.uniques, table.foreign_keys)
    return _thing(f"{table.key} {environment.path}", table.key, table.place, said)


def _of_migrated(table: MigratedTable, column: MigratedColumn) -> str:
    in_key = column.primary_key or column.name in (table.primary_key or ())
    return _words(
        type_words(column.type) or "type not settled",
        _null(column.nullable),
        "primary key" if in_key else "",
        "server default" if column.server_default else "",
        "computed" if column.computed else "",
    )


def _null(nullable: bool | None) -> str:
    return {True: "NULL", False: "NOT NULL", None: ""}[nullable]


def _targets(targets: Sequence[str] | None) -> str:
    return " and ".join(f"`{target}`" for target in targets or ())


def _keys(
    indexes: Sequence[Index], uniques: Sequence[Unique], foreign_keys: Sequence[ForeignKey]
) -> list[Said]:
    """Known by their columns: names differ between layers, and mean nothing to who reads of them."""
    said: list[Said] = []
    for index in indexes:
        kind = "unique index" if index.unique else "index"
        said.append((kind, ", ".join(index.columns) or index.name or "", "", index.place))
    said += [("unique constraint", ", ".join(each.columns), "", each.place) for each in uniques]
    said += [
        ("foreign key", ", ".join(each.columns), _targets(each.target), each.place) for each in foreign_keys
    ]
    return said


def _schema(graph: Graph, schema: Schema) -> Thing:
    link = graph.links.get(schema.id)
    said: list[Said] = []
    if link is not None:
        said.append(("mirrors", "", f"`{link.model.rpartition('.')[2]}`", schema.place))
    if schema.from_attributes is not None:
        said.append(("from_attributes", "", str(schema.from_attributes), schema.place))
    thing = _thing(schema.id, schema.name, schema.place, said)
    for field in schema.fields.values():
        inherited = field.declared_in if field.declared_in != schema.id else ""
        _add(thing, Part("field", field.name, _of_field(field), at(field.place), inherited))
    for name in schema.computed:
        _add(thing, Part("computed field", name, "", at(schema.place)))
    return thing


def _of_field(field: Field) -> str:
    return _words(
        f"`{field.type}`" if field.type else "type not settled",
        {True: "required", False: "optional", None: ""}[field.required],
        f"read as `{field.renamed}`" if field.renamed is not None else "",
        f"at most {field.max_length} characters" if field.max_length is not None else "",
        "excluded" if field.excluded else "",
    )


def _past(environment: Environment) -> Past:
    return Past(
        environment.path, list(environment.heads), [_revision(each) for each in environment.revisions]
    )


def _revision(revision: Revision) -> Thing:
    said: list[Said] = [
        (kind, "", " and ".join(f"`{name}`" for name in names), revision.place)
        for kind, names in (("follows", revision.down), ("depends on", revision.depends_on))
        if names
    ]
    return _thing(revision.id, revision.id, revision.place, said)
