"""Revisions that descend from themselves: every Alembic command stops with a CycleDetected error.

It happens when a `down_revision` is mended by hand and names a later revision.

## Fails

```python title="alembic/versions/0001.py"
revision = "0001"
down_revision = "0002"  # error: [revision-cycle] "descend from themselves"


def upgrade():
    pass
```

```python title="alembic/versions/0002.py"
revision = "0002"
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

```python title="alembic/versions/0002.py"
revision = "0002"
down_revision = "0001"


def upgrade():
    pass
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM409",
    "revision-cycle",
    Severity.ERROR,
    default_on=True,
    summary="revisions that descend from themselves",
)


def check(graph: Graph) -> Iterator[Finding]:
    for environment in graph.environments:
        for problem in environment.problems:
            if problem.kind == "cycle":
                yield RULE.finding(
                    problem.place,
                    f"{problem.message}: every Alembic command stops",
                    subject=Subject(revision=problem.revision),
                    help="let the oldest of them name a revision that is none of them, or `None`",
                )
