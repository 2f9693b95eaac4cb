"""A setting or a comment links to a schema or a model that does not exist.

The class was renamed or has gone, or several go by that name: the link says nothing, and the schema is
compared with whatever the rest of the source points at.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```

```python title="schemas.py"
from pydantic import BaseModel


class PersonOut(BaseModel):  # ormlint: model=Persn  # error: [unknown-link] "no model `Persn`"
    id: int
```

## Passes

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```

```python title="schemas.py"
from pydantic import BaseModel


# ormlint: model=models.Person
class Contact(BaseModel):
    id: int


class PersonBadge(BaseModel):  # ormlint: no-model
    id: int
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM211",
    "unknown-link",
    Severity.ERROR,
    default_on=True,
    summary="a setting or comment that links to a schema or model which does not exist",
)


def check(graph: Graph) -> Iterator[Finding]:
    for each in graph.misstated:
        if each.kind == "unknown-link":
            yield RULE.finding(each.place, each.message, subject=Subject(name=each.name), help=each.help)
