"""What is known of modules where evidence is read: all of those that were run, of others what they import."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from ormlint.facts.code import (
    Annotated,
    Assign,
    Augmented,
    ClassDef,
    Delete,
    Do,
    FunctionDef,
    Import,
    ImportFrom,
    Stmt,
)
from ormlint.facts.walk import walk
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import ClassValue, Function, ModuleValue, Value
from ormlint.graph.questions import gives
from ormlint.graph.sources import Sources

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_DEFINED = re.compile(rb"def[ \t\f\\\r\n]+(\w+)")
_WITHOUT_IMPORTS = (Assign, Annotated, Augmented, Delete, Do)
"""Statements with no other statement inside."""


class _Bound(Struct, frozen=True):
    """What the text of a module may bind: functions that may give a model, imports, its own classes."""

    functions: frozenset[str]
    imported: frozenset[str]
    classes: frozenset[str]

    def may_have(self, name: str) -> bool:
        """Whether a function of the module or an import may have a name; a class does not count."""
        if name in self.functions or "*" in self.imported or not name.isascii():
            return True
        return name in self.imported and name not in self.classes  # it may show how it is imported


class Told:
    """`ran` are the files whose modules were run, whatever else has run by now; the rest are class names."""

    def __init__(
        self,
        machine: Machine,
        sources: Sources,
        ran: Container[str],
        models: Collection[str],
        schemas: Collection[str],
    ) -> None:
        self.machine = machine
        self._sources, self._ran, self._models, self._schemas = sources, ran, models, schemas
        self.heard: dict[str, bool] = {}
        """Files of which was asked whether their modules were run."""
        self.named: dict[str, bool] = {}
        """Files of which was asked whether they name a model."""
        self.met_unreadable = False
        """Whether a file was looked into that cannot be read, which every run is to say."""
        self._unreadable: set[str] = set()
        self._unread: dict[str, ModuleValue] = {}
        self._bound: dict[str, _Bound] = {}
        self._naming: dict[str, bool] = {}
        self.takes_all: set[str] = set()
        """Files with `import *`, whose modules were not run."""

    def ran(self, path: str) -> bool:
        """Whether a file's module was run."""
        found = self.heard[path] = path in self._ran
        return found

    def likely_first(self, names: Iterable[str]) -> list[str]:
        """The names, those first that schemas have."""
        return sorted(names, key=lambda name: name not in self._schemas)

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
            elif not isinstance(statement, (ClassDef, *_WITHOUT_IMPORTS)):  # under `if TYPE_CHECKING:` too
                imports = [part for part in walk([statement]) if isinstance(part, (Import, ImportFrom))]
                self.machine.run(imports, scope)
                if any(alias.name == "*" for each in imports for alias in each.names):
                    self.takes_all.add(path)
        return bare

    def unread(self, module: ModuleValue, name: str) -> Value:
        """What a name of a module stands for; in one that was not run and names a model, as text tells."""
        if module.is_stub or self.ran(module.path):
            return self.machine.execute(module).namespace.get(name)
        return self._read(module.path).namespace.get(name) if self._may_have(module.path, name) else None

    def names_model(self, path: str) -> bool:
        """Whether a file names a model: else nothing that it has is worth a look."""
        if path not in self._naming:
            names = self._sources.words(path).classes.split()
            self._naming[path] = any(name in self._models for name in names)
        self.named[path] = self._naming[path]
        return self._naming[path]

    def _may_have(self, path: str, name: str) -> bool:
        if not self.names_model(path):
            return False
        if path not in self._bound:
            words = self._sources.words(path)
            imported, functions = words.imported.split(), frozenset(gives(words.giving, self._models))
            if any(name in self._models for name, word in pairwise(imported) if word == "as"):
                data = self._sources.read(path) or b""
                functions = frozenset(name.decode() for name in _DEFINED.findall(data))
            classes = frozenset(words.declared.split())
            self._bound[path] = _Bound(functions, frozenset(imported), classes)
        return self._bound[path].may_have(name)

    def _read(self, path: str) -> ModuleValue:
        if path not in self._unread:
            facts = self._sources.load(path)
            self._unread[path] = self.bare(path) if facts is None else self.of_file(path, facts.body)
            if facts is not None and facts.problem is not None:
                self._unreadable.add(path)
        self.met_unreadable |= path in self._unreadable
        return self._unread[path]

    def bare(self, path: str) -> ModuleValue:
        """A module without its names."""
        return ModuleValue(self._sources.module_name(path), path, is_package=path.endswith("__init__.py"))
