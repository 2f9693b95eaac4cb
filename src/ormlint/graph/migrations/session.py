"""Operations carried out one after another on the replayed database, and what is noted on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.migrations import asking
from ormlint.graph.migrations.apply import apply
from ormlint.graph.migrations.branches import join
from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.obstacles import Obstacle, obstacle
from ormlint.graph.migrations.operations import (
    Abort,
    Asked,
    Choice,
    CreateTable,
    Emptying,
    Guarded,
    MakeModels,
    Opaque,
    Operation,
    Perhaps,
    Step,
)
from ormlint.graph.migrations.remarks import remark_on
from ormlint.graph.migrations.search_path import looked_up
from ormlint.graph.migrations.specs import TableName
from ormlint.graph.migrations.sql.questions import holds
from ormlint.graph.model import OpaqueStep, Remark

_CONDITIONS = {
    "exists": {"duplicate_object", "duplicate_table", "duplicate_column", "duplicate_schema"},
    "table": {"undefined_table"},
    "column": {"undefined_column"},
    "index": {"undefined_object", "undefined_table"},
}


class StoppedError(Exception):
    """A guarded operation would fail at run time, so the guard has its say."""

    def __init__(self, found: Obstacle, operation: Operation) -> None:
        super().__init__(found.kind)
        self.obstacle = found
        self.operation = operation


class AbortedError(Exception):
    """The migration itself gives up."""


class OtherAnswerError(Exception):
    """The database answers something else than it did when the step was recorded."""


class Missing(Struct, frozen=True):
    """An operation that needs a table or column which is not there."""

    obstacle: Obstacle
    operation: Operation


class Session(Struct):
    """`missing` and `opaque` are of the revision that is being run; the counts are of all."""

    database: Database
    missing: list[Missing] = []
    opaque: list[OpaqueStep] = []
    assumed: set[str] = set()
    operations: int = 0
    known: int = 0
    guards: int = 0
    """Above zero where an operation that fails is caught."""
    forgiven: set[tuple[Place, Obstacle]] = set()
    """Obstacles that nobody catches: the operation does what it can, and the migration goes on."""

    remarks: dict[Remark, None] = {}
    emptied: bool = False
    """The revision that is being run takes all rows out of a table."""

    def perform(self, steps: Iterable[Step]) -> None:
        """Carry the steps out in order."""
        for step in steps:
            carry_out = _SPECIAL.get(type(step), Session.carry_out)
            carry_out(self, step)

    def carry_out(self, operation: Operation) -> None:
        """Do to the database what the operation says, and note what is odd."""
        self.operations += 1
        if isinstance(operation, Opaque):
            revision, reason, tables = self.database.revision, operation.reason, operation.tables
            step = OpaqueStep(revision, operation.place, reason, tables, operation.keys_only)
            self.opaque.append(step)
        elif not isinstance(operation, CreateTable) or operation.complete:
            self.known += 1
        operation = looked_up(self.database, operation)
        found = obstacle(self.database, operation)
        if found is not None:
            if self.guards and (operation.place, found) not in self.forgiven:
                raise StoppedError(found, operation)
            self._note(found, operation)
        elif not self.emptied:
            remark = remark_on(self.database, operation)
            if remark is not None:
                self.remarks[remark] = None
        apply(self.database, operation)

    def _note(self, found: Obstacle, operation: Operation) -> None:
        if found.kind not in ("table", "column"):
            return
        self.missing.append(Missing(found, operation))
        if found.kind == "table" and found.never_known and found.table is not None:
            schema, _, name = found.table.rpartition(".")
            self.database.assume(TableName(name, schema or None), operation.place)
            self.assumed.add(found.table)

    def choose(self, choice: Choice) -> None:
        """Go one way, or both where the answer is not known."""
        verdict = holds(choice.question, self.database)
        if verdict is not None:
            self.perform(choice.then if verdict else choice.otherwise)
            return
        self.either(lambda: self.perform(choice.then), lambda: self.perform(choice.otherwise))

    @contextmanager
    def perhaps(self) -> Iterator[None]:
        """What happens inside may happen or not: afterwards the database is what both have in common."""
        before, done = self.database.fork(), self.operations
        try:
            yield
        finally:
            self.database = before if self.operations == done else join(before, self.database)

    def either(self, one: Callable[[], None], other: Callable[[], None]) -> None:
        """Go both ways from here and keep what they have in common; a way that gives up is none."""
        before = self.database
        outcomes = []
        failures: list[AbortedError | StoppedError] = []
        for way in (one, other):
            self.database = before.fork()
            try:
                way()
            except (AbortedError, StoppedError) as problem:
                failures.append(problem)
            else:
                outcomes.append(self.database)
        if not outcomes:
            raise failures[0]
        self.database = outcomes[0] if len(outcomes) == 1 else join(*outcomes)

    def guard(self, step: Guarded) -> None:
        """PostgreSQL takes back all that the block did before it looks at the handlers."""
        before = self.database.fork()
        stopped = self._stopped(step.body)
        if stopped is None:
            return
        self.database = before
        for conditions, handler in step.handlers:
            if "others" in conditions or _CONDITIONS[stopped.obstacle.kind] & set(conditions):
                self.perform(handler)
                return
        if self.guards:
            raise stopped
        self._note(stopped.obstacle, stopped.operation)

    def _stopped(self, body: Iterable[Step]) -> StoppedError | None:
        self.guards += 1
        try:
            self.perform(body)
        except StoppedError as problem:
            return problem
        finally:
            self.guards -= 1
        return None


def _perhaps(session: Session, step: Perhaps) -> None:
    with session.perhaps():
        session.perform(step.steps)


def _abort(_session: Session, _step: Abort) -> None:
    raise AbortedError


def _empty(session: Session, _step: Emptying) -> None:
    session.emptied = True


def _make_models(session: Session, step: MakeModels) -> None:
    remark = Remark("create-all", session.database.revision, step.place, step.what, step.table)
    session.remarks[remark] = None


def _compare(session: Session, step: Asked) -> None:
    if asking.digest_of(asking.answer(session.database, step.question)) != step.digest:
        raise OtherAnswerError


_SPECIAL: dict[type, Callable[[Session, Any], None]] = {
    Abort: _abort,
    Asked: _compare,
    Choice: Session.choose,
    Emptying: _empty,
    Guarded: Session.guard,
    MakeModels: _make_models,
    Perhaps: _perhaps,
}
"""Steps that are no operations."""
