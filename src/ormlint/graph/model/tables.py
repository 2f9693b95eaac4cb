"""What models declare: tables, mapped classes, relationships and their MetaData."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ormlint.findings import Place

NamedBy = Literal["source", "convention"]
"""Who gives a constraint its name; `None` where nobody does, or who is not known."""


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
    made_with: bool = False
    """Every new object has a value from the start: its dataclass field has a `default_factory`."""
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
    keys_complete: bool = True
    """Whether its indexes and constraints are all told; they are not where the table is not `complete`."""
    schema_known: bool = True
    info: object = field(default_factory=dict)
    """`info=` as evaluated: a dictionary, where that is settled."""
    reflected: bool = False
    """Its columns are read from the database at run time (`autoload_with`)."""

    @property
    def key(self) -> str:
        """The key of `MetaData.tables`."""
        return f"{self.schema}.{self.name}" if self.schema else self.name

    @property
    def is_view(self) -> bool:
        """`info={"is_view": True}`, as Alembic's cookbook has it."""
        return isinstance(self.info, dict) and self.info.get("is_view") is True


@dataclass(slots=True)
class MappedColumn:
    """An attribute that a mapper maps to a column; `place` is where it is declared."""

    attribute: str
    column: str
    place: Place
    definition: Column | None = None
    touched: bool | None = None
    """Code elsewhere names it; `None` where nobody looked."""


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
    on_select: bool = False
    """It is mapped on a query, not on a table of its own."""
    unconfigured: tuple[str, ...] = ()
    """Backrefs that never come into being: no foreign key joins the tables, so that SQLAlchemy raises."""


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
    shared: bool = False
    """A package gives it, whose own tables, on it too, are not all known."""
