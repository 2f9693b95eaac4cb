"""A migrated column that no model maps: the model forgot it, or a migration that drops it is missing.

Where the column is NOT NULL and has no default, every INSERT through the model fails, and the finding is an
error.

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
        sa.Column("email", sa.String(255), nullable=False),  # error: [orphan-column] "every INSERT"
        sa.Column("nickname", sa.String(40)),  # error: [orphan-column] "`people.nickname`"
    )
```

## Passes

```python title="models.py"
from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id = Column(Integer, primary_key=True)
    mail = Column("email", String(255), nullable=False)
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
        sa.Column("email", sa.String(255), nullable=False),
    )
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.drift import has_column, migrated_table, model_of, pairs, targeted
from ormlint.graph.model import Graph, MigratedColumn, MigratedTable, Table
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM304",
    "orphan-column",
    Severity.WARNING,
    default_on=True,
    summary="a migrated column that no model maps",
)


def check(graph: Graph) -> Iterator[Finding]:
    sharing = _sharing(graph)
    for pair in pairs(graph):
        environment, migrated = pair.environment, pair.migrated
        same = sharing.pop(id(migrated), None)
        if same is None:
            continue  # another model's table is the same one
        if environment.excluded_tables is None or migrated.key in environment.excluded_tables:
            continue
        if not all(table.complete and not table.reflected for table in same):
            continue
        for column in migrated.columns.values():
            known = any(has_column(environment, table.columns, column.name) for table in same)
            if not known and not column.uncertain:
                yield _finding(graph, pair.table, migrated, column)


def _sharing(graph: Graph) -> dict[int, list[Table]]:
    """The models' tables on each migrated one, by its identity."""
    found: dict[int, list[Table]] = defaultdict(list)
    for environment, table in targeted(graph):
        migrated = migrated_table(environment, table)
        if migrated is not None:
            found[id(migrated)].append(table)
    return found


def _finding(graph: Graph, table: Table, migrated: MigratedTable, column: MigratedColumn) -> Finding:
    model = model_of(graph, table)
    name = f"`{migrated.key}.{column.name}`"
    breaks = column.nullable is False and column.server_default is False and not column.computed
    consequence = ", and it is NOT NULL without a default: every INSERT through the model fails"
    return RULE.finding(
        column.place,
        f"no model maps {name}, which revision `{column.revision}` adds{consequence if breaks else ''}",
        severity=Severity.ERROR if breaks else None,
        subject=Subject(
            model=model.id if model else None,
            table=table.key,
            column=column.name,
            revision=column.revision,
        ),
        related=(Related(table.place, "the table is declared here"),),
        help="add the column to the model, or drop it in a migration",
    )
