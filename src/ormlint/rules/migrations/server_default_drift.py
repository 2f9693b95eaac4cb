"""One side alone has a server default: rows get a value, or are refused, depending on who made the table.

Whether there is a default is compared, not which. Primary keys, computed and identity columns are left out.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(server_default="")  # error: [server-default-drift]
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
        sa.Column("email", sa.Text, nullable=False),
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
    email: Mapped[str] = mapped_column(server_default="")
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
        sa.Column("email", sa.Text, nullable=False, server_default="none"),
    )
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity
from ormlint.graph.drift import operations_on, pairs, shared_columns, subject_of
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM312",
    "server-default-drift",
    Severity.WARNING,
    default_on=False,
    summary="one side alone has a server default",
)


def check(graph: Graph) -> Iterator[Finding]:
    for pair in pairs(graph):
        for column, migrated in shared_columns(pair):
            if column.primary_key is not False or migrated.primary_key is not False:
                continue
            sides = column.server_default, migrated.server_default
            if (
                None in sides
                or sides[0] == sides[1]
                or column.computed
                or migrated.computed
                or column.fetched
            ):
                continue
            name = f"`{pair.table.key}.{column.name}`"
            here, there = ("model", "migrations") if column.server_default else ("migrations", "model")
            yield RULE.finding(
                column.place,
                f"{name} has a server default in the {here} and none in the {there}",
                subject=subject_of(graph, pair.table, column.name),
                related=operations_on(migrated),
                help="autogenerate compares defaults with `compare_server_default=True` in `env.py`",
            )
