"""The same SQL on a real SQLite database and on the replayed one."""

from __future__ import annotations

from typing import Any

import pytest
from scripts import session
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import StaticPool

from ormlint.graph.migrations.database import Database

T = "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20) NOT NULL, b INTEGER, c TEXT DEFAULT 'x')"
REFERRING = "CREATE TABLE o (id INTEGER NOT NULL PRIMARY KEY, t_id INTEGER REFERENCES t (id))"

SCRIPTS = {
    "a table": [T],
    "quoted names": ['CREATE TABLE "my table" ("my id" INTEGER PRIMARY KEY, `x y` TEXT, [z] INT NOT NULL)'],
    "table constraints": [
        T,
        "CREATE TABLE k (a INT, b INT, c INT NOT NULL, PRIMARY KEY (a, b), UNIQUE (c, a), "
        "CONSTRAINT fk_c FOREIGN KEY (c) REFERENCES t (id) ON UPDATE SET NULL, CHECK (a > 0 AND b < 2))",
    ],
    "column constraints": [
        "CREATE TABLE k (a INT CONSTRAINT pk PRIMARY KEY, b INT CONSTRAINT nn NOT NULL CONSTRAINT uq UNIQUE, "
        "c INT DEFAULT (1 + 2) CHECK (c > 0), d TEXT COLLATE NOCASE DEFAULT 'a, b' NOT NULL, "
        "e TEXT DEFAULT CURRENT_TIMESTAMP NOT NULL)"
    ],
    "no types": ["CREATE TABLE k (a, b NOT NULL, c PRIMARY KEY)"],
    "without rowid": ["CREATE TABLE k (a TEXT NOT NULL PRIMARY KEY, b INT) WITHOUT ROWID"],
    "autoincrement": ["CREATE TABLE k (a INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, b INT)"],
    "if not exists": [T, "CREATE TABLE IF NOT EXISTS t (other INT)", "CREATE TABLE IF NOT EXISTS u (id INT)"],
    "generated": [
        "CREATE TABLE k (a INT, b INT GENERATED ALWAYS AS (a * 2) STORED NOT NULL, c INT AS (a) VIRTUAL)"
    ],
    "comments": ["CREATE TABLE k (a INT, -- the first, one\n b INT /* ; */ NOT NULL) -- done; over"],
    "as select": [T, "CREATE TABLE k AS SELECT id, a AS other, 1 AS one FROM t"],
    "as select star": [T, "CREATE TABLE k AS SELECT * FROM t"],
    "add column": [T, "ALTER TABLE t ADD COLUMN d INTEGER NOT NULL DEFAULT 0", "ALTER TABLE t ADD e TEXT"],
    "add column with reference": [T, REFERRING, "ALTER TABLE o ADD COLUMN other INT REFERENCES t (id)"],
    "drop column": [T, "ALTER TABLE t DROP COLUMN b", "ALTER TABLE t DROP c"],
    "rename column": [
        T,
        "CREATE INDEX ix_t_a ON t (a, b)",
        "ALTER TABLE t RENAME COLUMN a TO z",
        "ALTER TABLE t RENAME b TO y",
    ],
    "rename a referred column": [T, REFERRING, "ALTER TABLE t RENAME COLUMN id TO key"],
    "rename table": [T, REFERRING, "CREATE INDEX ix ON t (a)", "ALTER TABLE t RENAME TO people"],
    "drop table": [T, REFERRING, "DROP TABLE o", "DROP TABLE IF EXISTS absent"],
    "indexes": [
        T,
        "CREATE INDEX ix_a ON t (a)",
        "CREATE UNIQUE INDEX IF NOT EXISTS uq_ab ON t (a DESC, b)",
        "CREATE INDEX IF NOT EXISTS ix_a ON t (b)",
        "CREATE INDEX part ON t (b) WHERE b > 1",
    ],
    "drop index": [T, "CREATE INDEX ix_a ON t (a)", "DROP INDEX ix_a", "DROP INDEX IF EXISTS absent"],
    "names without case": [
        T,
        "ALTER TABLE T ADD COLUMN d INT",
        "CREATE INDEX ix ON T (A)",
        "ALTER TABLE T DROP COLUMN B",
    ],
    "the schema's name": [T, "ALTER TABLE main.t ADD COLUMN d INT"],
    "recreate": [
        T,
        "CREATE UNIQUE INDEX uq_a ON t (a)",
        "CREATE TABLE new_t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(40))",
        "INSERT INTO new_t SELECT id, a FROM t; DROP TABLE t; ALTER TABLE new_t RENAME TO t",
    ],
    "triggers and data": [
        T,
        "CREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET b = 1; "
        "DELETE FROM t WHERE id = CASE WHEN 1 THEN 2 END; END",
        "INSERT INTO t (a) VALUES ('CREATE TABLE nope (id INT); DROP TABLE t')",
        "UPDATE t SET a = 'ALTER TABLE t RENAME TO u'",
    ],
    "several at once": ["CREATE TABLE k (a INT); CREATE TABLE l (a INT);; CREATE INDEX i ON k (a);"],
    "temporary": ["CREATE TEMPORARY TABLE k (a INT)", "CREATE TABLE l (a INT)"],
    "views": [
        T,
        "CREATE VIEW v AS SELECT id, a AS b FROM t",
        "CREATE VIEW gone AS SELECT 1",
        "DROP VIEW gone",
    ],
}


def real(script: list[str]) -> dict[str, Any]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        for statement in script:
            raw.executescript(statement)
        inspector = inspect(connection)
        found = {name: _reflected(inspector, name) for name in inspector.get_table_names()}
        views = sorted(inspector.get_view_names())
        connection.execute(text("SELECT 1"))
    engine.dispose()
    return {"tables": found, "views": views}


def _reflected(inspector: Any, name: str) -> dict[str, Any]:
    columns = inspector.get_columns(name)
    return {
        "columns": {
            c["name"]: (c["nullable"], c["default"] is not None, bool(c.get("computed"))) for c in columns
        },
        "primary key": tuple(inspector.get_pk_constraint(name)["constrained_columns"]),
        "indexes": sorted(
            (i["name"], tuple(i["column_names"]), bool(i["unique"])) for i in inspector.get_indexes(name)
        ),
        "uniques": sorted(tuple(u["column_names"]) for u in inspector.get_unique_constraints(name)),
        "foreign keys": sorted(
            (
                tuple(f["constrained_columns"]),
                tuple(f"{f['referred_table']}.{c}" for c in f["referred_columns"]),
            )
            for f in inspector.get_foreign_keys(name)
        ),
        "checks": len(inspector.get_check_constraints(name)),
    }


def replayed(database: Database) -> dict[str, Any]:
    tables = {
        table.name: {
            "columns": {c.name: (c.nullable, c.server_default, c.computed) for c in table.columns.values()},
            "primary key": table.primary_key or (),
            "indexes": sorted((i.name, i.columns, i.unique) for i in table.indexes),
            "uniques": sorted(u.columns for u in table.uniques),
            "foreign keys": sorted((f.columns, f.target) for f in table.foreign_keys),
            "checks": len(table.checks),
        }
        for key, table in database.tables.items()
        if key not in database.temporary
    }
    return {"tables": tables, "views": sorted(database.views)}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_replay_equals_the_database(script: list[str]) -> None:
    done = session("sqlite", *script)
    assert replayed(done.database) == real(script)
    assert (done.missing, done.opaque) == ([], [])
