"""A constraint stays without a name, because the naming convention in force asks for one that is not given.

Under a convention with `%(constraint_name)s` (the recommended one has it for checks), SQLAlchemy refuses a
constraint of that kind without a name as soon as its table is declared. The check that a type brings
(`Boolean(create_constraint=True)`, `Enum(..., create_constraint=True)`) is let through, but without a name:
no migration can drop it. See
https://docs.sqlalchemy.org/en/20/core/constraints.html#naming-check-constraints.

## Fails

```python title="models.py"
from sqlalchemy import CheckConstraint, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"})


class Person(Base):
    __tablename__ = "people"
    __table_args__ = (CheckConstraint("age >= 0"),)  # error: [unnamed-constraint] "a check constraint of"
    id: Mapped[int] = mapped_column(primary_key=True)
    age: Mapped[int]
```

## Passes

```python title="models.py"
from sqlalchemy import CheckConstraint, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"})


class Person(Base):
    __tablename__ = "people"
    __table_args__ = (CheckConstraint("age >= 0", name="age_positive"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    age: Mapped[int]
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Union

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.concerned import concerned
from ormlint.graph.model import Check, ForeignKey, Graph, Index, Table, Unique
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM103",
    "unnamed-constraint",
    Severity.WARNING,
    default_on=True,
    summary="a constraint stays without a name under the convention in force",
)

Constraint = Union[Index, Unique, Check, ForeignKey]
_TOKEN = "%(constraint_name)s"


def check(graph: Graph) -> Iterator[Finding]:
    for info in concerned(graph):
        if info.convention is None or not info.convention_known:
            continue
        asking = {kind for kind, pattern in info.convention.items() if pattern and _TOKEN in pattern}
        for table in graph.tables:
            if table.metadata == info.id and table.source != "continuum":
                for kind, constraint in _constraints(table):
                    if kind in asking and constraint.name is None and constraint.named_by is None:
                        yield _finding(table, kind, constraint)


def _constraints(table: Table) -> Iterator[tuple[str, Constraint]]:
    yield from (("ix", index) for index in table.indexes)
    yield from (("uq", unique) for unique in table.uniques)
    yield from (("ck", each) for each in table.checks)
    yield from (("fk", key) for key in table.foreign_keys)


_WORDS = {"ix": "an index", "uq": "a unique constraint", "ck": "a check constraint", "fk": "a foreign key"}


def _finding(table: Table, kind: str, constraint: Constraint) -> Finding:
    of_type = isinstance(constraint, Check) and constraint.of_type
    outcome = "it stays nameless, and no migration can drop it" if of_type else "SQLAlchemy refuses the table"
    return RULE.finding(
        constraint.place,
        f"{_WORDS[kind]} of `{table.key}` has no name, and the naming convention asks for one: {outcome}",
        subject=Subject(table=table.key),
        severity=Severity.WARNING if of_type else Severity.ERROR,
        help="give it `name=`; the convention puts its prefix before it",
    )
