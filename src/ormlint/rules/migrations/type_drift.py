"""A column has another type in the model than in the migrations: what is written is not what is kept.

Both types are compared as DDL of the database that the project is for, which is how Alembic's autogenerate
compares them. A type of the project is what its `load_dialect_impl` or its `impl` says. Silent where a type
is another package's or not settled, where `env.py` has a `compare_type` of its own or none, and for the
members of enumerations, which are another rule's.

## Fails

```python title="models.py"
from decimal import Decimal

from sqlalchemy import Numeric, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))  # error: [type-drift] "FLOAT in the migrations"
    note: Mapped[str] = mapped_column(String(200))  # error: [type-drift] "longer values are refused"
```

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("amount", sa.Float, nullable=False),
        sa.Column("note", sa.String(100), nullable=False),
    )
```

## Passes

```python title="models.py"
from decimal import Decimal

from sqlalchemy import Numeric, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    note: Mapped[str] = mapped_column(String(200))
```

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("amount", sa.DECIMAL(10, 2), nullable=False),
        sa.Column("note", sa.String(100), nullable=False),
    )
    op.alter_column("invoices", "note", type_=sa.VARCHAR(200), existing_type=sa.String(100))
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ormlint.findings import Finding, Severity
from ormlint.graph.drift import AUTOGENERATE, operations_on, subject_of
from ormlint.graph.model import Graph, Stored
from ormlint.graph.sqltype import difference
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM306",
    "type-drift",
    Severity.WARNING,
    default_on=True,
    summary="a column has another type in the model than in the migrations",
)


def check(graph: Graph) -> Iterator[Finding]:
    for environment in graph.environments:
        for stored in environment.stored if environment.compares_types else ():
            found = [difference(one, other, dialect) for dialect, one, other in stored.types]
            if found and found[0] is not None and None not in found:
                yield _finding(graph, stored, *found[0])


def _finding(graph: Graph, stored: Stored, modelled: str, migrated: str) -> Finding:
    table = graph.tables[stored.table]
    name = f"{table.key}.{stored.column.name}"
    return RULE.finding(
        stored.column.place,
        f"`{name}` is {modelled} in the model and {migrated} in the migrations: "
        f"{_consequence(modelled, migrated)}",
        subject=subject_of(graph, table, stored.column.name),
        related=operations_on(stored.migrated),
        help=AUTOGENERATE,
    )


def _consequence(modelled: str, migrated: str) -> str:
    lengths = [re.fullmatch(r"(\w+)\((\d+)\)", text) for text in (modelled, migrated)]
    if lengths[0] is not None and lengths[1] is not None and lengths[0][1] == lengths[1][1]:
        longer = int(lengths[0][2]) > int(lengths[1][2])
        return "longer values are refused" if longer else "the database takes longer values"
    if " WITH TIME ZONE" in modelled and " WITHOUT TIME ZONE" in migrated:
        return "the zone of a time is lost"
    if " WITHOUT TIME ZONE" in modelled and " WITH TIME ZONE" in migrated:
        return "times come back with a zone"
    return "values are written and read as another type than is kept"
