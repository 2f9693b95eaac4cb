"""What the project's own code says of schemas and models together.

`FastCRUD[Item, ItemCreate]`, `Repository(session, Item, ItemRead)`, `ItemRead.model_validate(row)`,
`Item(**item_in.model_dump())`, `ItemRead(id=row.id, …)`, `response_model=ItemRead` over a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ormlint.facts.code import (
    Annotated,
    Assign,
    Attr,
    Call,
    ClassDef,
    Const,
    Expr,
    FunctionDef,
    Import,
    ImportFrom,
    Index,
    Items,
    Name,
    Return,
    Stmt,
)  # fmt: skip
from ormlint.facts.walk import walk
from ormlint.findings import Place
from ormlint.graph.concerned import of_tests
from ormlint.graph.link.flows import (
    DUMPS,
    assigned_in,
    dumped_names,
    handed_on,
    has_other_names,
    keywords_of,
    source_of,
)
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
    open: bool = False
    """A constructor is given a `**` that is no dump of the schema."""


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
    unread = _Unread(machine, sources, models)
    for path in wanted:
        facts = sources.load(path)
        if facts is None:
            continue
        known = Known(machine, graph, _imported(machine, sources, path, facts.body), unread)
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


class _Unread:
    """What modules that were not run define and import, where they name a model: each is read once."""

    def __init__(self, machine: Machine, sources: Sources, models: set[bytes]) -> None:
        self._machine, self._sources, self._models = machine, sources, models
        self._found: dict[str, ModuleValue] = {}

    def __call__(self, module: ModuleValue) -> ModuleValue:
        if module.state != "new" or module.is_stub:
            return module
        if module.path not in self._found:
            self._found[module.path] = self._read(module)
        return self._found[module.path]

    def _read(self, module: ModuleValue) -> ModuleValue:
        names = set(_CLASS_NAME.findall(self._sources.read(module.path) or b""))
        facts = self._sources.load(module.path) if names & self._models else None
        return module if facts is None else _imported(self._machine, self._sources, module.path, facts.body)


class _Reader:
    def __init__(self, graph: Graph, known: Known, path: str) -> None:
        self._graph = graph
        self._known = known
        self._path = path
        self._assigned: frozenset[str] = frozenset()
        self._whole: frozenset[str] = frozenset()

    def block(self, body: Sequence[Stmt], owner: str | None = None) -> Iterator[Evidence]:
        """The evidence in a body; `owner` is the model whose body it is."""
        for statement in body:
            if isinstance(statement, FunctionDef):
                yield from self._function(statement, owner)
            elif isinstance(statement, ClassDef):
                yield from self._together(walk([*statement.bases, *statement.keywords]))
                yield from self.block(statement.body, self._known.model(Name(statement.line, statement.name)))
            else:
                yield from self._together(walk([statement]))
                if isinstance(statement, (Assign, Annotated)) and owner is not None:
                    yield from self._named_on(owner, statement)

    def _named_on(self, model: str, statement: Assign | Annotated) -> Iterator[Evidence]:
        """`__pydantic_model__ = UserRead` in the body of a model."""
        targets = statement.targets if isinstance(statement, Assign) else [statement.target]
        names = [target.id for target in targets if isinstance(target, Name) and "pydantic" in target.id]
        schema = self._known.schema(statement.value) if names and statement.value is not None else None
        if schema is not None:
            yield self._evidence(schema, model, "generic", statement.line, f"the model names it `{names[0]}`")

    def _function(self, function: FunctionDef, owner: str | None) -> Iterator[Evidence]:
        parts = list(walk([function]))
        yield from self._together(parts)
        variables = Variables(self._graph, self._known, parts, owner)
        self._assigned = assigned_in(parts)
        self._whole = handed_on(parts, variables)
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
                yield self._evidence(schema, model, "validate", call.line, words, keywords_of(call))
        made, row = self._known.schema(func), self._known.model(func)
        if row is not None:
            source = source_of(call, variables.schema, DUMPS)
            if source is not None:
                given = {*keywords_of(call), *self._assigned}
                words = "the row is made from it"
                found = self._evidence(source, row, "constructor", call.line, words, given)
                yield replace(found, open=has_other_names(call, variables.schema, DUMPS))
        elif made is not None:
            source = source_of(call, variables.model, frozenset({"__dict__"}))
            if source is not None:
                yield self._evidence(made, source, "built", call.line, "it is built from a row")

    def _update(self, parts: Sequence[object], variables: Variables) -> Iterator[Evidence]:
        """`for name, value in item_in.model_dump().items(): setattr(row, name, value)`."""
        calls = [part for part in parts if isinstance(part, Call)]
        if any(isinstance(call.func, Name) and call.func.id == "hasattr" for call in calls):
            return
        dumps = dumped_names(parts, variables)
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
