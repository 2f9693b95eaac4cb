"""Rows are made from an input schema that lacks a NOT NULL column, and nothing else supplies it.

The column has no default, neither in the model nor in the database, so every INSERT fails.

Only calls that make the row from the schema are judged (`Person(**person_in.model_dump())`); silent where one
of them is given the column, where the function sets it, and for keys, which their owners set.

## Fails

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    amount: Mapped[int]
    due_on: Mapped[str]
```

```python title="schemas.py"
from pydantic import BaseModel


class InvoiceCreate(BaseModel):  # error: [required-column-not-in-create] "`InvoiceCreate` lacks `due_on`"
    number: str
    amount: int
```

```python title="routes.py"
from models import Invoice
from schemas import InvoiceCreate


def create(session, invoice_in: InvoiceCreate) -> None:
    session.add(Invoice(**invoice_in.model_dump()))
```

## Passes

```python title="models.py"
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Invoice(Base):
    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    amount: Mapped[int]
    due_on: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="open")
```

```python title="schemas.py"
from pydantic import BaseModel


class InvoiceCreate(BaseModel):
    number: str
    amount: int
```

```python title="routes.py"
from models import Invoice
from schemas import InvoiceCreate


def create(session, invoice_in: InvoiceCreate, today: str) -> None:
    session.add(Invoice(**invoice_in.model_dump(), due_on=today))
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Related, Severity, Subject
from ormlint.graph.mirror import Mirror, described, lacking, mirrors
from ormlint.graph.model import Column, Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM205",
    "required-column-not-in-create",
    Severity.WARNING,
    default_on=True,
    summary="rows are made from an input schema that lacks a NOT NULL column without a default",
)


def check(graph: Graph) -> Iterator[Finding]:
    for mirror in mirrors(graph):
        for attribute, column in lacking(mirror):
            if attribute not in mirror.schema.completed:
                yield _finding(mirror, attribute, column)


def _finding(mirror: Mirror, attribute: str, column: Column) -> Finding:
    schema, model = mirror.schema, mirror.model
    mapped = model.columns[attribute]
    return RULE.finding(
        schema.place,
        f"`{schema.name}` lacks `{attribute}` of `{model.name}` ({described(column)}), "
        "and no default fills it",
        subject=Subject(
            schema=schema.id, field=attribute, model=model.id, table=model.table, column=mapped.column
        ),
        related=(
            Related(mapped.place, "the column is declared here"),
            Related(schema.made[0].place, "the row is made here"),
        ),
        help="add the field, give the column a default, or set it where the row is made",
    )
