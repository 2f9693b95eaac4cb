"""A declarative base, or a MetaData that models use, has no `naming_convention`.

Without one, the names of constraints are left to the database, and differ between databases: a migration
that drops or changes such a constraint cannot say which. SQLAlchemy's own default names indexes alone.
See https://alembic.sqlalchemy.org/en/latest/naming.html and
https://docs.sqlalchemy.org/en/20/core/constraints.html#configuring-constraint-naming-conventions.

The fix is not a safe one: with a convention, the next autogenerate sees other names than the database has.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):  # error: [missing-naming-convention]
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```

## Passes

```python title="models.py"
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Applicability, Finding, Fix, Severity, Subject
from ormlint.graph.concerned import concerned
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM101",
    "missing-naming-convention",
    Severity.ERROR,
    default_on=True,
    summary="a MetaData that models use has no `naming_convention`",
    fix=Applicability.UNSAFE,
)

_HELP = (
    "give its MetaData a naming convention: `metadata = MetaData(naming_convention={...})` with the keys "
    "ix, uq, ck, fk and pk (`ormlint rule ORM101` shows the recommended ones)"
)


def check(graph: Graph) -> Iterator[Finding]:
    named = {
        key for each in graph.environments if each.names_constraints for key in each.target_metadata or ()
    }
    for info in concerned(graph) if graph.options.required_conventions else ():
        if info.convention is not None or not info.convention_known or info.id in named:
            continue
        count = len(info.tables)
        yield RULE.finding(
            info.place,
            f"the MetaData of `{info.label}` has no naming convention: constraints of its "
            f"{count} table{'s'[: count != 1]} get names that no migration can rely on",
            subject=Subject(name=info.name),
            help=_HELP,
            fix=Fix(Applicability.UNSAFE, "Add a `naming_convention` with the five recommended keys"),
        )
