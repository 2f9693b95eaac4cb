"""An ignore comment or a setting names a rule that does not exist.

It silences nothing: a slip of the pen, or a rule that has gone. In `select` and `extend-select`, and on the
command line, an unknown rule is refused outright, since what is not checked must not go unnoticed.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):  # ormlint: ignore[ORM101, ORM999]  # error: [unknown-code] "no rule `ORM999`"
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```

## Passes

Codes, names and prefixes are known; what other linters are told is no business of ormlint's.

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):  # ormlint: ignore[missing-naming-convention, ORM1]  # noqa: D101
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ormlint.findings import Finding, Severity, Subject
from ormlint.options import Misstatement
from ormlint.rules.base import Rule

if TYPE_CHECKING:
    from ormlint.graph.model import Graph

RULE = Rule(
    "ORM004",
    "unknown-code",
    Severity.WARNING,
    default_on=True,
    summary="an ignore comment or a setting that names a rule which does not exist",
)


def check(graph: Graph) -> Iterator[Finding]:
    return found(graph.misstated)


def found(misstated: Iterable[Misstatement]) -> Iterator[Finding]:
    """What comes of misstatements: what the comments leave out is known after all other rules alone."""
    for each in misstated:
        if each.kind == "unknown-code":
            yield RULE.finding(
                each.place,
                each.message,
                subject=Subject(name=each.name, path=each.place.path),
                help=each.help,
            )
