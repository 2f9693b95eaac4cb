"""What changed between two commits, as plain data: the JSON contract of `ormlint report --diff-base`.

Fields are added, never renamed or dropped without a new `version`. `schema.json` beside this module says the
same as JSON Schema.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from ormlint.report.cells import At
from ormlint.report.document import Found, Layer

VERSION = 1

Change = Literal["added", "removed", "changed"]


class Base(Struct):
    """The commit that is compared with, and how it was named."""

    ref: str
    commit: str


class PartChange(Struct):
    """A column, field, key or relationship; `before` and `after` say what it is, in words.

    `at` is a line of the base where it is removed.
    """

    kind: str
    name: str
    change: Change
    before: str
    after: str
    at: At
    declared_in: str = ""
    """The class that it is inherited from."""


class ThingChange(Struct):
    """A model, table, schema, enumerated type or revision; `was` is its former id where it moved."""

    id: str
    name: str
    change: Change
    at: At
    parts: list[PartChange]
    was: str = ""


class LayerChange(Struct):
    name: str
    before: Layer
    after: Layer


class HistoryChange(Struct):
    """An Alembic environment whose revisions or heads changed."""

    path: str
    heads_before: list[str]
    heads_after: list[str]
    revisions: list[ThingChange]


class RiskChange(Struct):
    before: str
    after: str


class Changes(Struct):
    """Everything that changed between a commit and the work tree."""

    ormlint: str
    base: Base
    risk: RiskChange
    version: int = VERSION
    layers: list[LayerChange] = field(default_factory=list)
    new: list[Found] = field(default_factory=list)
    """Findings that the base does not have."""
    fixed: list[Found] = field(default_factory=list)
    """Findings that only the base has; their places are those of the base."""
    tables: list[ThingChange] = field(default_factory=list)
    """As the models declare them."""
    migrated: list[ThingChange] = field(default_factory=list)
    """Tables as the migrations leave them."""
    models: list[ThingChange] = field(default_factory=list)
    schemas: list[ThingChange] = field(default_factory=list)
    enums: list[ThingChange] = field(default_factory=list)
    histories: list[HistoryChange] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        parts = (self.new, self.fixed, self.tables, self.migrated, self.models, self.schemas, self.enums)
        changed = any(row.before != row.after for row in self.layers)
        return not (any(parts) or self.histories or changed)
