"""The graph as plain data: the JSON contract of `ormlint graph --format json`."""

from __future__ import annotations

from typing import Any

from ormlint.graph.model import Environment, Graph, Index, Model, Schema, Table, Unique, metadata_name

Plain = dict[str, Any]


def view(graph: Graph) -> Plain:
    """Return version 1 of the contract; unknown is `None`."""
    unsettled = {table.key for table in graph.tables if not table.schema_known}
    return {
        "version": 1,
        "root": graph.root,
        "models": [_model(graph.models[key], unsettled) for key in sorted(graph.models)],
        "tables": [_table(table) for table in sorted(graph.tables, key=lambda t: (t.key, t.place))],
        "schemas": [_schema(graph.schemas[key]) for key in sorted(graph.schemas)],
        "migrations": _migrations(graph.environments),
        "links": [
            {"schema": link.schema, "model": link.model, "by": link.by, "evidence": link.evidence}
            for link in sorted(graph.links.values(), key=lambda each: each.schema)
        ],
    }


def _model(model: Model, unsettled: set[str]) -> Plain:
    """`unsettled` are the tables of which the schema is not known."""
    return {
        "id": model.id,
        "path": model.place.path,
        "line": model.place.line,
        "table": None if model.table in unsettled else model.table,
        "bases": list(model.bases),
        "complete": model.complete,
        "columns": [
            {"attribute": c.attribute, "column": c.column, "path": c.place.path, "line": c.place.line}
            for c in model.columns.values()
        ],
        "relationships": [
            {"attribute": r.attribute, "target": r.target, "uselist": r.uselist, "line": r.place.line}
            for r in model.relationships.values()
        ],
        "attributes": sorted(model.attributes),
    }


def _table(table: Table) -> Plain:
    return {
        "name": table.name,
        "schema": table.schema,
        "metadata": metadata_name(table.metadata),
        "path": table.place.path,
        "line": table.place.line,
        "source": table.source,
        "columns": [
            {
                "name": c.name, "type": c.type, "nullable": c.nullable, "primary_key": c.primary_key,
                "foreign_keys": None if c.foreign_keys is None else list(c.foreign_keys),
                "default": c.default, "server_default": c.server_default, "unique": c.unique,
                "index": c.index,
                "line": c.place.line,
            }
            for c in table.columns.values()
        ],
        "indexes": _indexes(table.indexes),
        "uniques": _uniques(table.uniques),
        "checks": [{"name": check.name} for check in table.checks],
    }  # fmt: skip


def _indexes(indexes: list[Index]) -> list[Plain]:
    return [{"name": i.name, "columns": list(i.columns), "unique": i.unique} for i in indexes]


def _uniques(uniques: list[Unique]) -> list[Plain]:
    return [{"name": u.name, "columns": list(u.columns)} for u in uniques]


def _schema(schema: Schema) -> Plain:
    return {
        "id": schema.id,
        "path": schema.place.path,
        "line": schema.place.line,
        "bases": list(schema.bases),
        "from_attributes": schema.from_attributes,
        "complete": schema.complete,
        "role": schema.role,
        "model": schema.model,
        "linked_by": schema.linked_by,
        "fields": [
            {
                "name": f.name, "alias": f.alias, "required": f.required, "nullable": f.nullable,
                "type": f.type, "exclude": f.excluded,
                "path": f.place.path, "line": f.place.line,
            }
            for f in schema.fields.values()
        ],
        "computed": list(schema.computed),
    }  # fmt: skip


def _migrations(environments: list[Environment]) -> Plain:
    return {
        "environments": [
            {"path": e.path, "revisions": len(e.revisions), "heads": list(e.heads), "roots": list(e.roots)}
            for e in environments
        ],
        "tables": [
            {
                "name": table.name,
                "schema": table.schema,
                "created_in": table.created_in,
                "columns": [
                    {"name": c.name, "type": c.type, "nullable": c.nullable, "revision": c.revision}
                    for c in table.columns.values()
                ],
                "indexes": _indexes(table.indexes),
                "uniques": _uniques(table.uniques),
                "foreign_keys": [
                    {"name": k.name, "columns": list(k.columns), "target": list(k.target)}
                    for k in table.foreign_keys
                ],
            }
            for environment in environments
            for _, table in sorted(environment.tables.items())
        ],
        "opaque": [
            {"revision": s.revision, "path": s.place.path, "line": s.place.line, "reason": s.reason}
            for environment in environments
            for s in environment.opaque
        ],
    }
