"""What is known of modules where evidence is read: all of those that were run, of others what they import."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from typing import TYPE_CHECKING

from ormlint.facts.code import ClassDef, FunctionDef, Import, ImportFrom, Stmt
from ormlint.facts.walk import walk
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import ClassValue, Function, ModuleValue, Value
from ormlint.graph.sources import Sources

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine


class Told:
    """`ran` are the files whose modules were run, whatever else has run by now; `models` are class names."""

    def __init__(
        self, machine: Machine, sources: Sources, ran: Container[str], models: Collection[str]
    ) -> None:
        self.machine = machine
        self._sources, self._ran, self._models = sources, ran, models
        self.heard: dict[str, bool] = {}
        """Files of which was asked whether their modules were run."""
        self._unread: dict[str, ModuleValue] = {}
        self.takes_all: set[str] = set()
        """Files with `import *`, whose modules were not run."""

    def ran(self, path: str) -> bool:
        """Whether a file's module was run."""
        found = self.heard[path] = path in self._ran
        return found

    def is_run(self, module: ModuleValue) -> bool:
        """Whether all is known of a module. A package that passes names on is run for that."""
        if not self._is_open(module):
            return False
        self.machine.execute(module)
        return True

    def counts(self, value: Value) -> bool:
        """Whether a value would be known had nothing else run: an import may have been followed or not."""
        if not isinstance(value, (ClassValue, Function)):
            return True
        return self._is_open(value.module) or value.module is not self.machine.modules.at(value.module.path)

    def _is_open(self, module: ModuleValue) -> bool:
        return self.ran(module.path) or module.is_stub or module.is_package

    def of_file(self, path: str, body: Sequence[Stmt]) -> ModuleValue:
        """The module of a file; one that was not run has what it imports and the functions it defines."""
        if self.ran(path):
            return self.machine.modules.at(path)
        bare = self.bare(path)
        scope = Scope("module", bare.namespace, bare)
        for statement in body:
            if isinstance(statement, FunctionDef):
                bare.namespace[statement.name] = Function(statement, scope, bare)
            elif not isinstance(statement, ClassDef):  # imports stand under `if TYPE_CHECKING:` too
                imports = [part for part in walk([statement]) if isinstance(part, (Import, ImportFrom))]
                self.machine.run(imports, scope)
                if any(alias.name == "*" for each in imports for alias in each.names):
                    self.takes_all.add(path)
        return bare

    def unread(self, module: ModuleValue) -> ModuleValue:
        """What a module defines and imports; of one that was not run, where it names a model."""
        if module.is_stub or self.ran(module.path):
            return self.machine.execute(module)
        if module.path not in self._unread:
            self._unread[module.path] = self._read(module.path)
        return self._unread[module.path]

    def _read(self, path: str) -> ModuleValue:
        names = self._sources.words(path).classes.split()
        facts = self._sources.load(path) if any(name in self._models for name in names) else None
        return self.bare(path) if facts is None else self.of_file(path, facts.body)

    def bare(self, path: str) -> ModuleValue:
        """A module without its names."""
        return ModuleValue(self._sources.module_name(path), path, is_package=path.endswith("__init__.py"))
