"""The database as the replayed migrations have it at one moment: plain state and its look-ups.

Tables are shared between forks until one of them writes (`writable`), so a fork costs one dict copy.
"""

from __future__ import annotations

from msgspec import Struct, field, structs
from msgspec.structs import replace

from ormlint.findings import Place
from ormlint.graph.migrations.specs import TableName
from ormlint.graph.migrations.sql.parse import Queries
from ormlint.graph.model import Index, MigratedColumn, MigratedEnum, MigratedTable

CURRENT_SCHEMA = "(current)"
"""The schema of tables that state none, where the connection chooses it."""
DEFAULT_SCHEMAS = {"postgresql": "public", "sqlite": "main", "mssql": "dbo"}


class Seen(Struct, frozen=True):
    """Names that were there at any time, without regard to case: no other is looked for among all tables."""

    tables: dict[str, list[str]] = {}
    """Each with the keys that are spelled so."""
    indexes: set[str] = set()


class Database(Struct):
    """`tables` and `dropped` are keyed by the name that `MetaData.tables` would use.

    `views` are keys. `assumed` are tables that operations presuppose and no revision creates; `unsettled`
    are keys of tables that a step which could not be settled may have made; `everything_opaque` says that
    such a step may have touched any table.
    """

    dialect: str = "postgresql"
    tables: dict[str, MigratedTable] = {}
    enums: dict[str, MigratedEnum] = {}
    views: set[str] = set()
    temporary: set[str] = set()
    dropped: dict[str, str] = {}
    assumed: set[str] = set()
    unsettled: set[str] = set()
    everything_opaque: bool = False
    pragmas: frozenset[str] = frozenset()
    """Settings of SQLite that are on, of those that have a say in the schema."""
    revision: str = ""
    owned: set[str] = set()
    seen: Seen = field(default_factory=Seen)
    """Shared by all forks."""
    queries: Queries = field(default_factory=Queries)
    """Of the catalogue, shared likewise."""

    @property
    def folds_case(self) -> bool:
        """Whether names that differ in case alone are the same name."""
        return self.dialect != "postgresql"

    def fork(self) -> Database:
        """A copy that can go its own way."""
        self.owned = set()
        return replace(
            self,
            tables=dict(self.tables),
            enums=dict(self.enums),
            views=set(self.views),
            temporary=set(self.temporary),
            dropped=dict(self.dropped),
            assumed=set(self.assumed),
            unsettled=set(self.unsettled),
            owned=set(),
        )

    def key_of(self, name: TableName) -> str:
        """The key under which the table stands, or would stand."""
        if name.key in self.tables:
            return name.key
        default = DEFAULT_SCHEMAS.get(self.dialect)
        if name.schema == default and name.name in self.tables:
            return name.name
        if name.schema is None and default and f"{default}.{name.name}" in self.tables:
            return f"{default}.{name.name}"
        if self.folds_case:
            spelled = self.seen.tables.get(name.key.casefold(), ())
            return next((key for key in spelled if key in self.tables), name.key)
        return name.key

    def table(self, name: TableName) -> MigratedTable | None:
        return self.tables.get(self.key_of(name))

    def add(self, table: MigratedTable) -> None:
        """Take up a table that this fork alone has."""
        self.tables[table.key] = table
        self.owned.add(table.key)
        spelled = self.seen.tables.setdefault(table.key.casefold(), [])
        if table.key not in spelled:
            spelled.append(table.key)

    def add_index(self, table: MigratedTable, index: Index) -> None:
        table.indexes.append(index)
        self.see_index(index.name)

    def see_index(self, name: str | None) -> None:
        """Note that an index has the name."""
        if name is not None:
            self.seen.indexes.add(name.casefold())

    def writable(self, key: str) -> MigratedTable:
        """The table, no longer shared with another fork."""
        table = self.tables[key]
        if key not in self.owned:
            table = copy_of(table)
            self.tables[key] = table
            self.owned.add(key)
        return table

    def column(self, table: MigratedTable, name: str) -> MigratedColumn | None:
        key = self.column_key(table, name)
        return table.columns.get(key) if key is not None else None

    def column_key(self, table: MigratedTable, name: str) -> str | None:
        if name in table.columns:
            return name
        if self.folds_case:
            wanted = name.casefold()
            return next((key for key in table.columns if key.casefold() == wanted), None)
        return None

    def has_view(self, name: TableName) -> bool:
        default = DEFAULT_SCHEMAS.get(self.dialect)
        return name.key in self.views or (name.schema == default and name.name in self.views)

    def find_index(self, name: str, table: TableName | None = None) -> tuple[MigratedTable, Index] | None:
        """The index of that name; PostgreSQL and SQLite look in the whole schema."""
        if name.casefold() not in self.seen.indexes:
            return None
        if table is not None and self.dialect in ("mysql", "mariadb", "mssql"):
            owner = self.table(table)
            owners = [owner] if owner is not None else []
        else:
            owners = list(self.tables.values())
        for candidate in owners:
            for index in candidate.indexes:
                if index.name is not None and self.same(index.name, name):
                    return candidate, index
        return None

    def same(self, one: str, other: str) -> bool:
        return one == other or (self.folds_case and one.casefold() == other.casefold())

    def key_names(self, table: MigratedTable) -> set[str]:
        """The names that are taken when the database makes one up for a constraint of `table`."""
        names = {index.name for index in table.indexes} | {unique.name for unique in table.uniques}
        names |= {check.name for check in table.checks} | {fk.name for fk in table.foreign_keys}
        return {name for name in (*names, table.primary_key_name) if name}

    def assume(self, name: TableName, place: Place) -> MigratedTable:
        """Take for granted that a table exists which no revision creates."""
        table = MigratedTable(
            name=name.name,
            schema=name.schema,
            created_in="",
            place=place,
            opaque=True,
            uncertain=True,
            keys_uncertain=True,
        )
        self.add(table)
        self.assumed.add(table.key)
        return table

    def drop(self, key: str) -> None:
        table = self.tables.pop(key)
        self.temporary.discard(key)
        self.assumed.discard(key)
        if not table.uncertain:
            self.dropped[key] = self.revision


def copy_of(table: MigratedTable) -> MigratedTable:
    return structs.replace(
        table,
        columns={
            key: structs.replace(column, changed_in=list(column.changed_in))
            for key, column in table.columns.items()
        },
        indexes=list(table.indexes),
        uniques=list(table.uniques),
        checks=list(table.checks),
        foreign_keys=list(table.foreign_keys),
    )


def schema_of(database: Database, table: MigratedTable) -> str:
    if table.schema is not None:
        return table.schema
    return DEFAULT_SCHEMAS.get(database.dialect, CURRENT_SCHEMA)
