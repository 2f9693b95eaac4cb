"""A read schema that mirrors its model lacks a column that was added later.

Somebody added the column and its migration and forgot the schema: the API goes on as if the column were not
there. Most schemas lack columns on purpose, so the age of the column decides: it came by `add_column` in a
later revision than the one that created the table, while the schema shows the columns of the first day. One
finding per column, at the read schema that shows most; the others that lack it are named there, and the base
that they share, where it declares most of their fields and all lack the column: the field belongs into it.

Silent for schemas that show a part on purpose (few columns, or a word like `Summary`, `Brief` or `Ref` that
the model's name does not have), for columns that another read schema of the model shows, for secrets, search,
soft-delete and bookkeeping columns, for bytes and pickled objects, for a foreign key whose relationship is a
field, and wherever the migrations do not tell the column's age.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    language: Mapped[str]
```

```python title="schemas.py"
from pydantic import BaseModel, ConfigDict


class PersonRead(BaseModel):  # error: [missing-field] "`PersonRead` lacks `language` of `Person`"
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str
    email: str
```

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
    )
```

```python title="alembic/versions/0002.py"
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("people", sa.Column("language", sa.String, nullable=False, server_default="en"))
```

## Passes

The column is as old as the table: the schema leaves it out on purpose.

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    language: Mapped[str]
```

```python title="schemas.py"
from pydantic import BaseModel, ConfigDict


class PersonRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str
    email: str
```

```python title="alembic/versions/0001.py"
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
    )
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.ages import Ages, unshown
from ormlint.graph.mirror import Mirror, described
from ormlint.graph.model import Graph, MigratedColumn
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM201",
    "missing-field",
    Severity.WARNING,
    default_on=True,
    summary="a read schema lacks a column that was added to its model later",
)

LEAST_COVERAGE = 0.55
"""Below it a schema is a projection: no forgotten column was found in one that shows less."""
NEARLY_ALL = 0.9
"""A schema that shows newer columns knew of the older one, unless it shows nearly all that code uses."""


def check(graph: Graph) -> Iterator[Finding]:
    ages = Ages(graph)
    for attribute, late, family in unshown(graph, ages):
        lacking = [
            mirror
            for mirror in family
            if _forgot(mirror, attribute, late, ages)
            and not graph.options.may_miss(mirror.schema.id, attribute)
        ]
        if lacking:
            yield _finding(attribute, late, lacking, family)


def _forgot(mirror: Mirror, attribute: str, late: MigratedColumn, ages: Ages) -> bool:
    """Whether the schema would show the column, had somebody thought of it."""
    if not mirror.reads or mirror.is_projection or mirror.covers(attribute) or _holds_bytes(late):
        return False
    coverage = mirror.coverage
    if coverage < LEAST_COVERAGE:
        return False
    extended = any(
        ages.is_newer(mirror.model, other, late) for other in mirror.model.columns if mirror.covers(other)
    )
    if not extended or coverage >= NEARLY_ALL:
        return True
    whole = mirror.breadth >= NEARLY_ALL and not mirror.derives(attribute)
    return whole and mirror.model.columns[attribute].touched is True


def _holds_bytes(column: MigratedColumn) -> bool:
    """Whether the database keeps bytes there, which no answer shows as they are."""
    return (column.type or "").partition("(")[0] in _BYTES


_BYTES = frozenset({
    "BINARY", "BLOB", "BYTEA", "LargeBinary", "LONGBLOB", "MEDIUMBLOB", "PickleType", "TINYBLOB", "VARBINARY",
})  # fmt: skip


def _finding(
    attribute: str, late: MigratedColumn, lacking: Sequence[Mirror], family: Sequence[Mirror]
) -> Finding:
    inherited = {ancestor for mirror in lacking for ancestor in mirror.schema.ancestors}
    reader = min(lacking, key=lambda m: (m.schema.id not in inherited, -m.coverage, m.schema.id))
    shared = _shared(reader, attribute, family)
    schema, model = reader.schema, reader.model
    mapped = model.columns[attribute]
    column = mapped.definition
    words = f" ({described(column)})" if column is not None else ""
    others = [
        each
        for each in family
        if each is not reader
        and not each.covers(attribute)
        and not each.is_projection
        and 2 * each.coverage >= reader.coverage
    ]
    return RULE.finding(
        schema.place,
        f"`{schema.name}` lacks `{attribute}` of `{model.name}`{words}, "
        f"which revision `{late.revision}` added",
        subject=Subject(
            schema=schema.id,
            field=attribute,
            model=model.id,
            table=model.table,
            column=mapped.column,
            revision=late.revision,
        ),
        related=(
            Related(mapped.place, "the column is declared here"),
            Related(late.place, "the revision adds it here"),
            *(
                Related(
                    each.schema.place,
                    f"`{each.schema.name}` lacks it too"
                    + (": the field belongs here" if each is shared else ""),
                    is_end=False,
                )
                for each in others
            ),
        ),
        help=f"add the field to `{shared.schema.name}`, or say why it is left out",
    )


def _shared(reader: Mirror, attribute: str, family: Sequence[Mirror]) -> Mirror:
    """Where the fix belongs: the base that declares most of the reader, where all that inherit it lack it."""
    best = reader
    for base in family:
        if base.schema.id not in best.schema.ancestors or 2 * base.coverage < reader.coverage:
            continue
        heirs = [mirror for mirror in family if base.schema.id in mirror.schema.ancestors]
        if not any(heir.covers(attribute) or heir.is_projection for heir in heirs):
            best = base
    return best
