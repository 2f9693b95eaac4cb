"""The names of constraints that nobody named: those of a convention, and those of the database.

A migration drops such a constraint by the name that the database made up (`t_c_key`), so the replay
has to make up the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence

Convention = Mapping[str, str]

IDENTIFIER_BYTES = 63
"""PostgreSQL's NAMEDATALEN - 1."""
_LONGEST = {"postgresql": IDENTIFIER_BYTES, "mysql": 64, "mariadb": 64, "mssql": 128, "oracle": 128}

_SUFFIX = {"pk": "pkey", "uq": "key", "fk": "fkey", "ck": "check", "ix": "idx"}
_TOKEN = re.compile(r"%\((\w+)\)s")
_COLUMN_TOKEN = re.compile(r"(referred_)?column_(\d+)(_?N)?_(name|key|label)")


def automatic_name(
    dialect: str, kind: str, table: str, columns: Sequence[str], taken: Collection[str]
) -> str | None:
    """The name that the database gives a constraint of `kind` (`pk`, `uq`, `fk`, `ck`, `ix`)."""
    if dialect == "postgresql":
        return _postgresql_name(kind, table, columns, taken)
    if dialect in ("mysql", "mariadb"):
        return _mysql_name(kind, table, columns, taken)
    return None


def truncated(dialect: str, name: str) -> str:
    """The name of a constraint or index that SQLAlchemy makes up, or that `op.f` marks, as it is rendered.

    https://docs.sqlalchemy.org/en/20/core/constraints.html#configuring-constraint-naming-conventions
    """
    longest = _LONGEST.get(dialect)
    if longest is None or len(name) <= longest:
        return name
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return f"{name[: longest - 8]}_{digest[-4:]}"


def conventional_name(
    convention: Convention,
    kind: str,
    table: str,
    columns: Sequence[str],
    referred: str | None = None,
    referred_columns: Sequence[str] = (),
    given: str | None = None,
) -> str | None:
    """The name under a SQLAlchemy naming convention; `None` where it gives none.

    `given` is the name that the source states: it stands, unless the convention wraps it.
    """
    pattern = convention.get(kind)
    if not isinstance(pattern, str):
        return given
    if given is not None and "%(constraint_name)s" not in pattern:
        return given

    def value(match: re.Match[str]) -> str:
        token = match[1]
        if token == "table_name":
            return table
        if token == "referred_table_name" and referred is not None:
            return referred
        if token == "constraint_name" and given is not None:
            return given
        of_column = _COLUMN_TOKEN.fullmatch(token)
        if of_column is None:
            raise LookupError(token)
        return _columns_token(of_column, table, columns, referred, referred_columns)

    try:
        return _TOKEN.sub(value, pattern)
    except LookupError:
        return given


def _columns_token(
    token: re.Match[str],
    table: str,
    columns: Sequence[str],
    referred: str | None,
    referred_columns: Sequence[str],
) -> str:
    of_referred, first, many, aspect = token.groups()
    names = list(referred_columns if of_referred else columns)
    owner = referred if of_referred else table
    if aspect == "label":
        names = [f"{owner}_{name}" for name in names]
    if many:
        return ("_" if many == "_N" else "").join(names)
    return names[int(first)]


def _postgresql_name(kind: str, table: str, columns: Sequence[str], taken: Collection[str]) -> str:
    middle = "" if kind == "pk" else "_".join(columns)
    return _free(lambda n: _shortened(table, middle, _SUFFIX[kind] + (str(n) if n else "")), taken)


def _mysql_name(kind: str, table: str, columns: Sequence[str], taken: Collection[str]) -> str | None:
    if kind == "pk":
        return "PRIMARY"
    if kind == "fk":
        return _free(lambda n: f"{table}_ibfk_{n + 1}", taken)
    if kind == "ck":
        return _free(lambda n: f"{table}_chk_{n + 1}", taken)
    return _free(lambda n: columns[0] + (f"_{n + 1}" if n else ""), taken) if columns else None


def _free(name: Callable[[int], str], taken: Collection[str]) -> str:
    number = 0
    while name(number) in taken:
        number += 1
    return name(number)


def _shortened(first: str, second: str, label: str) -> str:
    """PostgreSQL's makeObjectName: the longer of the two gives way until the name fits."""
    room = IDENTIFIER_BYTES - len(label) - 1 - (1 if second else 0)
    one, two = len(first), len(second)
    while one + two > room:
        if one > two:
            one -= 1
        else:
            two -= 1
    return "_".join(part for part in (first[:one], second[:two], label) if part)
