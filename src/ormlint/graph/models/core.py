"""`Table(...)` objects, and indexes that are made after their table."""

from __future__ import annotations

from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.origins import made_by, root, symbol
from ormlint.graph.machine.values import ClassValue, Made, Member, Subscripted, Unknown, Value
from ormlint.graph.model import Table, Unresolved
from ormlint.graph.models.attributes import add_references
from ormlint.graph.models.columns import column_call, declare, explicit_name
from ormlint.graph.models.constraints import Naming, plain_names
from ormlint.graph.models.declarative import is_extension
from ormlint.graph.models.reading import Reading
from ormlint.graph.models.stores import schema_of

_ROOTS = frozenset({"sqlalchemy", "sqlmodel", "flask_sqlalchemy"})
"""Packages whose `Table` is one of a database."""


def add_table(reading: Reading, made: Made) -> None:
    """Put a `Table("name", metadata, Column(...), …)` into the reading."""
    name, store, items = _arguments(reading, made)
    if store is None or (root(made.callee) not in _ROOTS and not _of_extension(reading, made)):
        return
    if not isinstance(name, str):
        reading.unresolved.append(
            Unresolved(made.place, "Table", "its name is computed at run time", "table")
        )
        return
    info = reading.stores.of_value(store, bind=made.kwargs.get("bind_key"))
    if info is not None:
        reading.stores.use(info.id, made.place)
    schema, schema_known = schema_of(made.kwargs.get("schema"), info)
    table = Table(name, schema, info.id if info else "", made.place, "table")
    table.schema_known = schema_known and not made.open_keywords
    existing = reading.table_of(table.key, table.metadata) if table.schema_known else None
    evaluated_again = existing is not None and existing.place == made.place
    if existing is not None and (evaluated_again or _gives(made, "keep_existing", items)):
        reading.by_call[id(made)] = existing
        return
    if existing is not None and _gives(made, "extend_existing", items):
        table = existing
    else:
        reading.add(table)
        table.reflected = any(made.kwargs.get(key) is not None for key in ("autoload_with", "autoload"))
        table.complete = not (made.open_keywords or table.reflected or not schema_known)
        unknown = Unknown("the `info` of a table", made.place)
        table.info = unknown if made.open_keywords else made.kwargs.get("info", {})
    reading.by_call[id(made)] = table
    for item in items:
        call = column_call(item)
        if call is not None:
            _add_column(reading, table, call)
        elif isinstance(item, Unknown):
            table.complete = False
    for item in items:
        if column_call(item) is None:
            reading.add_constraint(table, item, plain_names({}, table))


def _gives(made: Made, option: str, items: tuple[Value, ...]) -> bool:
    """Whether a call for a table that is there has the option; without columns it gives the table as it is.

    https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.Table.params.extend_existing
    """
    return truth(made.kwargs.get(option, False)) is True or (option == "keep_existing" and not items)


def _arguments(reading: Reading, made: Made) -> tuple[Value, Value, tuple[Value, ...]]:
    """The name, what carries the MetaData, and the rest; Flask-SQLAlchemy's `db.Table` brings its own."""
    name, rest = made.arg(0, "name"), made.args[1:]
    if isinstance(made.callee, Member) and _of_extension(reading, made):
        if rest and (made_by(rest[0], "MetaData") or symbol(rest[0]) == "metadata"):
            return name, rest[0], rest[1:]
        return name, made.callee.owner, rest
    if rest:
        return name, rest[0], rest[1:]
    return name, made.kwargs.get("metadata"), ()


def _of_extension(reading: Reading, made: Made) -> bool:
    return isinstance(made.callee, Member) and is_extension(reading.machine, made.callee.owner)


def _add_column(reading: Reading, table: Table, call: Made) -> None:
    name = explicit_name(call)
    if not isinstance(name, str):
        table.complete = False
        return
    declared = declare(reading.machine, call, name, call.place)
    reading.put(table, declared.column)
    reading.columns.setdefault(id(call), []).append((table, declared.column))
    add_references(reading, table, declared)


def add_late_constraints(reading: Reading) -> None:
    """`Index("name", Model.column)` after the class goes to the table of its columns; `append_column` too."""
    made = reading.made("Index", "UniqueConstraint", "append_column", "append_constraint")
    known = {(index.place, id(table)) for table in reading.tables for index in table.indexes}
    known |= {(unique.place, id(table)) for table in reading.tables for unique in table.uniques}
    add_late(reading, [each for each in made if (each.place, id(_table_with(reading, each))) not in known])


def add_late(reading: Reading, made: list[Made]) -> None:
    """Put indexes, columns and constraints on the tables that they are made for."""
    handed = {id(arg) for each in made for arg in each.args}  # to `append_constraint`
    for each in made:
        table = _table_with(reading, each)
        if table is None or id(each) in handed:
            continue
        item = each if made_by(each, *_ATTACHED) else each.args[0] if each.args else None
        call = column_call(item)
        if call is not None:
            _add_column(reading, table, call)
        else:
            reading.add_constraint(table, item, _naming(reading, table))


_ATTACHED = frozenset({"Index", "UniqueConstraint"})
"""What goes to the table of its columns by itself."""


def _table_with(reading: Reading, made: Made) -> Table | None:
    """The table of a key's columns, or the one that `append_column` and the like are called on."""
    if made_by(made, "Index"):
        return next((t for t in (_table_of(reading, arg) for arg in made.args[1:]) if t is not None), None)
    if made_by(made, "UniqueConstraint"):  # not where a column is given by its name
        tables = [_table_of(reading, arg) for arg in made.args]
        return tables[0] if tables and None not in tables else None
    return table_value(reading, made.callee.owner) if isinstance(made.callee, Member) else None


def table_value(reading: Reading, value: Value) -> Table | None:
    """The table of a `Table(...)` call, of `Model.__table__`, or of `metadata.tables["name"]`."""
    if isinstance(value, Made):
        return reading.by_call.get(id(value))
    if isinstance(value, Member) and value.name == "__table__" and isinstance(value.owner, ClassValue):
        mapped = reading.mapped.get(id(value.owner))
        return None if mapped is None else mapped.table
    if isinstance(value, Subscripted) and isinstance(value.origin, Member) and value.origin.name == "tables":
        info = reading.stores.of_value(value.origin.owner)
        return reading.table_of(value.args[0], info.id) if info is not None else None
    return None


def _table_of(reading: Reading, value: Value) -> Table | None:
    if isinstance(value, Made) and column_call(value) is None:
        called_on = value.callee.owner if isinstance(value.callee, Member) else None  # `Model.column.desc()`
        table = _table_of(reading, called_on)
        if table is not None:
            return table
        if value.args and not made_by(value, "text"):
            return _table_of(reading, value.args[0])
    column = column_of(reading, value)
    return None if column is None else column[0]


def column_of(reading: Reading, value: Value) -> tuple[Table, str] | None:
    """The table and column name that a value refers to: `Model.column`, `table.c.column`, a column call."""
    call = column_call(value)
    if call is not None:
        found = reading.columns.get(id(call), [])
        tables = {id(table) for table, _ in found}
        return (found[0][0], found[0][1].name) if len(tables) == 1 else None
    if isinstance(value, Subscripted) and len(value.args) == 1 and isinstance(value.args[0], str):
        value = Member(value.origin, value.args[0])  # `table.c["name"]`
    if not isinstance(value, Member):
        return None
    if isinstance(value.owner, ClassValue):
        mapped = reading.mapped.get(id(value.owner))
        if mapped is None or value.name not in mapped.model.columns:
            return None
        name = mapped.model.columns[value.name].column
        while mapped is not None and (mapped.table is None or name not in mapped.table.columns):
            mapped = mapped.parent
        return None if mapped is None or mapped.table is None else (mapped.table, name)
    if isinstance(value.owner, Member) and value.owner.name in ("c", "columns"):
        table = table_value(reading, value.owner.owner)
        if table is None:
            return None
        keyed = next((c.name for c in table.columns.values() if c.key == value.name), value.name)
        return table, keyed
    return None


def _naming(reading: Reading, table: Table) -> Naming:
    """Name columns by text, or by what stands for them anywhere in the project."""
    plain = plain_names({}, table)

    def name_of(value: Value) -> str | None:
        name = plain(value)
        column = column_of(reading, value) if name is None else None
        return name if column is None else column[1]

    return name_of
