"""The programs of migration files, and the interpreter that runs them, made where the first one is run.

Most replays run none, or a few: the last run tells what the others do.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ormlint.graph.machine import Machine
from ormlint.graph.machine.modules import Modules
from ormlint.graph.machine.values import ModuleValue
from ormlint.graph.migrations.files import Read
from ormlint.graph.migrations.names import Convention
from ormlint.graph.migrations.session import Session

if TYPE_CHECKING:
    from ormlint.graph.migrations.interpreter import Interpreter


class _Given(NamedTuple):
    """What an interpreter is made of."""

    modules: Modules
    session: Session
    convention: Convention
    read: Read


class Programs:
    """Those of one environment, whose `env.py` is given by its path."""

    def __init__(
        self, modules: Modules, session: Session, convention: Convention, read: Read, env_py: str | None
    ) -> None:
        self._given, self._env_py = _Given(modules, session, convention, read), env_py
        self._is_begun = False

    @cached_property
    def interpreter(self) -> Interpreter:
        """Runs them."""
        from ormlint.graph.migrations.interpreter import Interpreter  # noqa: PLC0415 - see above

        self._is_begun = True
        interpreter = Interpreter(*self._given)
        interpreter.env_py = self._env_py
        return interpreter

    @property
    def looked_everywhere(self) -> bool:
        """Whether one looked for something in every module that was run, whoever imported it."""
        return self._is_begun and self.interpreter.looked_everywhere

    @property
    def are_steady(self) -> bool:
        """Whether nothing was ever told or asked while a module was imported, which happens but once."""
        return not self._is_begun or self.interpreter.dialogue.is_steady

    def have_altered(self, module: ModuleValue) -> bool:
        """Whether a module is another than it was when it had run."""
        machine = self.interpreter if self._is_begun else Machine(self._given.modules)
        return machine.is_altered(module)
