"""A mapped class stands in a module that running the Alembic `env.py` does not import.

Autogenerate compares the database with the tables that are declared by then. It does not see the table of
such a class; one that the database has already it takes for removed, and drops.

## Fails

```python title="models/__init__.py"
```

```python title="models/base.py"
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
```

```python title="models/badge.py"
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Badge(Base):  # error: [model-unreachable-from-env] "does not see `badges`"
    __tablename__ = "badges"
    id: Mapped[int] = mapped_column(primary_key=True)
```

```python title="alembic/env.py"
from alembic import context
from models.base import Base

context.configure(target_metadata=Base.metadata)
```

```ini title="alembic.ini"
[alembic]
script_location = alembic
```

```python title="alembic/versions/0001.py"
revision = "0001"
down_revision = None
```

## Passes

```python title="models/__init__.py"
from models.badge import Badge
```

```python title="models/base.py"
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
```

```python title="models/badge.py"
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Badge(Base):
    __tablename__ = "badges"
    id: Mapped[int] = mapped_column(primary_key=True)
```

```python title="alembic/env.py"
from alembic import context
from models.base import Base

context.configure(target_metadata=Base.metadata)
```

```ini title="alembic.ini"
[alembic]
script_location = alembic
```

```python title="alembic/versions/0001.py"
revision = "0001"
down_revision = None
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Applicability, Finding, Fix, Severity, Subject
from ormlint.graph.concerned import of_tests
from ormlint.graph.model import Environment, Graph, Model, Table
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM104",
    "model-unreachable-from-env",
    Severity.ERROR,
    default_on=True,
    summary="a mapped class stands in a module that the Alembic `env.py` does not import",
    fix=Applicability.SAFE,
)


def check(graph: Graph) -> Iterator[Finding]:
    told: set[str] = set()
    own = _tables_by_place(graph)
    for model in sorted(graph.models.values(), key=lambda each: each.place):
        table = own.get((model.table, model.place.path))
        if table is None or model.place.path in told or of_tests(model.place.path):
            continue
        environments = [e for e in graph.environments if table.metadata in (e.target_metadata or ())]
        if environments and all(_unreached(each, model, table) for each in environments):
            told.add(model.place.path)
            yield _finding(model, table, environments[0])


def _tables_by_place(graph: Graph) -> dict[tuple[str | None, str], Table]:
    """The tables by key and module: of one that another module declares than the class's, nothing is lost."""
    found: dict[tuple[str | None, str], Table] = {}
    for table in graph.tables:
        if not table.is_view:
            found.setdefault((table.key, table.place.path), table)
    return found


def _unreached(environment: Environment, model: Model, table: Table) -> bool:
    if environment.reached is None or table.key in environment.excluded_models:
        return False
    return model.place.path not in environment.reached


def _finding(model: Model, table: Table, environment: Environment) -> Finding:
    env = environment.env_place.path if environment.env_place is not None else f"{environment.path}/env.py"
    created = table.key in environment.tables
    outcome = f"would drop `{table.key}`" if created else f"does not see `{table.key}`"
    return RULE.finding(
        model.place,
        f"`{env}` does not import the module of `{model.name}`: the next autogenerate {outcome}",
        subject=Subject(model=model.id, table=table.key),
        help="import the module where `env.py` imports the others, as in the package's `__init__.py`",
        fix=_fix(model, env),
    )


def _fix(model: Model, env: str) -> Fix | None:
    """An import of the class in `env.py`, where the class can be imported from its file by its name."""
    module = model.id.rpartition(".")[0]
    file = model.place.path.removesuffix(".py").removesuffix("/__init__")
    if not f"/{file}".endswith(f"/{module.replace('.', '/')}"):
        return None
    return Fix(Applicability.SAFE, f"Import `{model.name}` in `{env}`", env)
