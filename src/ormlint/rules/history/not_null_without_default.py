"""A NOT NULL column without a server default, added to a table that may have rows: the migration stops there.

It works on every empty database, in tests and on the developer's machine, and fails in production. Add the
column with `nullable=True`, fill it and set it NOT NULL, or give it a `server_default`. MySQL fills such
columns by itself; a revision that empties tables is left alone.

## Fails

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True))
```

```python title="alembic/versions/0002.py"
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("people", sa.Column("email", sa.Text, nullable=False))  # error: [not-null-without-default]
```

## Passes

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True))
```

```python title="alembic/versions/0002.py"
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("people", sa.Column("email", sa.Text))
    op.execute("UPDATE people SET email = ''")
    op.alter_column("people", "email", nullable=False)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM407",
    "not-null-without-default",
    Severity.WARNING,
    default_on=True,
    summary="a NOT NULL column without a default, added to a table that may have rows",
)


def check(graph: Graph) -> Iterator[Finding]:
    for environment in graph.environments:
        for remark in environment.remarks:
            if remark.kind != "not-null":
                continue
            made = remark.elsewhere
            yield RULE.finding(
                remark.place,
                f"`{remark.table}.{remark.column}` is added NOT NULL without a server default: "
                "`alembic upgrade` stops here if the table has rows",
                subject=Subject(table=remark.table, column=remark.column, revision=remark.revision),
                related=(Related(made, "an earlier revision creates the table here"),) if made else (),
                help="add it nullable, fill it and then set it NOT NULL, or give it a `server_default`",
            )
