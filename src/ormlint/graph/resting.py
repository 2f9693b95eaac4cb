"""Modules that the last run tells all of that matters: they are run only where something asks for them.

Most modules of a project declare schemas, which are kept, and nothing else that the graph has. As long as
such a module and all that it leads to are as they were, running it would show nothing new. Modules that
tables, mapped classes or MetaData come from rest only all together, where the foundation holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Union

import msgspec

from ormlint.graph.leading import circles
from ormlint.graph.machine.origins import root
from ormlint.graph.machine.values import Made, ModuleValue, Value
from ormlint.graph.models.declarative import declarative_root
from ormlint.graph.packages import KNOWN
from ormlint.graph.schemas.keeping import releases
from ormlint.graph.schemas.kinds import Signs, signs_of
from ormlint.graph.sources import Sources

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_NO_METADATA = KNOWN - {"alembic", "flask_sqlalchemy", "sqlalchemy", "sqlalchemy_continuum", "sqlmodel"}
"""Packages that nothing comes from which tables may live on."""


class Rest(msgspec.Struct, frozen=True, array_like=True):
    """What is to be known of a module that is not run."""

    led_to: list[str]
    """The modules of the project that it asked for, in order."""
    has_classes: bool
    signs: Signs
    founds: bool
    """The foundation is read from it."""
    entry: Union[str, None] = None
    """Of the modules that import it and that it imports, the one that was begun first."""


_decode = msgspec.msgpack.Decoder(Rest).decode


class Resting:
    """Runs modules, or lets them rest where the last run tells of them; no module rests unless `recalls`."""

    def __init__(self, machine: Machine, sources: Sources, *, recalls: bool = True) -> None:
        self._machine, self._memo, self._recalls = machine, sources.memo, recalls
        self.key = releases(machine.modules, sources.declaring)
        self._told: dict[str, Rest] = {}
        self._founding: Collection[str] = ()
        self.ran: set[str] = set()
        """The files of the modules that `run_all` led to, those that rest among them."""

    def run_all(self, paths: Iterable[str], founding: Collection[str] = ()) -> list[ModuleValue]:
        """Run modules or let them rest; return all that were run, without stubs.

        `founding` are those that rest, too: the foundation that was read from them holds.
        """
        self._founding = founding
        for path in paths:
            self.run(path)
        modules = [module for module in self._machine.modules.awake() if not module.is_stub]
        self.ran = {*self._told, *(module.path for module in modules)}
        return modules

    def run(self, path: str) -> None:
        """Run a module, or let it rest and run those that it leads to."""
        if path in self._told:
            return
        modules = self._machine.modules
        rest = self._recalled(path)
        if rest is not None and rest.founds and path not in self._founding:
            rest = None
        if rest is None or not modules.rest(path, self._machine.execute, rest.entry):
            self._machine.execute(modules.at(path))
            return
        self._told[path] = rest
        for other in rest.led_to:
            self.run(other)

    def _recalled(self, path: str) -> Rest | None:
        content = self._memo.recall(_unit(path), self.key) if self._memo and self._recalls else None
        try:
            return None if content is None else _decode(content)
        except msgspec.MsgspecError:
            return None

    @property
    def is_founded(self) -> bool:
        """Whether all modules that the foundation was read from rest, and no other has a say in it."""
        founding = {path for path, rest in self._told.items() if rest.founds}
        return founding == set(self._founding) and not self._founding_now()

    def leads_as_before(self, paths: Iterable[str]) -> bool:
        """Whether modules that were run led where they did in the last run, in that order."""
        return all(
            self._led_to_before(path) == self._of(self._machine.modules.at(path)).led_to for path in paths
        )

    def _before(self, path: str) -> Rest | None:
        """What the last run knew of a module."""
        content = self._memo.partly(_unit(path)) if self._memo is not None else None
        try:
            return None if content is None else _decode(content)
        except msgspec.MsgspecError:
            return None

    def _led_to_before(self, path: str) -> list[str] | None:
        before = self._before(path)
        return None if before is None else before.led_to

    @property
    def begun_elsewhere(self) -> set[str]:
        """The files of modules that import each other and of which another was begun first than before."""
        first: dict[str, str] = {}
        for path in self._machine.modules.begun:
            rest = self._told.get(path)
            if rest is not None and rest.entry is not None:
                first.setdefault(rest.entry, path)
        found = {path for path, rest in self._told.items() if first.get(rest.entry or "") != rest.entry}
        if self._memo is not None:
            for path, entry in self._entries().items():
                before = self._before(path)
                if before is not None and before.entry != entry and not self._memo.is_stale(path):
                    found.add(path)
        return found

    def _entries(self) -> dict[str, str]:
        """For modules that were run and import each other, the one of them that was begun first."""
        order = {path: number for number, path in enumerate(self._machine.modules.begun)}
        return {
            path: min(circle, key=order.__getitem__)
            for circle in circles(self._machine.modules.entered, self._led_to)
            for path in circle
        }

    def _led_to(self, path: str) -> list[str]:
        if self._machine.modules.rests(path):
            return self._told[path].led_to
        return self._machine.effects.led_to(path)

    @property
    def founding(self) -> set[str]:
        """The files of the modules that the foundation is read from."""
        return {path for path, rest in self._told.items() if rest.founds} | self._founding_now()

    def _founding_now(self) -> set[str]:
        """Those of them that do not rest."""
        return self._restless() & self.ran

    def _restless(self) -> set[str]:
        """The files of modules that were run and may not rest by themselves."""
        heard = self._heard()
        run = [each for each in self._machine.modules.awake() if each.path not in self._told]
        found = {each.path for each in run if not each.is_stub and not self._may_rest(each, heard)}
        for circle in circles(self._machine.modules.entered, self._led_to):
            if not found.isdisjoint(circle):
                found |= circle - self._told.keys()
        return found

    @property
    def is_upset(self) -> bool:
        """Whether a module rested although another one changes what it rests on."""
        return self._memo is not None and any(map(self._memo.is_stale, self._told))

    @property
    def paths(self) -> set[str]:
        """The files of all modules that were run so far, or rest."""
        return {*self._told, *(module.path for module in self._machine.modules.awake())}

    @property
    def known(self) -> dict[str, Rest]:
        """What there is to know of each of these modules, by path."""
        modules = self._machine.modules
        return {
            path: self._told[path] if modules.rests(path) else self._of(modules.at(path))
            for path in sorted(self.ran)
        }

    def _of(self, module: ModuleValue, *, founds: bool = False, entry: str | None = None) -> Rest:
        led_to = self._machine.effects.led_to(module.path)
        own = [path for path in led_to if not self._machine.modules.is_stub(path)]
        return Rest(own, bool(module.classes), signs_of(module), founds, entry)

    def keep(self) -> None:
        """Note which of the modules that were run may rest in the next run."""
        if self._memo is None:
            return
        restless, entries = self._restless(), self._entries()
        for module in self._machine.modules.awake():
            if module.path in self._told or module.is_stub:
                continue
            founds = module.path in restless
            if not founds or module.path in self.ran:
                rest = self._of(module, founds=founds, entry=entries.get(module.path))
                self._memo.keep(_unit(module.path), self.key, [module.path], rest)

    def _heard(self) -> set[str]:
        """The files of modules that have a say in others."""
        machine = self._machine
        packages = filter(machine.modules.is_stub, machine.modules.entered)
        return {*machine.made.paths, *machine.effects.reaching, *packages}

    def _may_rest(self, module: ModuleValue, heard: set[str]) -> bool:
        """Whether running the module gave no more than schemas, and would have at any other time."""
        facts = self._machine.modules.facts(module)
        if facts is None or facts.problem is not None:
            return False
        if not heard.isdisjoint({module.path, *self._packages(module)}):
            return False
        if any(self._is_of_tables(value, module) for value in module.namespace.values()):
            return False
        return not any(cls.announced or declarative_root(self._machine, cls) for cls in module.classes)

    def _is_of_tables(self, value: Value, module: ModuleValue) -> bool:
        """Whether tables of other modules may live on what a module makes."""
        return type(value) is Made and value.place.path == module.path and root(value) not in _NO_METADATA

    def _packages(self, module: ModuleValue) -> set[str]:
        """The files of packages that a module leads to."""
        found: set[str] = set()
        queue = [module.path]
        while queue:
            led_to = self._machine.effects.led_to(queue.pop())
            new = [path for path in led_to if path not in found and self._machine.modules.is_stub(path)]
            found.update(new)
            queue += new
        return found


def _unit(path: str) -> str:
    return f"rest of {path}"
