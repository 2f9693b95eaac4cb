"""A field of a read schema refuses every value that its column holds.

Pydantic makes a text of a UUID no more than of a date: `id: str` over a UUID column is a ValidationError for
each row. Pydantic itself is the judge of which pairs of types fail; what only some values fail is left alone.

Silent where a before-validator mends the value, where the schema is built by hand, where the column's type is
not known, and, if no row is seen to reach the schema, where the model has another unique key that the field
may show, and where a file quotes the names of all that the schema needs: a dict of converted values.

## Fails

```python title="models.py"
import uuid

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Export(Base):
    __tablename__ = "exports"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    path: Mapped[str]
```

```python title="schemas.py"
from pydantic import BaseModel, ConfigDict


class ExportRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: str  # error: [type-mismatch] "`ExportRead.id` is `str`, which takes no UUID"
    name: str
    path: str
```

## Passes

```python title="models.py"
import uuid

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Export(Base):
    __tablename__ = "exports"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    path: Mapped[str]
```

```python title="schemas.py"
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


class ExportRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: Annotated[str, BeforeValidator(str)]
    name: str
    path: str
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.conversions import certainly_fails, held
from ormlint.graph.mirror import Mirror, mirrors
from ormlint.graph.model import Column, Field, Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM204",
    "type-mismatch",
    Severity.ERROR,
    default_on=True,
    summary="a field of a read schema refuses every value of its column",
)


def check(graph: Graph) -> Iterator[Finding]:
    families: dict[tuple[str, str, str], list[Mirror]] = defaultdict(list)
    for mirror in mirrors(graph):
        schema = mirror.schema
        if not mirror.reads or schema.custom_build or schema.built_by_code is not False:
            continue
        if schema.given_dicts:
            continue
        for field in schema.fields.values():
            attribute = mirror.attribute_of(field)
            column = mirror.column(attribute) if attribute is not None else None
            if column is None or not certainly_fails(schema, field, column):
                continue
            if not _may_be_another(mirror, field, column):
                families[field.declared_in, field.name, mirror.model.id].append(mirror)
    for (_, name, _), family in families.items():
        yield _finding(name, family)


def _may_be_another(mirror: Mirror, field: Field, column: Column) -> bool:
    """Whether the field may show a key that others know the row by, where no row is seen to reach it."""
    if mirror.schema.reached is not None or column.primary_key is not True:
        return False
    others = (each.definition for each in mirror.model.columns.values())
    unique = (each for each in others if each is not None and each.unique and not each.primary_key)
    return any(
        each.name.endswith(f"_{field.name}") and not certainly_fails(mirror.schema, field, each)
        for each in unique
    )


def _finding(name: str, family: list[Mirror]) -> Finding:
    inherited = {ancestor for mirror in family for ancestor in mirror.schema.ancestors}
    first = min(family, key=lambda mirror: (mirror.schema.id not in inherited, mirror.schema.id))
    schema, model = first.schema, first.model
    field = schema.fields[name]
    attribute = first.attribute_of(field) or name
    mapped = model.columns[attribute]
    given = held(mapped.definition) if mapped.definition is not None else "such value"
    kind = given.removeprefix("member of ").strip("`")
    reached = next((mirror.schema.reached for mirror in family if mirror.schema.reached is not None), None)
    return RULE.finding(
        field.place,
        f"`{schema.name}.{name}` is `{field.type}`, which takes no {given}, "
        f"and `{model.name}.{attribute}` holds one",
        severity=Severity.ERROR if reached is not None else Severity.WARNING,
        subject=Subject(
            schema=schema.id, field=name, model=model.id, table=model.table, column=mapped.column
        ),
        related=(
            Related(mapped.place, "the column is declared here"),
            *((Related(reached, "a row is validated here"),) if reached is not None else ()),
            *(
                Related(each.schema.place, f"`{each.schema.name}` has it too")
                for each in family
                if each is not first
            ),
        ),
        help=f"declare the field as `{kind}`, or convert the value in a before-validator",
    )
