"""A file that should be read has a syntax error, or cannot be decoded or opened.

What it says is missing from the analysis: its models look like tables that no model maps, its migration
like a revision that is not there. All other files are still analysed.

Bodies of functions that tell nothing of models, schemas and migrations are not read: a syntax error there
is for a linter of Python to find.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    metadata = = None  # error: [unreadable-file] "syntax error"
```

## Passes

ormlint reads Python that is newer than the interpreter it runs on.

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

type Names[T] = dict[str, T]


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM001",
    "unreadable-file",
    Severity.ERROR,
    default_on=True,
    summary="a file that should be read has a syntax error or cannot be decoded",
)


def check(graph: Graph) -> Iterator[Finding]:
    for problem in graph.unreadable:
        yield RULE.finding(
            problem.place,
            problem.reason,
            subject=Subject(path=problem.place.path),
            help=problem.what_to_do,
        )
