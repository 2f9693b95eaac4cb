"""A migration makes the models' tables as they are today, not as they were when it was written.

On a new database it makes columns that later revisions then add again; on an old one it made others. What the
migrations leave can no longer be told from their sources, so the rules on drift are blind to these tables.
Tables and MetaData that the migration itself declares are left alone.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op
from models import Base

revision = "0001"
down_revision = None


def upgrade():
    Base.metadata.create_all(op.get_bind())  # error: [create-all-in-migration] "models of today"
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

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    metadata = sa.MetaData()
    sa.Table("people", metadata, sa.Column("id", sa.Integer, primary_key=True))
    metadata.create_all(op.get_bind())
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM406",
    "create-all-in-migration",
    Severity.WARNING,
    default_on=True,
    summary="a migration that makes the tables of today's models",
)


def check(graph: Graph) -> Iterator[Finding]:
    for environment in graph.environments:
        for remark in environment.remarks:
            if remark.kind == "create-all":
                yield RULE.finding(
                    remark.place,
                    f"`{remark.what}` makes the models of today in revision `{remark.revision}`: "
                    "a new database differs from those migrated before",
                    subject=Subject(table=remark.table, revision=remark.revision),
                    help="write the tables out with `op.create_table()` as they were at this revision",
                )
