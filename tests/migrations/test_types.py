"""Types differ where Alembic's autogenerate says so."""

from __future__ import annotations

from importlib import import_module
from itertools import product

import pytest
import sqlalchemy as sa
from alembic.ddl.impl import DefaultImpl
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.dialects.postgresql.base import RESERVED_WORDS
from sqlalchemy.engine import URL

from ormlint.graph.everyday import BARE, RESERVED, SIZED
from ormlint.graph.sqltype import SqlType, ddl, difference, everyday

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


NAMES = sorted({
    *SIZED, *(name for types in BARE.values() for _, name in types), "ARRAY", "DateTime", "TIMESTAMP", "Enum",
    "Double", "VARCHAR",
})  # fmt: skip
KEYWORDS = ("length", "precision", "scale", "timezone", "name", "collation")
PLAIN = st.one_of(
    st.integers(-1, 40), st.booleans(), st.none(), st.sampled_from(["", "kind", "Kind", "1st", "user", "a$"])
)


def types_of(arguments: st.SearchStrategy[object]) -> st.SearchStrategy[SqlType]:
    return st.builds(
        SqlType,
        st.sampled_from(NAMES),
        st.sampled_from([None, "postgresql"]),
        st.lists(arguments, max_size=3).map(tuple),
        st.lists(st.tuples(st.sampled_from(KEYWORDS), PLAIN), max_size=2).map(tuple),
    )


@given(types_of(st.one_of(PLAIN, types_of(PLAIN))), st.sampled_from([*BARE, "mariadb"]))
@example(SqlType("ARRAY", "postgresql", (SqlType("ARRAY", "postgresql", (SqlType("Text"),)),)), "postgresql")
@example(SqlType("String"), "mysql")
@example(SqlType("Numeric", None, (), (("collation", None),)), "sqlite")
@example(SqlType("String", None, (), (("collation", None), ("length", 20))), "sqlite")
def test_everyday_types_are_what_sqlalchemy_says(sql_type: SqlType, dialect: str) -> None:
    assert everyday(sql_type, dialect) in (None, ddl(sql_type, dialect))


@pytest.mark.parametrize(
    ("sql_type", "text", "dialect"),
    [
        *(
            (SqlType(name, module), text, dialect)
            for dialect, types in BARE.items()
            for (module, name), text in types.items()
        ),
        (SqlType("String"), "VARCHAR", "postgresql"),
        (SqlType("String"), "VARCHAR", "sqlite"),
        *((SqlType("String", None, (20,)), "VARCHAR(20)", dialect) for dialect in BARE),
        *((SqlType("String", None, (), (("length", 20),)), "VARCHAR(20)", dialect) for dialect in BARE),
        *((SqlType("Numeric", None, (10,), (("scale", 2),)), "NUMERIC(10, 2)", dialect) for dialect in BARE),
        (SqlType("DateTime"), "TIMESTAMP WITHOUT TIME ZONE", "postgresql"),
        (SqlType("DateTime", None, (), (("timezone", True),)), "TIMESTAMP WITH TIME ZONE", "postgresql"),
        (SqlType("TIMESTAMP", None, (), (("timezone", True),)), "TIMESTAMP WITH TIME ZONE", "postgresql"),
        (SqlType("DateTime"), "DATETIME", "sqlite"),
        (SqlType("TIMESTAMP", None, (), (("timezone", True),)), "TIMESTAMP", "mysql"),
        (SqlType("ARRAY", "postgresql", (SqlType("String", None, (20,)),)), "VARCHAR(20)[]", "postgresql"),
        (SqlType("Enum", None, ("",), (("name", "kind"),)), "kind", "postgresql"),
    ],
)
def test_everyday_types_need_no_library(sql_type: SqlType, text: str, dialect: str) -> None:
    assert everyday(sql_type, dialect) == text == ddl(sql_type, dialect)


@pytest.mark.parametrize(
    "sql_type",
    [
        SqlType("Numeric", None, (), (("scale", 2),)),
        SqlType("String", None, (20,), (("length", 20),)),
        SqlType("String", None, (20,), (("collation", "C"),)),
        SqlType("Enum", None, ("",), (("name", "user"),)),
        SqlType("Enum", None, ("a", "b"), (("native_enum", False),)),
        SqlType("Text", None, (20,)),
    ],
)
def test_other_types_are_for_the_library(sql_type: SqlType) -> None:
    assert everyday(sql_type, "postgresql") is None
    assert everyday(SqlType("Text"), "mariadb") is None
    assert everyday(SqlType("String"), "mysql") is None
    assert everyday(SqlType("Enum", None, ("",), (("name", "kind"),)), "sqlite") is None


def test_every_word_that_is_quoted_is_known() -> None:
    assert RESERVED_WORDS <= RESERVED
