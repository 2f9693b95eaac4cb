"""Model and migrations disagree on NULL: what the code takes for granted, the database does not keep.

A column that is nullable in the database alone may hold a NULL that the model's type rules out. One that
is NOT NULL in the database alone refuses rows which the model allows; tests against `create_all()` show
nothing. Columns of a primary key are left out, and so are those of which one side is not settled.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]  # error: [nullable-drift] "`people.email` is NOT NULL in the model"
    nickname: Mapped[str | None]  # error: [nullable-drift] "an INSERT without a value fails"
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
        sa.Column("email", sa.String(255)),
        sa.Column("nickname", sa.String(40), nullable=False),
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
    email: Mapped[str]
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
        sa.Column("email", sa.String(255)),
    )
    op.alter_column("people", "email", nullable=False)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity
from ormlint.graph.drift import AUTOGENERATE, operations_on, pairs, shared_columns, subject_of
from ormlint.graph.model import Column, Graph, MigratedColumn, Table
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM305",
    "nullable-drift",
    Severity.WARNING,
    default_on=True,
    summary="model and migrations disagree on NULL",
)


def check(graph: Graph) -> Iterator[Finding]:
    for pair in pairs(graph):
        for column, migrated in shared_columns(pair):
            if column.primary_key is not False or migrated.primary_key is not False:
                continue
            if column.computed and not column.nullable_stated:
                continue  # the database decides, and Alembic does not compare them either
            if None not in (column.nullable, migrated.nullable) and column.nullable != migrated.nullable:
                yield _finding(graph, pair.table, column, migrated)


def _finding(graph: Graph, table: Table, column: Column, migrated: MigratedColumn) -> Finding:
    name = f"`{table.key}.{column.name}`"
    if migrated.nullable:
        message = f"{name} is NOT NULL in the model and nullable in the migrations: a row may hold NULL"
    else:
        value = "NULL" if migrated.server_default is not False or column.default is not False else "a value"
        consequence = "an INSERT of NULL fails" if value == "NULL" else "an INSERT without a value fails"
        message = f"{name} is nullable in the model and NOT NULL in the migrations: {consequence}"
    return RULE.finding(
        column.place,
        message,
        subject=subject_of(graph, table, column.name),
        related=operations_on(migrated),
        help=AUTOGENERATE,
    )
