"""Reads functions and classes for what they do with schemas and models.

`FastCRUD[Item, ItemCreate]`, `Repository(session, Item, ItemRead)`, `ItemRead.model_validate(row)`,
`Item(**item_in.model_dump())`, `ItemRead(id=row.id, …)`, `response_model=ItemRead` over a row, and a model
that names its schema (`__pydantic_model__ = ItemRead`), or the reverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

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
from ormlint.graph.link import probes
from ormlint.graph.link.evidence import Evidence, Kind
from ormlint.graph.link.flows import (
    DUMPS,
    asked_for,
    assigned_in,
    dumped_names,
    fed_by,
    handed_on,
    has_other_names,
    keywords_of,
    read_in,
    source_of,
)
from ormlint.graph.link.known import Known
from ormlint.graph.link.nulls import asked_for_null
from ormlint.graph.link.parts import Parts
from ormlint.graph.link.variables import Variables
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.values import ClassValue, ModuleValue, Value
from ormlint.graph.model import Graph

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_VALIDATORS = frozenset({"model_validate", "from_orm", "parse_obj", "validate"})
_ROW = frozenset({"__dict__"})
_ROUTES = frozenset({"get", "post", "put", "patch", "delete", "api_route"})


class Reader:
    """Reads the statements of one module."""

    def __init__(self, machine: Machine, graph: Graph, known: Known, module: ModuleValue) -> None:
        self._machine = machine
        self._graph = graph
        self._outer = self._known = known
        self._module = module
        self._assigned: frozenset[str] = frozenset()
        self._whole: frozenset[str] = frozenset()

    def block(self, body: Sequence[Stmt], owner: ClassValue | None = None) -> Iterator[Evidence]:
        """What the statements of a module or of a class show."""
        for statement in body:
            if isinstance(statement, FunctionDef):
                yield from self._function(statement, owner)
            elif isinstance(statement, ClassDef):
                yield from self._together(walk([*statement.bases, *statement.keywords]))
                yield from self.block(statement.body, self._class(statement, owner))
            else:
                yield from self._attribute(statement, owner)
                yield from self._together(walk([statement]))

    def _class(self, statement: ClassDef, outer: ClassValue | None) -> ClassValue | None:
        """The model or schema that a class statement makes, else the one around it."""
        value = self._outer.value(Name(statement.line, statement.name)) if outer is None else None
        return value if isinstance(value, ClassValue) and self._is_known(value.id) else outer

    def _is_known(self, key: str) -> bool:
        return key in self._graph.models or key in self._graph.schemas

    def _attribute(self, statement: Stmt, owner: ClassValue | None) -> Iterator[Evidence]:
        """A model whose class body names a schema, or a schema whose class body names a model."""
        if owner is None or not isinstance(statement, (Assign, Annotated)):
            return
        model, schema = self._known.model(statement.value), self._known.schema(statement.value)
        if model is not None and owner.id in self._graph.schemas:
            words = "its class body names the model"
            yield self._evidence(owner.id, model, "attribute", statement.line, words)
        elif schema is not None and owner.id in self._graph.models:
            words = "the model's class body names it"
            yield self._evidence(schema, owner.id, "attribute", statement.line, words)

    def _function(self, function: FunctionDef, owner: ClassValue | None) -> Iterator[Evidence]:
        parts = Parts([function])
        self._known = self._outer.inside(self._local(function, parts, owner))
        receiver = None
        if owner is not None and function.params and not _is_of_class(function):
            receiver = (function.params[0].name, owner.id)
        of_schema = receiver is not None and receiver[1] in self._graph.schemas
        if of_schema or self._known.speaks_of_schemas(parts):
            yield from self._together(parts.of_any(Call, Index))
            yield from self._read(function, parts, receiver)
        self._known = self._outer

    def _read(
        self, function: FunctionDef, parts: Parts, receiver: tuple[str, str] | None
    ) -> Iterator[Evidence]:
        variables = Variables(self._graph, self._known, parts, receiver)
        self._assigned = assigned_in(parts)
        self._whole = handed_on(parts, variables)
        rows: list[Evidence] = []
        for call in parts.of(Call):
            rows += self._call(call, variables)
        rows += self._response(function, parts, variables)
        asked = asked_for_null(parts, self._known, variables) if any(map(_validates, rows)) else {}
        for each in rows:
            yield replace(each, asked=asked.get(each.model, frozenset())) if _validates(each) else each
        yield from self._update(parts, variables)
        for schema, model, name in probes.unread(parts, self._known, variables):
            words = f"a row is asked for `{name}` before it is read"
            yield self._evidence(schema, model, "unread", function.line, words, [name])

    def _local(self, function: FunctionDef, parts: Parts, owner: ClassValue | None) -> dict[str, Value]:
        """Names that a function has besides its module's: what it imports, and its class as `cls`."""
        names: dict[str, Value] = {}
        imports = parts.of_any(Import, ImportFrom)
        importing = [each for each in imports if isinstance(each, (Import, ImportFrom))]
        if importing:
            bare = ModuleValue(self._module.name, self._module.path, is_package=self._module.is_package)
            self._machine.run(importing, Scope("module", bare.namespace, bare))
            names.update(bare.namespace)
        if owner is not None and function.params and _is_of_class(function):
            names[function.params[0].name] = owner
        return names

    def _evidence(
        self, schema: str, model: str, kind: Kind, line: int, words: str, given: Iterable[str] = ()
    ) -> Evidence:
        place, stated = Place(self._module.path, line), "from_attributes" in given
        return Evidence(
            schema, model, kind, place, words, frozenset(given), stated=stated, whole=schema in self._whole
        )

    def _together(self, parts: Iterable[object]) -> Iterator[Evidence]:
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
            if len(models) == 1:
                schemas = [schema for each in named if (schema := self._known.schema(each)) is not None]
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
            elif schema is not None and (dumped := variables.dumped(call.args[0])) is not None:
                words = f"`{func.attr}` is given a row's values"
                yield replace(self._evidence(schema, dumped, "built", call.line, words), open=True)
        made, row = self._known.schema(func), self._known.model(func)
        if row is not None:
            source = source_of(call, variables.schema, DUMPS)
            if source is not None:
                given = {*keywords_of(call), *self._assigned}
                words = "the row is made from it"
                found = self._evidence(source, row, "constructor", call.line, words, given)
                yield replace(found, open=has_other_names(call, variables.schema, DUMPS))
        elif made is not None:
            yield from self._built(call, made, variables)

    def _built(self, call: Call, schema: str, variables: Variables) -> Iterator[Evidence]:
        """`ItemRead(id=row.id, …)`, `ItemRead(**row.__dict__)`."""
        fed = fed_by(call, variables.model)
        most = max(fed, key=lambda model: len(fed[model]), default=None)
        unpacked = source_of(call, variables.model, _ROW)
        model = unpacked or most
        if model is None:
            return
        absent = frozenset(
            keyword.name
            for keyword in call.keywords
            if keyword.name is not None and probes.is_never_there(keyword.value, self._known, variables)
        )
        words = "it is built from a row"
        found = self._evidence(schema, model, "built", call.line, words, fed.get(model, ()))
        yield replace(found, absent=absent, open=unpacked is not None)

    def _update(self, parts: Parts, variables: Variables) -> Iterator[Evidence]:
        """`for name, value in item_in.model_dump().items(): setattr(row, name, value)`."""
        dumps = dumped_names(parts, variables)
        if not dumps:
            return
        texts = {const.value for const in parts.of(Const) if isinstance(const.value, str)}
        asked = asked_for(parts)
        for call in parts.of(Call):
            named = isinstance(call.func, Name) and call.func.id == "setattr" and len(call.args) == 3
            field = call.args[1] if named else None
            row = variables.model(call.args[0]) if isinstance(field, Name) else None
            if row is not None and isinstance(field, Name) and (schema := dumps.get(field.id)) is not None:
                read = read_in(parts, variables, schema)
                given = texts | self._assigned | read
                found = self._evidence(schema, row, "update", call.line, "its values are set on a row", given)
                yield replace(found, whole="*" in read, open=field.id in asked)

    def _response(self, function: FunctionDef, parts: Parts, variables: Variables) -> Iterator[Evidence]:
        schema = next((s for d in function.decorators if (s := self._response_model(d)) is not None), None)
        if schema is None and any(map(_is_route, function.decorators)):
            schema = self._only_schema(function.returns)
        if schema is None:
            return
        for answer in parts.of(Return):
            if (model := variables.model(answer.value)) is not None:
                yield self._evidence(schema, model, "response", answer.line, "the route returns a row")

    def _response_model(self, decorator: Expr) -> str | None:
        keywords = decorator.keywords if isinstance(decorator, Call) else []
        given = next((keyword.value for keyword in keywords if keyword.name == "response_model"), None)
        return self._only_schema(given)

    def _only_schema(self, annotation: Expr | None) -> str | None:
        """The one schema that a type names."""
        parts = walk([annotation]) if annotation is not None else ()
        found = {s for p in parts if isinstance(p, (Name, Attr)) and (s := self._known.schema(p))}
        return next(iter(found)) if len(found) == 1 else None


def _validates(evidence: Evidence) -> bool:
    return evidence.kind in ("validate", "response")


def _is_route(decorator: Expr) -> bool:
    """`@router.get("/")`: FastAPI makes the answer of what the function says it returns.

    https://fastapi.tiangolo.com/tutorial/response-model/
    """
    func = decorator.func if isinstance(decorator, Call) else None
    stated = isinstance(decorator, Call) and any(each.name == "response_model" for each in decorator.keywords)
    return isinstance(func, Attr) and func.attr in _ROUTES and not stated


def _is_of_class(function: FunctionDef) -> bool:
    """Whether a method's first parameter is the class."""
    names = {decorator.id for decorator in function.decorators if isinstance(decorator, Name)}
    return "classmethod" in names or function.name in ("__new__", "__init_subclass__")
