"""What the project's own code says of schemas and models together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from ormlint.findings import Place

Kind = Literal["attribute", "generic", "validate", "response", "constructor", "update", "built", "unread"]


class Evidence(Struct, frozen=True):
    """One place that names a schema and a model together."""

    schema: str
    model: str
    kind: Kind
    place: Place
    words: str
    given: frozenset[str] = frozenset()
    """Names that a constructor is given besides what the schema supplies, or that are assigned beside it; of
    a schema that is built from a row, the keywords that the row fills; the fields that are never read."""
    absent: frozenset[str] = frozenset()
    """Of a schema that is built from a row, the keywords that ask it for what its model does not have."""
    asked: frozenset[str] = frozenset()
    """Of a row that is validated, the attributes of which the function asks whether they are NULL."""
    stated: bool = False
    """The call says `from_attributes` itself."""
    whole: bool = False
    """The function hands the schema on, or dumps it."""
    open: bool = False
    """A constructor is given a `**` that is no dump of the schema, or is a whole row; an update passes over
    what the row does not have."""


class Gathered(Struct, frozen=True):
    """All evidence, in source order, and what it rests on: files, and what stands for all else.

    There is nothing that stands for it where a file cannot be read: that tells nothing of another run.
    """

    evidence: Sequence[Evidence] = ()
    files: frozenset[str] = frozenset()
    key: str | None = ""
