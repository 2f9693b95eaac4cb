"""The linked graph, what it leaves open, and what the settings say of the project."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Literal

from msgspec import Struct

from ormlint.facts.code import Comment
from ormlint.findings import Place
from ormlint.graph.model.migrations import Environment, Revision
from ormlint.graph.model.schemas import Link, Role, Schema
from ormlint.graph.model.tables import MetaDataInfo, Model, Table


class Unresolved(Struct, frozen=True, gc=False, array_like=True):
    """A construct that the source does not settle."""

    place: Place
    what: str
    reason: str
    kind: Literal["table", "column", "field", "operation", "base", "name"] = "name"


class Unreadable(Struct, frozen=True, gc=False, array_like=True):
    """A file that should be read and cannot be."""

    place: Place
    reason: str
    what_to_do: str = ""


class Coverage(Struct, frozen=True, gc=False, array_like=True):
    """How much of what was found is settled, as (settled, found)."""

    tables: tuple[int, int] = (0, 0)
    columns: tuple[int, int] = (0, 0)
    fields: tuple[int, int] = (0, 0)
    operations: tuple[int, int] = (0, 0)


class Options(Struct, frozen=True, array_like=True):
    """What the settings say of the project. Patterns take `*`; a class goes by its name or its id."""

    links: Mapping[str, str | bool] = {}
    """Schema → the model that it mirrors, or `False` for none."""
    link_places: Mapping[str, Place] = {}
    """Where `links` says so, by schema."""
    allow_missing: tuple[str, ...] = ()
    allow_extra: tuple[str, ...] = ()
    external_tables: tuple[str, ...] = ()
    secret_columns: tuple[str, ...] = ()
    role_affixes: Mapping[Role, tuple[str, ...]] = {}
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


class Past(Struct, frozen=True, array_like=True):
    """The migration histories of a commit."""

    revisions: Mapping[str, tuple[Revision, ...]] = {}
    """By the folder of their environment."""
    meanings: Mapping[str, str] = {}
    """What each file of a revision says, by its path: equal where only comments and formatting differ."""


class Base(Struct, frozen=True, array_like=True):
    """What the commit that is compared with has."""

    name: str
    """As it was asked for."""
    there: Past
    fork: Past | None
    """Where the two lines of work parted; `None` where git does not have it."""
    here: Mapping[str, str]
    """`Past.meanings` of the work tree."""


class Misstatement(Struct, frozen=True, gc=False, array_like=True):
    """A comment or a setting that says something of ormlint's rules or links which does not hold."""

    kind: Literal["unused-ignore", "unknown-code", "unknown-link"]
    place: Place
    name: str
    """The word that is wrong."""
    message: str
    help: str = ""


class Graph(Struct, array_like=True):
    """Everything, by id or key. A table key may stand in several MetaData: `tables` is a list."""

    root: str = "."
    models: dict[str, Model] = {}
    tables: list[Table] = []
    schemas: dict[str, Schema] = {}
    links: dict[str, Link] = {}
    """By schema id."""
    metadatas: dict[str, MetaDataInfo] = {}
    environments: list[Environment] = []
    unresolved: list[Unresolved] = []
    unreadable: list[Unreadable] = []
    coverage: Coverage = Coverage()
    comments: dict[str, list[Comment]] = {}
    """By path."""
    options: Options = Options()
    misstated: list[Misstatement] = []
    base: Base | None = None
    migrations_only: bool = False
    """Nothing but the revision graphs was looked at."""
