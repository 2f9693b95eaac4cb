"""What the names of a module stand for, as far as schemas, models and functions that return models go."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from ormlint.facts.code import Attr, Const, Expr, FunctionDef, Name
from ormlint.facts.walk import walk
from ormlint.graph.heirs import readable
from ormlint.graph.link.answers import Answers, Said, imported, related, stands_for
from ormlint.graph.link.parts import Parts
from ormlint.graph.link.returns import Returns
from ormlint.graph.machine.classes import lookup, mro
from ormlint.graph.machine.values import (
    ClassValue,
    Function,
    ImportRef,
    ModuleValue,
    Subscripted,
    Unknown,
    Value,
)  # fmt: skip
from ormlint.graph.model import Graph
from ormlint.packing import written

if TYPE_CHECKING:
    from ormlint.graph.link.told import Told


class Asked:
    """What was asked for the evidence in a file.

    Where its module was not run, the names that are imports are asked for as such: evaluating resolves them.
    """

    def __init__(self, imports: Mapping[str, str] | None = None) -> None:
        self.answers = Answers()
        self.imports = imports or {}
        self.looked_at: set[str] = set()
        """Ids of the models of which was asked what they do not have."""


_NONE: Mapping[str, Value] = MappingProxyType({})


class Known:
    """Names of one module, as far as is told of those that they lead to."""

    def __init__(
        self,
        told: Told,
        graph: Graph,
        module: ModuleValue,
        returns: Returns,
        local: Mapping[str, Value] = _NONE,
        asked: Asked | None = None,
    ) -> None:
        self.asked = asked or Asked()
        self._returned_by = returns
        self._told = told
        self._machine = told.machine
        self._graph = graph
        self._module = module
        self._local = local
        self._values: dict[str, Value] = {}
        self._returns: dict[int, list[str]] = {}
        self._is_run = told.ran(module.path)
        self._classes: dict[str, ClassValue] = {}

    def inside(self, local: Mapping[str, Value]) -> Known:
        """The same names with some of a function's own: what it imports, and its class as `cls`."""
        if not local:
            return self
        return Known(self._told, self._graph, self._module, self._returned_by, local, self.asked)

    def has_schemas(self) -> bool:
        """Whether a name of the module may be a schema: only then are its functions worth a look."""
        return any(map(self._is_schema, self._told.likely_first(self._module.namespace)))

    def speaks_of_schemas(self, parts: Parts) -> bool:
        """Whether any of the parts names a schema."""
        names = self._told.likely_first(dict.fromkeys(name.id for name in parts.of(Name)))
        if any(map(self._is_schema, names)):
            return True
        if not any(isinstance(self._named(name), (ModuleValue, ClassValue)) for name in names):
            return False
        return any(self.schema(attribute) is not None for attribute in parts.of(Attr))

    def _is_schema(self, name: str) -> bool:
        return self._schema(self._named(name)) is not None

    def value(self, expr: Expr | None) -> Value:
        """What a name or a dotted name stands for; `None` where it is nothing known."""
        if isinstance(expr, Name):
            return self._named(expr.id)
        if isinstance(expr, Attr):
            owner = self.value(expr.value)
            if isinstance(owner, (ModuleValue, ClassValue)):
                found = self._attribute(owner, expr.attr)
                self._note(expr, found)
                return found
        return None

    def is_module(self, expr: Expr) -> bool:
        """Whether an expression names a module of the project."""
        return isinstance(self.value(expr), ModuleValue)

    def _attribute(self, owner: ModuleValue | ClassValue, name: str) -> Value:
        if isinstance(owner, ClassValue):
            return owner.namespace.get(name)
        return self._resolved(owner.namespace.get(name)) if self._told.is_run(owner) else None

    def _named(self, name: str) -> Value:
        if name not in self._values:
            self._values[name] = self._resolved(self._bound(name))
            self._note(Name(0, name), self._values[name])
        return self._values[name]

    def _bound(self, name: str) -> Value:
        return self._local.get(name, self._module.namespace.get(name))

    def _note(self, expr: Name | Attr, value: Value) -> None:
        asked, told = self._asked_for(expr), stands_for(value)
        if asked is not None and self.asked.answers.values.setdefault(asked, told) != told:
            self.asked.answers.closed = True
        if isinstance(value, ClassValue):
            self.asked.answers.note_class(told, self._graph)

    def _asked_for(self, expr: Expr) -> str | None:
        """How a name is asked for; `None` where the file itself tells what it stands for."""
        if isinstance(expr, Attr):
            owner = self._asked_for(expr.value)
            return f"{owner}.{expr.attr}" if owner is not None else None
        if not isinstance(expr, Name):
            return None
        name = expr.id
        if name in self._local:
            bound = self._local[name]
            if isinstance(bound, ImportRef):
                return imported(bound)
            self.asked.answers.closed = True
        if self._is_run:
            return name if name in self._module.namespace else None
        return self.asked.imports.get(name)

    def _resolved(self, value: Value) -> Value:
        for _ in range(20):
            if not isinstance(value, ImportRef):
                return value if self._told.counts(value) else None
            module = self._machine.modules.find(value.module, value.importer)
            if value.attr is None:
                return module
            inner = self._machine.modules.find(f"{value.module}.{value.attr}", value.importer)
            if module is None or not self._told.is_run(module) or value.attr not in module.namespace:
                return inner
            value = module.namespace[value.attr]
        return None

    def schema(self, expr: Expr | None) -> str | None:
        """The id of the schema that an expression names."""
        return self._schema(self.value(expr))

    def _schema(self, value: Value) -> str | None:
        return value.id if isinstance(value, ClassValue) and value.id in self._graph.schemas else None

    def model(self, expr: Expr | None) -> str | None:
        """The id of the model that an expression names."""
        value = self.value(expr)
        if not isinstance(value, ClassValue) or value.id not in self._graph.models:
            return None
        self._classes[value.id] = value
        return value.id

    def related(self, model: str, attribute: str) -> str | None:
        """The model that a relationship leads to."""
        name = f"{model}.{attribute}"
        self.asked.answers.related[name] = found = related(name, self._graph)
        self.asked.answers.note_class(found, self._graph)
        return found or None

    def lacks(self, model: str, name: str) -> bool:
        """Whether rows of a model have nothing of that name, as far as class statements show."""
        self.asked.looked_at.add(model)
        mapped, cls = self._graph.models[model], self._classes.get(model)
        if cls is None or not mapped.complete or name in readable(mapped):
            return False
        self.asked.answers.explored[cls.id] = cls.module.path
        bases = mro(self._machine, cls)
        if any(isinstance(each, Unknown) for each in bases):
            return False
        found = lookup(self._machine, cls, name) or lookup(self._machine, cls, "__getattr__")
        return found is None and name not in cls.assigned_later

    def returned_by(self, method: str) -> str | None:
        """The model whose rows the one method of that name returns."""
        found = self._returned_by.of(method)
        self.asked.answers.methods[method] = found or ""
        return found

    def returned_model(self, callee: Expr) -> str | None:
        """The model that a function of the project says it returns, alone or in a container."""
        found = [key for key in self.returned(callee) if key in self._graph.models]
        return found[0] if len(found) == 1 else None

    def returned(self, callee: Expr) -> list[str]:
        """The ids of the classes that a function of the project says it returns."""
        value = self.value(callee) or self._unread_value(callee)
        found = self._said_by(value) if isinstance(value, Function) else []
        asked = self._asked_for(callee)
        for key in found:
            self.asked.answers.note_class(key, self._graph)
        if asked is not None:
            told = " ".join(found)
            if self.asked.answers.returned.setdefault(asked, told) != told:
                self.asked.answers.closed = True
        elif isinstance(value, Function):
            self._note_own(value, found)
        return found

    def _note_own(self, function: Function, found: list[str]) -> None:
        """Note what a function of the file, whose module was not run, says that it returns."""
        node, known = function.node, self.asked.imports
        if not isinstance(node, FunctionDef) or node.returns is None:
            return
        answers, annotation = self.asked.answers, written(node.returns)
        if annotation is None:
            answers.closed = True
            return
        parts = list(walk([node.returns]))
        names = (part.id for part in parts if isinstance(part, Name))
        imports = {name: known[name] for name in names if name in known}
        said = Said(msgspec.Raw(annotation), imports, " ".join(found))
        answers.said[f"{node.name} {node.line}"] = said
        if any(isinstance(part, Const) and isinstance(part.value, str) for part in parts):
            answers.closed = True  # what stands in the text is not told by its parts

    def _said_by(self, function: Function) -> list[str]:
        node = function.node
        if not isinstance(node, FunctionDef) or node.returns is None or isinstance(node.returns, Const):
            return []
        if id(function) not in self._returns:
            self._returns[id(function)] = []
            annotation = self._machine.evaluate(node.returns, function.scope)
            self._returns[id(function)] = ids_in(annotation).split()
        return self._returns[id(function)]

    def _unread_value(self, callee: Expr) -> Value:
        """What is called, where its module was not run."""
        value: Value = None
        if isinstance(callee, Name):
            value = self._local.get(callee.id, self._module.namespace.get(callee.id))
        elif isinstance(callee, Attr) and isinstance(owner := self.value(callee.value), ModuleValue):
            value = self._told.unread(owner, callee.attr)
        for _ in range(20):
            if not isinstance(value, ImportRef) or value.attr is None:
                return value
            module = self._machine.modules.find(value.module, value.importer)
            value = self._told.unread(module, value.attr) if module is not None else None
        return None


def ids_in(value: Value) -> str:
    """The ids of the project's classes that a type is made of, in order."""
    return " ".join(sorted({cls.id for cls in classes_in(value)}))


def classes_in(value: Value, depth: int = 0) -> list[ClassValue]:
    """The project's classes that a type is made of."""
    if isinstance(value, ClassValue):
        return [value]
    if depth > 8:
        return []
    parts = value.args if isinstance(value, Subscripted) else getattr(value, "members", ())
    return [cls for part in parts for cls in classes_in(part, depth + 1)]
