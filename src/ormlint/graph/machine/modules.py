"""The project's modules by name, each read at its first use."""

from __future__ import annotations

from collections.abc import Callable

from ormlint.facts.code import FileFacts
from ormlint.graph.machine.values import ModuleValue

Loader = Callable[[str], FileFacts | None]
"""Path → facts; `None` where the file cannot be read."""
Finder = Callable[[str, str], str | None]
"""(dotted module name, path of the importer) → path of the module's file, or `None`."""


class Modules:
    """Every module by path; facts come from the loader on demand."""

    def __init__(
        self, find: Finder, load: Loader, names: Callable[[str], str], stubs: Callable[[str], str | None]
    ) -> None:
        self._find = find
        self._load = load
        self._names = names
        self._stubs = stubs
        self._by_path: dict[str, ModuleValue] = {}
        self._found: dict[tuple[str, str], ModuleValue | None] = {}

    def at(self, path: str) -> ModuleValue:
        """The module of a file of the project."""
        module = self._by_path.get(path)
        if module is None:
            is_package = path.endswith("/__init__.py") or path == "__init__.py"
            module = ModuleValue(self._names(path), path, is_package=is_package)
            self._by_path[path] = module
        return module

    def find(self, name: str, importer: ModuleValue) -> ModuleValue | None:
        """The project's module of that dotted name as the importer would get it, or a stub, or `None`."""
        key = (name, importer.path)
        if key not in self._found:
            path = None if importer.is_stub else self._find(name, importer.path)
            if path is not None:
                self._found[key] = self.at(path)
            elif (stub := self._stubs(name)) is not None:
                module = self.at(stub)
                module.name, module.is_stub = name, True
                self._found[key] = module
            else:
                self._found[key] = None
        return self._found[key]

    def executed(self) -> list[ModuleValue]:
        """Every module that was run so far, by path."""
        return [module for _, module in sorted(self._by_path.items()) if module.state != "new"]

    def facts(self, module: ModuleValue) -> FileFacts | None:
        return self._load(module.path)
