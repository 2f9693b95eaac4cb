"""The columns that a query gives, for CREATE TABLE AS and for views."""

from __future__ import annotations

import re

from msgspec import Struct

from ormlint.graph.migrations.specs import TableName
from ormlint.graph.migrations.sql.parse import parsed_select
from ormlint.graph.migrations.sql.tree import Tree

_AFTER_QUERY = re.compile(r"\bWITH\s+(NO\s+)?DATA\s*$", re.IGNORECASE)


class Selected(Struct, frozen=True):
    """`columns` as (name, plain column of `source` or `None`); `whole` says SELECT *."""

    source: TableName | None
    columns: tuple[tuple[str, str | None], ...]
    whole: bool = False


def selected(query: str, dialect: str) -> Selected | None:
    """What the query gives; `None` where it is not settled."""
    tree = parsed_select(_AFTER_QUERY.sub("", query.strip().rstrip(";")), dialect)
    if tree is None:
        return None
    while tree.key != "select":
        tree = tree.this
        if tree is None:
            return None
    source = tree.trees.get("from")
    joined = bool(tree.lists.get("joins"))
    table = source.this if source is not None else None
    name = None
    if table is not None and table.key == "table" and not joined and not _has_names(tree):
        name = TableName(table.name, table.db if table.db not in ("", "public") else None)
    if any(column.is_star for column in tree.selects):
        return Selected(name, (), whole=True) if len(tree.selects) == 1 else None
    return Selected(name, tuple(_column(column) for column in tree.selects))


def _has_names(tree: Tree) -> bool:
    """Whether `WITH` gives queries names that look like tables."""
    return tree.part("with") is not None


def _column(column: Tree) -> tuple[str, str | None]:
    inner = column.this if column.key == "alias" else column
    return column.alias_or_name, inner.name if inner is not None and inner.key == "column" else None
