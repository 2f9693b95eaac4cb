"""What to do: findings grouped into work items, the worst first."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ormlint.findings import Finding
from ormlint.graph.model import Environment
from ormlint.report.document import WorkItem
from ormlint.report.subjects import SEVERITIES, Subjects

_MISSING = "write a migration, or take them out of the models"
_ORPHANS = "map them, drop them in a migration, or name them in `external-tables`"
_ACTIONS: dict[str, tuple[str, str]] = {
    "missing-table": ("Create the missing tables of {}", _MISSING),
    "missing-column": ("Add the missing columns of {}", _MISSING),
    "orphan-table": ("Decide about tables that no model maps", _ORPHANS),
    "orphan-column": (
        "Decide about columns of {} that no model maps",
        "map them, or drop them in a migration",
    ),
    "drift": (
        "Bring the tables of {} and the migrations in step",
        "write a revision (`alembic revision --autogenerate` where the models are right), or mend the models",
    ),
    "model-unreachable-from-env": (
        "Import the models that `env.py` does not reach",
        "import their modules where it imports the others, as in the package's `__init__.py`",
    ),
    "missing-field": ("Add the columns that {} forgot", "add the fields, or say why they are left out"),
    "missing-naming-convention": ("Name the constraints of {}", "give its MetaData a `naming_convention`"),
    "incomplete-naming-convention": ("Complete the naming convention of {}", "add the keys that it lacks"),
    "unknown-foreign-key-target": ("Correct the foreign keys of {}", "name tables that the models declare"),
    "unnamed-constraint-op": (
        "Name the constraints in the revisions of {}",
        "give each the name that it has in the database, or the MetaData a `naming_convention`",
    ),
    "multiple-heads": ("Join the heads of the history", "`alembic merge heads`"),
}
"""Title and action by rule; {} is the subject that the findings share."""
_DRIFT = {"nullable-drift", "type-drift", "index-drift", "unique-drift", "foreign-key-drift"}
"""Autogenerate sees these: one revision settles them for the tables of a file."""
_IN_MIGRATIONS = {
    *_DRIFT, "missing-table", "missing-column", "orphan-table", "orphan-column", "primary-key-drift",
    "enum-drift", "server-default-drift", "check-drift",
}  # fmt: skip
"""Settled by a new revision: no revision that is there already needs a change for it."""


def plan(subjects: Subjects) -> list[WorkItem]:
    """Work items by severity, then code; one for each thing that is touched as a whole."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in subjects.findings:
        kind = "drift" if finding.name in _DRIFT else finding.name
        groups.setdefault((kind, _shared(subjects, finding)), []).append(finding)
    items: list[WorkItem] = []
    for (kind, shared), found in sorted(groups.items(), key=_urgency):
        title, action = _words(kind, shared, found)
        items.append(
            WorkItem(
                number=len(items) + 1,
                severity=min((each.severity for each in found), key=SEVERITIES.index).value,
                codes=sorted({each.code for each in found}),
                title=title,
                action=action,
                files=_files(subjects, found),
                findings=[each.fingerprint for each in found],
            )
        )
    return items


def _urgency(group: tuple[tuple[str, str], list[Finding]]) -> tuple[int, str, str]:
    (_, shared), found = group
    return (
        min(SEVERITIES.index(each.severity) for each in found),
        min(each.code for each in found),
        shared,
    )


def _shared(subjects: Subjects, finding: Finding) -> str:
    """What findings must have in common to be settled together."""
    subject = finding.subject
    if finding.name in _DRIFT:
        table = subjects.table(subject.table)
        return table.place.path if table is not None else finding.place.path
    choose: dict[str, Callable[[], str | None]] = {
        "missing-table": lambda: finding.place.path,
        "orphan-table": lambda: "",
        "model-unreachable-from-env": lambda: "",
        "unknown-foreign-key-target": lambda: finding.place.path,
        "unnamed-constraint-op": lambda: finding.place.path.rpartition("/")[0],
        "missing-naming-convention": lambda: subject.name,
        "incomplete-naming-convention": lambda: subject.name,
    }
    chosen = choose.get(finding.name, lambda: subject.schema or subject.table or finding.place.path)()
    return finding.place.path if chosen is None else chosen


def _words(name: str, shared: str, found: list[Finding]) -> tuple[str, str]:
    said = _ACTIONS.get(name)
    is_id = shared in (found[0].subject.schema, found[0].subject.name)
    last = shared.rpartition(".")[2] if is_id else shared
    if said is None:
        action = found[0].help or "see the messages"
        title = name.replace("-", " ").capitalize() + (f": `{last}`" if last else "")
        return title, action
    return said[0].format(f"`{last}`"), said[1]


def _files(subjects: Subjects, found: Iterable[Finding]) -> list[str]:
    files: set[str] = set()
    for finding in found:
        if finding.name in _IN_MIGRATIONS:
            files |= {f"{each.path}/versions/ (new revision)" for each in _environments(subjects, finding)}
            table = subjects.table(finding.subject.table)
            if table is not None:
                files.add(table.place.path)
        else:
            files.add(finding.place.path)
    return sorted(files)


def _environments(subjects: Subjects, finding: Finding) -> list[Environment]:
    key = finding.subject.table or ""
    own = subjects.environment_of(key)
    if own is not None:
        return [own]
    return [each for each in subjects.graph.environments if key in each.tables]
