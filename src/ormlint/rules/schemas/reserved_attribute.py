"""A field named `metadata` or `registry` reads the declarative base's own attribute instead of a column.

SQLAlchemy keeps both names for itself, so the column is mapped under another name, and every row answers
`row.metadata` with the `MetaData` of its class: validation fails, or the field holds nonsense, which is a
warning.

A create or update schema with such a field writes to that attribute, `Model(metadata=…)`, and the column
stays empty: that is told where nothing in the sources sets the attribute that holds the column.

Silent where the schema is built by hand, where a before-validator looks at the value, and where an alias
names the attribute that holds the column.

## Fails

```python title="models.py"
from sqlalchemy import JSON
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Document(Base):
    __tablename__ = "documents"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    metadata_: Mapped[dict] = mapped_column("metadata", JSON)
```

```python title="schemas.py"
from pydantic import BaseModel, ConfigDict


class DocumentRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    title: str
    text: str
    metadata: dict  # error: [reserved-attribute] "reads `Document.metadata`, which is SQLAlchemy's own"
```

## Passes

```python title="models.py"
from sqlalchemy import JSON
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Document(Base):
    __tablename__ = "documents"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    metadata_: Mapped[dict] = mapped_column("metadata", JSON)
```

```python title="schemas.py"
from pydantic import BaseModel, ConfigDict, Field


class DocumentRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    title: str
    text: str
    metadata: dict = Field(validation_alias="metadata_")
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.conversions import Mode, refuses
from ormlint.graph.mirror import RESERVED, Mirror, mirrors
from ormlint.graph.model import Field, Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM212",
    "reserved-attribute",
    Severity.ERROR,
    default_on=True,
    summary="a field named `metadata` or `registry` reads the declarative base's own attribute",
)


def check(graph: Graph) -> Iterator[Finding]:
    for mirror in mirrors(graph):
        if mirror.reads and not mirror.schema.built_by_code:
            for field in mirror.schema.fields.values():
                name = _read_from_base(mirror, field)
                if name is not None and not field.validated_before and field.type not in ("Any", "object"):
                    yield _finding(mirror, field, name)
        for name, attribute in mirror.hidden.items() if mirror.writes else ():
            field = mirror.schema.fields[name]
            if attribute in mirror.schema.never_set and field.read_as == (name,):
                yield _lost(mirror, field, attribute)


def _read_from_base(mirror: Mirror, field: Field) -> str | None:
    """The reserved name that the field reads, where no name before it is found on the row."""
    for name in field.read_as or ():
        if mirror.has(name):
            return None
        if name in RESERVED:
            return name
    return None


def _finding(mirror: Mirror, field: Field, name: str) -> Finding:
    schema, model = mirror.schema, mirror.model
    held = next((each for each in model.columns.values() if each.column == name), None)
    related = (Related(held.place, "the column is declared here"),) if held is not None else ()
    return RULE.finding(
        field.place,
        f"`{schema.name}.{field.name}` reads `{model.name}.{name}`, which is SQLAlchemy's own, not a column",
        severity=Severity.ERROR if refuses(field.kind, "object", Mode()) else Severity.WARNING,
        subject=Subject(schema=schema.id, field=field.name, model=model.id, table=model.table),
        related=related or (Related(model.place, "the model is declared here"),),
        help=f'read the column: `validation_alias="{held.attribute}"`'
        if held is not None
        else "name it otherwise",
    )


def _lost(mirror: Mirror, field: Field, attribute: str) -> Finding:
    schema, model = mirror.schema, mirror.model
    return RULE.finding(
        field.place,
        f"`{schema.name}.{field.name}` never reaches its column: `{model.name}.{field.name}` is SQLAlchemy's "
        f"own, and nothing sets `{attribute}`",
        severity=Severity.WARNING,
        subject=Subject(
            schema=schema.id, field=field.name, model=model.id, table=model.table, column=field.name
        ),
        related=(Related(model.columns[attribute].place, "the column is declared here"),),
        help=f"set the attribute that holds the column: `{model.name}({attribute}=…)`",
    )
