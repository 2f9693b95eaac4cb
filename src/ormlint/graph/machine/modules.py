"""The project's modules by name, each read at its first use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ormlint.facts.code import ClassDef, FileFacts, For, FunctionDef, If, Stmt, Try, While, With
from ormlint.graph.leading import Asked
from ormlint.graph.machine.altered import State
from ormlint.graph.machine.values import ModuleValue
from ormlint.graph.packages import KNOWN, VENDORED
from ormlint.graph.sources import Sources


class Modules:
    """Every module by path; facts come from the sources on demand."""

    def __init__(self, sources: Sources, stubs: Callable[[str], str | None]) -> None:
        self._sources = sources
        self._stubs = stubs
        self._by_path: dict[str, ModuleValue] = {}
        self._found: dict[tuple[str, str], ModuleValue | None] = {}
        self._whole: dict[str, dict[tuple[int, str], FunctionDef]] = {}
        self._pydantic: dict[str, int | None] = {}
        self._derives_anew: dict[tuple[str, str], bool | None] = {}
        self._resting: dict[str, Callable[[ModuleValue], object]] = {}
        self._entries: dict[str, str] = {}
        self.begun: dict[str, None] = {}
        """The files of all modules that were run, or would have been, in that order."""
        self.entered: set[str] = set()
        """Modules that others asked for while they were running."""
        self.asked: Asked = {}
        """What files of the project asked for, and which files of the project that led to."""
        self.left: dict[str, State] = {}
        """How each module was when it had run."""

    def rest(self, path: str, run: Callable[[ModuleValue], object], entry: str | None) -> bool:
        """Leave a module as it is until something asks for it, which then runs it; false once it was run.

        Those that import each other are run from the one that is the `entry` to them.
        """
        if self.at(path).state == "new":
            self.begun[path] = None
            self._resting[path] = run
            if entry is not None:
                self._entries[path] = entry
        return path in self._resting

    def rests(self, path: str) -> bool:
        """Whether a module still waits to be run."""
        return path in self._resting

    def at(self, path: str) -> ModuleValue:
        """The module of a file of the project."""
        return self._awake(self._at(path))

    def _awake(self, module: ModuleValue) -> ModuleValue:
        entry = self._entries.pop(module.path, module.path)
        if entry != module.path:
            self.at(entry)
        run = self._resting.pop(module.path, None)
        if run is not None:
            run(module)
        return module

    def _at(self, path: str) -> ModuleValue:
        module = self._by_path.get(path)
        if module is None:
            is_package = path.endswith("/__init__.py") or path == "__init__.py"
            module = ModuleValue(self._sources.module_name(path), path, is_package=is_package)
            self._by_path[path] = module
        return module

    def pydantic(self, path: str) -> int | None:
        """The major version of Pydantic that the project's dependencies settle for a file."""
        if path not in self._pydantic:
            self._pydantic[path] = self._sources.pydantic(path)
        return self._pydantic[path]

    def derives_anew(self, package: str, path: str) -> bool | None:
        """Whether SQLModel 0.0.44 or SQLAlchemy 2.1 is there, where the project's dependencies settle it."""
        asked = package, path
        if asked not in self._derives_anew:
            self._derives_anew[asked] = self._sources.derives_anew(package, path)
        return self._derives_anew[asked]

    def find(self, name: str, importer: ModuleValue) -> ModuleValue | None:
        """The module of that dotted name as the importer would get it.

        One of the project, of the importer's own package, or one that a stub tells of; else `None`.
        """
        key = (name, importer.path)
        if key not in self._found:
            is_copy = name.partition(".")[0] in VENDORED
            path = None if importer.is_stub or is_copy else self._sources.find(name, importer.path)
            if not importer.is_stub:
                self.asked.setdefault(importer.path, {})[name] = path
            if path is not None:
                self._found[key] = self._at(path)
            elif importer.is_installed and name.partition(".")[0] == importer.name.partition(".")[0]:
                self._found[key] = self._installed(name, importer)
            else:
                self._found[key] = self._told_of(name, importer)
        found = self._found[key]
        if found is None:
            return None
        self.note_entered(found, importer)
        return self._awake(found)

    def note_entered(self, module: ModuleValue, importer: ModuleValue) -> None:
        """A module is asked for, which may be in the midst of running."""
        if module.state == "running" and module.path != importer.path:
            self.entered.add(module.path)

    def _told_of(self, name: str, importer: ModuleValue) -> ModuleValue | None:
        """A module that a stub tells of, from the package's own source where that is at hand."""
        stub = self._stubs(name)
        if stub is None:
            return None
        by_stub = importer.is_stub and not importer.is_installed
        installed = None if by_stub else self._installed(name, importer)
        if installed is not None:
            return installed
        module = self.at(stub)
        module.name, module.is_stub = name, True
        return module

    def package_of(self, name: str, importer: ModuleValue) -> tuple[ModuleValue, list[str]] | None:
        """The installed module that a dotted name starts with, and the names that are left."""
        parts = name.split(".")
        if parts[0] in KNOWN:
            return None
        for end in range(len(parts) - 1, 0, -1):
            module = self._installed(".".join(parts[:end]), importer)
            if module is not None:
                return module, parts[end:]
        return None

    def _installed(self, name: str, importer: ModuleValue) -> ModuleValue | None:
        path = self._sources.installed(name, importer.path)
        if path is None:
            return None
        module = self.at(path)
        module.name, module.is_stub, module.is_installed = name, True, True
        return module

    def executed(self) -> list[ModuleValue]:
        """Every module that was run so far, by path; those that rest are run now."""
        for path in list(self._resting):
            self.at(path)
        return self.awake()

    def awake(self) -> list[ModuleValue]:
        """The same without those that rest."""
        return [module for _, module in sorted(self._by_path.items()) if module.state != "new"]

    def is_stub(self, path: str) -> bool:
        """Whether a file that was run tells of a package."""
        module = self._by_path.get(path)
        return module is not None and module.is_stub and module.state != "new"

    def is_installed(self, path: str) -> bool:
        """Whether it is the package's own source."""
        return self.is_stub(path) and self._by_path[path].is_installed

    def facts(self, module: ModuleValue) -> FileFacts | None:
        return self._sources.load(module.path)

    def is_broken(self, module: ModuleValue) -> bool:
        """Whether a file is there that cannot be read."""
        facts = self.facts(module)
        return facts is not None and facts.problem is not None

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
