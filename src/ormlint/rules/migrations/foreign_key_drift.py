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

from ormlint.findings import Finding, Related, Severity
from ormlint.graph.drift import subject_of
from ormlint.graph.key_drift import key_pairs, lone_foreign_keys
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM309",
    "foreign-key-drift",
    Severity.WARNING,
    default_on=True,
    summary="a foreign key on one side only",
)


def check(graph: Graph) -> Iterator[Finding]:
    for pair in key_pairs(graph):
        for lone in lone_foreign_keys(graph, pair):
            table = pair.table
            what = f"the foreign key of `{table.key}` ({lone.text})"
            missing = f"no migration makes {what}: rows may point at nothing"
            orphan = f"no model has {what}: rows that the model allows are refused"
            other = pair.migrated.place if lone.in_model else table.place
            said = f"revision `{pair.migrated.created_in}` creates the table here"
            yield RULE.finding(
                lone.place,
                missing if lone.in_model else orphan,
                subject=subject_of(graph, table, name=lone.text),
                related=(Related(other, said if lone.in_model else "the table is declared here"),),
                help="`alembic revision --autogenerate` writes the migration, where the model is right",
            )
