"""An operation on a table or a column that is not there: `alembic upgrade` stops on an empty database.

The object was never made, is dropped already, or is made only on a branch that is no ancestor, so that the
order of the two is left to chance. Databases that were migrated step by step do not show it; the next new one
does. A history that does not start from an empty database may have tables that no revision makes.

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
    op.alter_column("people", "email", nullable=False)  # error: [missing-object] "UndefinedColumn"
```

## Passes

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("people", sa.Column("email", sa.Text))
```

```python title="alembic/versions/0002.py"
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.alter_column("people", "email", nullable=False)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM405",
    "missing-object",
    Severity.ERROR,
    default_on=True,
    summary="an operation on a table or column that does not exist at its revision",
)


def check(graph: Graph) -> Iterator[Finding]:
    for environment in graph.environments:
        if not all(each.known for each in environment.revisions):
            continue  # what is missing may be made by a revision that has no known place
        for problem in environment.problems:
            if problem.kind != "missing-object":
                continue
            elsewhere = problem.elsewhere
            yield RULE.finding(
                problem.place,
                f"in `{problem.revision}`, {problem.message}",
                subject=Subject(table=problem.table, column=problem.column, revision=problem.revision),
                related=(Related(elsewhere, "it is made here"),) if elsewhere is not None else (),
                help="name the revision that makes it in `down_revision` or `depends_on`"
                if elsewhere is not None
                else "make it in an earlier revision, or take the operation out",
            )
