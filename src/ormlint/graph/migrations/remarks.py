"""Operations that the replayed database takes, and one with rows in it may not."""

from __future__ import annotations

from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.operations import AddColumn, Operation
from ormlint.graph.model import Remark

_FILLS_BY_ITSELF = ("mysql", "mariadb")
"""These put a zero or an empty text into the rows that are there.

https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html
"""


def remark_on(database: Database, operation: Operation) -> Remark | None:
    """A column added NOT NULL to a table that an earlier revision created, with nothing to fill it."""
    if not isinstance(operation, AddColumn) or database.dialect in _FILLS_BY_ITSELF:
        return None
    table, column = database.table(operation.table), operation.column
    if table is None or table.uncertain or not table.created_in or table.created_in == database.revision:
        return None
    if column.nullable is not False or column.server_default is not False or column.computed:
        return None
    if database.column(table, column.name) is not None:
        return None
    return Remark(
        "not-null",
        database.revision,
        column.place,
        "",
        table.key,
        column.name,
        table.place,
    )
