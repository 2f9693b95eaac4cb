"""The project's modules by name, each read at its first use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ormlint.facts.code import ClassDef, FileFacts, For, FunctionDef, If, Stmt, Try, While, With
from ormlint.graph.machine.values import ModuleValue
from ormlint.graph.sources import Sources


class Modules:
    """Every module by path; facts come from the sources on demand."""

    def __init__(self, sources: Sources, stubs: Callable[[str], str | None]) -> None:
        self._sources = sources
        self._stubs = stubs
        self._by_path: dict[str, ModuleValue] = {}
        self._found: dict[tuple[str, str], ModuleValue | None] = {}
        self._whole: dict[str, dict[tuple[int, str], FunctionDef]] = {}

    def at(self, path: str) -> ModuleValue:
        """The module of a file of the project."""
        module = self._by_path.get(path)
        if module is None:
            is_package = path.endswith("/__init__.py") or path == "__init__.py"
            module = ModuleValue(self._sources.module_name(path), path, is_package=is_package)
            self._by_path[path] = module
        return module

    def find(self, name: str, importer: ModuleValue) -> ModuleValue | None:
        """The project's module of that dotted name as the importer would get it, or a stub, or `None`."""
        key = (name, importer.path)
        if key not in self._found:
            path = None if importer.is_stub else self._sources.find(name, importer.path)
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
        return self._sources.load(module.path)

    def whole(self, module: ModuleValue, node: FunctionDef) -> FunctionDef:
        """The function with the body that the module's facts left out."""
        if module.path not in self._whole:
            facts = self._sources.load_whole(module.path)
            functions = _functions(facts.body) if facts is not None else iter(())
            self._whole[module.path] = {(each.line, each.name): each for each in functions}
        return self._whole[module.path].get((node.line, node.name), node)


def _functions(body: Sequence[Stmt]) -> Iterator[FunctionDef]:
    for statement in body:
        if isinstance(statement, FunctionDef):
            yield statement
            yield from _functions(statement.body)
        elif isinstance(statement, (ClassDef, With)):
            yield from _functions(statement.body)
        elif isinstance(statement, (If, For, While)):
            yield from _functions([*statement.body, *statement.orelse])
        elif isinstance(statement, Try):
            handled = [each for handler in statement.handlers for each in handler.body]
            yield from _functions([*statement.body, *handled, *statement.orelse, *statement.final])
