"""A model's table that no migration creates: the first query fails on every database but the developer's own.

Tests that call `create_all()` do not notice. A table that `env.py` hides from autogenerate, one that a
step may have made which cannot be followed, and a view that SQL in the project makes are left alone.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)


class Badge(Base):
    __tablename__ = "badges"  # error: [missing-table] "no migration creates `badges`"
    id: Mapped[int] = mapped_column(primary_key=True)
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
```

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True))
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.drift import lacking_tables, model_of
from ormlint.graph.model import Environment, Graph, Table
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM301",
    "missing-table",
    Severity.ERROR,
    default_on=True,
    summary="a model's table that no migration creates",
)


def check(graph: Graph) -> Iterator[Finding]:
    for table, environments in lacking_tables(graph):
        yield _finding(graph, table, environments[0])


def _finding(graph: Graph, table: Table, environment: Environment) -> Finding:
    model = model_of(graph, table)
    message = f"no migration creates `{table.key}`"
    if model is not None:
        message += f", the table of `{model.name}`"
    related: tuple[Related, ...] = ()
    dropped_by = environment.dropped.get(table.key)
    if dropped_by is not None:
        message = f"`{table.key}` is gone: revision `{dropped_by}` drops or renames it"
        dropping = next((each for each in environment.revisions if each.id == dropped_by), None)
        related = (Related(dropping.place, "the table is dropped here"),) if dropping is not None else ()
    return RULE.finding(
        table.place,
        message,
        subject=Subject(model=model.id if model is not None else None, table=table.key),
        related=related,
        help="`alembic revision --autogenerate` writes the migration",
    )
