"""A field of a read schema does not take `None`, and its column may be NULL.

The first row with NULL in it is a ValidationError, long after the code was written.

Silent where the column has a default, where a before-validator mends the value, where the schema is built by
hand, where nothing but fields in common tells of the model and no row is seen to reach the schema, where what
validates a row asks whether the column is NULL (`where(Doctor.phone.is_not(None))`), for a column that is
nullable only because nobody said otherwise, in a table that says it nowhere or under a field of SQLModel that
takes no `None`, and for one that the migrations leave NOT NULL, of which `nullable-drift` tells.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Doctor(Base):
    __tablename__ = "doctors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    phone: Mapped[str | None]
```

```python title="schemas.py"
from pydantic import BaseModel, ConfigDict


class DoctorRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str
    phone: str  # error: [nullability-mismatch] "`DoctorRead.phone` does not take `None`"
```

## Passes

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Doctor(Base):
    __tablename__ = "doctors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    phone: Mapped[str | None] = mapped_column(server_default="")
    beeper: Mapped[str | None]
```

```python title="schemas.py"
from pydantic import BaseModel, ConfigDict


class DoctorRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str
    phone: str
    beeper: str | None
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.conversions import refuses_null
from ormlint.graph.drift import pairs, shared_columns
from ormlint.graph.mirror import Mirror, mirrors
from ormlint.graph.model import Column, Graph
from ormlint.graph.once import once
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM203",
    "nullability-mismatch",
    Severity.WARNING,
    default_on=True,
    summary="a field of a read schema does not take the NULL that its column may hold",
)


LEAST_STATED = 3
"""So many columns of a table that say NOT NULL show that its author says so where it is meant."""


def check(graph: Graph) -> Iterator[Finding]:
    families: dict[tuple[str, str, str], list[Mirror]] = defaultdict(list)
    for mirror in mirrors(graph):
        schema = mirror.schema
        if not mirror.reads or schema.custom_build or schema.built_by_code is not False:
            continue
        unlike = schema.role == "other" or schema.called_otherwise
        if _is_variant(mirror) or (mirror.only_resembles and unlike):
            continue
        for field in schema.fields.values():
            attribute = mirror.attribute_of(field)
            if attribute is None or attribute in schema.never_null:
                continue
            column = mirror.column(attribute)
            if column is None or not refuses_null(field, column) or not _is_meant(mirror, column):
                continue
            if (mirror.model.table, column.name) not in _filled(graph):
                families[field.declared_in, field.name, mirror.model.id].append(mirror)
    for (_, name, _), family in families.items():
        yield _finding(name, family)


@once
def _filled(graph: Graph) -> frozenset[tuple[str | None, str]]:
    """(table key, column) of those that the migrations leave NOT NULL, whatever the models say."""
    return frozenset(
        (pair.table.key, column.name)
        for pair in pairs(graph)
        for column, migrated in shared_columns(pair)
        if migrated.nullable is False
    )


def _is_variant(mirror: Mirror) -> bool:
    """Whether the schema takes only the rows of one kind, which a field with a single value tells apart.

    https://docs.pydantic.dev/latest/concepts/unions/#discriminated-unions
    """
    return any(
        (field.type or "").startswith("Literal[")
        and "," not in (field.type or "")
        and mirror.attribute_of(field) is not None
        for field in mirror.schema.fields.values()
    )


def _is_meant(mirror: Mirror, column: Column) -> bool:
    """Whether somebody decided that the column may be NULL: said so, or said NOT NULL of others."""
    if column.nullable_stated:
        return True
    if column.foreign_keys or column.never_none:
        return False
    others = [each.definition for each in mirror.model.columns.values()]
    required = [each for each in others if each and each.nullable_stated and each.nullable is False]
    return len(required) >= LEAST_STATED


def _finding(name: str, family: list[Mirror]) -> Finding:
    inherited = {ancestor for mirror in family for ancestor in mirror.schema.ancestors}
    first = min(family, key=lambda mirror: (mirror.schema.id not in inherited, mirror.schema.id))
    schema, model = first.schema, first.model
    field = schema.fields[name]
    attribute = first.attribute_of(field) or name
    mapped = model.columns[attribute]
    stated = mapped.definition is not None and mapped.definition.nullable_stated
    reached = next((mirror.schema.reached for mirror in family if mirror.schema.reached is not None), None)
    return RULE.finding(
        field.place,
        f"`{schema.name}.{name}` does not take `None`, and `{model.name}.{attribute}` may be NULL",
        severity=Severity.ERROR if reached is not None and stated else Severity.WARNING,
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
        help=f"declare the field as `{field.type} | None`, or the column NOT NULL",
    )
