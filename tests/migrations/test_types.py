"""Types differ where Alembic's autogenerate says so."""

from __future__ import annotations

from importlib import import_module
from itertools import product

import pytest
import sqlalchemy as sa
from alembic.ddl.impl import DefaultImpl
from sqlalchemy.engine import URL

from ormlint.graph.sqltype import SqlType, difference

TYPES = [
    SqlType("BigInteger"),
    SqlType("Boolean"),
    SqlType("CHAR", None, (20,)),
    SqlType("Date"),
    SqlType("DateTime"),
    SqlType("DateTime", None, (), (("timezone", True),)),
    SqlType("DECIMAL", None, (10, 2)),
    SqlType("Float"),
    SqlType("Integer"),
    SqlType("JSON"),
    SqlType("LargeBinary"),
    SqlType("Numeric"),
    SqlType("Numeric", None, (10, 2)),
    SqlType("Numeric", None, (12, 2)),
    SqlType("REAL"),
    SqlType("String"),
    SqlType("String", None, (20,)),
    SqlType("String", None, (40,)),
    SqlType("String", None, (20,), (("collation", "NOCASE"),)),
    SqlType("Text"),
    SqlType("TIMESTAMP"),
    SqlType("TINYINT", "mysql", (1,)),
    SqlType("Uuid"),
    SqlType("JSONB", "postgresql"),
    SqlType("ARRAY", None, (SqlType("String"),)),
    SqlType("ARRAY", None, (SqlType("Integer"),)),
]


@pytest.mark.parametrize("dialect", ["postgresql", "sqlite", "mysql", "mariadb", "mssql"])
def test_types_differ_where_autogenerate_says_so(dialect: str) -> None:
    ours = {(one, other) for one, other in product(TYPES, TYPES) if difference(one, other, dialect)}
    assert ours == set(differing_for_alembic(dialect))


def differing_for_alembic(name: str) -> list[tuple[SqlType, SqlType]]:
    dialect = URL.create(name).get_dialect()()
    judge = DefaultImpl.get_by_dialect(dialect)(dialect, None, False, None, None, {})
    columns = {}
    for each in TYPES:
        column = sa.Column("x", built(each))
        try:
            column.type.compile(dialect=dialect)
        except sa.exc.SQLAlchemyError:
            continue  # the database has no such type
        columns[each] = column
    return [
        (one, other)
        for one, other in product(columns, columns)
        if judge.compare_type(columns[other], columns[one])
    ]


def built(each: SqlType) -> sa.types.TypeEngine[object]:
    module = import_module(f"sqlalchemy.dialects.{each.module}") if each.module else sa
    args = [built(arg) if isinstance(arg, SqlType) else arg for arg in each.args]
    made: sa.types.TypeEngine[object] = getattr(module, each.name)(*args, **dict(each.kwargs))
    return made
