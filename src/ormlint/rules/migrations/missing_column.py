"""A model's column that no migration adds: every query of the model fails with "column does not exist".

Silent where a step that cannot be followed may have added it, and for columns that `env.py` hides.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]  # error: [missing-column] "no migration adds `people.email`"
```

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True))
```

## Passes

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
```

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True))
```

```python title="alembic/versions/0002.py"
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.execute("ALTER TABLE people ADD COLUMN email varchar(255) NOT NULL")
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.drift import Pair, has_column, model_of, pairs
from ormlint.graph.model import Column, Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM303",
    "missing-column",
    Severity.ERROR,
    default_on=True,
    summary="a model's column that no migration adds",
)


def check(graph: Graph) -> Iterator[Finding]:
    for pair in pairs(graph):
        for column in pair.table.columns.values():
            hidden = (pair.table.key, column.name) in pair.environment.excluded_columns
            if not hidden and not has_column(pair.environment, pair.migrated.columns, column.name):
                yield _finding(graph, pair, column)


def _finding(graph: Graph, pair: Pair, column: Column) -> Finding:
    table, migrated = pair.table, pair.migrated
    model = model_of(graph, table)
    return RULE.finding(
        column.place,
        f"no migration adds `{table.key}.{column.name}`: every query of it fails",
        subject=Subject(model=model.id if model else None, table=table.key, column=column.name),
        related=(Related(migrated.place, f"revision `{migrated.created_in}` creates the table here"),),
        help="`alembic revision --autogenerate` writes the migration",
    )
