"""What is wrong with a history, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ormlint.graph.migrations.session import Missing
from ormlint.graph.model import HistoryProblem, MigratedColumn, MigratedTable, Revision

if TYPE_CHECKING:
    from ormlint.graph.migrations.replay import Replay

_ERRORS = {
    "postgresql": ("UndefinedTable", "UndefinedColumn"),
    "mysql": ("“Table doesn't exist”", "“Unknown column”"),
    "mariadb": ("“Table doesn't exist”", "“Unknown column”"),
}


def problem_of(missing: Missing, revision: Revision, dropped: dict[str, str]) -> HistoryProblem:
    """An operation that needs what is not there; where it comes from is added when all is replayed."""
    obstacle = missing.obstacle
    what = re.sub(r"(?<!^)(?=[A-Z])", " ", type(missing.operation).__name__).lower()
    needs = f"{what} needs the table `{obstacle.table}`"
    if obstacle.kind == "column":
        needs = f"{what} needs the column `{obstacle.column}` of `{obstacle.table}`"
    elif obstacle.table in dropped:
        needs += f", which revision {dropped[obstacle.table]} drops or renames"
    return HistoryProblem(
        kind="missing-object",
        revision=revision.id,
        place=missing.operation.place,
        message=needs,
        table=obstacle.table,
        column=obstacle.column,
    )


def explained(replay: Replay, *, keep_assuming: bool) -> list[HistoryProblem]:
    """The problems with what each of them means for `alembic upgrade`.

    `keep_assuming=False` leaves out those with tables that no revision creates at all.
    """
    session = replay.session
    found = []
    for problem in replay.problems:
        if problem.table in session.assumed and not keep_assuming:
            continue
        table = session.database.tables.get(problem.table or "")
        made = table.columns.get(problem.column) if table is not None and problem.column else table
        error = _ERRORS.get(session.database.dialect, ("an error", "an error"))[problem.column is not None]
        found.append(_explained(problem, made, error))
    return found


def _explained(
    problem: HistoryProblem, made: MigratedTable | MigratedColumn | None, error: str
) -> HistoryProblem:
    by = made.revision if isinstance(made, MigratedColumn) else made.created_in if made is not None else ""
    if made is None or not by:
        reason = "" if "which revision" in problem.message else ", which no revision makes before it"
        return replace(
            problem, message=f"{problem.message}{reason}: `alembic upgrade` stops here with {error}"
        )
    reason = f", which only {by} makes, on a branch that is no ancestor"
    return replace(
        problem,
        message=f"{problem.message}{reason}: `alembic upgrade heads` stops here with {error}",
        elsewhere=made.place,
    )
