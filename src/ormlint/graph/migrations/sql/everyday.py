"""What most migrations ask in SQL, and the types that they write, read without sqlglot.

It takes longer to import than most histories take to replay. What is not plainly one of these is left to it,
and for these it gives the same.
"""

from __future__ import annotations

import re
from functools import reduce

from ormlint.graph.migrations.sql.tree import Tree

_EQUAL = r"((?!current_|session_)[a-z]+_[a-z_]*[a-z]|[a-z]{3,}name)\s*=\s*'([^'\\]*)'"
_QUERY = (
    r"(?i:\s*select\s+(not\s+)?exists\s*\(\s*select\s+(1|\*)\s+from\s+)"
    r"(?:(?:(pg_catalog)\.)?(pg_[a-z_]*[a-z])|(information_schema)\.([a-z_]*[a-z]))"
    rf"(?i:\s+where\s+)({_EQUAL}(?:(?i:\s+and\s+){_EQUAL})*)\s*\)\s*"
)
_TYPES = {
    "bigint": "BIGINT()", "boolean": "BOOLEAN()", "date": "DATE()", "integer": "INTEGER()", "json": "JSON()",
    "jsonb": "JSONB()", "smallint": "SMALLINT()", "text": "TEXT()", "uuid": "UUID()", "varchar": "VARCHAR()",
}  # fmt: skip
_VARCHAR = r"(?i:varchar)\(([1-9]\d*)\)"
"""Compiled where a migration has SQL."""


def query(sql: str, dialect: str) -> Tree | None:
    """`SELECT [NOT] EXISTS (SELECT 1 FROM … WHERE … = '…' AND …)` about PostgreSQL's catalogue."""
    found = re.fullmatch(_QUERY, sql) if dialect == "postgresql" else None
    if found is None:
        return None
    negated, given, catalog, pg, information_schema, view, conditions = found.groups()[:7]
    relation, schema = pg or view, catalog or information_schema
    of_schema = {"db": _identifier(schema)} if schema else {}
    table = _named("table", relation, schema or "", this=_identifier(relation), **of_schema)
    equal = [
        _node("eq", this=_named("column", name, this=_identifier(name)), expression=_literal(value))
        for name, value in re.findall(_EQUAL, conditions)
    ]
    trees = {
        "from": _named("from", relation, this=table),
        "where": _node(
            "where", this=reduce(lambda one, other: _node("and", this=one, expression=other), equal)
        ),
    }
    what = (
        Tree("star", "*", "*", "", "", is_star=True)
        if given == "*"
        else Tree("literal", given, given, "", "", is_star=False, plain={"this": given})
    )
    inner = Tree("select", "", "", "", "", what.is_star, trees, {"expressions": (what,)})
    exists = _node("exists", this=inner)
    asked = _node("not", this=exists) if negated else exists
    return Tree("select", "", "", "", "", is_star=False, lists={"expressions": (asked,)})


def type_of(text: str, dialect: str) -> str | None:
    """The expression of a type that PostgreSQL has."""
    sized = re.fullmatch(_VARCHAR, text) if dialect == "postgresql" else None
    if sized is not None:
        return f"VARCHAR({sized[1]})"
    return _TYPES.get(text.lower()) if dialect == "postgresql" else None


def _node(key: str, **trees: Tree) -> Tree:
    return _named(key, "", **trees)


def _named(key: str, name: str, schema: str = "", /, **trees: Tree) -> Tree:
    return Tree(key, name, name, "", schema, is_star=False, trees=trees)


def _identifier(name: str) -> Tree:
    return Tree("identifier", name, name, "", "", is_star=False, plain={"this": name})


def _literal(text: str) -> Tree:
    return Tree("literal", text, text, "", "", is_star=False, plain={"this": text, "is_string": "is_string"})
