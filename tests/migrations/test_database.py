"""What stops an upgrade, what is uncertain, and what two ways have in common."""

from __future__ import annotations

import pytest
from drawing import drawn
from scripts import session

from ormlint.graph.migrations.session import Session

T = "CREATE TABLE t (id SERIAL PRIMARY KEY, a text NOT NULL, b integer);"


def missing(done: Session) -> list[tuple[str, str | None, str | None, bool]]:
    return [
        (m.obstacle.kind, m.obstacle.table, m.obstacle.column, m.obstacle.never_known) for m in done.missing
    ]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("ALTER TABLE gone ADD c int", [("table", "gone", None, True)]),
        ("DROP TABLE gone", [("table", "gone", None, True)]),
        ("CREATE INDEX ix ON gone (a)", [("table", "gone", None, True)]),
        ("ALTER TABLE gone RENAME TO come", [("table", "gone", None, True)]),
        ("CREATE TABLE o (id int REFERENCES gone (id))", [("table", "gone", None, True)]),
        ("DROP TABLE t; ALTER TABLE t ADD c int", [("table", "t", None, False)]),
        ("ALTER TABLE t RENAME TO u; ALTER TABLE t ADD c int", [("table", "t", None, False)]),
        ("ALTER TABLE t DROP COLUMN z", [("column", "t", "z", False)]),
        ("ALTER TABLE t ALTER COLUMN z SET NOT NULL", [("column", "t", "z", False)]),
        ("ALTER TABLE t RENAME COLUMN z TO y", [("column", "t", "z", False)]),
        ("CREATE INDEX ix ON t (a, z)", [("column", "t", "z", False)]),
        ("ALTER TABLE t ADD UNIQUE (z)", [("column", "t", "z", False)]),
        ("ALTER TABLE t ADD FOREIGN KEY (z) REFERENCES t (id)", [("column", "t", "z", False)]),
        ("CREATE TABLE o (id int REFERENCES t (z))", [("column", "t", "z", False)]),
        ("ALTER TABLE t DROP COLUMN b; ALTER TABLE t DROP COLUMN b", [("column", "t", "b", False)]),
        # and what runs
        ("DROP TABLE IF EXISTS gone", []),
        ("ALTER TABLE IF EXISTS gone ADD c int", []),
        ("ALTER TABLE IF EXISTS gone DROP COLUMN c", []),
        ("ALTER TABLE t DROP COLUMN IF EXISTS z", []),
        ("CREATE TABLE tree (id int PRIMARY KEY, up int REFERENCES tree (id))", []),
        ("CREATE INDEX ix ON t (lower(a))", []),
        ("CREATE VIEW v AS SELECT 1; CREATE INDEX ix ON v (a)", []),
        ("ALTER TABLE public.t ADD c int", []),
        ("ALTER TABLE t DROP CONSTRAINT never_heard_of", []),
    ],
)
def test_what_stops_an_upgrade(sql: str, expected: list[tuple[str, str | None, str | None, bool]]) -> None:
    assert missing(session("postgresql", T + sql)) == expected


def test_a_table_that_nothing_creates_is_taken_for_granted() -> None:
    done = session("postgresql", "ALTER TABLE old ADD c int; ALTER TABLE old ADD d int; DROP INDEX ix_old")
    assert missing(done) == [("table", "old", None, True)]
    assert done.assumed == {"old"}
    assert drawn(done.database) == "old? opaque keys-uncertain: c d"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("ALTER TABLE t ADD b int; CREATE INDEX ix ON t (b)", "s.t: a b | ix ix(b)"),
        ("ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME a TO b", "s.u: b"),
        ("DROP TABLE t", ""),
        ("DROP TABLE IF EXISTS t", "s.t: a"),
        ("CREATE TABLE t (b int); ALTER TABLE t ADD c int", "s.t: a\nt: b c"),
    ],
)
def test_a_table_of_the_schema_that_the_connection_chooses(sql: str, expected: str) -> None:
    done = session("postgresql", "CREATE TABLE s.t (a int)", sql)
    assert (drawn(done.database), missing(done)) == (expected, [])


def test_a_table_that_several_schemas_have_is_none_of_them() -> None:
    done = session("mysql", "CREATE TABLE r.t (a int); CREATE TABLE s.t (a int)", "ALTER TABLE t ADD b int")
    assert missing(done) == [("table", "t", None, True)]


def test_sqlite_lets_a_reference_wait_for_its_table() -> None:
    assert missing(session("sqlite", "CREATE TABLE o (id int REFERENCES later (id))")) == []


def test_an_unsettled_step_ends_all_certainty() -> None:
    done = session(
        "postgresql", T, "DROP SCHEMA s CASCADE", "ALTER TABLE gone ADD c int; ALTER TABLE t DROP COLUMN z"
    )
    assert missing(done) == []


def test_a_table_made_twice_is_one_or_the_other() -> None:
    assert drawn(session("postgresql", T, "CREATE TABLE t (other int)").database).startswith("t opaque: id!=")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        # both ways add it
        ("IF rows > 1 THEN ALTER TABLE t ADD c int; ELSE ALTER TABLE t ADD c int; END IF;", "id!= a! b c"),
        # both add it, not alike
        (
            "IF rows > 1 THEN ALTER TABLE t ADD c int NOT NULL; ELSE ALTER TABLE t ADD c int; END IF;",
            "id!= a! b c¿",
        ),
        ("IF rows > 1 THEN ALTER TABLE t ADD c int; END IF;", "id!= a! b c?"),
        ("IF rows > 1 THEN ALTER TABLE t DROP COLUMN b; END IF;", "id!= a! b?"),
        ("IF rows > 1 THEN ALTER TABLE t ALTER a DROP NOT NULL; END IF;", "id!= a¿ b"),
        ("IF rows > 1 THEN ALTER TABLE t RENAME b TO z; END IF;", "id!= a! z? b?"),
        ("IF rows > 1 THEN RAISE EXCEPTION 'no'; END IF; ALTER TABLE t ADD c int;", "id!= a! b c"),
        ("IF rows > 1 THEN RAISE EXCEPTION 'no'; ELSE ALTER TABLE t ADD c int; END IF;", "id!= a! b c"),
        ("IF rows > 1 THEN RETURN; END IF; ALTER TABLE t ADD c int;", "id!= a! b c?"),
        (
            "IF rows > 1 THEN ALTER TABLE t ADD c int; END IF; ALTER TABLE t ADD COLUMN IF NOT EXISTS c int;",
            "id!= a! b c",
        ),
        (
            "IF rows > 1 THEN ALTER TABLE t ADD c int; END IF; "
            "ALTER TABLE t ADD COLUMN IF NOT EXISTS c int NOT NULL;",
            "id!= a! b c¿",
        ),
    ],
)
def test_a_condition_that_is_not_settled(question: str, expected: str) -> None:
    done = session("postgresql", T, f"DO $$ BEGIN {question} END $$")
    assert drawn(done.database) == f"t: {expected} | pk t_pkey(id)"
    assert done.missing == []


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("CREATE TABLE u (id int);", "u?: id"),
        ("DROP TABLE t;", "t?: id!= a! b | pk t_pkey(id)"),
        ("CREATE INDEX ix ON t (a);", "t keys-uncertain: id!= a! b | pk t_pkey(id) | ix ix(a)"),
        ("CREATE TYPE e AS ENUM ('a');", "enum e?: a"),
    ],
)
def test_an_object_that_may_be_there(steps: str, expected: str) -> None:
    done = session("postgresql", T, f"DO $$ BEGIN IF rows > 1 THEN {steps} END IF; END $$")
    assert expected in drawn(done.database).splitlines()


def test_a_loop_is_not_settled_for_what_it_touches() -> None:
    done = session(
        "postgresql",
        T,
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP ALTER TABLE t ADD c int; END LOOP; END $$",
    )
    assert drawn(done.database) == "t opaque: id!= a! b | pk t_pkey(id)"
    assert [step.tables for step in done.opaque] == [frozenset({"t"})]


def test_a_constraint_found_by_a_query_concerns_keys_alone() -> None:
    done = session(
        "postgresql",
        T,
        """DO $$ DECLARE name text; BEGIN
        SELECT conname INTO name FROM pg_constraint WHERE conrelid = 't'::regclass AND contype = 'x';
        IF name IS NOT NULL THEN EXECUTE 'ALTER TABLE t DROP CONSTRAINT ' || quote_ident(name); END IF;
        END $$""",
    )
    assert drawn(done.database) == "t: id!= a! b | pk t_pkey(id)"


def test_forks_do_not_share_what_they_write() -> None:
    done = session("postgresql", T, "CREATE TABLE o (id int)")
    other = done.database.fork()
    before = drawn(other)
    done.database.writable("t").columns.pop("b")
    assert drawn(other) == before
    assert other.tables["o"] is done.database.tables["o"]
