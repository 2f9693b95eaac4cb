"""Indexes and constraints of a table: from `__table_args__`, from `Table(...)` and from columns."""

from __future__ import annotations

from collections.abc import Callable

from ormlint.graph.machine.operators import truth
from ormlint.graph.machine.values import Made, Member, Unknown, Value, made_by, symbol
from ormlint.graph.model import Check, ForeignKey, Index, Table, Unique
from ormlint.graph.models.columns import column_call, explicit_name

Naming = Callable[[Value], str | None]
"""The column's name that a value in a constraint stands for (a text, a column, an attribute)."""


def add_constraint(table: Table, value: Value, name_of: Naming) -> None:
    """Put an item of `__table_args__` (or of `Table(...)`) on the table."""
    if made_by(value, "Index"):
        _index(table, value, name_of)
    elif made_by(value, "UniqueConstraint"):
        columns = _names([arg for arg in value.args], name_of)
        if columns is None:
            table.complete = False
        else:
            table.uniques.append(Unique(_name(value.kwargs.get("name")), columns, value.place))
    elif made_by(value, "PrimaryKeyConstraint"):
        for name in _names(list(value.args), name_of) or ():
            if name in table.columns:
                table.columns[name].primary_key = True
                table.columns[name].nullable = False
    elif made_by(value, "CheckConstraint"):
        table.checks.append(Check(_name(value.arg(1, "name")), value.place))
    elif made_by(value, "ForeignKeyConstraint"):
        _foreign_key(table, value, name_of)
    elif isinstance(value, Unknown):
        table.complete = False


def _name(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _names(values: list[Value], name_of: Naming) -> tuple[str, ...] | None:
    names = [name_of(value) for value in values]
    return None if any(name is None for name in names) else tuple(name for name in names if name is not None)


def _index(table: Table, value: Made, name_of: Naming) -> None:
    columns = [expression_text(arg, name_of) for arg in value.args[1:]]
    unique = truth(value.kwargs.get("unique", False))
    table.indexes.append(Index(_name(value.arg(0, "name")), tuple(columns), unique, value.place))


def expression_text(value: Value, name_of: Naming) -> str:
    """A column's name, or an expression as text with parentheses in it."""
    name = name_of(value)
    if name is not None:
        return name
    if isinstance(value, Made):
        if (
            symbol(value.callee) in ("text", "literal_column")
            and value.args
            and isinstance(value.args[0], str)
        ):
            return value.args[0] if "(" in value.args[0] else f"({value.args[0]})"
        if isinstance(value.callee, Member) and value.callee.name in (
            "desc",
            "asc",
            "nullslast",
            "nullsfirst",
        ):
            return f"({expression_text(value.callee.owner, name_of)} {value.callee.name})"
        inner = ", ".join(expression_text(arg, name_of) for arg in value.args)
        return f"{symbol(value.callee)}({inner})"
    return "(?)"


def _foreign_key(table: Table, value: Made, name_of: Naming) -> None:
    local, remote = value.arg(0, "columns"), value.arg(1, "refcolumns")
    columns = _names(list(local), name_of) if isinstance(local, (list, tuple)) else None
    targets = [each for each in remote if isinstance(each, str)] if isinstance(remote, (list, tuple)) else []
    if columns is None or len(targets) != len(columns):
        table.complete = False
        return
    table.foreign_keys.append(ForeignKey(_name(value.arg(2, "name")), columns, tuple(targets), value.place))
    for name, target in zip(columns, targets, strict=True):
        column = table.columns.get(name)
        if column is not None and column.foreign_keys is not None:
            column.foreign_keys = (*column.foreign_keys, target)


def add_column_constraints(table: Table) -> None:
    """What `index=True` and `unique=True` on columns make."""
    for column in table.columns.values():
        if column.index:
            name = f"ix_{table.key.replace('.', '_')}_{column.name}"
            table.indexes.append(Index(name, (column.name,), column.unique, column.place))
        elif column.unique:
            table.uniques.append(Unique(None, (column.name,), column.place))


def plain_names(names: dict[str, str]) -> Naming:
    """Name columns by text or by column call, `names` mapping attributes to columns."""

    def name_of(value: Value) -> str | None:
        if isinstance(value, str):
            return value
        call = column_call(value)
        if call is not None:
            explicit = explicit_name(call)
            return explicit if isinstance(explicit, str) else None
        if isinstance(value, Member):
            return names.get(value.name)
        return None

    return name_of
