"""A field that `from_attributes` reads by an alias which its model does not have.

Pydantic reads attributes by the alias alone, unless `validate_by_name` (or `populate_by_name`) lets it try
the field's name too: the row has the column, the field does not find it. A required field fails, any other
keeps its default, which is a warning.

Silent where the schema is built by hand, where code sets an attribute of the alias's name, and where rows
are validated with `by_name=True`. An alias generator hides most fields at once, so that no row could ever be
read: that is told where a row is seen to be validated, for else the schema is filled from something else.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Clinic(Base):
    __tablename__ = "clinics"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    phone: Mapped[str]
```

```python title="schemas.py"
from pydantic import BaseModel, ConfigDict, Field


class ClinicRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str
    phone: str = Field(alias="phoneNumber")  # error: [alias-hides-attribute] "read as `phoneNumber`"
```

## Passes

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Clinic(Base):
    __tablename__ = "clinics"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    phone: Mapped[str]
```

```python title="schemas.py"
from pydantic import BaseModel, ConfigDict, Field


class ClinicRead(BaseModel):
    model_config = ConfigDict(from_attributes=True, populate_by_name=True)
    id: int
    name: str
    phone: str = Field(alias="phoneNumber")
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.mirror import Mirror, mirrors
from ormlint.graph.model import Field, Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM208",
    "alias-hides-attribute",
    Severity.ERROR,
    default_on=True,
    summary="a field is read from a row by an alias that its model does not have",
)


def check(graph: Graph) -> Iterator[Finding]:
    for mirror in mirrors(graph):
        schema = mirror.schema
        built = schema.custom_build or schema.built_by_code or schema.read_by_name
        if mirror.reads and not built:
            yield from (
                _finding(mirror, field) for field in schema.fields.values() if _is_hidden(mirror, field)
            )


def _is_hidden(mirror: Mirror, field: Field) -> bool:
    if field.generated and mirror.schema.reached is None:
        return False
    unread = field.read_as is not None and mirror.attribute_of(field) is None
    return unread and mirror.has(field.name) and field.set_by_code is False


def _finding(mirror: Mirror, field: Field) -> Finding:
    schema, model = mirror.schema, mirror.model
    aliases = " or ".join(f"`{name}`" for name in field.read_as or ())
    outcome = "validation of a row fails" if field.required else "it always has its default"
    mapped = model.columns.get(field.name) or model.relationships.get(field.name)
    return RULE.finding(
        field.place,
        f"`{schema.name}.{field.name}` is read as {aliases}, which `{model.name}` does not have: {outcome}",
        severity=Severity.ERROR if field.required else Severity.WARNING,
        subject=Subject(
            schema=schema.id,
            field=field.name,
            model=model.id,
            table=model.table,
            column=model.columns[field.name].column if field.name in model.columns else None,
        ),
        related=(
            Related(mapped.place if mapped is not None else model.place, "the attribute is declared here"),
        ),
        help="set `populate_by_name=True`, or let the alias be a `serialization_alias`",
    )
