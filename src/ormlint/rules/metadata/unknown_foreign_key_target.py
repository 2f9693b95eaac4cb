"""A foreign key names a table or a column that nothing in its MetaData declares.

As soon as the mappers are configured, or `create_all()` or autogenerate sorts the tables, SQLAlchemy raises
`NoReferencedTableError` or `NoReferencedColumnError`, for the whole application.

## Fails

```python title="models.py"
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)


class Badge(Base):
    __tablename__ = "badges"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))  # error: [unknown-foreign-key-target]
```

## Passes

```python title="models.py"
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)


class Badge(Base):
    __tablename__ = "badges"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
```
"""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.model import Column, Graph, Table
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM106",
    "unknown-foreign-key-target",
    Severity.ERROR,
    default_on=True,
    summary="a foreign key names a table or column that its MetaData does not declare",
)


def check(graph: Graph) -> Iterator[Finding]:
    nameless = {model.id for model in graph.models.values() if model.table is None}
    for table in graph.tables:
        if nameless or table.source == "continuum" or _is_unseen(graph, table):
            continue  # a table that is not known may be the target
        tables = {each.key: each for each in graph.tables if each.metadata == table.metadata}
        for column in table.columns.values():
            for target in column.foreign_keys or ():
                problem = _problem(target, tables, table)
                if problem is not None:
                    yield _finding(table, column, target, problem)


def _is_unseen(graph: Graph, table: Table) -> bool:
    """Whether a package that is not at hand owns the MetaData, and may have tables of its own on it."""
    info = graph.metadatas.get(table.metadata)
    return info is None or info.kind == "unseen"


def _problem(target: str, tables: dict[str, Table], table: Table) -> str | None:
    key, _, name = target.rpartition(".")
    found = tables.get(key)
    if found is None and table.schema is not None:  # `MetaData(schema=…)` fills in the schema
        found = tables.get(f"{table.schema}.{key}")
    if found is None:
        return f"no table `{key}` is declared"
    if found.complete and name not in found.columns:
        return f"table `{key}` has no column `{name}`"
    return None


def _finding(table: Table, column: Column, target: str, problem: str) -> Finding:
    return RULE.finding(
        column.place,
        f"`{table.key}.{column.name}` refers to `{target}`, but {problem}: mappers fail to configure",
        subject=Subject(table=table.key, column=column.name, name=target),
        help="name the table and column as they are declared",
    )
