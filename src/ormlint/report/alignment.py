"""Schemas beside the models that they mirror."""

from __future__ import annotations

from ormlint.graph.concerned import of_tests
from ormlint.graph.mirror import Mirror
from ormlint.graph.model import Link, Schema
from ormlint.report.cells import at
from ormlint.report.document import Alignment, Lacking, WithoutFromAttributes
from ormlint.report.subjects import Subjects

_FROM_OBJECTS = ("model_validate", "response_model", "generic", "relationship")
"""Evidence that rows are given to the schema as they are."""


def alignment(subjects: Subjects) -> list[Alignment]:
    """Every linked schema, drift first."""
    links = [link for links in subjects.links.values() for link in links]
    rows = [_aligned(subjects, link) for link in links]
    order = ("drift", "part", "unknown", "in-step")
    return sorted(rows, key=lambda row: (order.index(row.status), row.model, row.schema))


def _aligned(subjects: Subjects, link: Link) -> Alignment:
    mirror = subjects.mirror(link)
    schema, model = mirror.schema, mirror.model
    found = subjects.by_schema.get(schema.id, [])
    lost = {each.subject.column for each in found} | {each.subject.field for each in found}
    missing = [
        Lacking(attribute, attribute in lost, "" if attribute in lost else _reason(mirror, attribute))
        for attribute in model.columns
        if not mirror.covers(attribute)
    ]
    extra = [name for name, field in schema.fields.items() if mirror.attribute_of(field) is None]
    complete = schema.complete and model.complete
    status = "drift" if found else "unknown" if not complete else "part" if missing or extra else "in-step"
    return Alignment(
        schema=schema.id,
        model=model.id,
        role=schema.role,
        by=link.by,
        evidence=link.evidence,
        at=at(schema.place),
        matched=sum(mirror.covers(attribute) for attribute in model.columns),
        columns=len(model.columns),
        missing=missing,
        extra=extra,
        status=status,  # type: ignore[arg-type]
        rules=sorted({each.name for each in found}),
        findings=sorted(each.fingerprint for each in found),
    )


def _reason(mirror: Mirror, attribute: str) -> str:
    """Why that a schema leaves a column out is no drift."""
    if mirror.is_secret(attribute):
        return "a secret"
    if mirror.writes:
        return "not asked for"
    if mirror.is_projection:
        return "shows a part"
    if mirror.is_left_out(attribute):
        return "bookkeeping"
    return "left out"


def without_from_attributes(subjects: Subjects) -> list[WithoutFromAttributes]:
    """Schemas for answers that do not read attributes, those at risk first."""
    rows = [
        _judged(subjects, schema)
        for schema in subjects.graph.schemas.values()
        if schema.from_attributes is False
        and schema.role in ("read", "envelope")
        and schema.kind == "model"
        and not of_tests(schema.place.path)
    ]
    order = ("high", "moderate", "low")
    return sorted(rows, key=lambda row: (order.index(row.risk), row.model is None, row.schema))


def _judged(subjects: Subjects, schema: Schema) -> WithoutFromAttributes:
    link = subjects.graph.links.get(schema.id)
    risk, reason = _linked(link) if link is not None else ("low", _unlinked(schema))
    found = [each for each in subjects.by_schema.get(schema.id, ()) if each.name == "missing-from-attributes"]
    if found:
        risk, reason = "high", found[0].message
    return WithoutFromAttributes(
        schema.id, link.model if link else None, at(schema.place), risk, reason  # type: ignore[arg-type]
    )  # fmt: skip


def _linked(link: Link) -> tuple[str, str]:
    if link.by in _FROM_OBJECTS:
        return "high", f"objects are given to it as they are ({link.by}): validation fails"
    if link.by in ("constructor", "built"):
        return "low", "built by keyword arguments, not from the object"
    return "moderate", "mirrors a model: validating an object would fail, and no code is seen to do so"


def _unlinked(schema: Schema) -> str:
    wraps = schema.role == "envelope"
    said = "an envelope: wraps other schemas" if wraps else "computed: no model has its fields"
    aliased = any(field.renamed is not None for field in schema.fields.values())
    return f"{said}; uses aliases" if aliased else said
