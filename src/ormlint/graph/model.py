"""The linked graph: what the project's models, schemas and migrations mean together.

Plain data without behaviour beyond look-ups. `None` is "the source does not settle it", everywhere
a value may be `None`; rules never report on it. Names are those of SQLAlchemy, Pydantic and Alembic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from ormlint.facts.code import Comment
from ormlint.findings import Place
from ormlint.graph.sqltype import SqlType

NamedBy = Literal["source", "convention"]
"""Who gives a constraint its name; `None` where nobody does, or who is not known."""

Role = Literal["read", "create", "update", "base", "filter", "envelope", "other"]


@dataclass(slots=True)
class Column:
    """A column of a table; `type` is the type expression as text, names without their module."""

    name: str
    place: Place
    type: str | None = None
    nullable: bool | None = None
    primary_key: bool | None = False
    foreign_keys: tuple[str, ...] | None = ()
    default: bool | None = False
    server_default: bool | None = False
    unique: bool | None = False
    index: bool | None = False
    nullable_stated: bool = False
    computed: bool = False
    onupdate: bool = False
    type_value: object = None
    """The evaluated type, for those who must build it."""
    key: str | None = None
    """Under what `Table.c` and `ForeignKey` know it, where that is not its name."""


@dataclass(slots=True)
class Index:
    name: str | None
    columns: tuple[str, ...]
    unique: bool | None
    place: Place
    named_by: NamedBy | None = None


@dataclass(slots=True)
class Unique:
    name: str | None
    columns: tuple[str, ...]
    place: Place
    named_by: NamedBy | None = None


@dataclass(slots=True)
class Check:
    name: str | None
    place: Place
    sqltext: str | None = None
    named_by: NamedBy | None = None
    of_type: bool = False
    """A type (`Boolean`, `Enum`) brings it with it."""


@dataclass(slots=True)
class ForeignKey:
    """`target` holds "table.column" per column."""

    name: str | None
    columns: tuple[str, ...]
    target: tuple[str, ...]
    place: Place
    named_by: NamedBy | None = None
    by_column: bool = False
    """Its target is given as a column, not by name: it is there, on whichever MetaData."""


@dataclass(slots=True)
class Table:
    """A table as the models' metadata would hold it."""

    name: str
    schema: str | None
    metadata: str
    place: Place
    source: Literal["model", "table", "continuum"]
    columns: dict[str, Column] = field(default_factory=dict)
    indexes: list[Index] = field(default_factory=list)
    uniques: list[Unique] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    complete: bool = True
    schema_known: bool = True
    is_view: bool = False
    reflected: bool = False
    """Its columns are read from the database at run time (`autoload_with`)."""

    @property
    def key(self) -> str:
        """The key of `MetaData.tables`."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(slots=True)
class MappedColumn:
    """An attribute that a mapper maps to a column; `place` is where it is declared."""

    attribute: str
    column: str
    place: Place
    definition: Column | None = None


@dataclass(slots=True)
class Relationship:
    attribute: str
    target: str | None
    uselist: bool | None
    place: Place
    foreign_keys: tuple[str, ...] = ()
    """Local columns that the relationship is known to use, where the source names them."""


@dataclass(slots=True)
class Model:
    """A mapped class. `columns` are all that its mapper maps, inherited ones included."""

    id: str
    name: str
    place: Place
    table: str | None
    bases: tuple[str, ...] = ()
    complete: bool = True
    columns: dict[str, MappedColumn] = field(default_factory=dict)
    relationships: dict[str, Relationship] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    """Other readable names → kind: `property`, `hybrid`, `synonym`, `proxy`, `composite`, …"""
    inherits: str | None = None
    """The id of the mapped parent, for joined and single-table inheritance."""
    versioned: bool = False
    """SQLAlchemy-Continuum keeps its history (`__versioned__`)."""


@dataclass(slots=True)
class Field:
    """A field of a schema; `alias` is the name read at validation, `None` where equal to `name`."""

    name: str
    place: Place
    required: bool | None = None
    nullable: bool | None = None
    alias: str | None = None
    type: str | None = None
    excluded: bool | None = False
    has_default: bool | None = None
    validated_before: bool = False
    """A before-validator or a root validator can mend what comes in."""
    declared_in: str = ""
    """The id of the class that declares it."""
    type_value: object = None
    read_as: tuple[str, ...] | None = None
    """Every name that validation reads, in order; `None` where they are not settled."""
    own_validator: bool = False
    """A validator of this one field runs before its type is checked, on given values and not on defaults."""
    default: object = None
    """The evaluated default, where `has_default`."""
    max_length: int | None = None
    """The longest text that it takes, where it says so."""
    any_text: bool = False
    """It takes every text: it is a `str`, and no limit, pattern or validator says otherwise."""
    set_by_code: bool | None = None
    """Somewhere in the sources a name like this is set on an object; `None` where nobody looked."""


@dataclass(frozen=True, slots=True)
class Making:
    """A place where a schema's values become a row's, and what else the function names there.

    `whole` says that the schema is handed on as it is, so that any of its fields may be used.
    """

    place: Place
    names: frozenset[str]
    whole: bool


@dataclass(slots=True)
class Schema:
    """A Pydantic model, or a SQLModel class without a table."""

    id: str
    name: str
    place: Place
    bases: tuple[str, ...] = ()
    ancestors: tuple[str, ...] = ()
    """Ids of the project's classes among its MRO, itself left out."""
    from_attributes: bool | None = False
    populate_by_name: bool | None = False
    complete: bool = True
    role: Role = "other"
    model: str | None = None
    linked_by: str | None = None
    fields: dict[str, Field] = field(default_factory=dict)
    computed: tuple[str, ...] = ()
    custom_build: bool = False
    """It overrides `from_orm`/`model_validate` or validates the whole object before its fields."""
    kind: Literal["model", "root", "settings", "sqlmodel", "dataclass"] = "model"
    built_by_code: bool | None = None
    """Somewhere in the sources it is constructed by hand; `None` where nobody looked."""
    coerces_numbers: bool | None = False
    """A number is taken where a text is asked for."""
    made: tuple[Making, ...] = ()
    """Where rows of its model are made from it."""
    updates: tuple[Making, ...] = ()
    """Where its values are set on rows of its model one by one, by name."""
    named_elsewhere: bool | None = None
    """The sources name it beyond where rows are made from it; `None` where nobody looked."""
    validated: Place | None = None
    """Where `model_validate` or `from_orm` is given a row without saying `from_attributes`."""
    reached: Place | None = None
    """Where a row of its model is validated with it, as far as the sources show."""


@dataclass(frozen=True, slots=True)
class Link:
    """A schema mirrors a model; `by` is the kind of evidence, `evidence` says it in words."""

    schema: str
    model: str
    by: str
    evidence: str = ""
    place: Place | None = None


UNSEEN = "unseen"
"""The kind of a MetaData whose declaration is in a package that is not at hand."""


@dataclass(slots=True)
class MetaDataInfo:
    """A `MetaData`: its owner's dotted id, its convention, and whether an `env.py` migrates it.

    `convention` is `None` where there is none; `convention_known` is false where it is not settled.
    """

    id: str
    place: Place
    kind: str
    """`base`, `registry`, `MetaData`, `SQLAlchemy`, `SQLModel`: what declares it, in words."""
    convention: dict[str, str | None] | None = None
    convention_place: Place | None = None
    convention_known: bool = True
    schema: str | None = None
    schema_known: bool = True
    migrated_by: tuple[str, ...] = ()
    """Paths of the Alembic environments whose `target_metadata` names it."""
    tables: tuple[str, ...] = ()


@dataclass(slots=True)
class Revision:
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


@dataclass(slots=True)
class MigratedColumn:
    """A column as the migrations leave it; `revision` is the one that added it."""

    name: str
    revision: str
    place: Place
    type: str | None = None
    nullable: bool | None = None
    primary_key: bool | None = False
    server_default: bool | None = False
    computed: bool = False
    changed_in: list[tuple[str, Place]] = field(default_factory=list)
    uncertain: bool = False
    """A step that could not be settled may have added, dropped or renamed it."""
    type_value: object = None
    enum: str | None = None
    """The name of the database's enumerated type that it uses."""


@dataclass(slots=True)
class MigratedTable:
    """A table as the migrations leave it. `opaque` is true where an unsettled step may have changed it."""

    name: str
    schema: str | None
    created_in: str
    place: Place
    columns: dict[str, MigratedColumn] = field(default_factory=dict)
    indexes: list[Index] = field(default_factory=list)
    uniques: list[Unique] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    primary_key: tuple[str, ...] | None = None
    opaque: bool = False
    uncertain: bool = False
    """It may or may not exist."""
    keys_uncertain: bool = False
    """Its columns are known, its indexes and constraints are not all."""
    primary_key_name: str | None = None

    @property
    def key(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(slots=True)
class MigratedEnum:
    """An enumerated type of the database; `members` is `None` where they are not all known."""

    name: str
    members: tuple[str, ...] | None
    revision: str
    place: Place
    uncertain: bool = False
    """It may or may not exist."""


@dataclass(frozen=True, slots=True)
class OpaqueStep:
    """A migration step that could not be settled. `tables` are the keys it touches; `None` = any."""

    revision: str
    place: Place
    reason: str
    tables: frozenset[str] | None = None


@dataclass(slots=True)
class HistoryProblem:
    """What is wrong with the history itself."""

    kind: Literal["missing-object", "cycle"]
    revision: str
    place: Place
    message: str
    table: str | None = None
    column: str | None = None
    elsewhere: Place | None = None
    """Where the object is made or dropped, on another branch or before."""


@dataclass(frozen=True, slots=True)
class Remark:
    """An operation that runs, or need not, and that should not stand like this.

    `create-all` makes the models of today, `not-null` adds a NOT NULL column that nothing fills,
    `unnamed` makes a constraint without a name.
    """

    kind: Literal["create-all", "not-null", "unnamed"]
    revision: str
    place: Place
    what: str
    table: str | None = None
    column: str | None = None
    elsewhere: Place | None = None


@dataclass(frozen=True, slots=True)
class Members:
    """Those of the model's enumeration, and those that the migrations leave the column with.

    `place` is where they are listed, if not at the column; `enforced` says that no other is taken.
    """

    modelled: tuple[str, ...]
    migrated: tuple[str, ...]
    place: Place | None = None
    enforced: bool = True


@dataclass(frozen=True, slots=True)
class Stored:
    """What a column that models and migrations have is stored as, as far as it is known."""

    table: Table
    column: Column
    migrated: MigratedColumn
    types: tuple[tuple[str, SqlType, SqlType], ...]
    """A dialect, the model's type and the migrations', for every dialect that it may be."""
    members: Members | None


@dataclass(slots=True)
class Environment:
    """An Alembic environment: its folder, its revisions, and the database that replaying them gives."""

    path: str
    revisions: list[Revision] = field(default_factory=list)
    heads: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    tables: dict[str, MigratedTable] = field(default_factory=dict)
    opaque: list[OpaqueStep] = field(default_factory=list)
    operations: int = 0
    operations_known: int = 0
    dropped: dict[str, str] = field(default_factory=dict)
    """Table key → the revision that dropped it."""
    problems: list[HistoryProblem] = field(default_factory=list)
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
    enums: dict[str, MigratedEnum] = field(default_factory=dict)
    views: frozenset[str] = frozenset()
    """Keys of the views that the migrations leave."""
    hides_keys: bool = False
    """Whether `env.py` hides indexes or constraints from autogenerate, or may."""
    remarks: tuple[Remark, ...] = ()
    long_ids: bool = False
    """The history or `env.py` makes room for revision ids of more than 32 characters, or may."""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A construct that the source does not settle."""

    place: Place
    what: str
    reason: str
    kind: Literal["table", "column", "field", "operation", "base", "name"] = "name"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that should be read and cannot be."""

    place: Place
    reason: str
    what_to_do: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what was found is settled, as (settled, found)."""

    tables: tuple[int, int] = (0, 0)
    columns: tuple[int, int] = (0, 0)
    fields: tuple[int, int] = (0, 0)
    operations: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Options:
    """What the settings say of the project. Patterns take `*`; a class goes by its name or its id."""

    links: Mapping[str, str | Literal[False]] = field(default_factory=dict)
    """Schema → the model that it mirrors, or `False` for none."""
    link_places: Mapping[str, Place] = field(default_factory=dict)
    """Where `links` says so, by schema."""
    allow_missing: tuple[str, ...] = ()
    allow_extra: tuple[str, ...] = ()
    external_tables: tuple[str, ...] = ()
    secret_columns: tuple[str, ...] = ()
    role_affixes: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    """What a schema is for → words of class names that say so."""
    required_conventions: tuple[str, ...] = ("ix", "uq", "ck", "fk", "pk")
    strict_length: bool = False
    """Whether an input field without any limit is longer than its column."""

    def may_miss(self, schema: str, attribute: str) -> bool:
        """Whether a schema (by its id) leaves a column out on purpose."""
        return _fits(self.allow_missing, schema, attribute)

    def may_add(self, schema: str, name: str) -> bool:
        """Whether a schema (by its id) has a field of its own on purpose."""
        return _fits(self.allow_extra, schema, name)

    def is_secret(self, column: str, *owners: str | None) -> bool:
        """Whether a column (of a model or table by these names) holds a secret."""
        names = [column, *(f"{owner}.{column}" for owner in owners if owner)]
        return any(fnmatchcase(name, pattern) for pattern in self.secret_columns for name in names)

    def is_external(self, table: str) -> bool:
        """Whether a table (by its key) lives in the database and belongs to no model."""
        return any(fnmatchcase(table, pattern) for pattern in self.external_tables)


def _fits(patterns: tuple[str, ...], owner: str, name: str) -> bool:
    names = (f"{owner}.{name}", f"{owner.rpartition('.')[2]}.{name}")
    return any(fnmatchcase(each, pattern) for pattern in patterns for each in names)


@dataclass(frozen=True, slots=True)
class Past:
    """The migration histories of a commit."""

    revisions: Mapping[str, tuple[Revision, ...]] = field(default_factory=dict)
    """By the folder of their environment."""
    meanings: Mapping[str, str] = field(default_factory=dict)
    """What each file of a revision says, by its path: equal where only comments and formatting differ."""


@dataclass(frozen=True, slots=True)
class Base:
    """What the commit that is compared with has."""

    name: str
    """As it was asked for."""
    there: Past
    fork: Past | None
    """Where the two lines of work parted; `None` where git does not have it."""
    here: Mapping[str, str]
    """`Past.meanings` of the work tree."""


@dataclass(frozen=True, slots=True)
class Misstatement:
    """A comment or a setting that says something of ormlint's rules or links which does not hold."""

    kind: Literal["unused-ignore", "unknown-code", "unknown-link"]
    place: Place
    name: str
    """The word that is wrong."""
    message: str
    help: str = ""


@dataclass(slots=True)
class Graph:
    """Everything, by id or key. A table key may stand in several MetaData: `tables` is a list."""

    root: str = "."
    models: dict[str, Model] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    schemas: dict[str, Schema] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    """By schema id."""
    metadatas: dict[str, MetaDataInfo] = field(default_factory=dict)
    environments: list[Environment] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)
    comments: dict[str, list[Comment]] = field(default_factory=dict)
    """By path."""
    options: Options = field(default_factory=Options)
    misstated: list[Misstatement] = field(default_factory=list)
    base: Base | None = None
    migrations_only: bool = False
    """Nothing but the revision graphs was looked at."""
