"""Schemas that wrap others: pages, lists with counters, answers of a command."""

from __future__ import annotations

from ormlint.graph.link.names import words
from ormlint.graph.model import Field, Schema
from ormlint.graph.model.types import Call, Class, Either, Generic, Type, symbol

_COUNTERS = frozenset({
    "total", "count", "page", "pages", "page_size", "per_page", "size", "skip", "limit", "offset",
    "has_more", "has_next", "has_prev", "has_previous", "next", "previous", "next_page", "prev_page",
    "total_pages", "total_count", "next_cursor", "cursor", "items_per_page", "message", "success", "ok",
    "detail", "error", "errors", "meta", "links", "next_guide", "previous_guide", "page_count",
    "pagination",
})  # fmt: skip
_CONTAINERS = frozenset({
    "list", "List", "Sequence", "set", "Set", "tuple", "Tuple", "Iterable", "Collection", "frozenset",
    "dict", "Dict", "Mapping",
})  # fmt: skip


def is_envelope(schema: Schema) -> bool:
    """Whether a schema carries others and says nothing of a row itself."""
    if not schema.fields:
        return False
    if _COUNTERS.isdisjoint(schema.fields):
        return all(map(_carries_schemas, schema.fields.values()))
    rest = [field for name, field in schema.fields.items() if name not in _COUNTERS]
    if not rest:
        return True
    if "id" in schema.fields:
        return all(map(_carries_schemas, rest))
    carried = [field for field in rest if _carries_schemas(field)]
    return len(carried) == len(rest) or (bool(carried) and _many(schema, carried))


def _many(schema: Schema, carried: list[Field]) -> bool:
    """Whether what carries schemas, and counters, outweigh the rest (a filter echoed, a date)."""
    named = sum(name in _COUNTERS for name in schema.fields)
    lists = sum(_is_list(field.kind) for field in carried)
    if (
        lists >= 1
        and named >= 1
        and {"list", "page", "paginated", "pagination"} & set(words(schema.name)[-2:])
    ):
        return True
    return lists >= 1 and 2 * (lists + named) >= len(schema.fields)


def _carries_schemas(field: Field) -> bool:
    return _names_class(field.kind, 0)


def _names_class(value: Type, depth: int) -> bool:
    if depth > 8:
        return False
    if isinstance(value, Class):
        return bool(value.annotated)
    if isinstance(value, Call):
        return symbol(value.callee) == "TypeVar"
    if isinstance(value, (Generic, Either)):
        args = value.args if isinstance(value, Generic) else value.members
        return any(_names_class(arg, depth + 1) for arg in args)
    return False


def _is_list(value: Type) -> bool:
    if isinstance(value, Either):
        return any(_is_list(member) for member in value.members)
    if isinstance(value, Generic):
        if symbol(value.origin) in ("Optional", "Annotated", "Union"):
            return any(_is_list(arg) for arg in value.args)
        return symbol(value.origin) in _CONTAINERS and _names_class(value, 0)
    return False
