"""A table that migrations create and no model maps: dead weight, or a model that was lost.

Alembic's own table and tables that `env.py` hides from autogenerate are left alone, and so are all where a
model's table has a name that cannot be settled. A version table of SQLAlchemy-Continuum whose model is gone
is an orphan even where `env.py` hides it: the filter is there for those in use.

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
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("badges", sa.Column("id", sa.Integer, primary_key=True))  # error: [orphan-table]
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
    op.create_table("badges", sa.Column("id", sa.Integer, primary_key=True))
```

```python title="alembic/versions/0002.py"
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.drop_table("badges")
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.drift import knows_its_tables, mapped, touched_by_unsettled
from ormlint.graph.model import Environment, Graph, MigratedTable
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM302",
    "orphan-table",
    Severity.WARNING,
    default_on=True,
    summary="a table that migrations create and no model maps",
)

FEW = 3
"""Where more than these, and most of all tables, are orphans, their models are where nobody has looked."""
_CONTINUUM = {"transaction_id", "end_transaction_id", "operation_type"}
"""https://sqlalchemy-continuum.readthedocs.io/en/latest/intro.html#versions-table"""


def check(graph: Graph) -> Iterator[Finding]:
    if not graph.tables or _names_are_open(graph):
        return
    declared = {table.key for table in graph.tables}
    for environment in graph.environments:
        if not knows_its_tables(graph, environment):
            continue
        known = mapped(graph, environment)
        orphans = [
            table
            for table in environment.tables.values()
            if not table.uncertain
            and not graph.options.is_external(table.key)
            and not touched_by_unsettled(environment, table.key)
            and table.key not in known
            and _counts(environment, table, declared)
        ]
        if len(orphans) <= max(len(environment.tables) / 2, FEW):
            yield from map(_finding, orphans)


def _names_are_open(graph: Graph) -> bool:
    """Whether a model's or a `Table`'s name is not settled, or stands where nobody can read it."""
    revisions = {each.place.path for environment in graph.environments for each in environment.revisions}
    if any(each.place.path not in revisions for each in graph.unreadable):
        return True
    unsettled = any(model.table is None and not model.complete for model in graph.models.values())
    return unsettled or any(each.kind == "table" for each in graph.unresolved)


def _counts(environment: Environment, table: MigratedTable, declared: set[str]) -> bool:
    """Whether it is neither hidden nor a version table that SQLAlchemy-Continuum may be using."""
    if table.columns.keys() >= _CONTINUUM:
        return table.key.removesuffix("_version") not in declared
    return environment.excluded_tables is not None and table.key not in environment.excluded_tables


def _finding(table: MigratedTable) -> Finding:
    return RULE.finding(
        table.place,
        f"no model maps `{table.key}`, which revision `{table.created_in}` creates",
        subject=Subject(table=table.key, revision=table.created_in),
        help="drop it in a migration, or name it in `external-tables`",
    )
