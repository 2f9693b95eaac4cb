"""The static evaluator with a database behind it: migrations run on the replayed one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.machine import Machine, calls
from ormlint.graph.machine.machine import MAX_STEPS
from ormlint.graph.machine.modules import Modules
from ormlint.graph.machine.signals import Raised
from ormlint.graph.machine.values import BoundMethod, External, Function, Made, Unknown, Value
from ormlint.graph.migrations import alembic_calls
from ormlint.graph.migrations.dialogue import Dialogue
from ormlint.graph.migrations.files import Read
from ormlint.graph.migrations.names import Convention
from ormlint.graph.migrations.obstacles import Obstacle
from ormlint.graph.migrations.operations import Choice, Operation, Step
from ormlint.graph.migrations.session import AbortedError, Session, StoppedError
from ormlint.graph.migrations.sql.text import UNKNOWN


class Stop(Struct, frozen=True):
    """Where a migration would stop, and the exception that stands for it."""

    obstacle: Obstacle
    operation: Operation
    exception: Made


class Interpreter(Machine):
    """Evaluates migrations; `dialogue` is where their operations go.

    `stops` are the operations that raised in the program that is read, the last one last.
    """

    def __init__(self, modules: Modules, session: Session, convention: Convention, read: Read) -> None:
        super().__init__(modules)
        self.dialogue = Dialogue(session, read, lambda: self.running[-1].path if self.running else None)
        self.env_py: str | None = None
        self.looked_everywhere = False
        """Whether something was looked for in every module that was run, whoever imported it."""
        self.convention = convention
        self.stops: list[Stop] = []
        self.open_arguments = False
        """Whether the call that is being answered has arguments that are not known."""
        self.spent = 0
        """Steps taken before the budget was last refilled, since `begin`."""
        self._joined = 0
        self.hooks.call.append(lambda _, *call: alembic_calls.answer_call(self, *call))
        self.hooks.member.append(lambda _, value, name: alembic_calls.answer_member(self, value, name))

    def begin(self, path: str) -> None:
        """The program of a migration file is run from now on."""
        self.dialogue.begin(path)
        self.stops.clear()
        self.refill()
        self.spent = 0

    def refill(self) -> None:
        """Grant a fresh budget of steps, as each import does."""
        self.spent += MAX_STEPS - self.steps
        super().refill()

    @property
    def is_within_budget(self) -> bool:
        """Whether the program would not run out of steps either where all that it imports was run before."""
        return self.spent + MAX_STEPS - self.steps <= MAX_STEPS

    def call(
        self, callee: Value, args: list[Value], kwargs: dict[str, Value], place: Place, open_: bool = False
    ) -> Value:
        """What a call gives; whether it has unknown arguments is kept for those who answer it."""
        self.open_arguments = open_
        if isinstance(callee, Function):
            decorator, inner = calls.wrapping(callee)
            if decorator is not None and not isinstance(decorator, (Function, BoundMethod)):
                with self.uncertain():  # another package's decorator calls the function, or does not
                    self.call(inner, args, kwargs, place, open_)
                return Unknown(f"the decorator of `{callee.name}`", place)
        return super().call(callee, args, kwargs, place, open_)

    @contextmanager
    def uncertain(self) -> Iterator[None]:
        """What happens inside may happen or not: afterwards the database is what both have in common."""
        self._joined += 1
        try:
            with self.dialogue.perhaps(), super().uncertain():
                yield
        finally:
            self._joined -= 1

    def perform(self, found: Sequence[Step]) -> None:
        """Carry out steps; raise in the program that is read where the database would."""
        self.dialogue.may_be_caught |= self.catchers > 0
        try:
            for step in found:
                # Where a branch has returned already, what comes now may happen or not.
                may_be = self.maybe > self._joined
                self.dialogue.tell(Choice(UNKNOWN, (step,), ()) if may_be else step)
        except StoppedError as problem:
            exception = Made(External("sqlalchemy.exc.ProgrammingError"), (), {}, problem.operation.place)
            self.stops.append(Stop(problem.obstacle, problem.operation, exception))
            raise Raised(exception) from problem
        except AbortedError as problem:
            raise Raised(Unknown("the SQL raises an exception")) from problem
