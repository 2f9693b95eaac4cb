"""Linked schemas beside their models: what a schema shows of the model, and what kind of column is what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import chain

from msgspec import Struct

from ormlint.graph.concerned import of_tests
from ormlint.graph.heirs import of_heirs
from ormlint.graph.model import Column, Field, Graph, Link, Model, Options, Schema
from ormlint.graph.once import once

_SECRET = frozenset({
    "password", "passwd", "pwd", "hash", "hashed", "secret", "salt", "otp", "totp", "mfa", "token",
    "credential", "credentials", "private", "encrypted", "signature", "nonce", "cipher", "pin", "apikey",
})  # fmt: skip
_INTERNAL = frozenset({
    "normalized", "vector", "tsv", "tsvector", "embedding", "search", "searchable", "json", "blob",
    "raw", "traceback", "deleted", "deletion", "purged", "legacy", "deprecated", "old", "temp", "tmp",
    "generated", "internal", "obsolete", "unused", "checksum", "etag", "lock", "cursor", "cache", "cached",
    "md5", "sha1", "sha256", "sha512", "fingerprint", "erased", "erasure", "anonymized", "anonymised", "jti",
})  # fmt: skip
_BOOKKEEPING = frozenset({
    "created_at", "updated_at", "update_at", "created", "updated", "modified", "modified_at",
    "created_on", "updated_on", "date_created", "date_updated", "created_by", "updated_by",
    "created_by_id", "updated_by_id", "last_modified", "last_modified_at", "tenant_id",
    "alembic_version", "schema_version", "schema_timestamp", "row_version", "version_id", "ip_address",
    "user_agent", "inserted_at", "archived_at", "archived_by",
})  # fmt: skip
_PROVENANCE = frozenset({
    "run", "batch", "import", "job", "audit", "prev", "previous", "parent", "source", "origin", "trace",
    "version", "snapshot", "migration",
})  # fmt: skip
_PROJECTIONS = frozenset({
    "summary", "brief", "ref", "reference", "minimal", "mini", "short", "simple", "basic", "nested",
    "lite", "slim", "item", "row", "option", "choice", "info", "preview", "card", "compact", "stub",
    "token", "entry", "embedded",
})  # fmt: skip
_ASKED = frozenset({"request", "payload", "body", "form", "import"})
"""Last words of what comes in, though a shared configuration lets it read attributes."""
RESERVED = frozenset({"metadata", "registry"})
"""Names that every declarative class has for itself.

https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html#naming-declarative-mapped-columns-explicitly
"""
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


class Mirror(Struct, frozen=True, dict=True):
    """A schema and the model that it mirrors, both completely known."""

    schema: Schema
    model: Model
    link: Link
    options: Options = Options()
    of_heirs: frozenset[str] = frozenset()
    """What a row has where it is one of a model that inherits from this: a query gives such rows, too."""

    def is_secret(self, attribute: str) -> bool:
        """Whether a column is nothing to show: its name says so (`hashed_password`), or a setting."""
        return self.is_stated_secret(attribute) or _sounds_secret(attribute)

    def is_stated_secret(self, attribute: str) -> bool:
        """Whether a setting says so, of the attribute or of its column."""
        model = self.model
        if self.options.is_secret(attribute, model.name, model.id, model.table):
            return True
        mapped = model.columns.get(attribute)
        name = mapped.column if mapped is not None else attribute
        return name != attribute and self.options.is_secret(name, model.name, model.id, model.table)

    def is_left_out(self, attribute: str) -> bool:
        """Whether schemas leave a column out on purpose, as a rule: secrets, search, bookkeeping."""
        column = self.column(attribute)
        if column is None:
            return False
        words = set(attribute.lower().split("_"))
        if attribute.startswith("_") or attribute in _BOOKKEEPING or words & _INTERNAL:
            return True
        if column.computed or column.primary_key is not False or self.is_secret(attribute):
            return True
        return bool(column.foreign_keys) and bool(words & _PROVENANCE)

    @cached_property
    def reads(self) -> bool:
        """Whether the schema is what comes out, filled from rows."""
        schema = self.schema
        if not self.shows or schema.from_attributes is not True:
            return False
        last = _WORD.findall(schema.name)[-1:]
        return schema.reached is not None or not _ASKED.intersection(word.lower() for word in last)

    @property
    def only_resembles(self) -> bool:
        """Whether only fields in common tell of the model: the schema may be filled from elsewhere."""
        return self.schema.linked_by == "fields" and self.schema.reached is None

    @property
    def shows(self) -> bool:
        """Whether the schema is what comes out."""
        return self.schema.role in ("read", "other")

    @property
    def writes(self) -> bool:
        """Whether the schema is what comes in."""
        return self.schema.role in ("create", "update")

    @cached_property
    def is_projection(self) -> bool:
        """Whether its name says that it shows a part on purpose, in a word that the model's has not."""
        return bool(_PROJECTIONS & _words(self.schema.name) - _words(self.model.name))

    def column(self, attribute: str) -> Column | None:
        """The column behind an attribute of the model."""
        mapped = self.model.columns.get(attribute)
        return mapped.definition if mapped is not None else None

    def attribute_of(self, field: Field) -> str | None:
        """The attribute that a field is read from: the first of its names that the model has."""
        model = self.model
        for name in field.read_as if field.read_as is not None else (field.name,):
            if name in model.columns or name in model.relationships or name in model.attributes:
                return name
        return None

    def has(self, name: str) -> bool:
        """Whether a row of the model has something of that name to read."""
        model = self.model
        return name in model.columns or name in model.relationships or name in model.attributes

    @property
    def hidden(self) -> dict[str, str]:
        """Fields named like SQLAlchemy's own attributes, and what holds the column of that name."""
        return {
            name: column.attribute
            for name in RESERVED & self.schema.fields.keys()
            for column in self.model.columns.values()
            if column.column == name and not self.has(name)
        }

    @cached_property
    def shown(self) -> frozenset[str]:
        """Every name that the schema reads or declares."""
        read = (field.read_as or () for field in self.schema.fields.values())
        return frozenset({*self.schema.fields, *chain.from_iterable(read), *self.schema.computed})

    def covers(self, attribute: str) -> bool:
        """Whether the schema shows a column, or what its foreign key leads to."""
        return self._names(attribute) or self._by_relationship(attribute)

    def _names(self, attribute: str) -> bool:
        """Whether the schema has a name for a column: that of the attribute, or the database's own."""
        if attribute in self.shown:
            return True
        name = self.model.columns[attribute].column if attribute in self.model.columns else attribute
        return name in self.shown and not self.has(name)

    def _by_relationship(self, attribute: str) -> bool:
        column, shown = self.column(attribute), self.shown
        if column is None or not column.foreign_keys:
            return False
        if re.sub(r"_(id|uuid|pk|fk|key)$", "", attribute) in shown - {attribute}:
            return True
        return any(
            attribute in relationship.foreign_keys
            for relationship in self.model.relationships.values()
            if relationship.attribute in shown
        )

    def derives(self, attribute: str) -> bool:
        """Whether a field is made of a column, by its name: `merged_notes` or `notes_html` of `notes`."""
        own = self.shown - self.model.columns.keys()
        return any(name.endswith(f"_{attribute}") or name.startswith(attribute) for name in own)

    @cached_property
    def breadth(self) -> float:
        """The part of the columns that are worth showing of which the schema shows something."""
        worth = [attribute for attribute in self.model.columns if not self.is_left_out(attribute)]
        seen = sum(self.covers(attribute) or self.derives(attribute) for attribute in worth)
        return seen / len(worth) if worth else 0.0

    @cached_property
    def coverage(self) -> float:
        """The part of the model's columns that the schema shows by name."""
        columns = self.model.columns
        return sum(map(self._names, columns)) / len(columns) if columns else 0.0


@once
def mirrors(graph: Graph) -> list[Mirror]:
    """Every link whose two ends are completely known and no part of the tests."""
    ends = ((graph.schemas[link.schema], graph.models[link.model], link) for link in graph.links.values())
    heirs = of_heirs(graph.models)
    return [
        Mirror(schema, model, link, graph.options, frozenset(heirs.get(model.id, ())))
        for schema, model, link in ends
        if schema.complete and model.complete and not of_tests(schema.place.path)
    ]


def lacking(mirror: Mirror) -> Iterator[tuple[str, Column]]:
    """What an INSERT of a row that is made from an input schema needs and nothing there gives."""
    schema = mirror.schema
    if not mirror.writes or not schema.made or any(making.open for making in schema.made):
        return
    given = {name for making in schema.made for name in making.names} | mirror.shown
    for attribute in mirror.model.columns:
        column = mirror.column(attribute)
        if attribute in given or attribute == mirror.model.discriminator:
            continue
        if column is not None and _must_be_given(column):
            yield attribute, column


def _must_be_given(column: Column) -> bool:
    """Whether an INSERT without the column fails."""
    return (
        column.nullable is False
        and column.primary_key is False
        and column.default is False
        and column.server_default is False
        and not (column.computed or column.made_with)
        and column.foreign_keys == ()
    )


def _words(name: str) -> set[str]:
    """The words of a class name, in small letters."""
    return {word.lower() for word in _WORD.findall(name)}


def _sounds_secret(name: str) -> bool:
    """`hashed_password`, `api_key_hash`."""
    words = set(name.lower().split("_"))
    return bool(words & _SECRET) or {"api", "key"} <= words


def described(column: Column) -> str:
    """A column in a few words: `Boolean, NOT NULL`."""
    kind = (column.type or "").removesuffix("()")
    null = {True: "may be NULL", False: "NOT NULL", None: ""}[column.nullable]
    return ", ".join(part for part in (kind, null) if part)
