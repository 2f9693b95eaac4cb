"""The primary keys of model and migrations differ: the identity of a row is not what the mapper takes it for.

Two rows may be one object to the session, an UPDATE may hit several rows, or an INSERT is refused.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"  # error: [primary-key-drift] "none in the migrations"
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
        sa.Column("id", sa.Integer, nullable=False),
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
```

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="people_key"),
    )
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity
from ormlint.graph.drift import subject_of
from ormlint.graph.key_drift import Columns, key_pairs, primary_keys
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM310",
    "primary-key-drift",
    Severity.ERROR,
    default_on=True,
    summary="the primary keys of model and migrations differ",
)


def check(graph: Graph) -> Iterator[Finding]:
    for pair in key_pairs(graph):
        keys = primary_keys(pair)
        if keys is None or keys[0] == keys[1]:
            continue
        said = f"revision `{pair.migrated.created_in}` creates the table here"
        yield RULE.finding(
            pair.table.place,
            f"the primary key of `{pair.table.key}` is {_text(keys[0])} in the model and "
            f"{_text(keys[1])} in the migrations: what is one row to the mapper may be several",
            subject=subject_of(graph, pair.table),
            related=(Related(pair.migrated.place, said),),
            help="make the key in a migration with `op.create_primary_key()`, or mend the model",
        )


def _text(key: Columns) -> str:
    return f"`{', '.join(sorted(key))}`" if key else "none"
