"""A unique constraint on one side only: duplicates get in, or rows are refused that the model allows.

Constraints are compared by their columns, whatever their names; a unique index is one too.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(unique=True)  # error: [unique-drift] "duplicates"
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
        sa.Column("email", sa.Text),
    )
```

## Passes

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(unique=True)
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
        sa.Column("email", sa.Text),
    )
    op.create_index("people_by_email", "people", ["email"], unique=True)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity
from ormlint.graph.key_drift import key_pairs, lone_uniques
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule
from ormlint.rules.one_sided import one_sided

RULE = Rule(
    "ORM308",
    "unique-drift",
    Severity.WARNING,
    default_on=True,
    summary="a unique constraint on one side only",
)


def check(graph: Graph) -> Iterator[Finding]:
    for pair in key_pairs(graph):
        yield from one_sided(
            RULE,
            graph,
            pair,
            lone_uniques(pair),
            "the unique constraint on",
            missing="the database takes duplicates",
            orphan="rows that the model allows are refused",
        )
