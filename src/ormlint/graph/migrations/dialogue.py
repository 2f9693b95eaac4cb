"""What a migration that runs tells the database and asks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ormlint.graph.machine.values import Value
from ormlint.graph.migrations import asking
from ormlint.graph.migrations.asking import Question
from ormlint.graph.migrations.files import Read
from ormlint.graph.migrations.operations import Asked, Perhaps, Step
from ormlint.graph.migrations.session import AbortedError, Session, StoppedError


class Dialogue:
    """All that leads from the program of a migration to the replayed database and to files, with a record.

    `running` gives the path of the module whose body is run right now, if there is one.
    """

    def __init__(self, session: Session, read: Read, running: Callable[[], str | None]) -> None:
        self._session, self._read, self._running = session, read, running
        self.dialect = session.database.dialect
        self.steps: list[Step] = []
        """What was told and asked since `begin`."""
        self.files: set[str] = set()
        """Files that were read since then."""
        self.is_whole = True
        """Whether all that happened since then follows from the migration's files and the answers alone."""
        self.may_be_caught = False
        """Whether the program would have a say where an operation among the steps stops."""
        self.is_steady = True
        """Whether nothing was ever told or asked while a module was imported, which happens but once."""
        self._path = ""

    def begin(self, path: str) -> None:
        """A migration file is run from now on."""
        self.steps, self.files, self.is_whole, self._path = [], set(), True, path
        self.may_be_caught = False

    def tell(self, step: Step) -> None:
        """Have the database carry out a step. Raises `StoppedError` and `AbortedError`."""
        self.is_steady &= self._running() is None
        self.steps.append(step)
        try:
            self._session.perform([step])
        except (StoppedError, AbortedError):
            self.is_whole = False
            raise

    def ask(self, question: Question) -> Value:
        """What the database answers."""
        self.is_steady &= self._running() is None
        answer = asking.answer(self._session.database, question)
        if asking.is_plain(question):
            self.steps.append(Asked(question, asking.digest_of(answer)))
        else:
            self.is_whole = False
        return answer

    def read(self, path: str) -> bytes | None:
        """The bytes of a file."""
        self.is_steady &= self._running() in (None, self._path)
        self.files.add(path)
        data = self._read(path)
        self.is_whole &= data is not None
        return data

    @contextmanager
    def perhaps(self) -> Iterator[None]:
        """What is told inside may happen or not."""
        outer, self.steps = self.steps, []
        try:
            with self._session.perhaps():
                yield
        finally:
            inner, self.steps = self.steps, outer
            if inner:
                self.steps.append(Perhaps(tuple(inner)))
