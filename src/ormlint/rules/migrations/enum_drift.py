"""An enumeration has other members in the model than in the migrations.

A member that no migration adds makes every INSERT of it fail; one that the database has alone makes the query
fail that reads it, with a LookupError. Members count as a set. They are those of the database's enumerated
type (PostgreSQL, MySQL) or of a check constraint `column IN (…)`; enumerations that are kept as plain text
(`native_enum=False`) are left out. SQLite refuses nothing, so that there the drift is a warning.

## Fails

```python title="models.py"
import enum

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Kind(enum.Enum):
    MEMBER = "member"
    GUEST = "guest"


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind]  # error: [enum-drift] "no migration adds `GUEST` to `people.kind`"
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
        sa.Column("kind", sa.Enum("MEMBER", name="kind"), nullable=False),
    )
```

## Passes

```python title="models.py"
import enum

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Kind(enum.Enum):
    MEMBER = "member"
    GUEST = "guest"


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
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
        sa.Column("kind", sa.Enum("MEMBER", name="kind"), nullable=False),
    )
```

```python title="alembic/versions/0002.py"
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.execute("ALTER TYPE kind ADD VALUE 'GUEST'")
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity
from ormlint.graph.drift import operations_on, subject_of
from ormlint.graph.model import Graph, Members, Stored
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM311",
    "enum-drift",
    Severity.ERROR,
    default_on=True,
    summary="an enumeration has other members in the model than in the migrations",
)


def check(graph: Graph) -> Iterator[Finding]:
    for environment in graph.environments:
        for stored in environment.stored:
            members = stored.members
            if members is not None and set(members.modelled) != set(members.migrated):
                yield _finding(graph, stored, members)


def _finding(graph: Graph, stored: Stored, members: Members) -> Finding:
    missing = [each for each in members.modelled if each not in members.migrated]
    extra = [each for each in members.migrated if each not in members.modelled]
    table = graph.tables[stored.table]
    name = f"`{table.key}.{stored.column.name}`"
    if missing and members.enforced:
        message = f"no migration adds {_text(missing)} to {name}: an INSERT of it fails"
    elif missing:
        message = f"no migration adds {_text(missing)} to {name}: a database that knows the type refuses it"
    else:
        message = f"the model of {name} lacks {_text(extra)}: reading a row that has it fails"
    made = (Related(members.place, "the members are listed here"),) if members.place is not None else ()
    return RULE.finding(
        stored.column.place,
        message,
        severity=None if missing and members.enforced else Severity.WARNING,
        subject=subject_of(graph, table, stored.column.name),
        related=operations_on(stored.migrated) + made,
        help="add it in a migration (on PostgreSQL with `ALTER TYPE … ADD VALUE`)"
        if missing
        else "add it to the model, or make a new type without it",
    )


def _text(members: list[str]) -> str:
    return ", ".join(f"`{each}`" for each in members)
