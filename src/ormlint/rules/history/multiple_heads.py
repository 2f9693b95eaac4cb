"""More than one head: `alembic upgrade head` refuses to run, and nobody knows in which order the branches go.

It happens when two branches of the repository each add a revision on the same parent and are merged. Heads
that all belong to branches with labels of their own, or each with all before it to a folder of its own, are
meant to live side by side, and are left alone.

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

```python title="alembic/versions/0003_rooms.py"
revision = "0003"  # error: [multiple-heads] "2 heads: `0002`, `0003`"
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
down_revision = "0001"


def upgrade():
    pass
```

```python title="alembic/versions/0004_merge.py"
revision = "0004"
down_revision = ("0002", "0003")


def upgrade():
    pass
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.branches import are_apart
from ormlint.graph.model import Environment, Graph, Revision
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM401",
    "multiple-heads",
    Severity.ERROR,
    default_on=True,
    summary="a migration history with more than one head",
)


def check(graph: Graph) -> Iterator[Finding]:
    for environment in graph.environments:
        # A revision whose id or parents are not known may be what joins the heads.
        if len(environment.heads) < 2 or not all(each.known for each in environment.revisions):
            continue
        revisions = {each.id: each for each in environment.revisions}
        heads = [revisions[key] for key in environment.heads]
        if not are_apart(revisions, heads, environment.roots):
            yield _finding(environment, heads)


def _finding(environment: Environment, heads: list[Revision]) -> Finding:
    named = ", ".join(f"`{head.id}`" for head in heads)
    *others, last = heads
    return RULE.finding(
        last.place,
        f"{environment.path} has {len(heads)} heads: {named}; `alembic upgrade head` stops",
        subject=Subject(name=environment.path),
        related=tuple(Related(head.place, "another head is here") for head in others),
        help="`alembic merge heads` joins them",
    )
