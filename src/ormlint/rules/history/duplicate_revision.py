"""Two files with one revision id: Alembic keeps one of them and drops the other without running it.

It happens when a migration is copied as a template, or when numbered ids are given on two branches.

## Fails

```python title="alembic/versions/0001.py"
revision = "0001"
down_revision = None


def upgrade():
    pass
```

```python title="alembic/versions/0002_badges.py"
revision = "0002"
down_revision = "0001"


def upgrade():
    pass
```

```python title="alembic/versions/0002_rooms.py"
revision = "0002"  # error: [duplicate-revision] "0002_badges.py"
down_revision = "0001"


def upgrade():
    pass
```

## Passes

```python title="alembic/versions/0001.py"
revision = "0001"
down_revision = None


def upgrade():
    pass
```

```python title="alembic/versions/0002_badges.py"
revision = "0002"
down_revision = "0001"


def upgrade():
    pass
```

```python title="alembic/versions/0003_rooms.py"
revision = "0003"
down_revision = "0002"


def upgrade():
    pass
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.model import Graph, Revision
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM403",
    "duplicate-revision",
    Severity.ERROR,
    default_on=True,
    summary="two files with one revision id",
)


def check(graph: Graph) -> Iterator[Finding]:
    for environment in graph.environments:
        first: dict[str, Revision] = {}
        for revision in environment.revisions:
            if not revision.known:
                continue
            other = first.setdefault(revision.id, revision)
            if other is not revision:
                yield _finding(revision, other)


def _finding(revision: Revision, other: Revision) -> Finding:
    return RULE.finding(
        revision.place,
        f"the revision id `{revision.id}` is taken by {other.path}: one of the two files never runs",
        subject=Subject(revision=revision.id, path=revision.path),
        related=(Related(other.place, "the other file is here"),),
        help="give one of them an id of its own, and let the next revision name it",
    )
