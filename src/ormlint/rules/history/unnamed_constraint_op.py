"""A constraint is dropped without its name, which cannot run, or made without one.

`op.drop_constraint(None, …)` stops the migration: autogenerate writes it into `downgrade()` where the upgrade
makes a constraint without a name. Such a constraint gets whatever name the database makes up: another one on
another database, none at all on SQLite. With a naming convention on the MetaData that `env.py` names, the
convention names new constraints. Where the convention is not known, only what no convention can help is
reported.

Each revision is reported once. A constraint that is made without a name is a warning, unless `downgrade()`
drops one of the same table by its name: the project knows what the database calls it.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True), sa.Column("boss", sa.Integer))
    op.create_foreign_key(None, "people", "people", ["boss"], ["id"])


def downgrade():
    op.drop_constraint(None, "people", type_="foreignkey")  # error: [unnamed-constraint-op] "cannot run"
    op.drop_table("people")
```

## Passes

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True), sa.Column("boss", sa.Integer))
    op.create_foreign_key("people_boss_fkey", "people", "people", ["boss"], ["id"])


def downgrade():
    op.drop_constraint("people_boss_fkey", "people", type_="foreignkey")
    op.drop_table("people")
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.model import Graph, Remark
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM408",
    "unnamed-constraint-op",
    Severity.ERROR,
    default_on=True,
    summary="a constraint is dropped without its name, or made without one",
)


def check(graph: Graph) -> Iterator[Finding]:
    for environment in graph.environments:
        found: dict[str, list[Remark]] = {}
        for remark in environment.remarks:
            if remark.kind in ("nameless", "nameless-stops"):
                found.setdefault(remark.revision, []).append(remark)
        for remarks in found.values():
            stopping = [remark for remark in remarks if remark.kind == "nameless-stops"]
            yield _finding(stopping or remarks, stops=bool(stopping))


def _finding(remarks: list[Remark], *, stops: bool) -> Finding:
    first, *others = remarks
    table = f" on `{first.table}`" if first.table else ""
    consequence = "cannot run" if stops else "leaves the name to the database"
    more = f", like {len(others)} more in this revision" if others else ""
    help_ = "give the name that the constraint has in the database" if stops else "give it a name"
    return RULE.finding(
        first.place,
        f"{first.what}{table} {consequence}{more}",
        severity=None if stops else Severity.WARNING,
        subject=Subject(table=first.table, revision=first.revision),
        help=f"{help_}, or let the MetaData have a naming convention",
    )
