"""No `env.py` migrates the MetaData that models live on, or `target_metadata` is None.

`alembic revision --autogenerate` and `alembic check` compare the database with `target_metadata` alone: of
tables that it does not hold they see nothing. Views, which are rightly kept out of it, do not count. A store
of its own (a cache, another database) that is created otherwise can be ignored where its base is declared.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Audit(DeclarativeBase):  # error: [metadata-not-migrated] "no `env.py` names the MetaData of `Audit`"
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)


class Entry(Audit):
    __tablename__ = "entries"
    id: Mapped[int] = mapped_column(primary_key=True)
```

```python title="alembic/env.py"
from alembic import context
from models import Base

context.configure(target_metadata=Base.metadata)
```

```python title="alembic/versions/0001.py"
revision = "0001"
down_revision = None
```

## Passes

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Audit(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)


class Entry(Audit):
    __tablename__ = "entries"
    id: Mapped[int] = mapped_column(primary_key=True)
```

```python title="alembic/env.py"
from alembic import context
from models import Audit, Base

context.configure(target_metadata=[Base.metadata, Audit.metadata])
```

```python title="alembic/versions/0001.py"
revision = "0001"
down_revision = None
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Place, Severity, Subject
from ormlint.graph.concerned import of_tests
from ormlint.graph.drift import is_view
from ormlint.graph.model import Environment, Graph, MetaDataInfo, Table
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM105",
    "metadata-not-migrated",
    Severity.WARNING,
    default_on=True,
    summary="`target_metadata` is None, or models live on a MetaData that no `env.py` names",
)


def check(graph: Graph) -> Iterator[Finding]:
    stores = [info for info in graph.metadatas.values() if _of_application(graph, info)]
    if not stores or any(each.target_metadata is None for each in graph.environments):
        return  # nothing to migrate, or nobody knows what is migrated
    for environment in graph.environments:
        if environment.target_metadata == () and not all(each.migrated_by for each in stores):
            yield _nothing(environment)  # else the models are others' to migrate
    named = {name for each in graph.environments for name in each.target_metadata or ()}
    if named and all(name in graph.metadatas and graph.metadatas[name].tables for name in named):
        for info in sorted(stores, key=lambda each: each.id):
            if not info.migrated_by:
                yield _forgotten(info)


def _of_application(graph: Graph, info: MetaDataInfo) -> bool:
    """Whether mapped classes live on it, outside of tests and of migrations with models of their own.

    Classes on views do not count: a MetaData of their own keeps them out of autogenerate, which would make
    tables of them.
    """
    folders = tuple(f"{each.path}/" for each in graph.environments)
    mapped = {model.table for model in graph.models.values() if not of_tests(model.place.path)}
    elsewhere = {t.key for t in graph.tables if t.source == "model" and t.metadata != info.id}
    paths = [
        table.place.path
        for table in graph.tables
        if table.metadata == info.id
        and table.key in mapped
        and not (is_view(graph, table) or _is_called_view(table))
        and (table.source == "model" or table.key not in elsewhere)  # the class of that name is another's
    ]
    return any(not of_tests(path) and not path.startswith(folders) for path in paths)


def _is_called_view(table: Table) -> bool:
    """Whether the name says that it is a view."""
    words = table.name.lower().split("_")
    return words[0] in _VIEWS or words[-1] in _VIEWS


_VIEWS = frozenset({"v", "vw", "mv", "view", "views", "matview"})


def _nothing(environment: Environment) -> Finding:
    place = environment.env_place or Place(f"{environment.path}/env.py", 1)
    return RULE.finding(
        place,
        "`target_metadata` is None: autogenerate sees none of the models",
        subject=Subject(path=place.path),
        help="give `context.configure` the MetaData of the models: `target_metadata = Base.metadata`",
    )


def _forgotten(info: MetaDataInfo) -> Finding:
    count = len(info.tables)
    return RULE.finding(
        info.place,
        f"no `env.py` names the MetaData of `{info.label}`: "
        f"autogenerate sees nothing of its {count} table{'s'[: count != 1]}",
        subject=Subject(name=info.name),
        help="name it in `target_metadata`, which takes a list too, or in an environment of its own",
    )
