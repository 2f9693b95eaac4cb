"""A schema is validated from a row, and does not read from attributes.

`model_validate(row)` takes a dict or an instance of the schema, unless `from_attributes` is set (`orm_mode`
before Pydantic 2): every call fails.

Silent where the call says `from_attributes=True` itself, where the class has a way of its own of taking rows,
and for FastAPI's `response_model`, which reads from attributes anyway.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Drug(Base):
    __tablename__ = "drugs"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    code: Mapped[str]
```

```python title="schemas.py"
from pydantic import BaseModel


class DrugRead(BaseModel):  # error: [missing-from-attributes] "`DrugRead` does not read from attributes"
    id: int
    name: str
    code: str
```

```python title="routes.py"
from models import Drug
from schemas import DrugRead


def show(session, key: int) -> DrugRead:
    drug = session.get(Drug, key)
    return DrugRead.model_validate(drug)
```

## Passes

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Drug(Base):
    __tablename__ = "drugs"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    code: Mapped[str]
```

```python title="schemas.py"
from pydantic import BaseModel


class DrugRead(BaseModel):
    id: int
    name: str
    code: str
```

```python title="routes.py"
from models import Drug
from schemas import DrugRead


def show(session, key: int) -> DrugRead:
    drug = session.get(Drug, key)
    return DrugRead.model_validate(drug, from_attributes=True)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.mirror import mirrors
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM207",
    "missing-from-attributes",
    Severity.WARNING,
    default_on=True,
    summary="a schema is validated from rows without reading from attributes",
)


def check(graph: Graph) -> Iterator[Finding]:
    for mirror in mirrors(graph):
        schema, model = mirror.schema, mirror.model
        if schema.from_attributes is False and schema.validated is not None and not schema.custom_build:
            yield RULE.finding(
                schema.place,
                f"`{schema.name}` does not read from attributes, and is validated from a `{model.name}`",
                subject=Subject(schema=schema.id, model=model.id, table=model.table),
                related=(Related(schema.validated, "a row is validated here"),),
                help="set `model_config = ConfigDict(from_attributes=True)`",
            )
