"""Raw SQL on the replayed database."""

from __future__ import annotations

import logging

import pytest
from drawing import drawn
from scripts import HERE, cases, session

from ormlint.graph.migrations.operations import Opaque
from ormlint.graph.migrations.sql.statements import steps
from ormlint.graph.migrations.sql.text import UNKNOWN, statements

POSTGRESQL, MYSQL = cases("postgresql.md"), cases("mysql.md")
T = "CREATE TABLE t (id SERIAL PRIMARY KEY, a text NOT NULL, b integer);"


@pytest.mark.parametrize(("sql", "expected"), POSTGRESQL.values(), ids=POSTGRESQL)
def test_postgresql(sql: str, expected: str) -> None:
    done = session("postgresql", sql)
    assert drawn(done.database) == expected
    assert (done.missing, done.opaque) == ([], [])


@pytest.mark.parametrize(("sql", "expected"), MYSQL.values(), ids=MYSQL)
def test_mysql(sql: str, expected: str) -> None:
    done = session("mysql", sql)
    assert drawn(done.database) == expected
    assert (done.missing, done.opaque) == ([], [])


@pytest.mark.parametrize(
    ("sql", "dialect", "expected"),
    [
        ("a; b;;\n ;c", "postgresql", ["a", "b", "c"]),
        ("a 'x;y'';' ; b", "postgresql", ["a 'x;y'';'", "b"]),
        ("a $$ ; $$ ; b $f$ ; $$ $f$", "postgresql", ["a $$ ; $$", "b $f$ ; $$ $f$"]),
        ("a -- ; b\n; c /* ; /* ; */ ; */ d", "postgresql", ["a -- ; b", "c /* ; /* ; */ ; */ d"]),
        ("a E'\\';' ; b", "postgresql", ["a E'\\';'", "b"]),
        ("a '\\' ; b '\\'", "postgresql", ["a '\\'", "b '\\'"]),
        ("a '\\' ; b '\\'", "mysql", ["a '\\' ; b '\\'"]),
        ("a # ; x\n; b", "mysql", ["a # ; x", "b"]),
        ('a "x;y" ; `b;`', "sqlite", ['a "x;y"', "`b;`"]),
        (
            "CREATE TRIGGER t BEGIN a; CASE b END; END; c",
            "sqlite",
            ["CREATE TRIGGER t BEGIN a; CASE b END; END", "c"],
        ),
        ("a 'never closed ; b", "postgresql", ["a 'never closed ; b"]),
        ("a /* never closed ; b", "postgresql", ["a /* never closed ; b"]),
        ("a $$ never closed ; b", "postgresql", ["a $$ never closed ; b"]),
    ],
)
def test_statements_are_split_outside_quotes(sql: str, dialect: str, expected: list[str]) -> None:
    assert list(statements(sql, dialect)) == expected


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM t",
        "INSERT INTO t (a) VALUES ('ALTER TABLE t DROP COLUMN a')",
        "UPDATE t SET a = 'x' WHERE created IS NULL",
        "DELETE FROM t USING o",
        "WITH gone AS (DELETE FROM t RETURNING *) INSERT INTO o SELECT * FROM gone",
        "COMMENT ON COLUMN t.a IS 'DROP TABLE t'",
        "GRANT CREATE ON SCHEMA public TO someone",
        "CREATE EXTENSION IF NOT EXISTS vector",
        "CREATE OR REPLACE FUNCTION f() RETURNS trigger AS $$ BEGIN DROP TABLE t; END $$ LANGUAGE plpgsql",
        "CREATE ROLE x",
        "DROP FUNCTION f()",
        "ALTER SYSTEM SET x = 1",
        "",
        "  ;; ",
    ],
)
def test_data_and_what_no_model_sees_is_nothing(sql: str) -> None:
    assert steps(sql, "postgresql", HERE) == []


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("ALTER TABLE t FROBNICATE x", {"t"}),
        ("ALTER TABLE s.t ADD CONSTRAINT", {"s.t"}),
        ("CREATE INDEX ON", None),
        ("DROP SCHEMA old CASCADE", None),
        ("ALTER TABLE t ADD COLUMN", {"t"}),
        ("DO LANGUAGE plpython3u $$ plpy.execute('DROP TABLE t') $$", None),
        (f"ALTER TABLE {UNKNOWN} ADD COLUMN a int", None),
        (f"ALTER TABLE t ADD COLUMN {UNKNOWN} int", {"t"}),
        (f"ALTER TABLE t DROP CONSTRAINT {UNKNOWN}", {"t"}),
        (f"DROP INDEX {UNKNOWN}", None),
        (UNKNOWN, None),
    ],
)
def test_what_cannot_be_read_is_opaque_for_the_tables_it_names(sql: str, tables: set[str] | None) -> None:
    (step,) = steps(sql, "postgresql", HERE)
    assert isinstance(step, Opaque)
    assert step.tables == (None if tables is None else frozenset(tables))


def test_one_action_that_cannot_be_read_leaves_the_others() -> None:
    done = session("postgresql", T, "ALTER TABLE t ADD c int, FROBNICATE, DROP COLUMN b")
    assert drawn(done.database) == "t opaque: id!= a! c | pk t_pkey(id)"
    assert [(step.revision, step.reason) for step in done.opaque] == [
        ("0002", "ALTER TABLE t: the action 'FROBNICATE' is not known")
    ]


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mssql"])
def test_an_index_that_its_table_drops_is_no_column(dialect: str) -> None:
    done = session(dialect, "CREATE TABLE t (a int); CREATE INDEX ix ON t (a); ALTER TABLE t DROP INDEX ix")
    assert (drawn(done.database), done.missing) == ("t: a", [])


def test_a_column_of_unknown_name_makes_the_table_opaque() -> None:
    done = session("postgresql", f"CREATE TABLE t (id int, {UNKNOWN} text, b {UNKNOWN})")
    assert drawn(done.database) == "t opaque: id b"
    assert done.database.tables["t"].columns["b"].type is None


def test_an_index_of_unknown_name_concerns_keys_alone() -> None:
    done = session("postgresql", T, f"CREATE INDEX ix_{UNKNOWN} ON t (a)")
    assert drawn(done.database) == "t keys-uncertain: id!= a! b | pk t_pkey(id)"


@pytest.mark.parametrize(
    ("type_", "dialect", "expected"),
    [
        ("varchar(20)", "postgresql", "VARCHAR(20)"),
        ("character varying", "postgresql", "VARCHAR()"),
        ("int4", "postgresql", "INTEGER()"),
        ("bigserial", "postgresql", "BIGINT()"),
        ("timestamptz", "postgresql", "TIMESTAMP(timezone=True)"),
        ("timestamp without time zone", "postgresql", "TIMESTAMP()"),
        ("double precision", "postgresql", "DOUBLE_PRECISION()"),
        ("numeric(10,2)", "postgresql", "NUMERIC(10, 2)"),
        ("text[]", "postgresql", "ARRAY(TEXT())"),
        ("bytea", "postgresql", "BYTEA()"),
        ("jsonb", "postgresql", "JSONB()"),
        ("vector(384)", "postgresql", "VECTOR(384)"),
        ("mood", "postgresql", "MOOD()"),
        ("int unsigned", "mysql", "INTEGER()"),
        ("enum('a', 'b')", "mysql", "Enum('a', 'b')"),
        ("longtext", "mysql", "LONGTEXT()"),
        ("INTEGER", "sqlite", "INTEGER()"),
    ],
)
def test_types_are_those_of_sqlalchemy(type_: str, dialect: str, expected: str) -> None:
    done = session(dialect, f"CREATE TABLE t (c {type_} NOT NULL)")
    assert done.database.tables["t"].columns["c"].type == expected


def test_a_column_knows_the_enumerated_type_it_uses() -> None:
    done = session(
        "postgresql", "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (a mood, b text, c public.mood)"
    )
    columns = done.database.tables["t"].columns.values()
    assert [column.enum for column in columns] == ["mood", None, "mood"]


@pytest.mark.parametrize(
    "sql", ["CREATE TABLE (((", "SELECT " + "(" * 5000, "ALTER", "\x00CREATE", "CREATE TABLE t (" * 50]
)
def test_nonsense_is_no_crash(sql: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for dialect in ("postgresql", "sqlite", "mysql"):
            session(dialect, sql)
    assert caplog.records == []
