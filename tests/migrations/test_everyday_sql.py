"""What is read without sqlglot is what sqlglot reads."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ormlint.graph.migrations.sql import everyday, types
from ormlint.graph.migrations.sql.catalog import COLUMNS
from ormlint.graph.migrations.sql.parse import parsed_select, parsed_type

ASKED = (
    "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'people')",
    "select not exists(select * from pg_catalog.pg_type\n where typname='a b' )",
    "SELECT EXISTS ( SELECT 1 FROM information_schema.columns WHERE table_schema = 'public'\n"
    "  AND table_name = 'people' AND column_name = '' )",
)
LEFT = (
    "SELECT EXISTS (SELECT 1 FROM tables WHERE table_name = 'people')",
    "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'it''s')",
    r"SELECT EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'a\'b')",
    "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'a' OR tablename = 'b')",
    "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE Tablename = 'a')",
    "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE current_user = 'a')",
    "SELECT 1 FROM pg_tables WHERE tablename = 'a'",
)
PIECES = st.sampled_from([
    "SELECT ", "select\n", "NOT ", "EXISTS ", "exists(", "(", ")", " ", "1", "*", " FROM ", " from\t",
    "pg_tables", "pg_catalog.", "information_schema.", "columns", " WHERE ", "tablename",
    "table_name", "column_default",
    "current_schema", " = ", "=", "'a'", "''", "'it''s'", " AND ", " and ", " OR ", ";", "--", "session_user",
])  # fmt: skip
COLUMN = st.sampled_from(sorted({name for names in COLUMNS.values() for name in names.split()}))
VIEW = st.sampled_from(sorted(COLUMNS))
VALUE = st.text(st.characters(codec="utf-8", exclude_characters="'\\\0"), max_size=8)


@pytest.mark.parametrize("sql", ASKED)
def test_what_is_asked_every_day(sql: str) -> None:
    found = everyday.query(sql, "postgresql")
    assert found is not None
    assert found == parsed_select(sql, "postgresql")
    assert everyday.query(sql, "mysql") is None


@pytest.mark.parametrize("sql", LEFT)
def test_what_is_left_to_sqlglot(sql: str) -> None:
    assert everyday.query(sql, "postgresql") is None


@given(
    VIEW,
    st.sampled_from(["", "pg_catalog.", "information_schema."]),
    st.lists(st.tuples(COLUMN, VALUE), max_size=3),
)
def test_any_question(view: str, schema: str, equal: list[tuple[str, str]]) -> None:
    conditions = " AND ".join(f"{name} = '{value}'" for name, value in equal)
    sql = f"SELECT EXISTS (SELECT 1 FROM {schema}{view} WHERE {conditions})"
    found = everyday.query(sql, "postgresql")
    assert found in (None, parsed_select(sql, "postgresql"))


@given(st.lists(PIECES, max_size=16).map("".join))
def test_any_words(sql: str) -> None:
    found = everyday.query(sql, "postgresql")
    assert found is None or found == parsed_select(sql, "postgresql")


@pytest.mark.parametrize("text", [*everyday._TYPES, "VARCHAR", "Text", "varchar(12)", "VARCHAR(1)"])
def test_types_of_every_day(text: str) -> None:
    tree = parsed_type(text, "postgresql")
    assert tree is not None
    assert everyday.type_of(text, "postgresql") == types._expression(tree, text, "postgresql")
    assert tree.this.name != "USERDEFINED"
    assert everyday.type_of(text, "sqlite") is None


@pytest.mark.parametrize(
    "text", ["varchar(0)", "varchar (12)", "character varying(12)", "text[]", "mood", "uuid(4)"]
)
def test_types_that_are_left_to_sqlglot(text: str) -> None:
    assert everyday.type_of(text, "postgresql") is None


def test_sqlglot_is_not_imported() -> None:
    program = (
        "import sys\n"
        "from ormlint.graph.migrations.sql.parse import Queries\n"
        "from ormlint.graph.migrations.sql.types import enum_name, type_expression\n"
        f"assert Queries().tree({ASKED[0]!r}, 'postgresql')\n"
        "assert type_expression('TEXT', 'postgresql') == 'TEXT()'\n"
        "assert enum_name('TEXT', 'postgresql') is None\n"
        "assert 'sqlglot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
