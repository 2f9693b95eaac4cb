"""A revision id of more than 32 characters: Alembic's own table has no room for it, and the upgrade stops.

Alembic creates `alembic_version.version_num` as `VARCHAR(32)`. PostgreSQL and MySQL refuse a longer value.
SQLite takes it, and the project cannot leave SQLite any more, which is a warning. Silent where the history
or `env.py` widens the column.

## Fails

```python title="alembic/versions/0001.py"
revision = "0001"
down_revision = None


def upgrade():
    pass
```

```python title="alembic/versions/0002.py"
revision = "0002_people_have_names_and_addresses_now"  # error: [revision-id-too-long] "40 characters"
down_revision = "0001"


def upgrade():
    pass
```

## Passes

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.alter_column("alembic_version", "version_num", type_=sa.String(128))
```

```python title="alembic/versions/0002.py"
import sqlalchemy as sa
from alembic import op

revision = "0002_people_have_names_and_addresses_now"
down_revision = "0001"


def upgrade():
    pass
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.model import Graph, Revision
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM404",
    "revision-id-too-long",
    Severity.ERROR,
    default_on=True,
    summary="a revision id of more than 32 characters",
)

ROOM = 32
"""https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.environment.EnvironmentContext.configure"""


def check(graph: Graph) -> Iterator[Finding]:
    for environment in graph.environments:
        if environment.long_ids:
            continue
        for revision in environment.revisions:
            if revision.known and len(revision.id) > ROOM:
                yield _finding(revision, takes_all=environment.dialect == "sqlite")


def _finding(revision: Revision, *, takes_all: bool) -> Finding:
    consequence = "only SQLite takes more" if takes_all else "`alembic upgrade` stops here"
    return RULE.finding(
        revision.place,
        f"the revision id `{revision.id}` has {len(revision.id)} characters, "
        f"and `alembic_version` has room for {ROOM}: {consequence}",
        severity=Severity.WARNING if takes_all else None,
        subject=Subject(revision=revision.id),
        help="shorten the id, or widen `alembic_version.version_num` in an earlier revision",
    )
