"""What models declare: tables, mapped classes, relationships and their MetaData."""

from typing import Literal

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.model.types import Type

NamedBy = Literal["source", "final", "convention"]
"""Who gives a constraint its name; `None` where nobody does, or who is not known.

A final one is the source's too, and no convention changes it: `conv("ck_people_age")`, `op.f(...)`.
"""


class Column(Struct, array_like=True):
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
    fetched: bool = False
    """The server default is a `FetchedValue`: whatever the database does by itself, such as a trigger."""
    onupdate: bool = False
    made_with: bool = False
    """Every new object has a value from the start: its dataclass field has a `default_factory`, or SQLModel's
    field has any default."""
    never_none: bool = False
    """SQLModel's field takes no `None`, though the column that it is given does."""
    type_value: object = None
    """The evaluated type, for those who must build it; nothing once the graph is settled."""
    kind: Type = None
    """The type as plain data, once the graph is settled."""
    key: str | None = None
    """Under what `Table.c` and `ForeignKey` know it, where that is not its name."""


class Index(Struct, gc=False, array_like=True):
    name: str | None
    columns: tuple[str, ...]
    unique: bool | None
    place: Place
    named_by: NamedBy | None = None


class Unique(Struct, gc=False, array_like=True):
    name: str | None
    columns: tuple[str, ...]
    place: Place
    named_by: NamedBy | None = None


class Check(Struct, gc=False, array_like=True):
    name: str | None
    place: Place
    sqltext: str | None = None
    named_by: NamedBy | None = None
    of_type: bool = False
    """A type (`Boolean`, `Enum`) brings it with it."""


class ForeignKey(Struct, gc=False, array_like=True):
    """`target` holds "table.column" per column."""

    name: str | None
    columns: tuple[str, ...]
    target: tuple[str, ...]
    place: Place
    named_by: NamedBy | None = None
    by_column: bool = False
    """Its target is given as a column, not by name: it is there, on whichever MetaData."""


class Table(Struct, array_like=True):
    """A table as the models' metadata would hold it."""

    name: str
    schema: str | None
    metadata: str
    place: Place
    source: Literal["model", "table", "continuum"]
    columns: dict[str, Column] = {}
    indexes: list[Index] = []
    uniques: list[Unique] = []
    checks: list[Check] = []
    foreign_keys: list[ForeignKey] = []
    complete: bool = True
    keys_complete: bool = True
    """Whether its indexes and constraints are all told; they are not where the table is not `complete`."""
    schema_known: bool = True
    info: object = {}
    """`info=` as evaluated: a dictionary, where that is settled; once the graph is, what `is_view` asks."""
    reflected: bool = False
    """Its columns are read from the database at run time (`autoload_with`)."""

    @property
    def key(self) -> str:
        """The key of `MetaData.tables`."""
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def leads_to(self, column: str, schema: str | None) -> list[str]:
        """The full `table.column` names of what a column refers to; `schema` is that of the MetaData.

        https://docs.sqlalchemy.org/en/20/core/metadata.html#specifying-a-default-schema-name-with-metadata
        """
        targets = self.columns[column].foreign_keys or ()
        if schema is None or not targets:
            return [*targets]
        keys = (key for key in self.foreign_keys if key.by_column and column in key.columns)
        full = {target for key in keys for target in key.target}
        return [each if each in full or each.count(".") > 1 else f"{schema}.{each}" for each in targets]

    @property
    def is_view(self) -> bool:
        """`info={"is_view": True}`, as Alembic's cookbook has it."""
        return isinstance(self.info, dict) and self.info.get("is_view") is True


class MappedColumn(Struct, array_like=True):
    """An attribute that a mapper maps to a column; `place` is where it is declared."""

    attribute: str
    column: str
    place: Place
    definition: Column | None = None
    touched: bool | None = None
    """Code elsewhere names it; `None` where nobody looked."""


class Relationship(Struct, gc=False, array_like=True):
    attribute: str
    target: str | None
    uselist: bool | None
    place: Place
    foreign_keys: tuple[str, ...] = ()
    """Local columns that the relationship is known to use, where the source names them."""
    leads_out: bool = False
    """Its target is a class of a package that is not at hand, which then maps tables of its own."""


class Model(Struct, array_like=True):
    """A mapped class. `columns` are all that its mapper maps, inherited ones included."""

    id: str
    name: str
    place: Place
    table: str | None
    bases: tuple[str, ...] = ()
    complete: bool = True
    columns: dict[str, MappedColumn] = {}
    relationships: dict[str, Relationship] = {}
    attributes: dict[str, str] = {}
    """Other readable names → kind: `property`, `hybrid`, `synonym`, `proxy`, `composite`, …"""
    methods: frozenset[str] = frozenset()
    """A row gives them too, but nothing that a schema could show before it is called."""
    inherits: str | None = None
    """The id of the mapped parent, for joined and single-table inheritance."""
    versioned: bool = False
    """SQLAlchemy-Continuum keeps its history (`__versioned__`)."""
    on_select: bool = False
    """It is mapped on a query, not on a table of its own."""
    unconfigured: tuple[str, ...] = ()
    """Backrefs that never come into being: no foreign key joins the tables, so that SQLAlchemy raises."""
    associations: tuple[tuple[str, str | None], ...] = ()
    """Its own relationships that write to a `secondary` table, and the key of that where it is known."""
    discriminator: str | None = None
    """The attribute that the mapper fills with the class's `polymorphic_identity`."""


UNSEEN = "unseen"
"""The kind of a MetaData whose declaration is in a package that is not at hand."""


_DECLARED_IN = " in "


def metadata_id(dotted: str, path: str) -> str:
    """Tells a MetaData from others: several packages of a repository may each have an `app.database.Base`."""
    return f"{dotted}{_DECLARED_IN}{path}"


def metadata_name(metadata: str) -> str:
    """The dotted name of what declares a MetaData, from its id."""
    return metadata.partition(_DECLARED_IN)[0]


class MetaDataInfo(Struct, array_like=True):
    """A `MetaData`: what declares it and where, its convention, and whether an `env.py` migrates it.

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
    shared: bool = False
    """A package gives it, whose own tables, on it too, are not all known."""

    @property
    def name(self) -> str:
        """The dotted name of what declares it."""
        return metadata_name(self.id)

    @property
    def label(self) -> str:
        """The last part of its name: `Base`, or `models.py:12` of one that nothing names."""
        return self.name.rpartition("/" if ":" in self.name else ".")[2]
