"""`upgrade()` changes the schema and `downgrade()` does nothing: the revision is taken back, and no change.

The database says that it is at the earlier revision and has the later schema, so that the next upgrade stops
where it makes again what is there. A migration that cannot be undone says so with
`raise NotImplementedError`.

## Fails

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
    )


def downgrade():  # error: [empty-downgrade]
    pass
```

## Passes

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
    )


def downgrade():
    raise NotImplementedError
```

```python title="alembic/versions/0002.py"
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    pass


def downgrade():
    pass
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM410",
    "empty-downgrade",
    Severity.WARNING,
    default_on=False,
    summary="`upgrade()` changes the schema and `downgrade()` does nothing",
)


def check(graph: Graph) -> Iterator[Finding]:
    for environment in graph.environments:
        for remark in environment.remarks:
            if remark.kind == "no-downgrade":
                yield RULE.finding(
                    remark.place,
                    f"{remark.what} in revision `{remark.revision}`, which changes the schema: "
                    "a database that is taken back keeps the change",
                    subject=Subject(revision=remark.revision),
                    help="undo the change, or raise NotImplementedError",
                )
