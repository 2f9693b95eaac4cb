"""The linked graph, and what it leaves open."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from ormlint.facts.comments import Comment
from ormlint.findings import Place
from ormlint.graph.model.migrations import Environment, Revision
from ormlint.graph.model.schemas import Link, Schema
from ormlint.graph.model.tables import MetaDataInfo, Model, Table
from ormlint.options import Misstatement, Options


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


class Graph(Struct, array_like=True, dict=True):
    """Everything, by id or key. A table key may stand in several MetaData: `tables` is a list.

    What is worked out of it once (`graph.once`) is no part of it.
    """

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
