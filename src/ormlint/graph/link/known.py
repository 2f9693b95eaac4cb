"""What the names of a module stand for, as far as schemas, models and functions that return models go."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from ormlint.facts.code import Attr, Const, Expr, FunctionDef, Name
from ormlint.graph.link.fieldmatch import readable
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
from ormlint.graph.model import Graph, Model

if TYPE_CHECKING:
    from ormlint.graph.link.told import Told

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
        looked_at: set[str] | None = None,
    ) -> None:
        self.looked_at = set() if looked_at is None else looked_at
        """Ids of the models of which more was asked than whether they are there."""
        self.returns = returns
        self._told = told
        self._machine = told.machine
        self._graph = graph
        self._module = module
        self._local = local
        self._values: dict[str, Value] = {}
        self._returns: dict[int, str | None] = {}
        self._classes: dict[str, ClassValue] = {}

    def inside(self, local: Mapping[str, Value]) -> Known:
        """The same names with some of a function's own: what it imports, and its class as `cls`."""
        if not local:
            return self
        return Known(self._told, self._graph, self._module, self.returns, local, self.looked_at)

    def has_schemas(self) -> bool:
        """Whether a name of the module may be a schema: only then are its functions worth a look."""
        return any(self.schema(Name(0, name)) is not None for name in self._module.namespace)

    def speaks_of_schemas(self, parts: Parts) -> bool:
        """Whether any of the parts names a schema."""
        values = [self._named(name) for name in {name.id for name in parts.of(Name)}]
        if any(self._schema(value) is not None for value in values):
            return True
        if not any(isinstance(value, (ModuleValue, ClassValue)) for value in values):
            return False
        return any(self.schema(attribute) is not None for attribute in parts.of(Attr))

    def value(self, expr: Expr | None) -> Value:
        """What a name or a dotted name stands for; `None` where it is nothing known."""
        if isinstance(expr, Name):
            return self._named(expr.id)
        if isinstance(expr, Attr):
            owner = self.value(expr.value)
            if isinstance(owner, ModuleValue) and self._told.is_run(owner):
                return self._resolved(owner.namespace.get(expr.attr))
            if isinstance(owner, ClassValue):
                return owner.namespace.get(expr.attr)
        return None

    def _named(self, name: str) -> Value:
        if name not in self._values:
            found = self._local.get(name, self._module.namespace.get(name))
            self._values[name] = self._resolved(found)
        return self._values[name]

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

    def look_at(self, model: str) -> Model:
        """A model, of which any part may be asked for."""
        self.looked_at.add(model)
        return self._graph.models[model]

    def lacks(self, model: str, name: str) -> bool:
        """Whether rows of a model have nothing of that name, as far as class statements show."""
        mapped, cls = self.look_at(model), self._classes.get(model)
        if cls is None or not mapped.complete or name in readable(mapped):
            return False
        bases = mro(self._machine, cls)
        if any(isinstance(each, Unknown) for each in bases):
            return False
        found = lookup(self._machine, cls, name) or lookup(self._machine, cls, "__getattr__")
        return found is None and name not in cls.assigned_later

    def returned_model(self, callee: Expr) -> str | None:
        """The model that a function of the project says it returns, alone or in a container."""
        value = self.value(callee) or self._unread_value(callee)
        if not isinstance(value, Function) or not isinstance(value.node, FunctionDef):
            return None
        if id(value) not in self._returns:
            self._returns[id(value)] = None
            if value.node.returns is not None and _is_plain(value.node.returns):
                annotation = self._machine.evaluate(value.node.returns, value.scope)
                self._returns[id(value)] = self.only_model(annotation)
        return self._returns[id(value)]

    def _unread_value(self, callee: Expr) -> Value:
        """What is called, where its module was not run."""
        value: Value = None
        if isinstance(callee, Name):
            value = self._local.get(callee.id, self._module.namespace.get(callee.id))
        elif isinstance(callee, Attr) and isinstance(owner := self.value(callee.value), ModuleValue):
            value = self._told.unread(owner).namespace.get(callee.attr)
        for _ in range(20):
            if not isinstance(value, ImportRef) or value.attr is None:
                return value
            module = self._machine.modules.find(value.module, value.importer)
            value = self._told.unread(module).namespace.get(value.attr) if module is not None else None
        return None

    def only_model(self, annotation: Value) -> str | None:
        """The one model that a type speaks of."""
        found = {cls.id for cls in classes_in(annotation) if cls.id in self._graph.models}
        return next(iter(found)) if len(found) == 1 else None


def _is_plain(expr: Expr) -> bool:
    return not isinstance(expr, Const)


def classes_in(value: Value, depth: int = 0) -> list[ClassValue]:
    """The project's classes that a type is made of."""
    if isinstance(value, ClassValue):
        return [value]
    if depth > 8:
        return []
    parts = value.args if isinstance(value, Subscripted) else getattr(value, "members", ())
    return [cls for part in parts for cls in classes_in(part, depth + 1)]
