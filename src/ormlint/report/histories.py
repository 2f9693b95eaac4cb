"""Migration histories, and the tables of SQLAlchemy-Continuum that they keep or lack."""

from __future__ import annotations

from collections import Counter

from ormlint.graph.drift import touched_by_unsettled
from ormlint.graph.model import Environment
from ormlint.report.cells import at
from ormlint.report.document import History, Step, Versioned
from ormlint.report.subjects import Subjects


def histories(subjects: Subjects) -> list[History]:
    return [_history(environment) for environment in subjects.graph.environments]


def _history(environment: Environment) -> History:
    children = Counter(down for each in environment.revisions for down in set(each.down))
    known = {each.id for each in environment.revisions}
    return History(
        path=environment.path,
        dialect=environment.dialect,
        revisions=len(environment.revisions),
        heads=list(environment.heads),
        roots=list(environment.roots),
        branches=sorted(each for each, count in children.items() if count > 1 and each in known),
        merges=sorted(each.id for each in environment.revisions if len(each.down) > 1),
        opaque=[Step(each.revision, at(each.place), each.reason) for each in environment.opaque],
        stops=[Step(each.revision, at(each.place), each.message) for each in environment.problems],
    )


def versioned(subjects: Subjects) -> list[Versioned]:
    """Models whose history is kept, and whether a migration makes the table for it."""
    rows = []
    for _, model in sorted(subjects.graph.models.items()):
        if not model.versioned:
            continue
        environment = subjects.environment_of(model.table)
        name = f"{model.table}_version"
        migrated = None
        if environment is not None and not touched_by_unsettled(environment, name):
            migrated = name in environment.tables
        rows.append(Versioned(model.id, model.table, name, migrated, at(model.place)))
    return rows
