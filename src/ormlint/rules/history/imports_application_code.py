"""A migration imports models of the application: it changes its meaning whenever they change.

A query through a model of today names columns that the database does not have yet at that revision, and a new
database stops there. What a migration needs of a table it declares itself with `sa.table()`.

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

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
    )
```

```python title="alembic/versions/0002.py"
import sqlalchemy as sa
from alembic import op
from models import Person  # error: [imports-application-code]

revision = "0002"
down_revision = "0001"


def upgrade():
    op.get_bind().execute(sa.update(Person).values(id=1))
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
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
    )
```

```python title="alembic/versions/0002.py"
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


people = sa.table("people", sa.column("id"))


def upgrade():
    op.execute(people.update().values(id=1))
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM411",
    "imports-application-code",
    Severity.WARNING,
    default_on=False,
    summary="a migration that imports models of the application",
)


def check(graph: Graph) -> Iterator[Finding]:
    for environment in graph.environments:
        for remark in environment.remarks:
            if remark.kind == "imports-models":
                yield RULE.finding(
                    remark.place,
                    f"revision `{remark.revision}` imports {remark.what}: it means something else "
                    "whenever the models change",
                    subject=Subject(revision=remark.revision),
                    help="declare what it needs in the migration with `sa.table()` and `sa.column()`",
                )
