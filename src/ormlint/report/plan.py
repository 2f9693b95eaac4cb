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
    "missing-field": ("Add the columns that {} forgot", "add the fields, or say why they are left out"),
    "missing-naming-convention": ("Name the constraints of {}", "give its MetaData a `naming_convention`"),
    "incomplete-naming-convention": ("Complete the naming convention of {}", "add the keys that it lacks"),
    "unknown-foreign-key-target": ("Correct the foreign keys of {}", "name tables that the models declare"),
    "multiple-heads": ("Join the heads of the history", "`alembic merge heads`"),
}
"""Title and action by rule; {} is the subject that the findings share."""
_IN_MIGRATIONS = {"missing-table", "missing-column", "orphan-table", "orphan-column"}
"""Settled by a new revision: no file that is there already needs a change for it."""


def plan(subjects: Subjects) -> list[WorkItem]:
    """Work items by severity, then code; one for each thing that is touched as a whole."""
    groups: dict[tuple[int, str, str, str], list[Finding]] = {}
    for finding in subjects.findings:
        key = (SEVERITIES.index(finding.severity), finding.code, finding.name, _shared(subjects, finding))
        groups.setdefault(key, []).append(finding)
    items = []
    for number, ((severity, code, name, shared), found) in enumerate(sorted(groups.items()), 1):
        title, action = _words(name, shared, found)
        items.append(
            WorkItem(
                number=number,
                severity=SEVERITIES[severity].value,
                codes=[code],
                title=title,
                action=action,
                files=_files(subjects, name, found),
                findings=[each.fingerprint for each in found],
            )
        )
    return items


def _shared(subjects: Subjects, finding: Finding) -> str:
    """What findings must have in common to be settled together."""
    subject = finding.subject
    choose: dict[str, Callable[[], str | None]] = {
        "missing-table": lambda: finding.place.path,
        "orphan-table": lambda: "",
        "unknown-foreign-key-target": lambda: finding.place.path,
        "missing-naming-convention": lambda: subject.name,
        "incomplete-naming-convention": lambda: subject.name,
    }
    chosen = choose.get(finding.name, lambda: subject.schema or subject.table or finding.place.path)()
    return finding.place.path if chosen is None else chosen


def _words(name: str, shared: str, found: list[Finding]) -> tuple[str, str]:
    said = _ACTIONS.get(name)
    is_id = shared in (found[0].subject.schema, found[0].subject.name)
    last = shared.rpartition("." if is_id else "/")[2]
    if said is None:
        action = found[0].help or "see the messages"
        title = name.replace("-", " ").capitalize() + (f": `{last}`" if last else "")
        return title, action
    return said[0].format(f"`{last}`"), said[1]


def _files(subjects: Subjects, name: str, found: Iterable[Finding]) -> list[str]:
    files: set[str] = set()
    for finding in found:
        if name in _IN_MIGRATIONS:
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
