"""A field's Enum or Literal and its column's Enum list different values.

A row with a value that the read schema does not list fails; an input with a value that the column does not
list is refused by the database. Members are compared by value, which is what validation goes by.

Silent where a before-validator mends the value, and for values that only the other direction would see.

## Fails

```python title="models.py"
from enum import Enum

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Level(str, Enum):
    low = "low"
    high = "high"
    critical = "critical"


class Result(Base):
    __tablename__ = "results"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    level: Mapped[Level] = mapped_column(sa.Enum(Level))
```

```python title="schemas.py"
from typing import Literal

from pydantic import BaseModel, ConfigDict


class ResultRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str
    level: Literal["low", "high"]  # error: [enum-mismatch] "lacks `critical`"
```

## Passes

```python title="models.py"
from enum import Enum

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Level(str, Enum):
    low = "low"
    high = "high"


class Result(Base):
    __tablename__ = "results"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    level: Mapped[Level] = mapped_column(sa.Enum(Level))
```

```python title="schemas.py"
from typing import Literal

from pydantic import BaseModel, ConfigDict


class ResultRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str
    level: Literal["low", "high", "unknown"]
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.choices import of_column, of_field
from ormlint.graph.mirror import Mirror, mirrors
from ormlint.graph.model import Field, Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM209",
    "enum-mismatch",
    Severity.WARNING,
    default_on=True,
    summary="a field's Enum or Literal and its column's Enum list different values",
)


def check(graph: Graph) -> Iterator[Finding]:
    families: dict[tuple[str, str, str, bool], list[Mirror]] = defaultdict(list)
    for mirror in mirrors(graph):
        if mirror.reads or mirror.writes:
            for field in mirror.schema.fields.values():
                if not field.validated_before and _difference(mirror, field):
                    families[field.declared_in, field.name, mirror.model.id, mirror.reads].append(mirror)
    for (_, name, _, _), family in families.items():
        yield _finding(name, family)


def _difference(mirror: Mirror, field: Field) -> tuple[str, ...]:
    """What a row may hold and the field refuses, or the field takes and the column refuses."""
    taken = of_field(field)
    attribute = mirror.attribute_of(field) if taken is not None else None
    column = mirror.column(attribute) if attribute is not None else None
    held = of_column(column) if column is not None else None
    if held is None or taken is None or (held[1] is not None and held[1] == taken[1]):
        return ()
    if mirror.reads and held[0] > taken[0] and len(taken[0]) == 1 and taken[1] is None:
        return ()  # it says which kind of row the schema is for, one of several in a union
    return tuple(sorted(held[0] - taken[0] if mirror.reads else taken[0] - held[0]))


def _finding(name: str, family: list[Mirror]) -> Finding:
    inherited = {ancestor for mirror in family for ancestor in mirror.schema.ancestors}
    first = min(family, key=lambda mirror: (mirror.schema.id not in inherited, mirror.schema.id))
    schema, model = first.schema, first.model
    field = schema.fields[name]
    attribute = first.attribute_of(field) or name
    mapped = model.columns[attribute]
    values = ", ".join(f"`{value}`" for value in _difference(first, field))
    if first.reads:
        message = f"`{schema.name}.{name}` lacks {values}, which `{model.name}.{attribute}` may hold"
    else:
        message = f"`{schema.name}.{name}` takes {values}, which `{model.name}.{attribute}` does not list"
    return RULE.finding(
        field.place,
        message,
        subject=Subject(
            schema=schema.id, field=name, model=model.id, table=model.table, column=mapped.column
        ),
        related=(
            Related(mapped.place, "the column is declared here"),
            *(
                Related(each.schema.place, f"`{each.schema.name}` has it too")
                for each in family
                if each is not first
            ),
        ),
        help="use the column's Enum for the field",
    )
