"""A revision whose parent no file has: every Alembic command stops with a KeyError.

A migration was deleted or renamed, its id was mistyped, or a branch was merged without all of its files.

Silent where code sets `version_locations`, as for the migrations of packages and plugins.

## Fails

```python title="alembic/versions/0001.py"
revision = "0001"
down_revision = None


def upgrade():
    pass
```

```python title="alembic/versions/0002.py"
revision = "0002"
down_revision = "0001_people"  # error: [broken-down-revision] "`0001_people`"


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
from ormlint.graph.elsewhere import missing
from ormlint.graph.model import Environment, Graph, Revision
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM402",
    "broken-down-revision",
    Severity.ERROR,
    default_on=True,
    summary="a `down_revision` or `depends_on` that no file has",
)


def check(graph: Graph) -> Iterator[Finding]:
    for environment in graph.environments:
        if environment.continues_elsewhere or not all(each.known for each in environment.revisions):
            continue  # the file that nobody sees, or whose id is not known, may be the one
        known = {name for each in environment.revisions for name in (each.id, *each.labels)}
        for revision, kind, name in missing(environment):
            yield _finding(environment, revision, name, kind, known)


def _finding(environment: Environment, revision: Revision, name: str, kind: str, known: set[str]) -> Finding:
    from difflib import get_close_matches  # noqa: PLC0415 - for mistakes alone

    place = revision.place_of_down if kind == "down_revision" else revision.place
    close = get_close_matches(name, known - {revision.id}, n=1)
    advice = f"`{close[0]}` is close to it" if close else "restore the file, or name the revision before it"
    return RULE.finding(
        place or revision.place,
        f"`{kind}` of `{revision.id}` is `{name}`, which no file of {environment.path} has",
        subject=Subject(revision=revision.id, name=name),
        help=advice,
    )
