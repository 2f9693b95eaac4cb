"""What Alembic's revisions are, and the database that replaying them gives."""

from typing import Literal

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.model.tables import Check, Column, ForeignKey, Index, Unique
from ormlint.graph.sqltype import SqlType


class Revision(Struct, gc=False, array_like=True):
    """A migration file. `down` and `depends_on` are ids as written (a partial id is resolved)."""

    id: str
    path: str
    place: Place
    down: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    place_of_down: Place | None = None
    known: bool = True
    """False where `revision` or `down_revision` is missing or computed: the id is the file's stem."""


class MigratedColumn(Struct, array_like=True):
    """A column as the migrations leave it; `revision` is the one that added it."""

    name: str
    revision: str
    place: Place
    type: str | None = None
    nullable: bool | None = None
    primary_key: bool | None = False
    server_default: bool | None = False
    computed: bool = False
    changed_in: list[tuple[str, Place]] = []
    uncertain: bool = False
    """A step that could not be settled may have added, dropped or renamed it."""
    type_value: object = None
    """The evaluated type; nothing once the graph is settled."""
    enum: str | None = None
    """The name of the database's enumerated type that it uses."""
    is_standard: bool = True
    """Its type is one of SQLAlchemy's own without variants, or stands in raw SQL."""


class MigratedTable(Struct, array_like=True):
    """A table as the migrations leave it. `opaque` is true where an unsettled step may have changed it."""

    name: str
    schema: str | None
    created_in: str
    place: Place
    columns: dict[str, MigratedColumn] = {}
    indexes: list[Index] = []
    uniques: list[Unique] = []
    checks: list[Check] = []
    foreign_keys: list[ForeignKey] = []
    primary_key: tuple[str, ...] | None = None
    opaque: bool = False
    uncertain: bool = False
    """It may or may not exist."""
    keys_uncertain: bool = False
    """Its columns are known, its indexes and constraints are not all."""
    primary_key_name: str | None = None
    constraint_dropped: bool = False
    """A constraint was dropped, and nobody knows which: of its keys, only the indexes are known."""

    @property
    def has_unsettled_keys(self) -> bool:
        """Whether its indexes and constraints are not all known."""
        return self.keys_uncertain or self.constraint_dropped

    @property
    def key(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


class MigratedEnum(Struct, gc=False, array_like=True):
    """An enumerated type of the database; `members` is `None` where they are not all known."""

    name: str
    members: tuple[str, ...] | None
    revision: str
    place: Place
    uncertain: bool = False
    """It may or may not exist."""


class OpaqueStep(Struct, frozen=True, gc=False, array_like=True):
    """A migration step that could not be settled. `tables` are the keys it touches; `None` = any.

    `keys_only` says that it can only concern indexes and constraints: the tables say so themselves.
    """

    revision: str
    place: Place
    reason: str
    tables: frozenset[str] | None = None
    keys_only: bool = False


class HistoryProblem(Struct, gc=False, array_like=True):
    """What is wrong with the history itself."""

    kind: Literal["missing-object", "cycle"]
    revision: str
    place: Place
    message: str
    table: str | None = None
    column: str | None = None
    elsewhere: Place | None = None
    """Where the object is made or dropped, on another branch or before."""


class Remark(Struct, frozen=True, gc=False, array_like=True):
    """An operation that runs, or need not, and that should not stand like this.

    `create-all` makes the models of today, `not-null` adds a NOT NULL column that nothing fills,
    `nameless` makes a constraint without a name, `nameless-stops` cannot run for want of one, `no-downgrade`
    does nothing where it should undo, `imports-models` makes the migration depend on today's models.
    """

    kind: Literal["create-all", "not-null", "nameless", "nameless-stops", "no-downgrade", "imports-models"]
    revision: str
    place: Place
    what: str
    table: str | None = None
    column: str | None = None
    elsewhere: Place | None = None


class Members(Struct, frozen=True, gc=False, array_like=True):
    """Those of the model's enumeration, and those that the migrations leave the column with.

    `place` is where they are listed, if not at the column; `enforced` says that no other is taken.
    """

    modelled: tuple[str, ...]
    migrated: tuple[str, ...]
    place: Place | None = None
    enforced: bool = True


class Stored(Struct, frozen=True, array_like=True):
    """What a column that models and migrations have is stored as, as far as it is known."""

    table: int
    """Where `Graph.tables` has the model's table."""
    column: Column
    migrated: MigratedColumn
    types: tuple[tuple[str, SqlType, SqlType], ...]
    """A dialect, the model's type and the migrations', for every dialect that it may be."""
    members: Members | None


class Environment(Struct, array_like=True):
    """An Alembic environment: its folder, its revisions, and the database that replaying them gives."""

    path: str
    revisions: list[Revision] = []
    heads: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    tables: dict[str, MigratedTable] = {}
    opaque: list[OpaqueStep] = []
    operations: int = 0
    operations_known: int = 0
    dropped: dict[str, str] = {}
    """Table key → the revision that dropped it."""
    problems: list[HistoryProblem] = []
    starts_empty: bool = True
    """False where operations touch tables that no revision creates: the history has a past."""
    assumed_tables: frozenset[str] = frozenset()
    """Keys of tables that operations presuppose and no revision creates."""
    excluded_tables: frozenset[str] | None = frozenset()
    """Keys of migrated tables that `env.py` hides from autogenerate; `None` where that is not settled."""
    excluded_models: frozenset[str] = frozenset()
    """Keys of the models' tables that `env.py` hides, or may hide, from autogenerate."""
    excluded_columns: frozenset[tuple[str, str]] = frozenset()
    """(table key, column) that `env.py` hides, or may hide, from autogenerate."""
    target_metadata: tuple[str, ...] | None = None
    """Ids of `MetaDataInfo`; `()` for `None`, `None` where not settled."""
    version_table: str = "alembic_version"
    env_place: Place | None = None
    reached: frozenset[str] | None = None
    """Files that running `env.py` imports; `None` where an import is computed or an application runs it."""
    dialect: str = "postgresql"
    """The database that the migrations were replayed for, by SQLAlchemy's name."""
    dialect_known: bool = True
    """False where nothing of the project says which database it is for."""
    compares_types: bool = True
    """False where `env.py` tells autogenerate not to compare types, or how."""
    stored: tuple[Stored, ...] = ()
    enums: dict[str, MigratedEnum] = {}
    views: frozenset[str] = frozenset()
    """Keys of the views that the migrations leave."""
    excluded_keys: frozenset[tuple[str, str, tuple[str, ...]]] = frozenset()
    """(Alembic's kind, table key, columns) of indexes and constraints that `env.py` hides, or may hide."""
    remarks: tuple[Remark, ...] = ()
    names_constraints: bool = False
    """`env.py` gives the MetaData that it migrates a naming convention."""
    continues_elsewhere: bool = False
    """A program has Alembic load revisions from folders that no configuration names, or may."""
    long_ids: bool = False
    """The history or `env.py` makes room for revision ids of more than 32 characters, or may."""
    imports_models: bool = False
    """`env.py` imports models of another package, which may be on any MetaData: SQLModel's is one for all.

    Or it loads what packages plug in, which may be models.
    """
