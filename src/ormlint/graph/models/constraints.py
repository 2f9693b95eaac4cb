"""Indexes and constraints of a table: from `__table_args__`, from `Table(...)` and from columns."""

from __future__ import annotations

from collections.abc import Callable

from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.values import ClassValue, Made, Member, Unknown, Value
from ormlint.graph.model import Check, Column, ForeignKey, Index, NamedBy, Table, Unique
from ormlint.graph.models.columns import column_call, explicit_name

Naming = Callable[[Value], str | None]
"""The column's name that a value in a constraint stands for (a text, a column, an attribute)."""


def add_constraint(table: Table, value: Value, name_of: Naming) -> None:
    """Put an item of `__table_args__` (or of `Table(...)`) on the table."""
    while made_by(value, "ddl_if", "execute_if") and isinstance(value.callee, Member):
        value = value.callee.owner  # of one dialect only, and of the table all the same
    if made_by(value, "Index"):
        _index(table, value, name_of)
    elif made_by(value, "UniqueConstraint"):
        columns = _names(list(value.args), name_of)
        if columns is None:
            table.complete = False
        else:
            name, by = given_name(value, value.kwargs.get("name"))
            table.uniques.append(Unique(name, columns, value.place, by))
    elif made_by(value, "PrimaryKeyConstraint"):
        _primary_key(table, value, name_of)
    elif made_by(value, "CheckConstraint"):
        name, by = given_name(value, value.arg(1, "name"))
        table.checks.append(Check(name, value.place, _text(value.arg(0, "sqltext")), by))
    elif isinstance(value, Unknown):
        table.complete = False


def given_name(call: Made, value: Value) -> tuple[str | None, NamedBy | None]:
    """The name that a constraint is given, and whether it is given one at all."""
    if made_by(value, "conv", "f") and value.args and isinstance(value.args[0], str):
        return value.args[0], "final"
    if isinstance(value, str):
        return value, "source"
    return None, None if value is None and not call.open_keywords else "source"


def _text(value: Value) -> str | None:
    if made_by(value, "text") and value.args:
        value = value.args[0]
    return value if isinstance(value, str) else None


def _primary_key(table: Table, value: Made, name_of: Naming) -> None:
    names = _names(list(value.args), name_of)
    if names is None:
        table.complete = False
    for name in names or ():
        column = table.columns.get(name)
        if column is not None:
            column.primary_key = True
            column.nullable = column.nullable if column.nullable_stated else False


def _names(values: list[Value], name_of: Naming) -> tuple[str, ...] | None:
    names = [name_of(value) for value in values]
    return None if any(name is None for name in names) else tuple(name for name in names if name is not None)


def _index(table: Table, value: Made, name_of: Naming) -> None:
    columns = [expression_text(arg, name_of) for arg in value.args[1:]]
    unique = False if value.kwargs.get("unique") is None else truth(value.kwargs["unique"])
    name, by = given_name(value, value.arg(0, "name"))
    table.indexes.append(Index(name, tuple(columns), unique, value.place, by))


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


def add_foreign_key(table: Table, value: Made, name_of: Naming, target_of: Naming) -> None:
    """A `ForeignKeyConstraint([...], [...])`; `target_of` gives the text of what a value refers to."""
    local, remote = value.arg(0, "columns"), value.arg(1, "refcolumns")
    columns = _names(list(local), name_of) if isinstance(local, (list, tuple)) else None
    targets = [target_of(each) for each in remote] if isinstance(remote, (list, tuple)) else []
    settled = tuple(target for target in targets if target is not None)
    if columns is None or len(settled) != len(columns) or len(targets) != len(columns):
        table.complete = False
        return
    name, by = given_name(value, value.arg(2, "name"))
    by_column = not all(isinstance(each, str) for each in remote)
    table.foreign_keys.append(ForeignKey(name, columns, settled, value.place, by, by_column))
    for local_name, target in zip(columns, settled, strict=True):
        column = table.columns.get(local_name)
        if column is not None and column.foreign_keys is not None:
            column.foreign_keys = tuple(dict.fromkeys((*column.foreign_keys, target)))


def add_column_constraints(table: Table) -> None:
    """What `index=True` and `unique=True` on columns make, and what their types bring."""
    for column in table.columns.values():
        add_flags(table, column)
        check = _check_of_type(column)
        if check is not None:
            table.checks.append(check)


def add_flags(table: Table, column: Column) -> None:
    """What `index=True` or `unique=True` on a column makes."""
    if column.index:
        table.indexes.append(Index(None, (column.name,), column.unique, column.place))
    elif column.unique:
        table.uniques.append(Unique(None, (column.name,), column.place))


def _check_of_type(column: Column) -> Check | None:
    """The check of `Boolean(create_constraint=True)` or `Enum(..., create_constraint=True)`."""
    made = column.type_value
    if (
        not made_by(made, "Boolean", "Enum", "BOOLEAN")
        or truth(made.kwargs.get("create_constraint")) is not True
    ):
        return None
    name, by = given_name(made, made.kwargs.get("name"))
    first = made.args[0] if made.args else None
    if by is None and isinstance(first, ClassValue) and symbol(made.callee) == "Enum":
        name, by = first.name.lower(), "source"
    return Check(name, column.place, None, by, of_type=True)


def plain_names(names: dict[str, str], table: Table | None = None) -> Naming:
    """Name columns by text or by column call, `names` mapping attributes to columns."""

    def name_of(value: Value) -> str | None:
        if isinstance(value, str):
            columns = table.columns.values() if table is not None else ()
            keyed = next((column for column in columns if column.key == value), None)
            return value if keyed is None else keyed.name
        call = column_call(value)
        if call is not None:
            explicit = explicit_name(call)
            return explicit if isinstance(explicit, str) else None
        if isinstance(value, Member):
            return names.get(value.name)
        return None

    return name_of
