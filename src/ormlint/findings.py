"""A finding is plain data: what is wrong, where, why, and what to do about it."""

from __future__ import annotations

import hashlib
from enum import Enum

from msgspec import Struct, structs


class Severity(str, Enum):
    """How bad a finding is: `error` fails at run time or loses data, `warning` is drift."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Place(Struct, frozen=True, order=True, array_like=True, gc=False):
    """A range in a file: path with forward slashes from the root, lines and columns from 1.

    `end_column` is the column after the last character. Columns are 0 where only the line is known.
    """

    path: str
    line: int
    column: int = 0
    end_line: int = 0
    end_column: int = 0


class Related(Struct, frozen=True):
    """The other end of a finding ("the column is declared here")."""

    place: Place
    message: str
    is_end: bool = True
    """Whether a comment there silences the finding; false where the place is only mentioned."""


class Subject(Struct, frozen=True):
    """What a finding is about, by graph identity; `None` where a key does not apply.

    `schema` and `model` are dotted ids, `table` is the key of `MetaData.tables`.
    """

    schema: str | None = None
    field: str | None = None
    model: str | None = None
    table: str | None = None
    column: str | None = None
    revision: str | None = None
    name: str | None = None
    path: str | None = None
    """Of the file, where the finding is about the file itself."""


class Applicability(str, Enum):
    """Whether a fix keeps the meaning of the program (`safe`) or may change it (`unsafe`)."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Fix(Struct, frozen=True):
    """A description of the fix; the edits themselves come with the fixers."""

    applicability: Applicability
    message: str
    path: str = ""
    """The file that it changes, where that is another than the finding's."""


class Finding(Struct, frozen=True):
    """One promise: this is wrong, here, and this is why."""

    code: str
    name: str
    severity: Severity
    message: str
    place: Place
    subject: Subject = Subject()
    related: tuple[Related, ...] = ()
    help: str = ""
    fix: Fix | None = None

    @property
    def fingerprint(self) -> str:
        """The identity that survives unrelated edits: the code and the subject, never lines."""
        keys = (f"{k}={v}" for k, v in structs.asdict(self.subject).items() if v is not None)
        text = "\0".join((self.code, *keys))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def sort_key(self) -> tuple[Place, str, str]:
        """By place, then code, then message: the order of every output."""
        return (self.place, self.code, self.message)


class Covered(Struct, frozen=True):
    """How many of a kind (`tables`, `columns`, `fields`, `operations`) are settled, of those found."""

    kind: str
    settled: int
    found: int


class Summary(Struct, frozen=True):
    """What a run looked at, and how much of it the source settles."""

    files: int = 0
    models: int = 0
    tables: int = 0
    schemas: int = 0
    revisions: int = 0
    coverage: tuple[Covered, ...] = ()
    migrations_only: bool = False
    """Nothing else was looked at, because the rules need no more."""
    older_tables: int = 0
    """Tables of models that no migration makes, because the history begins with a database that is there."""
    held_back: int = 0
    """Findings that the baseline leaves out."""
    pruned: int = 0
    """Findings that the baseline left out, and that are gone: they were taken out of it."""
