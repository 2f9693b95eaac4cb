"""A construct that the source does not settle: an unknown base class, a computed table name, an opaque step.

Rules stay silent about what it may change, so each of these is a place where drift can hide. The coverage
line counts them in every run; this rule, when selected, lists them with the reason. Of a history that begins
with a database that is there it names the tables that no migration makes, but for `external-tables`.

## Fails

```python title="models.py"
import os

from sqlalchemy import Column, Integer
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Person(Base):  # error: [unresolved] "models.Person"
    __tablename__ = os.environ["PEOPLE"]
    id = Column(Integer, primary_key=True)
```

## Passes

```python title="models.py"
from sqlalchemy import Column, Integer
from sqlalchemy.orm import DeclarativeBase

PREFIX = "app"


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = f"{PREFIX}_people"
    id = Column(Integer, primary_key=True)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.drift import older_tables
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM002",
    "unresolved",
    Severity.INFO,
    default_on=False,
    summary="a construct that cannot be settled from the source, with the reason",
)

_HELP = "rules say nothing about what depends on it"


def check(graph: Graph) -> Iterator[Finding]:
    for unresolved in graph.unresolved:
        yield RULE.finding(
            unresolved.place,
            f"{unresolved.what}: {unresolved.reason}",
            subject=Subject(path=unresolved.place.path, name=unresolved.what),
            help=_HELP,
        )
    for environment in graph.environments:
        older = [f"`{table.key}`" for table in older_tables(graph, environment)]
        roots = [each.place for each in environment.revisions if each.id in environment.roots]
        if older and roots:
            yield RULE.finding(
                min(roots),
                f"the history begins with a database that is there: no migration makes {', '.join(older)}",
                subject=Subject(path=environment.path, name="history"),
                help="name the tables in `external-tables`, where that is meant",
            )
        for step in environment.opaque:
            yield RULE.finding(
                step.place,
                f"a step of revision `{step.revision}`: {step.reason}",
                subject=Subject(revision=step.revision, name=step.reason),
                help=_HELP,
            )
