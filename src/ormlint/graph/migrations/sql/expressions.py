"""SQL expressions over rows of the catalogue, in three-valued logic: `None` is "not known"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from msgspec import Struct

from ormlint.graph.migrations.database import CURRENT_SCHEMA, DEFAULT_SCHEMAS, Database, schema_of
from ormlint.graph.migrations.specs import TableName
from ormlint.graph.migrations.sql.rows import NULL, Row
from ormlint.graph.migrations.sql.tree import Tree


class Query(Protocol):
    """What an expression may ask of the query that it stands in."""

    database: Database

    def exists(self, tree: Tree, outer: Mapping[str, Row]) -> bool | None: ...
    def scalar(self, tree: Tree, outer: Mapping[str, Row]) -> object: ...
    def values(self, tree: Tree, outer: Mapping[str, Row]) -> list[object] | None: ...
    def parameter(self, name: str) -> object: ...


class Scope(Struct):
    """The rows that an expression sees, by alias; `count` is what COUNT gives."""

    query: Query
    rows: Mapping[str, Row]
    certain: bool = True
    count: int | None = None


def evaluate(tree: Tree, scope: Scope) -> object:
    """The value of the expression for these rows."""
    read = _READERS.get(tree.key)
    return read(tree, scope) if read is not None else None


def truth(value: object) -> bool | None:
    if value is None:
        return None
    return False if value is NULL else bool(value)


def both(one: bool | None, other: bool | None) -> bool | None:
    """AND."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def _column(tree: Tree, scope: Scope) -> object:
    name = tree.name.lower()
    if tree.table:
        row = next((row for alias, row in scope.rows.items() if alias.lower() == tree.table.lower()), None)
        return row.get(name) if row is not None else None
    for row in reversed(list(scope.rows.values())):
        if name in row:
            return row[name]
    return CURRENT_SCHEMA if name in ("current_schema", "current_database") else None


def _literal(tree: Tree, _scope: Scope) -> object:
    if "is_string" in tree.plain:
        return tree.name
    return int(tree.name) if re.fullmatch(r"\d{1,30}", tree.name) else None


def _comparison(compare: Callable[[Any, Any], bool]) -> Callable[[Tree, Scope], object]:
    def compared(tree: Tree, scope: Scope) -> object:
        left = evaluate(tree.this, scope)
        right = tree.expression
        if right.key in ("any", "array"):
            return _among(left, right.this if right.key == "any" else right, scope)
        return _compared(left, evaluate(right, scope), compare)

    return compared


def _compared(left: object, right: object, compare: Callable[[Any, Any], bool]) -> object:
    if left is None or right is None:
        return None
    if left is NULL or right is NULL:
        return NULL
    current, other = (left, right) if left == CURRENT_SCHEMA else (right, left)
    if current == CURRENT_SCHEMA and other != CURRENT_SCHEMA:
        return None
    if isinstance(left, bool) != isinstance(right, bool) and isinstance(left, str) != isinstance(right, str):
        return None
    try:
        return compare(left, right)
    except TypeError:
        return None


def _among(left: object, right: Tree, scope: Scope) -> bool | None:
    if right.key in ("subquery", "select"):
        values = scope.query.values(right, scope.rows)
        return None if values is None else _in_values(left, values)
    while right.key in ("paren", "cast"):
        right = right.this
    if right.key not in ("array", "tuple"):
        return None
    return _in_values(left, [evaluate(item, scope) for item in right.expressions])


def _in_values(left: object, values: list[object]) -> bool | None:
    verdicts = [truth(_compared(left, value, lambda one, other: one == other)) for value in values]
    if True in verdicts:
        return True
    return None if None in verdicts else False


def _in(tree: Tree, scope: Scope) -> object:
    left = evaluate(tree.this, scope)
    query = tree.trees.get("query")
    if query is not None:
        return _among(left, query, scope)
    return _in_values(left, [evaluate(item, scope) for item in tree.expressions])


def _is(tree: Tree, scope: Scope) -> object:
    left, right = evaluate(tree.this, scope), tree.expression
    if left is None:
        return None
    negate = "negate" in tree.plain
    if right.key == "not":
        negate, right = not negate, right.this
    same = left is NULL if right.key == "null" else left is evaluate(right, scope)
    return same is not negate


def _like(flags: re.RegexFlag) -> Callable[[Tree, Scope], object]:
    def matches(tree: Tree, scope: Scope) -> object:
        value, pattern = evaluate(tree.this, scope), evaluate(tree.expression, scope)
        if not isinstance(value, str) or not isinstance(pattern, str):
            return None
        parts = {"%": ".*", "_": "."}
        text = "".join(parts.get(sign, re.escape(sign)) for sign in pattern)
        return re.fullmatch(text, value, flags | re.DOTALL) is not None

    return matches


def _cast(tree: Tree, scope: Scope) -> object:
    value = evaluate(tree.this, scope)
    kind = tree.plain.get("to", "").lower()
    if "regclass" in kind:
        return _regclass(value, scope)
    return ("type", value) if "regtype" in kind and isinstance(value, str) else value


def _regclass(value: object, scope: Scope) -> object:
    """The table's identity; NULL where there is none of the name, as `to_regclass` says."""
    if not isinstance(value, str):
        return value
    schema, _, name = value.replace('"', "").rpartition(".")
    database = scope.query.database
    wanted = TableName(name, schema or None)
    table = database.table(wanted)
    if table is not None:
        return None if table.uncertain else ("class", schema_of(database, table), table.name)
    if database.everything_opaque or wanted.key in database.unsettled:
        return None
    if wanted.key in database.views or name in database.views:
        return ("class", schema or None, name)
    found = database.find_index(name)
    return ("class", schema or None, name) if found is not None else NULL


def _function(tree: Tree, scope: Scope) -> object:
    name = tree.name.lower()
    if name == "to_regclass" and tree.expressions:
        return _regclass(evaluate(tree.expressions[0], scope), scope)
    if name in ("current_schema", "database", "schema"):
        return _current_schema(tree, scope)
    return None


def _current_schema(_tree: Tree, scope: Scope) -> object:
    return DEFAULT_SCHEMAS.get(scope.query.database.dialect, CURRENT_SCHEMA)


def _text(change: Callable[[str], str]) -> Callable[[Tree, Scope], object]:
    def changed(tree: Tree, scope: Scope) -> object:
        value = evaluate(tree.this, scope)
        return change(value) if isinstance(value, str) else value

    return changed


def _coalesce(tree: Tree, scope: Scope) -> object:
    for item in (tree.this, *tree.expressions):
        value = evaluate(item, scope)
        if value is not NULL:
            return value
    return NULL


def _or(tree: Tree, scope: Scope) -> object:
    left, right = truth(evaluate(tree.this, scope)), truth(evaluate(tree.expression, scope))
    return negated(both(negated(left), negated(right)))


def _inner(tree: Tree, scope: Scope) -> object:
    return evaluate(tree.this, scope)


def _subquery(tree: Tree, scope: Scope) -> object:
    return scope.query.scalar(tree, scope.rows)


_READERS: dict[str, Callable[[Tree, Scope], object]] = {
    "alias": _inner,
    "paren": _inner,
    "where": _inner,
    "column": _column,
    "literal": _literal,
    "boolean": lambda tree, _: "this" in tree.plain,
    "null": lambda _tree, _scope: NULL,
    "placeholder": lambda tree, scope: scope.query.parameter(tree.name),
    "parameter": lambda tree, scope: scope.query.parameter(tree.name),
    "eq": _comparison(lambda one, other: one == other),
    "neq": _comparison(lambda one, other: one != other),
    "gt": _comparison(lambda one, other: one > other),
    "gte": _comparison(lambda one, other: one >= other),
    "lt": _comparison(lambda one, other: one < other),
    "lte": _comparison(lambda one, other: one <= other),
    "and": lambda tree, scope: both(
        truth(evaluate(tree.this, scope)), truth(evaluate(tree.expression, scope))
    ),
    "or": _or,
    "not": lambda tree, scope: negated(truth(evaluate(tree.this, scope))),
    "in": _in,
    "is": _is,
    "like": _like(re.RegexFlag(0)),
    "ilike": _like(re.IGNORECASE),
    "cast": _cast,
    "trycast": _cast,
    "exists": lambda tree, scope: scope.query.exists(tree.this, scope.rows),
    "subquery": _subquery,
    "select": _subquery,
    "anonymous": _function,
    "currentschema": _current_schema,
    "currentdatabase": _current_schema,
    "currentcatalog": _current_schema,
    "lower": _text(str.lower),
    "upper": _text(str.upper),
    "coalesce": _coalesce,
    "count": lambda _, scope: scope.count,
}
