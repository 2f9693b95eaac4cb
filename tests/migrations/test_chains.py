"""Every idiom as a chain that is really upgraded; the replay leaves the same database.

`chains.md` runs on every database, `chains_sqlite.md` and `chains_postgresql.md` on theirs alone.
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

import pytest
from chains import replayed, upgraded
from scripts import cases as scripts
from scripts import session
from shapes import reflected
from shapes import replayed as shape
from sqlalchemy import Engine, text

from ormlint.graph.migrations.sql.text import statements
from ormlint.rules.page import Case, cases

HEADER = 'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{}"\ndown_revision = {}\n'


def read(*names: str) -> list[Case]:
    texts = [Path(__file__).with_name(name).read_text(encoding="utf-8") for name in names]
    return [case for text in texts for case in cases(text)]


SQLITE = read("chains.md", "chains_sqlite.md")
POSTGRESQL = read("chains.md", "chains_postgresql.md")
SCRIPTS = scripts("postgresql.md")


def files_of(case: Case) -> dict[str, str]:
    """The files; a revision that states no `revision` follows the one before it."""
    files: dict[str, str] = {}
    before = None
    for file in case.files:
        text = file.text
        if fnmatch(file.path, "versions/*.py") and "down_revision" not in text:
            key = file.path.removeprefix("versions/").removesuffix(".py")
            text = HEADER.format(key, repr(before)) + text
            before = key
        files[file.path] = text
    return files


@pytest.mark.parametrize("case", SQLITE, ids=[case.title for case in SQLITE])
def test_replay_equals_the_upgraded_database(case: Case, sqlite: Engine, tmp_path: Path) -> None:
    files = files_of(case)
    assert replayed(sqlite, files) == upgraded(sqlite, tmp_path, files)


@pytest.mark.postgresql
@pytest.mark.parametrize("case", POSTGRESQL, ids=[case.title for case in POSTGRESQL])
def test_replay_equals_the_upgraded_database_on_postgresql(
    case: Case, postgresql: Engine, tmp_path: Path
) -> None:
    files = files_of(case)
    expected = upgraded(postgresql, tmp_path, files)
    assert replayed(postgresql, files) == expected


@pytest.mark.postgresql
@pytest.mark.parametrize("script", [script for script, _ in SCRIPTS.values()], ids=SCRIPTS)
def test_raw_sql_does_what_it_does_on_postgresql(script: str, postgresql: Engine) -> None:
    database = session("postgresql", script).database
    unsettled = {table.key for table in database.tables.values() if table.opaque or table.has_unsettled_keys}
    tables = {
        key: table for key, table in database.tables.items() if key not in database.temporary | unsettled
    }
    with postgresql.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements(script, "postgresql"):
            connection.execute(text(statement.replace(":", "\\:")))
        expected = reflected(connection)
        assert unsettled <= set(expected)
        expected = {key: value for key, value in expected.items() if key not in unsettled}
        found = shape(connection, tables, database.enums, database.views)
    for key in tables:
        for name, (nullable, type_) in found[key]["columns"].items():
            if type_ is None:  # that of an expression
                found[key]["columns"][name] = (nullable, expected[key]["columns"][name][1])
    assert found == expected
