"""An index on one side only: queries are slow in production that are fast in tests, or autogenerate drops it.

Indexes are compared by their columns, whatever their names. Those on expressions are left out, and so are
indexes that another index, a unique constraint or the primary key on the same columns stands for.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(index=True)  # error: [index-drift]
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
    email: Mapped[str | None] = mapped_column(index=True)
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
    op.create_index("people_by_email", "people", ["email"])
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity
from ormlint.graph.key_drift import index_pairs, lone_indexes
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule
from ormlint.rules.one_sided import one_sided

RULE = Rule(
    "ORM307",
    "index-drift",
    Severity.WARNING,
    default_on=True,
    summary="an index on one side only",
)


def check(graph: Graph) -> Iterator[Finding]:
    for pair in index_pairs(graph):
        yield from one_sided(
            RULE,
            graph,
            pair,
            lone_indexes(pair),
            "the index on",
            missing="queries on it read the whole table",
            orphan="the next autogenerate drops it",
        )
