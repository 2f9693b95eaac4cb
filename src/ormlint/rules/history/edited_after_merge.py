'''A revision that the base has was changed.

Where it has run, it does not run again: databases that were made before the change and after it differ, and
nothing tells. What is merged stays as it is, and a change is a revision of its own.

Needs `--diff-base REF`, and compares with that commit. Comments, docstrings, annotations, formatting, and
imports that nothing uses do not count. What the base itself changed since the two lines of work parted is not
held against this side.

## Fails

```python title="base/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True))
```

```python title="versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"  # error: [edited-after-merge] "`0001` is on `base`, and what it does was changed here"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.BigInteger, primary_key=True))
```

## Passes

```python title="base/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True))
```

```python title="versions/0001.py"
"""Begin."""

import sqlalchemy as sa
from alembic import op

revision: str = '0001'
down_revision: str | None = None


def upgrade() -> None:
    # The first table.
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
    )
```
'''

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.model import Base, Graph, Past, Revision
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM412",
    "edited-after-merge",
    Severity.ERROR,
    default_on=True,
    summary="a revision that the commit of `--diff-base` has was changed",
)


def check(graph: Graph) -> Iterator[Finding]:
    if graph.base is None:
        return
    for environment in graph.environments:
        merged = _by_id(graph.base.there, environment.path)
        before = _by_id(graph.base.fork, environment.path)
        for revision in environment.revisions:
            there = merged.get(revision.id)
            if there is not None and revision.known and _is_edited(graph.base, revision, there, before):
                yield _finding(graph.base, revision, there)


def _by_id(past: Past | None, environment: str) -> dict[str, Revision]:
    """The revisions of an environment at another commit; all of them where the folder had another name."""
    if past is None:
        return {}
    some = past.revisions.get(environment)
    found = some if some is not None else [each for group in past.revisions.values() for each in group]
    return {each.id: each for each in found}


def _is_edited(base: Base, revision: Revision, there: Revision, before: dict[str, Revision]) -> bool:
    here = base.here.get(revision.path)
    if here is None or here == base.there.meanings.get(there.path):
        return False
    old = before.get(revision.id)
    return base.fork is None or old is None or here != base.fork.meanings.get(old.path)


def _finding(base: Base, revision: Revision, there: Revision) -> Finding:
    moved = revision.down != there.down
    what = f"its `down_revision` was {_named(there.down)} there" if moved else "what it does was changed here"
    return RULE.finding(
        (revision.place_of_down if moved else None) or revision.place,
        f"revision `{revision.id}` is on `{base.name}`, and {what}: what ran it does not run it again",
        subject=Subject(revision=revision.id),
        help=f"`git checkout {base.name} -- {there.path}` brings it back; put the change in a new revision",
    )


def _named(down: tuple[str, ...]) -> str:
    return ", ".join(f"`{each}`" for each in down) or "`None`"
