"""One head here and one on the base make two after the merge.

Each side is in order, and so is every check of each side; `alembic upgrade head` stops on the first machine
that has both.

Needs `--diff-base REF`, and compares with that commit. Branches with labels or folders of their own may stay
apart.

## Fails

```python title="base/versions/0001.py"
revision = "0001"
down_revision = None
```

```python title="base/versions/0002_theirs.py"
revision = "0002_theirs"
down_revision = "0001"
```

```python title="versions/0001.py"
revision = "0001"
down_revision = None
```

```python title="versions/0002_ours.py"
revision = "0002_ours"
down_revision = "0001"  # error: [heads-after-merge] "`0002_theirs` on `base`: after the merge"
```

## Passes

```python title="base/versions/0001.py"
revision = "0001"
down_revision = None
```

```python title="versions/0001.py"
revision = "0001"
down_revision = None
```

```python title="versions/0002_ours.py"
revision = "0002_ours"
down_revision = "0001"
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.branches import are_apart
from ormlint.graph.migrations.history import History, history_of
from ormlint.graph.model import Environment, Graph, Revision
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM413",
    "heads-after-merge",
    Severity.ERROR,
    default_on=True,
    summary="one head here and one on the commit of `--diff-base` make two after the merge",
)


def check(graph: Graph) -> Iterator[Finding]:
    if graph.base is None:
        return
    for environment in graph.environments:
        theirs = graph.base.there.revisions.get(environment.path, ())
        fork = graph.base.fork.revisions.get(environment.path, ()) if graph.base.fork is not None else ()
        if all(each.known for each in (*environment.revisions, *theirs)):
            yield from _compared(environment, theirs, {each.id for each in fork}, graph.base.name)


def _compared(
    environment: Environment, theirs: Iterable[Revision], fork: set[str], base: str
) -> Iterator[Finding]:
    here, there = history_of(environment.revisions), history_of(theirs)
    if len(here.heads) != 1 or len(there.heads) != 1:
        return
    merged = history_of(_merged(here, there, fork))
    if {*merged.heads} != {*here.heads, *there.heads} or here.heads == there.heads:
        return
    heads = [merged.revisions[key] for key in merged.heads]
    if not are_apart(merged.revisions, heads, merged.roots):
        yield _finding(here, there, base)


def _merged(here: History, there: History, fork: set[str]) -> Iterator[Revision]:
    """What a merge leaves: all but what one side has taken out since they parted."""
    for key, revision in here.revisions.items():
        if key in there.revisions or key not in fork:
            yield revision
    for key, revision in there.revisions.items():
        if key not in here.revisions and key not in fork:
            yield revision


def _finding(here: History, there: History, base: str) -> Finding:
    [ours], [theirs] = here.heads, there.heads
    first = here.revisions[_first_of_own(here, there, ours)]
    rebase = f"let `down_revision` of `{first.id}` be `{theirs}`"
    return RULE.finding(
        first.place_of_down or first.place,
        f"`{ours}` is the head here and `{theirs}` on `{base}`: after the merge there are two, "
        "and `alembic upgrade head` stops",
        subject=Subject(revision=ours),
        help=f"{rebase}, or run `alembic merge heads` after the merge",
    )


def _first_of_own(here: History, there: History, head: str) -> str:
    """The oldest revision of this side alone, below its head."""
    own, seen = head, {head}
    while below := [key for key in here.down[own] if key not in there.revisions and key not in seen]:
        own = below[0]
        seen.add(own)
    return own
