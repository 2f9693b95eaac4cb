"""Models beside migrations: tables and columns that one side has alone, and what they may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ormlint.findings import Finding
from ormlint.graph.model import MigratedColumn, MigratedTable, Table
from ormlint.report.cells import at
from ormlint.report.document import ColumnDrift, MissingTable, Orphan
from ormlint.report.subjects import CONTINUUM, Subjects

_LIBRARIES = {
    "celery_taskmeta": "Celery's result backend", "celery_tasksetmeta": "Celery's result backend",
    "kombu_message": "Kombu's SQLAlchemy transport", "kombu_queue": "Kombu's SQLAlchemy transport",
    "apscheduler_jobs": "APScheduler's job store", "spatial_ref_sys": "PostGIS",
    "geometry_columns": "PostGIS", "geography_columns": "PostGIS", "casbin_rule": "the Casbin adapter",
    "flask_dance_oauth": "Flask-Dance", "django_migrations": "Django", "sqlite_sequence": "SQLite",
    "flyway_schema_history": "Flyway", "databasechangelog": "Liquibase", "databasechangeloglock": "Liquibase",
    "procrastinate_jobs": "Procrastinate", "procrastinate_events": "Procrastinate",
    "langchain_pg_collection": "LangChain's PGVector", "langchain_pg_embedding": "LangChain's PGVector",
    "checkpoints": "LangGraph's checkpointer", "checkpoint_blobs": "LangGraph's checkpointer",
    "checkpoint_writes": "LangGraph's checkpointer",
}  # fmt: skip
"""Names that libraries give their tables."""
_AFFIXES = re.compile(
    r"^(?:old|tmp|temp|legacy|deprecated|backup|bak)_|_(?:old|tmp|temp|legacy|backup|bak|v\d+|\d+)$"
)
_SHARED = 0.6
"""The part of an orphan's columns that a model's table must have for the two to be one thing."""


def missing_tables(subjects: Subjects) -> list[MissingTable]:
    found = subjects.named("missing-table")
    rows = [
        MissingTable(each.subject.table or "", each.subject.model, at(each.place), each.message)
        for each in found
    ]
    return sorted(rows, key=lambda row: row.table)


def orphan_tables(subjects: Subjects) -> list[Orphan]:
    """Alembic's own table, which is expected, and those that a rule reports."""
    rows = [
        Orphan(
            environment.version_table, None, "", at(environment.env_place) if environment.env_place else None,
            "alembic", f"where Alembic keeps the revision of {environment.path}", expected=True,
        )
        for environment in subjects.graph.environments
        if environment.revisions
    ]  # fmt: skip
    for finding in subjects.named("orphan-table"):
        for table in _migrated(subjects, finding):
            guess, evidence = _what(subjects, table)
            rows.append(
                Orphan(table.key, None, table.created_in, at(table.place), guess, evidence)  # type: ignore[arg-type]
            )
            break
    return sorted(rows, key=lambda row: (not row.expected, row.table))


def _migrated(subjects: Subjects, finding: Finding) -> Iterator[MigratedTable]:
    for environment in subjects.graph.environments:
        table = environment.tables.get(finding.subject.table or "")
        if table is not None:
            yield table


def _what(subjects: Subjects, table: MigratedTable) -> tuple[str, str]:
    """What an orphan may be, and why."""
    library = _LIBRARIES.get(table.name)
    if library is not None:
        return "library", f"{library} gives its table this name"
    if table.columns.keys() >= CONTINUUM:
        return "version-table", _of_continuum(subjects, table)
    near = _nearest(table, subjects.graph.tables)
    if near is not None:
        shared = len(table.columns.keys() & near.columns.keys())
        return "legacy", f"{shared} of its {len(table.columns)} columns are those of `{near.key}`"
    return "unknown", "no table of the models has its name or its columns"


def _of_continuum(subjects: Subjects, table: MigratedTable) -> str:
    said = (
        "it has the columns of a version table of SQLAlchemy-Continuum (`transaction_id`, `operation_type`)"
    )
    stem = table.key.removesuffix("_version")
    rest = table.columns.keys() - CONTINUUM
    for model in subjects.graph.models.values():
        other = subjects.table(model.table)
        if other is None or not model.versioned or not rest:
            continue
        shared = len(rest & other.columns.keys())
        if shared / len(rest) >= _SHARED and _singular(stem) == _singular(other.key):
            return (
                f"{said}; {shared} of the other {len(rest)} are those of `{other.key}`, "
                f"whose version table is called `{other.key}_version` now"
            )
    return said


def _nearest(table: MigratedTable, tables: Iterable[Table]) -> Table | None:
    """The models' table that an orphan is an older or renamed form of."""
    if len(table.columns) < 3:
        return None
    scored = [
        (len(table.columns.keys() & other.columns.keys()) / len(table.columns), other.key, other)
        for other in tables
    ]
    share, _, other = max(scored, default=(0.0, "", None), key=lambda each: each[:2])
    if other is None:
        return None
    alike = _singular(_AFFIXES.sub("", table.name)) == _singular(other.name)
    return other if share >= (_SHARED if alike else 0.95) and (alike or len(table.columns) >= 6) else None


def _singular(name: str) -> str:
    return re.sub(r"(?<=[a-z]{3})s$", "", re.sub(r"ies$", "y", name))


def orphan_columns(subjects: Subjects) -> list[Orphan]:
    rows = []
    for finding in subjects.named("orphan-column"):
        for table in _migrated(subjects, finding):
            column = table.columns.get(finding.subject.column or "")
            if column is not None:
                rows.append(_orphan_column(subjects, table, column))
            break
    return sorted(rows, key=lambda row: (row.table, row.column or ""))


def _orphan_column(subjects: Subjects, table: MigratedTable, column: MigratedColumn) -> Orphan:
    lost = [
        each.subject.column or ""
        for each in subjects.named("missing-column")
        if each.subject.table == table.key and _alike(each.subject.column or "", column.name)
    ]
    if len(lost) == 1:
        evidence = f"the model has `{lost[0]}`, which no migration adds, in its stead"
        return Orphan(table.key, column.name, column.revision, at(column.place), "renamed", evidence)
    if "legacy" in column.name or "deprecated" in column.name or _AFFIXES.search(column.name):
        evidence = "its name says so"
        return Orphan(table.key, column.name, column.revision, at(column.place), "legacy", evidence)
    return Orphan(
        table.key, column.name, column.revision, at(column.place), "unknown", "no attribute resembles it"
    )


def _alike(one: str, other: str) -> bool:
    """Whether a word of one name stands in the other: `metadata` and `event_metadata`."""
    return bool(set(one.split("_")) & set(other.split("_")))


def column_drift(subjects: Subjects) -> list[ColumnDrift]:
    """What the rules say of tables that both sides have."""
    elsewhere = ("missing-table", "orphan-table", "orphan-column")
    rows = [
        ColumnDrift(
            each.subject.table or "", each.subject.column, each.code, each.name, each.message, at(each.place)
        )
        for each in subjects.findings
        if each.code.startswith("ORM3") and each.name not in elsewhere
    ]
    return sorted(rows, key=lambda row: (row.table, row.column or "", row.code))
