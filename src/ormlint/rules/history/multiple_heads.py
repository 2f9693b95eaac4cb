"""More than one head: `alembic upgrade head` refuses to run, and nobody knows in which order the branches go.

It happens when two branches of the repository each add a revision on the same parent and are merged. Heads
that all belong to branches with labels of their own are meant to live side by side, and are left alone.

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
        if not _apart(environment, revisions, heads):
            yield _finding(environment, heads)


def _apart(environment: Environment, revisions: dict[str, Revision], heads: list[Revision]) -> bool:
    """Whether every head is on a branch with a label of its own."""
    labels = [_labels(revisions, head) for head in heads]
    taken = [label for each in labels for label in each]
    return all(labels) and len(set(taken)) == len(taken) and len(environment.roots) >= len(heads)


def _labels(revisions: dict[str, Revision], head: Revision) -> set[str]:
    labels: set[str] = set()
    todo, seen = [head.id], {head.id}
    while todo:
        revision = revisions[todo.pop()]
        labels.update(revision.labels)
        following = {key for key in revision.down if key in revisions} - seen
        seen |= following
        todo += following
    return labels


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
