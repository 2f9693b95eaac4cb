"""A named check constraint on one side only: rows get in that the model rules out, or are refused.

Constraints are compared by name, and by what they say. Nameless ones and those that a type brings are left
out; autogenerate sees none of them.

## Fails

```python title="models.py"
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    age: Mapped[int]
    __table_args__ = (CheckConstraint("age > 17", name="adult"),)  # error: [check-drift]
```

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("age", sa.Integer, nullable=False),
    )
```

## Passes

```python title="models.py"
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    age: Mapped[int]
    __table_args__ = (CheckConstraint("age > 17", name="adult"),)
```

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("age", sa.Integer, nullable=False),
    )
    op.create_check_constraint("adult", "people", "age > 17")
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity
from ormlint.graph.key_drift import key_pairs, lone_checks
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule
from ormlint.rules.one_sided import one_sided

RULE = Rule(
    "ORM313",
    "check-drift",
    Severity.WARNING,
    default_on=False,
    summary="a named check constraint on one side only",
)


def check(graph: Graph) -> Iterator[Finding]:
    for pair in key_pairs(graph):
        yield from one_sided(
            RULE,
            graph,
            pair,
            lone_checks(pair),
            "the check on",
            missing="rows get in that it rules out",
            orphan="rows that the model allows are refused",
            help="autogenerate does not see check constraints: write the migration by hand",
        )
