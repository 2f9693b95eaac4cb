"""Graph and findings → document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ormlint import __version__
from ormlint.findings import Finding
from ormlint.findings import Summary as RunSummary
from ormlint.graph.diagram import mermaid
from ormlint.graph.drift import pairs
from ormlint.graph.model import Graph, Model
from ormlint.graph.trace import order_of
from ormlint.report import alignment, drift, enums, histories, matrix, naming, plan
from ormlint.report.cells import at
from ormlint.report.document import (
    Convention,
    Coverage,
    Document,
    Found,
    Layer,
    ModelRow,
    Risk,
    Summary,
)
from ormlint.report.subjects import SEVERITIES, Subjects

_IN_DIAGRAM = 40
"""A picture of more tables shows nothing."""


def build(graph: Graph, findings: Sequence[Finding], run: RunSummary) -> Document:
    """The whole report; what it says of drift is what the findings say."""
    subjects = Subjects(graph, findings)
    document = Document(
        ormlint=__version__,
        summary=_summary(subjects, run),
        missing_tables=drift.missing_tables(subjects),
        orphan_tables=drift.orphan_tables(subjects),
        orphan_columns=drift.orphan_columns(subjects),
        column_drift=drift.column_drift(subjects),
        alignment=alignment.alignment(subjects),
        without_from_attributes=alignment.without_from_attributes(subjects),
        conventions=naming.conventions(graph),
        styles=naming.styles(graph, enums.enumerated(graph)),
        enums=enums.enum_drift(subjects),
        versioned=histories.versioned(subjects),
        histories=histories.histories(subjects),
        plan=plan.plan(subjects),
        models=[_model(subjects, model) for _, model in sorted(graph.models.items())],
        matrix=matrix.matrix(subjects),
        findings=[
            _found(subjects, each)
            for each in sorted(findings, key=lambda one: SEVERITIES.index(one.severity))
        ],
        diagram=_diagram(subjects),
    )
    document.summary.layers = _layers(subjects, document)
    return document


def _summary(subjects: Subjects, run: RunSummary) -> Summary:
    counts = Counter(finding.severity.value for finding in subjects.findings)
    return Summary(
        layers=[],
        risk=_risk(subjects.findings),
        coverage=[Coverage(row.kind, row.settled, row.found) for row in run.coverage],
        files=run.files,
        models=run.models,
        tables=run.tables,
        schemas=run.schemas,
        revisions=run.revisions,
        findings={severity.value: counts[severity.value] for severity in SEVERITIES},
    )


def _risk(findings: Sequence[Finding]) -> Risk:
    """High where something fails at run time, moderate where layers drifted, with what weighs most."""
    for severity, level in zip(SEVERITIES, ("high", "moderate", "low"), strict=True):
        named = Counter((each.code, each.name) for each in findings if each.severity is severity)
        if named:
            reasons = [f"{code} {name}: {count}" for (code, name), count in sorted(named.items())]
            return Risk(level, reasons)  # type: ignore[arg-type]
    return Risk("none", ["no rule finds anything"])


def _layers(subjects: Subjects, document: Document) -> list[Layer]:
    tables = [key for key in subjects.compared_tables if _is_declared(subjects, key)]
    lost = {row.table for row in document.missing_tables}
    changed = {row.table for row in document.column_drift} | {row.table for row in document.orphan_columns}
    changed -= lost
    drifted = {key for key in tables if key in lost | changed}
    settled = drifted | {pair.table.key for pair in pairs(subjects.graph)}
    beyond = sum(not row.expected for row in document.orphan_tables)
    aligned = [row for row in document.alignment if row.status == "drift"]
    weak = [row for row in document.conventions if _is_weak(row)]
    revisions = sum(row.revisions for row in document.histories)
    broken = {
        each.subject.revision or each.place.path for each in subjects.findings if each.code.startswith("ORM4")
    }
    broken |= {step.revision for row in document.histories for step in row.stops}
    said = (
        f"without a migration: {len(lost)}; with columns, indexes or keys that differ: {len(changed)}; "
        f"tables of the database without a model: {beyond}"
    )
    vague = sum(row.status == "unknown" for row in document.alignment)
    unknown = sum(not row.known for row in document.conventions)
    return [
        _layer(
            "Models ↔ migrations (tables)",
            len(tables),
            len(drifted),
            len(set(tables) - settled),
            beyond,
            said,
        ),
        _layer("Models ↔ schemas (linked schemas)", len(document.alignment), len(aligned), vague),
        _layer("Naming conventions (MetaData)", len(document.conventions), len(weak), unknown),
        _layer("Migration history (revisions)", revisions, min(len(broken), revisions)),
    ]


def _is_declared(subjects: Subjects, key: str) -> bool:
    """Whether the project itself declares the table, not SQLAlchemy-Continuum."""
    table = subjects.table(key)
    return table is not None and table.source != "continuum"


def _is_weak(row: Convention) -> bool:
    return row.known and bool(row.lacks)


def _layer(name: str, total: int, drifted: int, unsettled: int = 0, beyond: int = 0, said: str = "") -> Layer:
    note = "; ".join(part for part in (said, f"not settled: {unsettled}" if unsettled else "") if part)
    return Layer(name, total, total - drifted - unsettled, drifted, beyond, note)


def _diagram(subjects: Subjects) -> str:
    """Tables that findings are about, the worst first, as many as a picture bears: keys and what is found."""
    about: dict[str, set[str]] = {}
    for finding in sorted(subjects.findings, key=lambda each: SEVERITIES.index(each.severity)):
        model = subjects.graph.models.get(subjects.model_of(finding) or "")
        key = finding.subject.table or (model.table if model is not None else None)
        if key is not None and subjects.table(key) is not None:
            mapped = model.columns.get(finding.subject.field or "") if model is not None else None
            about.setdefault(key, set()).add(finding.subject.column or (mapped.column if mapped else ""))
    return mermaid(subjects.graph, list(about)[:_IN_DIAGRAM], about)


def _model(subjects: Subjects, model: Model) -> ModelRow:
    first = last = None
    migrated, environment = subjects.migrated(model.table), subjects.environment_of(model.table)
    if migrated is not None and environment is not None:
        order = order_of(environment)
        touching = [migrated.created_in]
        for column in migrated.columns.values():
            touching += [column.revision, *(revision for revision, _ in column.changed_in)]
        first, last = migrated.created_in, max(touching, key=lambda each: order.get(each, -1))
    relationships = subjects.relationships(model)
    lost = len(model.relationships) + len(model.unconfigured) - len(relationships)
    return ModelRow(
        model=model.id,
        name=model.name,
        table=model.table,
        at=at(model.place),
        columns=len(model.columns),
        relationships=len(relationships),
        schemas=[link.schema for link in subjects.links[model.id]],
        first_revision=first,
        last_revision=last,
        note=f"{lost} backref{'s'[: lost != 1]} not configured" if lost else "",
    )


def _found(subjects: Subjects, finding: Finding) -> Found:
    return Found(
        fingerprint=finding.fingerprint,
        code=finding.code,
        name=finding.name,
        severity=finding.severity.value,
        message=finding.message,
        at=at(finding.place),
        help=finding.help,
        model=subjects.model_of(finding),
    )
