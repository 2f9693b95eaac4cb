"""What the project's own code says of schemas and models together.

`FastCRUD[Item, ItemCreate]`, `Repository(session, Item, ItemRead)`, `ItemRead.model_validate(row)`,
`Item(**item_in.model_dump())`, `ItemRead(id=row.id, …)`, `response_model=ItemRead` over a row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ormlint.facts.code import (
    Assign,
    Attr,
    Call,
    ClassDef,
    Const,
    Expr,
    For,
    FunctionDef,
    Import,
    ImportFrom,
    Index,
    Items,
    Name,
    Pair,
    Return,
    Stmt,
)  # fmt: skip
from ormlint.facts.walk import walk
from ormlint.findings import Place
from ormlint.graph.concerned import of_tests
from ormlint.graph.link.known import Known
from ormlint.graph.link.variables import Variables
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import ModuleValue
from ormlint.graph.model import Graph
from ormlint.graph.sources import Sources

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

Kind = Literal["generic", "validate", "response", "constructor", "update", "built"]
_CLASS_NAME = re.compile(rb"\b[A-Z]\w+")
_VALIDATORS = frozenset({"model_validate", "from_orm", "parse_obj", "validate"})
_DUMPS = frozenset({"model_dump", "dict", "model_dump_json", "create_update_dict"})


@dataclass(frozen=True)
class Evidence:
    """One place that names a schema and a model together."""

    schema: str
    model: str
    kind: Kind
    place: Place
    words: str
    given: frozenset[str] = frozenset()
    """Names that a constructor is given besides what the schema supplies, or that are assigned beside it."""
    stated: bool = False
    """The call says `from_attributes` itself."""
    whole: bool = False
    """The function hands the schema on, or dumps it."""


def gather(machine: Machine, graph: Graph, sources: Sources) -> Iterator[Evidence]:
    """All evidence in the files that speak of both, in source order."""
    models = {model.name.encode() for model in graph.models.values()}
    schemas = {schema.name.encode() for schema in graph.schemas.values()}
    if not models or not schemas:
        return
    wanted = [
        path
        for path in sources.speaking
        if not of_tests(path) and _names(sources.read(path), models, schemas)
    ]
    sources.read_ahead(wanted)
    for path in wanted:
        facts = sources.load(path)
        if facts is None:
            continue
        known = Known(machine, graph, _imported(machine, sources, path, facts.body))
        if known.speaks_of_schemas():
            yield from _Reader(graph, known, path).block(facts.body)


def _names(data: bytes | None, models: set[bytes], schemas: set[bytes]) -> bool:
    """Whether a file names a model and a schema."""
    found = set(_CLASS_NAME.findall(data or b""))
    return bool(found & models) and bool(found & schemas)


def _imported(machine: Machine, sources: Sources, path: str, body: Sequence[Stmt]) -> ModuleValue:
    """The module of a file; one that was not run has what it imports and the functions it defines."""
    module = machine.modules.at(path)
    if module.state != "new":
        return module
    bare = ModuleValue(sources.module_name(path), path, is_package=path.endswith("__init__.py"))
    binding = [each for each in body if isinstance(each, (Import, ImportFrom, FunctionDef))]
    machine.run(binding, Scope("module", bare.namespace, bare))
    return bare


class _Reader:
    def __init__(self, graph: Graph, known: Known, path: str) -> None:
        self._graph = graph
        self._known = known
        self._path = path
        self._assigned: frozenset[str] = frozenset()
        self._whole: frozenset[str] = frozenset()

    def block(self, body: Sequence[Stmt]) -> Iterator[Evidence]:
        for statement in body:
            if isinstance(statement, FunctionDef):
                yield from self._function(statement)
            elif isinstance(statement, ClassDef):
                yield from self._together(walk([*statement.bases, *statement.keywords]))
                yield from self.block(statement.body)
            else:
                yield from self._together(walk([statement]))

    def _function(self, function: FunctionDef) -> Iterator[Evidence]:
        parts = list(walk([function]))
        yield from self._together(parts)
        variables = Variables(self._graph, self._known, parts)
        self._assigned = _assigned(parts)
        self._whole = _handed_on(parts, variables)
        for part in parts:
            if isinstance(part, Call):
                yield from self._call(part, variables)
        yield from self._response(function, parts, variables)
        yield from self._update(parts, variables)

    def _evidence(
        self, schema: str, model: str, kind: Kind, line: int, words: str, given: Iterable[str] = ()
    ) -> Evidence:
        place, stated = Place(self._path, line), "from_attributes" in given
        return Evidence(schema, model, kind, place, words, frozenset(given), stated, schema in self._whole)

    def _together(self, parts: Sequence[object] | Iterator[object]) -> Iterator[Evidence]:
        """`Something[Model, Schema]` and `something(Model, Schema)`: classes given side by side."""
        for part in parts:
            if isinstance(part, Index):
                given: list[Expr] = part.index.items if isinstance(part.index, Items) else []
            elif isinstance(part, Call):
                given = [*part.args, *(keyword.value for keyword in part.keywords)]
            else:
                continue
            named = [each for each in given if isinstance(each, (Name, Attr))]
            if len(named) < 2:
                continue
            models = {model for each in named if (model := self._known.model(each)) is not None}
            schemas = [schema for each in named if (schema := self._known.schema(each)) is not None]
            if len(models) == 1:
                words = "both are arguments of one call or generic"
                for schema in schemas:
                    yield self._evidence(schema, next(iter(models)), "generic", part.line, words)

    def _call(self, call: Call, variables: Variables) -> Iterator[Evidence]:
        func = call.func
        if isinstance(func, Attr) and func.attr in _VALIDATORS and call.args:
            schema, model = self._known.schema(func.value), variables.model(call.args[0])
            if schema is not None and model is not None:
                words = f"`{func.attr}` is given a row"
                yield self._evidence(schema, model, "validate", call.line, words, _keywords(call))
        made, row = self._known.schema(func), self._known.model(func)
        if row is not None:
            source = _source(call, variables.schema, _DUMPS)
            if source is not None:
                given = {*_keywords(call), *self._assigned}
                words = "the row is made from it"
                yield self._evidence(source, row, "constructor", call.line, words, given)
        elif made is not None:
            source = _source(call, variables.model, frozenset({"__dict__"}))
            if source is not None:
                yield self._evidence(made, source, "built", call.line, "it is built from a row")

    def _update(self, parts: Sequence[object], variables: Variables) -> Iterator[Evidence]:
        """`for name, value in item_in.model_dump().items(): setattr(row, name, value)`."""
        calls = [part for part in parts if isinstance(part, Call)]
        if any(isinstance(call.func, Name) and call.func.id == "hasattr" for call in calls):
            return
        dumps = _dumped(parts, variables)
        texts = {part.value for part in parts if isinstance(part, Const) and isinstance(part.value, str)}
        for call in calls:
            named = isinstance(call.func, Name) and call.func.id == "setattr" and len(call.args) == 3
            field = call.args[1] if named else None
            row = variables.model(call.args[0]) if isinstance(field, Name) else None
            if row is not None and isinstance(field, Name) and (schema := dumps.get(field.id)) is not None:
                given = texts | self._assigned
                yield self._evidence(schema, row, "update", call.line, "its values are set on a row", given)

    def _response(
        self, function: FunctionDef, parts: Sequence[object], variables: Variables
    ) -> Iterator[Evidence]:
        schema = next((s for d in function.decorators if (s := self._response_model(d)) is not None), None)
        if schema is None:
            return
        for part in parts:
            if isinstance(part, Return) and (model := variables.model(part.value)) is not None:
                yield self._evidence(schema, model, "response", part.line, "the route returns a row")

    def _response_model(self, decorator: Expr) -> str | None:
        if not isinstance(decorator, Call):
            return None
        for keyword in decorator.keywords:
            if keyword.name == "response_model":
                found = {
                    s
                    for p in walk([keyword.value])
                    if isinstance(p, (Name, Attr)) and (s := self._known.schema(p))
                }
                return next(iter(found)) if len(found) == 1 else None
        return None


def _keywords(call: Call) -> list[str]:
    return [keyword.name for keyword in call.keywords if keyword.name is not None]


def _assigned(parts: Sequence[object]) -> frozenset[str]:
    """Attributes that a function assigns, and keys that it writes."""
    names: set[str] = set()
    for part in parts:
        for target in part.targets if isinstance(part, Assign) else ():
            if isinstance(target, Attr):
                names.add(target.attr)
            elif isinstance(target, Index) and isinstance(target.index, Const):
                names.add(str(target.index.value))
        if isinstance(part, Pair) and isinstance(part.key, Const):
            names.add(str(part.key.value))
    return frozenset(names)


def _dumped(parts: Sequence[object], variables: Variables) -> dict[str, str]:
    """The loop variables that run over the names in a schema's dump, with the schema."""
    held: dict[str, str] = {}
    for part in parts:
        if isinstance(part, Assign) and isinstance(part.targets[0], Name):
            schema = _dump(part.value, variables, held)
            if schema is not None:
                held[part.targets[0].id] = schema
    found: dict[str, str] = {}
    for part in parts:
        if not isinstance(part, For):
            continue
        items = part.iterable
        if isinstance(items, Call) and isinstance(items.func, Attr) and items.func.attr in ("items", "keys"):
            items = items.func.value
        schema = _dump(items, variables, held)
        first = part.target.items[0] if isinstance(part.target, Items) and part.target.items else part.target
        if schema is not None and isinstance(first, Name):
            found[first.id] = schema
    return found


def _dump(expr: Expr, variables: Variables, held: dict[str, str]) -> str | None:
    """The schema that an expression is a dump of."""
    if isinstance(expr, Call) and isinstance(expr.func, Attr) and expr.func.attr in _DUMPS:
        return variables.schema(expr.func.value)
    return held.get(expr.id) if isinstance(expr, Name) else None


def _handed_on(parts: Sequence[object], variables: Variables) -> frozenset[str]:
    """The schemas of which a function uses an instance otherwise than by its attributes."""
    owners = {id(part.value) for part in parts if isinstance(part, Attr) and part.attr not in _DUMPS}
    names = (part for part in parts if isinstance(part, Name) and id(part) not in owners)
    return frozenset(schema for name in names if (schema := variables.schema(name)) is not None)


def _source(call: Call, of: object, whole: frozenset[str]) -> str | None:
    """What a constructor is filled from: `**x.model_dump()`, or several `name=x.name`."""
    counts: Counter[str] = Counter()
    for keyword in call.keywords:
        if keyword.name is None:
            for part in walk([keyword.value]):
                owner = part.value if isinstance(part, Attr) and part.attr in whole else None
                if owner is not None and (found := of(owner)) is not None:  # type: ignore[operator]
                    counts[found] += 3
        elif isinstance(keyword.value, Attr) and (found := of(keyword.value.value)) is not None:  # type: ignore[operator]
            counts[found] += 1
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] >= 2 else None
