"""Which model or schema the variables of a function hold, told from annotations, queries and constructors."""

from __future__ import annotations

from collections import defaultdict

from ormlint.facts.code import (
    Annotated,
    Assign,
    Attr,
    Call,
    Clause,
    Comprehension,
    Cond,
    Expr,
    For,
    Index,
    Items,
    Name,
    Op,
    Param,
    WithItem,
)  # fmt: skip
from ormlint.facts.walk import walk
from ormlint.graph.link.known import Known
from ormlint.graph.link.parts import Parts
from ormlint.graph.model import Graph

_QUERIES = frozenset({"query", "select", "get", "get_one", "scalars", "scalar", "exec", "execute", "merge"})
_KEEPERS = frozenset({"list", "sorted", "reversed", "set", "tuple", "cast"})
_DUMPS = frozenset({"dict", "asdict", "todict", "json", "tojson", "dump", "dumps", "mappings", "serialize"})
"""Words of functions that make other data of rows: `row.to_dict()`."""
_SETTING = (Param, Annotated, Assign, For, Clause, WithItem)
"""What may say what a variable holds."""


class Variables:
    """The variables of one function, whatever the order in which they are set.

    `receiver` is the name of a method's first parameter and the model or schema that it is an instance of.
    """

    def __init__(
        self, graph: Graph, known: Known, parts: Parts, receiver: tuple[str, str] | None = None
    ) -> None:
        self._graph = graph
        self._known = known
        self._inner = _inner_names(parts)
        self._models: dict[str, set[str | None]] = defaultdict(set)
        self._schemas: dict[str, set[str | None]] = defaultdict(set)
        self._dumps: dict[str, set[str | None]] = defaultdict(set)
        if receiver is not None:
            name, owner = receiver
            (self._models if owner in graph.models else self._schemas)[name].add(owner)
        for part in parts.of_any(*_SETTING):
            if isinstance(part, Param) and part.annotation is not None:
                self._annotated(part.name, part.annotation)
            elif isinstance(part, Annotated) and isinstance(part.target, Name):
                self._annotated(part.target.id, part.annotation)
                self._assigned(part.target, part.value)
            elif isinstance(part, Assign):
                for target in part.targets:
                    self._assigned(target, part.value)
            elif isinstance(part, (For, Clause)):
                self._assigned(part.target, part.iterable)
            elif isinstance(part, WithItem) and part.target is not None:
                self._assigned(part.target, part.value)

    def _annotated(self, name: str, annotation: Expr) -> None:
        parts = list(walk([annotation]))
        if any(isinstance(part, Index) and _is_mixed(part) for part in parts):
            return
        names = [part for part in parts if isinstance(part, (Name, Attr))]
        for found, of in ((self._models, self._known.model), (self._schemas, self._known.schema)):
            ids = {of(part) for part in names} - {None}
            if len(ids) == 1:
                found[name] |= ids

    def _assigned(self, target: Expr, value: Expr | None) -> None:
        if isinstance(target, Name) and value is not None:
            name = self._name(target)
            model, schema, dumped = self.model(value), self.schema(value), self.dumped(value)
            if dumped is not None:
                self._dumps[name].add(dumped)
            if model is not None:
                self._models[name].add(model)
            if schema is not None:
                self._schemas[name].add(schema)

    def _name(self, name: Name) -> str:
        """What a variable goes by here: one of a loop is told apart from its namesakes outside."""
        return self._inner.get(id(name), name.id)

    def schema(self, expr: Expr | None) -> str | None:
        """The schema whose instance an expression is."""
        if isinstance(expr, Name):
            return _only(self._schemas.get(self._name(expr)))
        if isinstance(expr, Call):
            made = self._known.schema(expr.func)
            if made is None and isinstance(expr.func, Attr) and expr.func.attr in ("model_copy", "copy"):
                return self.schema(expr.func.value)
            return made
        return None

    def model(self, expr: Expr | None) -> str | None:
        """The model of which an expression is a row, or holds rows."""
        if isinstance(expr, Name):
            return _only(self._models.get(self._name(expr)))
        if isinstance(expr, Call):
            return self._called(expr)
        if isinstance(expr, Attr):
            return self._related(expr)
        if isinstance(expr, Index):
            return self.model(expr.value)
        if isinstance(expr, Cond):
            return self.model(expr.body) or self.model(expr.orelse)
        if isinstance(expr, Op) and expr.op in ("or", "and"):
            return next((found for arg in expr.args if (found := self.model(arg)) is not None), None)
        return None

    def dumped(self, expr: Expr) -> str | None:
        """The model of which an expression is a row's values, in a dict: `row.to_dict()`."""
        if isinstance(expr, Name):
            return _only(self._dumps.get(self._name(expr)))
        if isinstance(expr, Call) and isinstance(expr.func, Attr) and _is_dump(expr.func.attr):
            return self.model(expr.func.value)
        return None

    def _called(self, call: Call) -> str | None:
        made = self._known.model(call.func) or self._known.returned_model(call.func)
        if made is not None:
            return made
        name = call.func.attr if isinstance(call.func, Attr) else getattr(call.func, "id", "")
        if _is_dump(name):
            return None
        if name in _QUERIES or name in _KEEPERS:
            given = [
                self._known.model(arg) or (self.model(arg) if isinstance(arg, (Call, Name)) else None)
                for arg in call.args
            ]
            named = [found for found in given if found is not None]
            if named:
                return named[0] if name not in ("query", "select") or len(call.args) == 1 else None
        if isinstance(call.func, Attr):
            chained = self.model(call.func.value) if isinstance(call.func.value, (Call, Name)) else None
            if chained is not None or self._known.is_module(call.func.value):
                return chained  # a function of a module is none of the methods of its name
            return self._known.returned_by(call.func.attr)
        return None

    def _related(self, expr: Attr) -> str | None:
        owner = self.model(expr.value) if isinstance(expr.value, (Name, Attr)) else None
        if owner is None or owner not in self._graph.models:
            return None
        return self._known.related(owner, expr.attr)


def _inner_names(parts: Parts) -> dict[int, str]:
    """What the variables of loops and comprehensions go by within them, by the identity of each mention.

    Two loops of one function often run a variable of one name over rows of different models. One that an
    annotation declares is the same everywhere.
    """
    declared = {part.target.id for part in parts.of(Annotated) if isinstance(part.target, Name)}
    loops: list[For | Comprehension] = [*parts.of(For), *parts.of(Comprehension)]
    found: dict[int, str] = {}
    for number, loop in enumerate(loops):
        within: list[object]
        if isinstance(loop, For):
            targets, within = [loop.target], [loop.target, *loop.body]
        else:
            first, *others = loop.clauses
            targets = [clause.target for clause in loop.clauses]
            within = [first.target, *first.tests, *others, loop.key, loop.value]
        bound = {part.id for part in walk(targets) if isinstance(part, Name)} - declared
        for part in walk(within):
            if isinstance(part, Name) and part.id in bound:
                found[id(part)] = f"{part.id} {number}"
    return found


def _is_dump(function: str) -> bool:
    return not _DUMPS.isdisjoint(function.lower().split("_"))


def _is_mixed(annotation: Index) -> bool:
    """`tuple[User, str]`: what its items are depends on where they stand."""
    origin = annotation.value
    name = origin.attr if isinstance(origin, Attr) else getattr(origin, "id", "")
    items = list(annotation.index.items) if isinstance(annotation.index, Items) else []
    repeated = any(isinstance(item, Name) and item.id == "Ellipsis" for item in items)
    return name in ("tuple", "Tuple") and len(items) > 1 and not repeated


def _only(ids: set[str | None] | None) -> str | None:
    return next(iter(ids)) if ids is not None and len(ids) == 1 else None
