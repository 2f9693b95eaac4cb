"""A naming convention lacks one of the five keys, or holds a key or token that SQLAlchemy does not know.

Constraints of a kind whose key is missing are named by the database (`ix` alone has a default). A key that
SQLAlchemy does not know is silently without effect, and an unknown token is an error as soon as a name is
made. The setting `naming-convention` lists the keys that are asked for. See
https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.MetaData.params.naming_convention.

## Fails

```python title="models.py"
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={  # error: [incomplete-naming-convention] "`ck`, `fk`"
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    })


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```

## Passes

```python title="models.py"
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CONVENTION = {
    "all_column_names": lambda constraint, table: "_".join(c.name for c in constraint.columns),
    "ix": "ix_%(table_name)s_%(all_column_names)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONVENTION)


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ormlint.findings import Finding, Severity, Subject
from ormlint.graph.concerned import concerned
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule

RULE = Rule(
    "ORM102",
    "incomplete-naming-convention",
    Severity.WARNING,
    default_on=True,
    summary="a naming convention lacks a key among ix, uq, ck, fk, pk, or holds an unknown key or token",
)

_KEYS = frozenset({"ix", "uq", "ck", "fk", "pk"})
_TOKEN = re.compile(r"%\((\w+)\)s")
_KNOWN = re.compile(
    r"table_name|referred_table_name|constraint_name|(?:referred_)?column_\d+(?:_?N)?_(?:name|key|label)"
)
"""`sqlalchemy.sql.naming.ConventionDict`."""


def check(graph: Graph) -> Iterator[Finding]:
    for info in concerned(graph):
        if info.convention is None:
            continue
        problems = list(_problems(info.convention, graph.options.required_conventions))
        if problems:
            yield RULE.finding(
                info.convention_place or info.place,
                f"the naming convention of `{info.label}` {'; it '.join(problems)}",
                subject=Subject(name=info.name),
                help="`ormlint rule ORM101` shows the recommended five keys",
            )


def _problems(convention: dict[str, str | None], required: tuple[str, ...]) -> Iterator[str]:
    missing = [key for key in required if key not in convention]
    if missing:
        yield f"lacks {_list(missing)}: such constraints are named by the database"
    tokens = {token for pattern in convention.values() if pattern for token in _TOKEN.findall(pattern)}
    own = {key for key in convention if key not in _KEYS}
    unknown_tokens = sorted(token for token in tokens - own if not _KNOWN.fullmatch(token))
    if unknown_tokens:
        yield f"uses {_list([f'%({token})s' for token in unknown_tokens])}, which SQLAlchemy does not know"
    unknown_keys = sorted(own - tokens)
    if unknown_keys:
        yield f"has {_list(unknown_keys)}, which SQLAlchemy does not read"


def _list(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
