"""Version tables of SQLAlchemy-Continuum, where the project calls `make_versioned`.

https://sqlalchemy-continuum.readthedocs.io/en/latest/version_objects.html
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from ormlint.findings import Place
from ormlint.graph.machine.classes import lookup
from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.values import External, Made, Unknown, Value
from ormlint.graph.model import Column, ForeignKey, Index, Table
from ormlint.graph.models.core import table_value
from ormlint.graph.models.reading import Mapped, Reading

_NAMES = {
    "table_name": "%s_version",
    "transaction_column_name": "transaction_id",
    "end_transaction_column_name": "end_transaction_id",
    "operation_type_column_name": "operation_type",
    "strategy": "validity",
}


class Versioning(Struct):
    """What `make_versioned` was told, and what one class's `__versioned__` says beyond it."""

    place: Place
    options: dict[str, Value]
    tracks_changes: bool
    """`PropertyModTrackerPlugin` adds a flag for each column."""
    user: Value

    def text(self, option: str) -> str | None:
        value = self.options.get(option, _NAMES[option])
        return value if isinstance(value, str) else None

    def names(self, option: str) -> frozenset[str] | None:
        value = self.options.get(option, ())
        settled = isinstance(value, (list, tuple, set, frozenset)) and all(
            isinstance(each, str) for each in value
        )
        return frozenset(value) if settled else None


def add_version_tables(reading: Reading) -> None:
    """Add a version table for each versioned class, and the table of transactions."""
    versioning = next((_versioning(made) for made in reading.made("make_versioned")), None)
    if versioning is None:
        return
    bases: dict[str, Mapped] = {}
    versioned: dict[str, Versioning] = {}
    done: set[int] = set()
    for mapped in list(reading.mapped.values()):
        found = lookup(reading.machine, mapped.cls, "__versioned__")
        if found is None or mapped.table is None:
            continue
        own = found[1] if isinstance(found[1], dict) else {}
        each = replace(versioning, options={**versioning.options, **own})
        if not isinstance(found[1], dict):
            each.options["exclude"] = Unknown("`__versioned__` is not settled")
        if truth(each.options.get("versioning", True)) is False:
            continue
        versioned[mapped.model.id] = each
        if id(mapped.table) not in done:
            done.add(id(mapped.table))
            _add_version_table(reading, mapped, mapped.table, each)
            bases.setdefault(mapped.table.metadata, mapped)
    for table in _associations(reading, versioned):
        if id(table) not in done:
            done.add(id(table))
            _add_version_of_association(reading, table, versioning)
    for mapped in bases.values():
        _add_transactions(reading, mapped, versioning)


def _associations(reading: Reading, versioned: dict[str, Versioning]) -> Iterator[Table]:
    """The `secondary` tables of relationships that versioned classes have, by a backref too."""
    for mapped in reading.mapped.values():
        for name, declaration in mapped.declared.items():
            call, own = declaration.value, versioned.get(mapped.model.id)
            if declaration.kind != "relationship" or not isinstance(call, Made):
                continue
            target = (
                mapped.model.relationships[name].target if call.kwargs.get("backref") is not None else None
            )
            here = own is not None and name not in (own.names("exclude") or ())
            if truth(call.kwargs.get("viewonly", False)) is False and (here or target in versioned):
                secondary = call.arg(1, "secondary")
                table = table_value(reading, secondary)
                if table is None and mapped.table is not None:
                    table = reading.table_of(secondary, mapped.table.metadata)
                if table is not None:
                    yield table


def _add_version_of_association(reading: Reading, parent: Table, versioning: Versioning) -> None:
    pattern = versioning.text("table_name")
    if pattern is None or "%s" not in pattern:
        return
    name = pattern.replace("%s", parent.name)
    table = Table(name, parent.schema, parent.metadata, parent.place, "continuum")
    table.complete = parent.complete
    table.columns = {column.name: _copy(column) for column in parent.columns.values()}
    _add_bookkeeping(table, versioning, parent.place)
    _add_indexes(table)
    reading.add(table)


def _versioning(made: Made) -> Versioning:
    options = made.kwargs.get("options", {})
    plugins = made.kwargs.get("plugins", ())
    several = plugins if isinstance(plugins, (list, tuple)) else ()
    tracks = any(made_by(plugin, "PropertyModTrackerPlugin") for plugin in several)
    user = made.kwargs.get("user_cls", "User")
    return Versioning(made.place, dict(options) if isinstance(options, dict) else {}, tracks, user)


def _add_version_table(reading: Reading, mapped: Mapped, parent: Table, versioning: Versioning) -> None:
    pattern = versioning.text("table_name")
    if pattern is None or "%s" not in pattern:
        return
    place = mapped.cls.places.get("__versioned__", mapped.cls.place)
    table = Table(pattern.replace("%s", parent.name), parent.schema, parent.metadata, place, "continuum")
    excluded, included = versioning.names("exclude"), versioning.names("include")
    table.complete = (
        parent.complete and mapped.model.complete and excluded is not None and included is not None
    )
    attributes = {each.column: name for name, each in mapped.model.columns.items()}
    left_out = (excluded or frozenset()) - (included or frozenset())
    kept = [
        c for c in parent.columns.values() if c.primary_key or attributes.get(c.name, c.name) not in left_out
    ]
    for column in kept:
        table.columns[column.name] = _copy(column)
    _add_bookkeeping(table, versioning, place)
    if versioning.tracks_changes:
        for column in kept:
            if not column.primary_key:
                name = f"{column.name}_mod"
                table.columns[name] = _column(name, "Boolean", place, nullable=False, default=True)
                table.columns[name].server_default = True
    _add_indexes(table)
    reading.add(table)


def _copy(column: Column) -> Column:
    """The column without what must not hold for every version of a row."""
    copy = replace(column, foreign_keys=(), unique=False, onupdate=False, computed=column.computed)
    if not column.primary_key:
        copy.nullable, copy.nullable_stated = True, True
    return copy


def _add_bookkeeping(table: Table, versioning: Versioning, place: Place) -> None:
    transaction, end = (
        versioning.text("transaction_column_name"),
        versioning.text("end_transaction_column_name"),
    )
    operation, strategy = versioning.text("operation_type_column_name"), versioning.text("strategy")
    if transaction is None or end is None or operation is None or strategy is None:
        table.complete = False
        return
    table.columns[transaction] = _column(
        transaction, "BigInteger", place, nullable=False, key=True, index=True
    )
    if strategy == "validity":
        table.columns[end] = _column(end, "BigInteger", place, nullable=True, index=True)
    table.columns[operation] = _column(operation, "SmallInteger", place, nullable=False, index=True)


def _column(
    name: str,
    type_: str,
    place: Place,
    *,
    nullable: bool,
    key: bool = False,
    index: bool = False,
    default: bool = False,
    arguments: tuple[Value, ...] = (),
) -> Column:
    shown = ", ".join(map(repr, arguments))
    return Column(
        name, place, f"{type_}({shown})", nullable, key, (), default, index=index, nullable_stated=True,
        type_value=Made(External(f"sqlalchemy.{type_}"), arguments, {}, place),
    )  # fmt: skip


def _add_transactions(reading: Reading, mapped: Mapped, versioning: Versioning) -> None:
    """The table of transactions, on the base of the versioned classes."""
    info = reading.stores.of_class(mapped.cls)
    if info is None:
        return
    place = versioning.place
    table = Table("transaction", info.schema, info.id, place, "continuum")
    columns = (
        _column("id", "BigInteger", place, nullable=False, key=True, default=True),
        _column("remote_addr", "String", place, nullable=True, arguments=(50,)),
        _column("issued_at", "DateTime", place, nullable=True, default=True),
    )
    table.columns = {column.name: column for column in columns}
    if versioning.user is not None:
        table.complete = _add_user(reading, mapped, versioning, table)
    _add_indexes(table)
    reading.add(table)


def _add_user(reading: Reading, mapped: Mapped, versioning: Versioning, table: Table) -> bool:
    """The column that tells who made a transaction; false where the class of users is not found."""
    name = versioning.user if isinstance(versioning.user, str) else symbol(versioning.user)
    users = [each for each in reading.mapped.values() if each.model.name == name and each.table is not None]
    same = [each for each in users if each.table is not None and each.table.metadata == table.metadata]
    keys = (
        [c for c in same[0].table.columns.values() if c.primary_key]
        if len(same) == 1 and same[0].table
        else []
    )
    if not keys:
        return False
    column = replace(
        keys[0], name="user_id", place=versioning.place, nullable=True, primary_key=False, default=False,
        server_default=False, unique=False, index=True, key=None, onupdate=False, nullable_stated=True,
    )  # fmt: skip
    target = f"{same[0].model.table}.{keys[0].key or keys[0].name}"
    column.foreign_keys = (target,)
    table.columns["user_id"] = column
    table.foreign_keys.append(ForeignKey(None, ("user_id",), (target,), versioning.place))
    return True


def _add_indexes(table: Table) -> None:
    for column in table.columns.values():
        if column.index:
            table.indexes.append(Index(None, (column.name,), False, column.place))
