"""An `# ormlint: ignore[...]` silences nothing.

What it silenced has been put right, or it stands at the wrong line. As long as it stays, it would hide the
next finding of its rule. A rule that did not run is not counted against its comments.

## Fails

```python title="models.py"
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):  # ormlint: ignore[ORM101] ours  # error: [unused-ignore] "silences nothing"
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```

## Passes

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):  # ormlint: ignore[ORM101] the database was named by hand
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ormlint.findings import Applicability, Finding, Fix, Severity, Subject
from ormlint.options import Misstatement
from ormlint.rules.base import Rule

if TYPE_CHECKING:
    from ormlint.graph.model import Graph

RULE = Rule(
    "ORM003",
    "unused-ignore",
    Severity.WARNING,
    default_on=True,
    summary="an `# ormlint: ignore[...]` that silences nothing",
    fix=Applicability.SAFE,
)


def check(graph: Graph) -> Iterator[Finding]:
    return found(graph.misstated)


def found(misstated: Iterable[Misstatement]) -> Iterator[Finding]:
    """What comes of misstatements: what the comments leave out is known after all other rules alone."""
    for each in misstated:
        if each.kind == "unused-ignore":
            yield RULE.finding(
                each.place,
                each.message,
                subject=Subject(name=each.name, path=each.place.path),
                help=each.help,
                fix=Fix(Applicability.SAFE, f"Remove `{each.name}`" if each.name else "Remove the comment"),
            )
