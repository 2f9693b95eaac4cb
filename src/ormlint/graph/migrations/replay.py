"""Revisions run one after another, as `alembic upgrade heads` runs them on an empty database."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from ormlint.facts.code import FunctionDef, Name
from ormlint.facts.walk import walk
from ormlint.findings import Place
from ormlint.graph.machine.signals import Raised
from ormlint.graph.machine.values import Function, ModuleValue, Unknown
from ormlint.graph.migrations.history import History, upgrade_order
from ormlint.graph.migrations.operations import Opaque
from ormlint.graph.migrations.problems import problem_of
from ormlint.graph.migrations.programs import Programs
from ormlint.graph.migrations.scripts import Script
from ormlint.graph.migrations.session import (
    AbortedError,
    Missing,
    OtherAnswerError,
    Session,
    StoppedError,
)
from ormlint.graph.model import HistoryProblem, OpaqueStep, Revision

MOST_STOPS = 20
"""After so many operations of one revision that would stop, all of them are forgiven at once."""


_REFUSAL = "the migration raises an exception"


class Replay(Struct):
    """What came of it, besides the database of the session.

    `pending` are revisions that need what only a branch beside theirs adds; they wait for it, so that
    the outcome is that of an upgrade which succeeds.
    """

    programs: Programs
    session: Session
    history: History
    scripts: Mapping[str, Script]
    problems: list[HistoryProblem] = []
    opaque: list[OpaqueStep] = []
    starts_late: bool = False
    """A first revision leaves no table of its own."""
    changing: set[str] = set()
    """Revisions that are known to change the schema."""
    pending: dict[str, list[Missing]] = {}

    def run(self, targets: Sequence[str] | None = None) -> None:
        """Replay up to the targets, else up to all heads."""
        order = upgrade_order(self.history, targets)
        place = {key: number for number, key in enumerate(order)}
        undone = {key: len(self.history.parents[key]) for key in order}
        ready = [key for key in order if not undone[key]]
        while ready:
            key = self._next(ready)
            # Another branch is still to come: it may bring what is missing.
            waits = key not in self.pending and len(ready) > 1
            if not self._apply(self.history.revisions[key], may_wait=waits):
                continue
            ready.remove(key)
            for child in self.history.children[key]:
                if child in undone:
                    undone[child] -= 1
                    if not undone[child]:
                        insort(ready, child, key=place.__getitem__)

    def _next(self, ready: list[str]) -> str:
        """The first revision that does not wait in vain, of those whose parents are done."""
        for key in ready:
            if key not in self.pending or self._has_come(self.pending[key]):
                return key
        return ready[0]

    def _has_come(self, missing: list[Missing]) -> bool:
        database = self.session.database
        for each in missing:
            table = database.tables.get(each.obstacle.table or "")
            if table is None or (each.obstacle.column and each.obstacle.column not in table.columns):
                return False
        return True

    def _apply(self, revision: Revision, *, may_wait: bool) -> bool:
        """Run a revision; false where it has to wait for another branch."""
        session = self.session
        before = session.database.fork() if may_wait else None
        counts, assumed = (session.operations, session.known), set(session.assumed)
        session.database.revision = revision.id
        session.emptied = False
        self._upgrade(revision)
        self._note(revision, session.missing)
        if before is not None and session.missing:
            self.pending[revision.id] = session.missing
            session.database, session.assumed = before, assumed
            session.operations, session.known = counts
            return False
        self.opaque += session.opaque
        if session.known > counts[1]:
            self.changing.add(revision.id)
        if not revision.down:
            tables = session.database.tables.values()
            self.starts_late |= all(table.created_in != revision.id for table in tables)
        return True

    def _note(self, revision: Revision, missing: Sequence[Missing]) -> None:
        """Remember what is missing, once also where the revision is run a second time."""
        dropped = self.session.database.dropped
        for each in missing:
            problem = problem_of(each, revision, dropped)
            if problem not in self.problems:
                self.problems.append(problem)

    def _upgrade(self, revision: Revision) -> None:
        """Run `upgrade()`, or do again what running it told and asked, where it would go the same way."""
        script = self.scripts[revision.id]
        if script.steps is not None and self._ends(lambda: self._repeats(script)):
            return
        script.steps = None
        self._ends(lambda: self._runs_through(script))

    def _ends(self, run: Callable[[], bool | None]) -> bool:
        """Run something, again where it stops (false) at an operation that nobody catches, now forgiven.

        Where it does not come to an end (`None`), all is as it was.
        """
        session = self.session
        session.forgiven = set()
        for attempt in range(MOST_STOPS + 1):
            before, counts = session.database.fork(), (session.operations, session.known)
            session.missing, session.opaque = [], []
            session.guards = 0 if attempt == MOST_STOPS else 1
            ended = run()
            if ended:
                return True
            session.database = before
            session.operations, session.known = counts
            if ended is None:
                break
        return False

    def _repeats(self, script: Script) -> bool | None:
        steps = script.steps or ()
        try:
            self.session.perform(steps)
        except StoppedError as stopped:
            if not script.goes_on or all(step is not stopped.operation for step in steps):
                return None
            self.session.forgiven.add((stopped.operation.place, stopped.obstacle))
            return False
        except (AbortedError, OtherAnswerError):
            return None
        return True

    def _runs_through(self, script: Script) -> bool:
        module, interpreter = script.module, self.programs.interpreter
        interpreter.begin(script.path)
        try:
            for function, arguments in _upgrades(module):
                interpreter.call(function, arguments, {}, Place(function.module.path, function.node.line))
        except Raised as raised:
            stops = interpreter.stops
            stop = next((each for each in stops if each.exception is raised.value), None)
            if stop is not None:
                self.session.forgiven.add((stop.operation.place, stop.obstacle))
                return False
            # It refuses this database (a dialect that it does not know, perhaps): what it does is not known.
            interpreter.dialogue.tell(Opaque(_REFUSAL, script.revision.place))
        script.note_run()
        return True


def _upgrades(module: ModuleValue) -> list[tuple[Function, list[object]]]:
    """`upgrade()`; in Alembic's template for several databases, `upgrade_<name>()` for each of them."""
    upgrade = module.namespace.get("upgrade")
    if not isinstance(upgrade, Function):
        return []
    given = [p for p in upgrade.node.params if p.kind == "positional"]
    required = [p for p in given if p.default is None]
    if not (required or (given and _looks_up(upgrade))):
        return [(upgrade, [])]
    each = [
        value
        for name, value in module.namespace.items()
        if name.startswith("upgrade_") and isinstance(value, Function)
    ]
    return [(one, []) for one in each] or [(upgrade, [Unknown("an argument of `upgrade`") for _ in required])]


def _looks_up(upgrade: Function) -> bool:
    """Whether the function goes by names that it makes up: `globals()[f"upgrade_{engine_name}"]()`."""
    node = upgrade.node
    return isinstance(node, FunctionDef) and any(
        type(p) is Name and p.id == "globals" for p in walk(node.body)
    )
