"""The names that usual naming conventions give, where SQLAlchemy need not be imported to say them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ormlint.graph.models.names import Asked, Described, DescribedTable

_KINDS = {"Index": "ix", "Unique": "uq", "Check": "ck", "ForeignKey": "fk"}
_TOKEN = re.compile(r"%\(\w+\)s")


class _Unusual(Exception):  # noqa: N818 - it is no error
    """SQLAlchemy has to say the name."""


def usual_names(patterns: Sequence[tuple[str, str]], asked: Asked) -> list[str | None] | None:
    """The names of a table's constraints; `None` where SQLAlchemy has to say one of them."""
    by_kind = dict(patterns)
    if not by_kind:
        return None
    try:
        return [_name(by_kind.get(_KINDS[each.kind]), each, asked.table) for each in asked.constraints]
    except (_Unusual, KeyError):  # or a token of another kind
        return None


def _name(pattern: str | None, constraint: Described, table: DescribedTable) -> str | None:
    columns = {name for name, key in table.columns if key in (None, name)}
    if len(columns) < len(table.columns) or not _is_whole(constraint, columns):
        raise _Unusual
    is_given = constraint.name is not None
    if pattern is None or (is_given and constraint.is_final):
        return constraint.name
    besides = _TOKEN.sub("", pattern)
    if "%" in besides or "constraint_name" in besides:
        raise _Unusual
    if ("constraint_name" in pattern) != is_given:
        return constraint.name
    return pattern % _tokens(constraint, table, columns)


def _is_whole(constraint: Described, columns: AbstractSet[str]) -> bool:
    """Whether SQLAlchemy takes all of it, and nothing twice."""
    of_columns = constraint.kind != "Check"
    return (
        constraint.name != ""
        and columns >= {*constraint.columns}
        and bool(constraint.columns) == of_columns
        and len({*constraint.columns}) == len(constraint.columns)
        and len(constraint.target) == (len(constraint.columns) if constraint.kind == "ForeignKey" else 0)
        and len({target.rpartition(".")[0] for target in constraint.target}) <= 1
    )


def _tokens(constraint: Described, table: DescribedTable, columns: AbstractSet[str]) -> dict[str, str]:
    """https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.MetaData.params.naming_convention"""
    tokens = {"table_name": table.name}
    if constraint.name is not None:
        tokens["constraint_name"] = constraint.name
    if constraint.columns:
        tokens["column_0_name"] = constraint.columns[0]
        label = f"{table.name}_{constraint.columns[0]}"
        if table.schema is None and label not in columns:
            tokens["column_0_label"] = label
    if constraint.target and all(target.count(".") == 1 for target in constraint.target):
        tokens["referred_table_name"] = constraint.target[0].partition(".")[0]
    return tokens
