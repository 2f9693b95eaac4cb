"""The report as plain data: the JSON contract of `ormlint report --format json`.

Fields are added, never renamed or dropped without a new `version`. `schema.json` beside this module says the
same as JSON Schema.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from ormlint.report.cells import At, Grid, Severity

VERSION = 1


class Layer(Struct):
    """How many of a kind are in step; `beyond` are those that the other side has on its own.

    The rest of `total` is neither: the source does not settle it.
    """

    name: str
    total: int
    in_step: int
    drifted: int
    beyond: int = 0
    note: str = ""


class Risk(Struct):
    level: Literal["none", "low", "moderate", "high"]
    reasons: list[str]


class Coverage(Struct):
    kind: str
    settled: int
    found: int


class Summary(Struct):
    layers: list[Layer]
    risk: Risk
    coverage: list[Coverage]
    files: int
    models: int
    tables: int
    schemas: int
    revisions: int
    findings: dict[str, int]
    """By severity."""


class MissingTable(Struct):
    """A model's table that no migration creates."""

    table: str
    model: str | None
    at: At
    message: str


class Orphan(Struct):
    """A table or column of the database that no model maps."""

    table: str
    column: str | None
    revision: str
    at: At | None
    guess: Literal["alembic", "library", "version-table", "legacy", "renamed", "unknown"]
    evidence: str
    expected: bool = False


class ColumnDrift(Struct):
    """What a rule says of a column, index or constraint of a table on both sides."""

    table: str
    column: str | None
    code: str
    name: str
    message: str
    at: At


class Lacking(Struct):
    """A column that a schema does not show; `finding` where that is drift, with the reason otherwise."""

    column: str
    finding: bool
    reason: str


class Alignment(Struct):
    """A linked schema beside its model."""

    schema: str
    model: str
    role: str
    by: str
    evidence: str
    at: At
    matched: int
    columns: int
    missing: list[Lacking]
    extra: list[str]
    status: Literal["in-step", "part", "drift", "unknown"]
    rules: list[str]
    """Names of the rules that report it."""
    findings: list[str]
    """Fingerprints."""


class WithoutFromAttributes(Struct):
    """A schema for answers that does not read attributes of objects."""

    schema: str
    model: str | None
    at: At
    risk: Literal["low", "moderate", "high"]
    reason: str


class Convention(Struct):
    """The naming convention of a MetaData; `lacks` are the keys of the usual five that it has not."""

    metadata: str
    declared_by: str
    at: At
    tables: int
    convention: dict[str, str | None] | None
    known: bool
    lacks: list[str]


class Outlier(Struct):
    name: str
    style: str
    at: At | None


class Style(Struct):
    """How the names of one kind are written; one-word names fit any style."""

    aspect: str
    total: int
    shares: dict[str, int]
    leading: str
    outliers: list[Outlier]


class EnumDrift(Struct):
    """An enumerated type whose members differ between layers."""

    subject: str
    layer: str
    other: str
    only_here: list[str]
    only_there: list[str]
    at: At
    other_at: At | None


class Versioned(Struct):
    """A model whose history SQLAlchemy-Continuum keeps."""

    model: str
    table: str | None
    version_table: str
    migrated: bool | None
    at: At


class Step(Struct):
    revision: str
    at: At
    reason: str


class History(Struct):
    """A migration history; `branches` have several children, `merges` several parents."""

    path: str
    dialect: str
    revisions: int
    heads: list[str]
    roots: list[str]
    branches: list[str]
    merges: list[str]
    opaque: list[Step]
    stops: list[Step]
    """Revisions that would stop an upgrade."""


class WorkItem(Struct):
    """Findings to be settled together."""

    number: int
    severity: Severity
    codes: list[str]
    title: str
    action: str
    files: list[str]
    findings: list[str]
    """Fingerprints."""


class ModelRow(Struct):
    model: str
    name: str
    table: str | None
    at: At
    columns: int
    relationships: int
    schemas: list[str]
    first_revision: str | None
    last_revision: str | None
    note: str = ""


class Found(Struct):
    """A finding as the report shows it."""

    fingerprint: str
    code: str
    name: str
    severity: Severity
    message: str
    at: At
    help: str
    model: str | None


class Document(Struct):
    """Everything that a report says."""

    ormlint: str
    summary: Summary
    version: int = VERSION
    missing_tables: list[MissingTable] = field(default_factory=list)
    orphan_tables: list[Orphan] = field(default_factory=list)
    orphan_columns: list[Orphan] = field(default_factory=list)
    column_drift: list[ColumnDrift] = field(default_factory=list)
    alignment: list[Alignment] = field(default_factory=list)
    without_from_attributes: list[WithoutFromAttributes] = field(default_factory=list)
    conventions: list[Convention] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)
    enums: list[EnumDrift] = field(default_factory=list)
    versioned: list[Versioned] = field(default_factory=list)
    histories: list[History] = field(default_factory=list)
    plan: list[WorkItem] = field(default_factory=list)
    models: list[ModelRow] = field(default_factory=list)
    matrix: list[Grid] = field(default_factory=list)
    findings: list[Found] = field(default_factory=list)
    diagram: str = ""
    """Mermaid: the tables around the findings."""
