"""The only gateway to sqlglot: text to tree, or nothing. It never raises and never logs."""

from __future__ import annotations

import logging
from typing import Any

Tree = Any
"""A node of sqlglot, whose classes change their names from version to version: read by `key` and `args`."""

_DIALECTS = {
    "postgresql": "postgres",
    "sqlite": "sqlite",
    "mysql": "mysql",
    "mariadb": "mysql",
    "mssql": "tsql",
}


def parsed_select(sql: str, dialect: str) -> Tree | None:
    """The tree of a query; `None` where it is no query, or none that sqlglot reads."""
    tree = _parsed(sql, dialect)
    return tree if tree is not None and tree.key in ("select", "union", "subquery", "pragma") else None


def parsed_type(text: str, dialect: str) -> Tree | None:
    """The tree of a type as a column definition writes it."""
    tree = _parsed(f"CAST(x AS {text})", dialect)
    return tree.args.get("to") if tree is not None and tree.key == "cast" else None


def _parsed(sql: str, dialect: str) -> Tree | None:
    import sqlglot  # noqa: PLC0415 - costs a quarter of a second, and most migrations need none of it

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    try:
        return sqlglot.parse_one(sql, dialect=_DIALECTS.get(dialect))
    except (sqlglot.errors.SqlglotError, RecursionError, ValueError, LookupError, TypeError):
        return None
