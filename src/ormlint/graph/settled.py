"""The graph without the machine: what it evaluated, as plain data that can be kept."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from ormlint.graph.machine.origins import root, symbol
from ormlint.graph.machine.values import (
    Alternatives,
    ClassValue,
    EnumMember,
    External,
    Function,
    Made,
    Member,
    Subscripted,
    Value,
)  # fmt: skip
from ormlint.graph.model import Column, Field, Graph, Schema, Table
from ormlint.graph.model.types import (
    Attribute,
    Call,
    Choice,
    Class,
    Either,
    Enumeration,
    Generic,
    Name,
    Other,
    Type,
)

_ENUMS = frozenset({"Enum", "IntEnum", "ReprEnum", "StrEnum"})
_DEEPEST = 20
"""Types within types; what asks about them looks less deep."""


def settle(graph: Graph) -> None:
    """Put plain types where the machine's values are; schemas are settled one by one."""
    types = Types()
    for table in graph.tables:
        settle_table(table, types)
    for model in graph.models.values():
        for mapped in model.columns.values():
            if mapped.definition is not None:
                types.settle(mapped.definition)
    for environment in graph.environments:
        for migrated in environment.tables.values():
            for each in migrated.columns.values():
                each.type_value = None


def settle_table(table: Table, types: Types) -> None:
    """The same of one table."""
    table.info = {"is_view": True} if table.is_view else {}
    for column in table.columns.values():
        types.settle(column)


class Types:
    """Makes values plain, each class once."""

    def __init__(self) -> None:
        self._classes: dict[int, Class] = {}

    def settle_fields(self, schema: Schema) -> None:
        """Put plain data where a schema has the machine's values."""
        for field in schema.fields.values():
            self.settle(field)
            field.default = self.of(field.default)

    def settle(self, one: Column | Field) -> None:
        """The same of one column or field."""
        if one.type_value is not None:
            one.kind, one.type_value = self.of(one.type_value), None

    def of(self, value: Value, depth: int = 0) -> Type:
        """The value as plain data."""
        kind = type(value)
        if value is None or kind is str or kind is int or kind is bool or kind is float:
            return value  # type: ignore[no-any-return]
        if kind is External:
            return Name(value.path)
        if kind is ClassValue:
            return self._class(value)
        if depth == _DEEPEST:
            return Other(kind.__name__)
        depth += 1
        if kind is Subscripted:
            return Generic(self.of(value.origin, depth), self._all(value.args, depth))
        if kind is Alternatives:
            return Either(self._all(value.members, depth))
        if kind is Made:
            return self._call(value, depth)
        if kind is Member:
            return Attribute(self.of(value.owner, depth), value.name)
        if kind is EnumMember:
            return Choice(self.of(value.value, depth))
        return Other(kind.__name__, value.name if kind is Function else "")

    def _all(self, values: tuple[Value, ...], depth: int) -> tuple[Type, ...]:
        return tuple([self.of(each, depth) for each in values])

    def _call(self, made: Made, depth: int) -> Call:
        kwargs = {key: self.of(each, depth) for key, each in made.kwargs.items()}
        return Call(self.of(made.callee, depth), self._all(made.args, depth), kwargs, made.open_keywords)

    def _class(self, cls: ClassValue) -> Class:
        if id(cls) not in self._classes:
            roots = tuple(sorted(set(_roots(cls, set()))))
            plain = Class(cls.id, cls.name, cls.place, bool(cls.annotations), roots)
            self._classes[id(cls)] = plain  # a member may speak of it
            self._classes[id(cls)] = structs.replace(plain, enum=self._enumeration(cls))
        return self._classes[id(cls)]

    def _enumeration(self, cls: ClassValue) -> Enumeration | None:
        line = [base for base in cls.linear or cls.bases if base is not cls]
        if not any(symbol(base) in _ENUMS for base in line):
            return None
        bases = [_name(base) for base in line if not isinstance(base, ClassValue)]
        if cls.linear is None:
            bases.append("?")
        classes = [base for base in line if isinstance(base, ClassValue)]
        return Enumeration(
            tuple(bases),
            tuple(base.name for base in classes),
            {
                name: self.of(value)
                for name, value in cls.namespace.items()
                if name in cls.places and not name.startswith("_")
            },
            not any("_missing_" in each.namespace for each in (cls, *classes)),
        )


def _name(base: Value) -> str:
    return base.path if isinstance(base, External) else f"{symbol(base)}?"


def _roots(cls: ClassValue, seen: set[int]) -> Iterator[str]:
    seen.add(id(cls))
    for each in (*cls.bases, *filter(None, [cls.namespace.get("impl")])):
        base = each
        while isinstance(base, Made):
            base = base.callee
        if not isinstance(base, ClassValue):
            yield root(base)
        elif id(base) not in seen:
            yield from _roots(base, seen)
