"""A foreign key names a table or a column that nothing in its MetaData declares.

As soon as the mappers are configured, or `create_all()` or autogenerate sorts the tables, SQLAlchemy raises
`NoReferencedTableError` or `NoReferencedColumnError`, for the whole application.

Silent where a relationship leads to a class of a package that is not at hand: its tables are there, too.

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

from ormlint.findings import Finding, Place, Severity, Subject
from ormlint.graph.model import Graph, Table
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM106",
    "unknown-foreign-key-target",
    Severity.ERROR,
    default_on=True,
    summary="a foreign key names a table or column that its MetaData does not declare",
)


def check(graph: Graph) -> Iterator[Finding]:
    nameless = any(model.table is None and not model.on_select for model in graph.models.values())
    if nameless or graph.unreadable or any(each.kind == "table" for each in graph.unresolved):
        return  # a table whose name is not known, or a file that is not read, may be the target
    stores: dict[str, dict[str, Table]] = {}
    for table in graph.tables:
        stores.setdefault(table.metadata, {})[table.key] = table
    reflecting = {key for key, tables in stores.items() if any(each.reflected for each in tables.values())}
    own = tuple(f"{environment.path}/" for environment in graph.environments)
    open_ = {model.table for model in graph.models.values() if not model.complete}
    beside = _with_packages(graph)
    for table in graph.tables:
        store, tables = graph.metadatas.get(table.metadata), stores[table.metadata]
        if store is None or store.shared or store.place.path.startswith(own):
            continue  # a package's MetaData may have any table; a migration declares those that it needs
        if table.metadata in reflecting or table.metadata in beside:
            continue  # reflecting a table brings those that it refers to; a package has tables of its own
        if table.key in open_:
            continue  # a base class that no source shows may put it on another MetaData
        for key in table.foreign_keys:
            for name, target in zip(key.columns, key.target, strict=True):
                problem = None if key.by_column else _problem(target, tables, table)
                if problem is not None:
                    yield _finding(table, name, target, problem, key.place)


def _with_packages(graph: Graph) -> set[str]:
    """Every MetaData on which a class has a relationship to one of a package that is not at hand."""
    keys = {
        model.table
        for model in graph.models.values()
        if any(each.leads_out for each in model.relationships.values())
    }
    return {table.metadata for table in graph.tables if table.key in keys}


def _problem(target: str, tables: dict[str, Table], table: Table) -> str | None:
    key, _, name = target.rpartition(".")
    found = tables.get(key)
    if found is None and table.schema is not None:  # `MetaData(schema=…)` fills in the schema
        found = tables.get(f"{table.schema}.{key}")
    if found is None:
        bare = key.rpartition(".")[2]
        if any(each.name == bare for each in tables.values() if not each.schema_known):
            return None
        return f"no table `{key}` is declared"
    keys = {column.key or column.name for column in found.columns.values()}
    if found.complete and not found.reflected and name not in keys:
        return f"table `{key}` has no column `{name}`"
    return None


def _finding(table: Table, name: str, target: str, problem: str, place: Place) -> Finding:
    return RULE.finding(
        place,
        f"`{table.key}.{name}` refers to `{target}`, but {problem}: mappers fail to configure",
        subject=Subject(table=table.key, column=name, name=target),
        help="name the table and column as they are declared",
    )
