"""The only gateway to sqlglot: text to tree, or nothing. It never raises and never logs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ormlint.graph.migrations.sql import everyday
from ormlint.graph.migrations.sql.tree import Tree

Node = Any
"""A node of sqlglot, whose classes change their names from version to version: read by `key` and `args`."""

_DIALECTS = {
    "postgresql": "postgres",
    "sqlite": "sqlite",
    "mysql": "mysql",
    "mariadb": "mysql",
    "mssql": "tsql",
}


class Queries:
    """Queries of one dialect by text, each parsed once; `known` are those that another run parsed."""

    def __init__(self, known: Mapping[str, Tree | None] = MappingProxyType({})) -> None:
        self._known = known
        self.asked: dict[str, Tree | None] = {}

    def tree(self, sql: str, dialect: str) -> Tree | None:
        """As `parsed_select` has it."""
        if sql not in self.asked:
            is_known = sql in self._known
            self.asked[sql] = self._known[sql] if is_known else _read(sql, dialect)
        return self.asked[sql]


def _read(sql: str, dialect: str) -> Tree | None:
    return everyday.query(sql, dialect) or parsed_select(sql, dialect)


def parsed_select(sql: str, dialect: str) -> Tree | None:
    """The tree of a query; `None` where it is no query, or none that sqlglot reads."""
    node = _parsed(sql, dialect)
    if node is None or node.key not in ("select", "union", "subquery", "pragma"):
        return None
    try:
        return _plain(node)
    except RecursionError:
        return None


def parsed_type(text: str, dialect: str) -> Node | None:
    """The tree of a type as a column definition writes it."""
    node = _parsed(f"CAST(x AS {text})", dialect)
    return node.args.get("to") if node is not None and node.key == "cast" else None


def _parsed(sql: str, dialect: str) -> Node | None:
    import logging  # noqa: PLC0415 - as sqlglot, which it is for

    import sqlglot  # noqa: PLC0415 - costs a quarter of a second, and most migrations need none of it

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    try:
        return sqlglot.parse_one(sql, dialect=_DIALECTS.get(dialect))
    except (sqlglot.errors.SqlglotError, RecursionError, ValueError, LookupError, TypeError):
        return None


def _plain(node: Node) -> Tree:
    """The node as plain data; `from_` and `with_` are `from` and `with` in older releases."""
    trees: dict[str, Tree] = {}
    lists: dict[str, tuple[Tree, ...]] = {}
    plain: dict[str, str] = {}
    for key, value in node.args.items():
        name = key.rstrip("_")
        if isinstance(value, list):
            lists[name] = tuple([_plain(each) for each in value if _is_node(each)])
        elif name == "to" and value is not None:
            plain[name] = str(value)
        elif _is_node(value):
            trees[name] = _plain(value)
        elif isinstance(value, str) or value is True:
            plain[name] = value if isinstance(value, str) else name
    is_star = bool(getattr(node, "is_star", False))
    return Tree(
        node.key,
        node.name,
        node.alias_or_name,
        node.text("table"),
        node.text("db"),
        is_star,
        trees,
        lists,
        plain,
    )


def _is_node(value: object) -> bool:
    return hasattr(value, "args") and hasattr(value, "key")
