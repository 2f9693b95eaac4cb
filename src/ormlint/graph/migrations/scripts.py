"""Migration files in one run: those that are read, and those that the last run tells enough of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ormlint.graph.machine.values import ModuleValue
from ormlint.graph.migrations.imported import import_remarks
from ormlint.graph.migrations.names import Convention
from ormlint.graph.migrations.operations import Step
from ormlint.graph.migrations.programs import Programs
from ormlint.graph.migrations.revisions import revision_at
from ormlint.graph.migrations.written import written_remarks
from ormlint.graph.model import Remark, Revision

if TYPE_CHECKING:
    from ormlint.graph.migrations.interpreter import Interpreter


class Models:
    """The mapped classes, by id, and which of them were asked for."""

    def __init__(self, ids: frozenset[str]) -> None:
        self._ids = ids
        self.asked: dict[str, bool] = {}

    def __contains__(self, key: object) -> bool:
        found = key in self._ids
        self.asked[str(key)] = found
        return found


class Told(Struct, frozen=True, array_like=True):
    """What a migration file says, and what running it told and asked, where that is all that came of it."""

    revision: Revision
    files: list[str]
    """Those that it reads, itself among them."""
    mapped: dict[str, bool]
    """Ids of the classes that it imports, and whether they are mapped."""
    is_unread: bool
    remarks: list[Remark]
    """Those on what it says, whatever the database is."""
    steps: tuple[Step, ...]
    goes_on: bool
    """Nothing of it catches that an operation stops: without that one, it would tell and ask the same."""


class Script:
    """A migration file; `told` is what the last run kept of it."""

    def __init__(self, programs: Programs, path: str, told: Told | None = None) -> None:
        self.path, self.told, self._programs = path, told, programs
        self._module: ModuleValue | None = None
        self._files = {path}
        self._is_whole = True
        self.steps: tuple[Step, ...] | None = None
        """What running it told and asked, where that is all that came of it."""
        self.goes_on = False
        """As `Told` has it."""
        if told is not None:
            self.revision, self.steps, self.goes_on = told.revision, told.steps, told.goes_on
        else:
            self.revision = self._read()[0]

    @property
    def is_read(self) -> bool:
        """Whether this run read it, for want of what another one kept."""
        return self._module is not None

    @property
    def module(self) -> ModuleValue:
        """The module, whose body is run."""
        return self._module if self._module is not None else self._read()[1]

    @property
    def _interpreter(self) -> Interpreter:
        return self._programs.interpreter

    def _read(self) -> tuple[Revision, ModuleValue]:
        self._interpreter.begin(self.path)
        revision, self._module = revision_at(self._interpreter, self.path)
        self._note()
        return revision, self._module

    def note_run(self) -> None:
        """The program of the file ran through, and nothing else did since it began."""
        self._note()
        is_whole = self._is_whole and self._interpreter.is_within_budget
        dialogue = self._interpreter.dialogue
        self.steps = tuple(dialogue.steps) if is_whole else None
        self.goes_on = not dialogue.may_be_caught

    def _note(self) -> None:
        dialogue = self._interpreter.dialogue
        self._files |= dialogue.files
        self._is_whole &= dialogue.is_whole

    def tell(self, convention: Convention | None, dialect: str, models: frozenset[str]) -> Told:
        """All that there is to tell of the file after the replay."""
        if self.told is not None and not self.is_read:
            return self.told
        modules, asked = self._interpreter.modules, Models(models)
        facts = modules.facts(self.module)
        remarks = [
            *written_remarks(modules, self.module, self.revision, convention, dialect),
            *import_remarks(self._interpreter, self.module, self.revision, asked),
        ]
        is_unread = facts is None or facts.problem is not None
        files, steps = sorted(self._files), self.steps or ()
        return Told(self.revision, files, asked.asked, is_unread, remarks, steps, self.goes_on)
