"""Tables that an operation names without their schema, where that is not the default one.

Which schema such a name means, the connection says and no migration: PostgreSQL looks along `search_path`,
MySQL in the database of the URL.

https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH
https://dev.mysql.com/doc/refman/8.4/en/identifier-qualifiers.html
"""

from __future__ import annotations

from msgspec.structs import replace

from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.operations import Change, Operation, RenameTable
from ormlint.graph.migrations.specs import TableName


def looked_up(database: Database, operation: Operation) -> Operation:
    """The operation on a table with the schema that it stands in, where one schema alone has such a table.

    Unchanged where the default schema has or had the table, and where the operation may find none.
    """
    if not isinstance(operation, Change) or operation.table is None or operation.table.schema is not None:
        return operation
    if getattr(operation, "if_exists", False) or getattr(operation, "if_table_exists", False):
        return operation
    key = database.key_of(operation.table)
    if key in database.tables or key in database.dropped or key in database.unsettled:
        return operation
    found = None if database.has_view(operation.table) else _elsewhere(database, operation.table.name)
    if found is None:
        return operation
    if isinstance(operation, RenameTable) and operation.to.schema is None:
        operation = replace(operation, to=TableName(operation.to.name, found.schema))
    return replace(operation, table=found)


def _elsewhere(database: Database, name: str) -> TableName | None:
    tables = (table for key, table in database.tables.items() if key not in database.assumed)
    found = [table for table in tables if table.schema is not None and database.same(table.name, name)]
    return TableName(found[0].name, found[0].schema) if len(found) == 1 else None
