"""A foreign key on one side only: rows point at nothing, or the database refuses what the model allows.

Keys are compared by their columns and what these refer to; names and options such as `ondelete` do not count.

## Fails

```python title="models.py"
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    boss: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # error: [foreign-key-drift]
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
        sa.Column("boss", sa.Integer),
    )
```

## Passes

```python title="models.py"
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    boss: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
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
        sa.Column("boss", sa.Integer),
    )
    op.create_foreign_key("boss_fk", "people", "people", ["boss"], ["id"])
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity
from ormlint.graph.key_drift import key_pairs, lone_foreign_keys, names_of_keys
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule
from ormlint.rules.one_sided import one_sided

RULE = Rule(
    "ORM309",
    "foreign-key-drift",
    Severity.WARNING,
    default_on=True,
    summary="a foreign key on one side only",
)


def check(graph: Graph) -> Iterator[Finding]:
    names = names_of_keys(graph)
    for pair in key_pairs(graph):
        yield from one_sided(
            RULE,
            graph,
            pair,
            lone_foreign_keys(pair, names),
            "the foreign key of",
            missing="rows may point at nothing",
            orphan="rows that the model allows are refused",
        )
