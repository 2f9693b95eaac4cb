"""The linked graph, what it leaves open, and what the settings say of the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from ormlint.facts.code import Comment
from ormlint.findings import Place
from ormlint.graph.model.migrations import Environment, Revision
from ormlint.graph.model.schemas import Link, Role, Schema
from ormlint.graph.model.tables import MetaDataInfo, Model, Table


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
