"""An input schema takes longer texts than its column holds.

What Pydantic lets through the database refuses (PostgreSQL) or cuts (MySQL). Only a stated limit is compared:
a field without one is everyday style. With the setting `strict-length` it is a finding as well, unless a
pattern or a validator settles what it takes.

## Fails

```python title="models.py"
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    city: Mapped[str] = mapped_column(String(50))
```

```python title="schemas.py"
from pydantic import BaseModel, Field


class PersonCreate(BaseModel):
    name: str = Field(max_length=200)  # error: [length-mismatch] "takes 200, `Person.name` holds 100"
    city: str
```

## Passes

```python title="models.py"
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    city: Mapped[str] = mapped_column(String(50))
```

```python title="schemas.py"
from pydantic import BaseModel, Field


class PersonCreate(BaseModel):
    name: str = Field(max_length=100)
    city: str = Field(max_length=20)
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.mirror import Mirror, mirrors
from ormlint.graph.model import Column, Field, Graph
from ormlint.graph.model.types import Call, symbol
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM206",
    "length-mismatch",
    Severity.WARNING,
    default_on=True,
    summary="an input schema takes longer texts than its column holds",
)


def check(graph: Graph) -> Iterator[Finding]:
    families: dict[tuple[str, str, str], list[Mirror]] = defaultdict(list)
    for mirror in mirrors(graph):
        if mirror.writes:
            for field in mirror.schema.fields.values():
                attribute = field.name if field.name in mirror.model.columns else mirror.attribute_of(field)
                column = mirror.column(attribute) if attribute is not None else None
                room = _room(column) if column is not None else None
                if room is not None and _is_longer(field, room, strict=graph.options.strict_length):
                    families[field.declared_in, field.name, mirror.model.id].append(mirror)
    for (_, name, _), family in families.items():
        yield _finding(name, family)


def _is_longer(field: Field, room: int, *, strict: bool) -> bool:
    return (strict and field.any_text) if field.max_length is None else field.max_length > room


def _room(column: Column) -> int | None:
    """The `n` of `String(n)`."""
    kind = column.kind
    if not isinstance(kind, Call) or symbol(kind.callee) not in (
        "String",
        "VARCHAR",
        "Unicode",
        "CHAR",
        "AutoString",
    ):
        return None
    length = kind.arg(0, "length")
    return length if type(length) is int else None


def _finding(name: str, family: list[Mirror]) -> Finding:
    first = min(family, key=lambda mirror: mirror.schema.id)
    schema, model = first.schema, first.model
    field = schema.fields[name]
    attribute = name if name in model.columns else first.attribute_of(field) or name
    mapped = model.columns[attribute]
    room = _room(mapped.definition) if mapped.definition is not None else None
    return RULE.finding(
        field.place,
        f"`{schema.name}.{name}` takes {field.max_length or 'any length'}, "
        f"`{model.name}.{attribute}` holds {room} characters",
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
        help=f"set `max_length={room}`, or widen the column in a migration",
    )
