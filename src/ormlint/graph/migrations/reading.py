"""What migrations pass to Alembic's operations → specifications of columns, constraints and indexes."""

from __future__ import annotations

import re

from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.origins import made_by
from ormlint.graph.machine.values import EnumMember, External, Made, Unknown, Value
from ormlint.graph.migrations.specs import (
    TableName,
)
from ormlint.graph.models.constraints import expression_text, plain_names

_NAMED = plain_names({})


class UnsettledError(Exception):
    """A part of the operation that it cannot do without is not settled."""


class FinalName(str):
    """A name that `op.f` marks as it shall be, whatever the convention says."""

    __slots__ = ()


def text(value: Value, what: str) -> str:
    """A name, as plain text; raises `UnsettledError` where it is computed at run time."""
    if isinstance(value, EnumMember):
        value = value.value
    if made_by(value, "quoted_name", "conv") and value.args:
        value = value.args[0]
    if isinstance(value, str):
        return str(value)  # the mark of `op.f` is no part of it
    raise UnsettledError(f"the {what} is computed at run time")


def optional_text(value: Value, what: str) -> str | None:
    return None if value is None else text(value, what)


def flag(value: Value) -> bool:
    """A switch like `if_exists`; what is not settled is taken for off, so that nothing is passed over."""
    return truth(value) is True


def is_standard(sql_type: Value) -> bool:
    """Whether a type is one of SQLAlchemy's own, without variants; none at all is."""
    made = sql_type.callee if isinstance(sql_type, Made) else sql_type
    return sql_type is None or (isinstance(made, External) and made.root == "sqlalchemy")


def table_name(name: Value, schema: Value = None) -> TableName:
    return TableName(text(name, "table name"), optional_text(schema, "schema"))


def column_names(values: Value) -> tuple[str, ...] | None:
    """The columns of a constraint; `None` where they are not all settled."""
    if isinstance(values, str):
        values = [values]
    if not isinstance(values, (list, tuple)):
        return None
    names = [_NAMED(value) for value in values]
    return tuple(str(name) for name in names if name is not None) if None not in names else None


def index_columns(values: Value) -> tuple[str, ...] | None:
    """The columns of an index, an expression as its text."""
    if not isinstance(values, (list, tuple)) or any(isinstance(value, Unknown) for value in values):
        return None
    return tuple(_index_column(value) for value in values)


_ORDERED = re.compile(r"\(?(\w+)\s+(?:asc|desc|nullslast|nullsfirst|nulls\s+\w+|\s)+\)?", re.IGNORECASE)


def _index_column(value: Value) -> str:
    """An order is no part of what an index is on."""
    shown = expression_text(value, _NAMED)
    ordered = _ORDERED.fullmatch(shown)
    return ordered[1] if ordered else str(shown)
