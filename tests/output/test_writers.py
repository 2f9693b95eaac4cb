from __future__ import annotations

import json
import re

import pytest
from msgspec.structs import replace

from ormlint.findings import (
    Applicability,
    Covered,
    Finding,
    Fix,
    Place,
    Related,
    Severity,
    Subject,
    Summary,
)
from ormlint.output import WRITERS, Result, writer
from ormlint.output.closing import closing
from ormlint.output.paint import painter

FILES = {
    "models.py": ("class Person(Base):", "\temail = Column(String)", "    phone = Column(String)"),
    "schemas.py": ("import pydantic", "", "class PersonOut(BaseModel):", "    id: int", ""),
}

EMAIL = Finding(
    code="ORM201",
    name="missing-field",
    severity=Severity.WARNING,
    message="`PersonOut` lacks a column of `Person`: `email`",
    place=Place("schemas.py", 3, 7, 3, 16),
    subject=Subject(schema="schemas.PersonOut", model="models.Person", column="email"),
    related=(Related(Place("models.py", 2, 2, 2, 7), "the column is declared here"),),
    help="add the field, or list it under `allow-missing`",
    fix=Fix(Applicability.SAFE, "Add the field"),
)
PHONE = replace(
    EMAIL,
    message="`PersonOut` lacks a column of `Person`: `phone`",
    subject=replace(EMAIL.subject, column="phone"),
    related=(Related(Place("models.py", 3), "the column is declared here"),),
)
TABLE = Finding(
    code="ORM301",
    name="missing-table",
    severity=Severity.ERROR,
    message="no migration creates `people`",
    place=Place("models.py", 1),
    related=(Related(Place("gone.py", 4), "the last revision"),),
)
SUMMARY = Summary(
    files=3,
    models=87,
    tables=90,
    schemas=1254,
    revisions=131,
    coverage=(
        Covered("tables", 118, 121),
        Covered("columns", 1043, 1050),
        Covered("fields", 0, 0),
        Covered("operations", 412, 415),
    ),
)
COVERAGE = "Resolved 118 of 121 tables, 1,043 of 1,050 columns, 412 of 415 migration operations."


def written(
    name: str, *findings: Finding, summary: Summary = SUMMARY, quiet: bool = False, colour: bool = False
) -> str:
    result = Result(findings, summary, lambda path: FILES.get(path, ()), painter(colour), quiet)
    return "".join(f"{line}\n" for line in writer(WRITERS[name])(result))


def test_full_shows_both_ends_and_what_to_do() -> None:
    assert (
        written("full", EMAIL)
        == f"""\
warning[ORM201 missing-field]: `PersonOut` lacks a column of `Person`: `email`
  --> schemas.py:3:7
    |
  2 |
  3 | class PersonOut(BaseModel):
    |       ^^^^^^^^^
  4 |     id: int
  ::: models.py:2:2
    |
  2 |     email = Column(String)
    |     ----- the column is declared here
  = help: add the field, or list it under `allow-missing`
  = fix (safe): Add the field

1 finding: 1 ORM201
`ormlint check --fix` mends 1 of them.
{COVERAGE}
"""
    )


def test_full_groups_findings_of_one_rule_at_one_place() -> None:
    assert (
        written("full", EMAIL, PHONE, TABLE, quiet=True)
        == """\
warning[ORM201 missing-field]: 2 findings at one place
  --> schemas.py:3:7
    |
  2 |
  3 | class PersonOut(BaseModel):
    |       ^^^^^^^^^
  4 |     id: int
  1. `PersonOut` lacks a column of `Person`: `email`
  ::: models.py:2:2
    |
  2 |     email = Column(String)
    |     ----- the column is declared here
  2. `PersonOut` lacks a column of `Person`: `phone`
  ::: models.py:3
    |
  3 |     phone = Column(String)
    |     ---------------------- the column is declared here
  = help: add the field, or list it under `allow-missing`
  = fix (safe): Add the field

error[ORM301 missing-table]: no migration creates `people`
  --> models.py:1
    |
  1 | class Person(Base):
    | ^^^^^^^^^^^^^^^^^^^
  2 |     email = Column(String)
  ::: gone.py:4: the last revision

"""
    )


def test_colour_adds_nothing_but_colour() -> None:
    plain = written("full", EMAIL, PHONE, TABLE)
    coloured = written("full", EMAIL, PHONE, TABLE, colour=True)
    assert "\x1b[1;33mwarning[ORM201 missing-field]\x1b[0m: " in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_concise_is_a_line_for_each() -> None:
    assert (
        written("concise", EMAIL, TABLE)
        == f"""\
schemas.py:3:7: ORM201 `PersonOut` lacks a column of `Person`: `email`
models.py:1:1: ORM301 no migration creates `people`
2 findings: 1 ORM201, 1 ORM301
`ormlint check --fix` mends 1 of them.
{COVERAGE}
"""
    )


def test_github_commands_are_escaped() -> None:
    odd = replace(
        TABLE, message="100%\nmore, and: more", place=Place("a,b:c.py", 2, 1, 4, 2), severity=Severity.INFO
    )
    assert written("github", EMAIL, odd, quiet=True) == (
        "::warning title=ORM201 missing-field,file=schemas.py,line=3,col=7,endColumn=16::"
        "`PersonOut` lacks a column of `Person`: `email`%0Aadd the field, or list it under `allow-missing`\n"
        "::notice title=ORM301 missing-table,file=a%2Cb%3Ac.py,line=2,endLine=4::100%25%0Amore, and: more\n"
    )


def test_json_is_the_contract() -> None:
    assert json.loads(written("json", EMAIL, TABLE)) == {
        "version": 1,
        "findings": [
            {
                "code": "ORM201",
                "name": "missing-field",
                "severity": "warning",
                "message": "`PersonOut` lacks a column of `Person`: `email`",
                "path": "schemas.py",
                "line": 3,
                "column": 7,
                "end_line": 3,
                "end_column": 16,
                "subject": {
                    "schema": "schemas.PersonOut",
                    "field": None,
                    "model": "models.Person",
                    "table": None,
                    "column": "email",
                    "revision": None,
                    "name": None,
                    "path": None,
                },
                "related": [
                    {
                        "path": "models.py",
                        "line": 2,
                        "column": 2,
                        "end_line": 2,
                        "end_column": 7,
                        "message": "the column is declared here",
                    }
                ],
                "help": "add the field, or list it under `allow-missing`",
                "fix": {"applicability": "safe", "message": "Add the field"},
                "fingerprint": EMAIL.fingerprint,
            },
            {
                "code": "ORM301",
                "name": "missing-table",
                "severity": "error",
                "message": "no migration creates `people`",
                "path": "models.py",
                "line": 1,
                "column": None,
                "end_line": None,
                "end_column": None,
                "subject": dict.fromkeys(
                    ("schema", "field", "model", "table", "column", "revision", "name", "path")
                ),
                "related": [
                    {
                        "path": "gone.py",
                        "line": 4,
                        "column": None,
                        "end_line": None,
                        "end_column": None,
                        "message": "the last revision",
                    }
                ],
                "help": None,
                "fix": None,
                "fingerprint": TABLE.fingerprint,
            },
        ],
        "summary": {
            "models": 87,
            "schemas": 1254,
            "revisions": 131,
            "tables": 90,
            "files": 3,
            "findings": 2,
            "held_back": 0,
            "older_tables": 0,
            "by_code": {"ORM201": 1, "ORM301": 1},
            "coverage": {
                "tables": {"resolved": 118, "found": 121},
                "columns": {"resolved": 1043, "found": 1050},
                "fields": {"resolved": 0, "found": 0},
                "operations": {"resolved": 412, "found": 415},
            },
        },
    }


@pytest.mark.parametrize("name", ["full", "concise", "github"])
def test_all_in_step(name: str) -> None:
    assert written(name) == f"Nothing to report in 87 models, 1,254 schemas and 131 revisions.\n{COVERAGE}\n"


def test_what_is_absent_is_said() -> None:
    summary = Summary(models=1, coverage=(Covered("columns", 2, 2),))
    assert written("concise", summary=summary) == (
        "Nothing to report in 1 model.\nResolved 2 of 2 columns. There are no schemas or migrations here.\n"
    )


def test_tables_older_than_the_history_are_counted() -> None:
    summary = Summary(models=1, schemas=1, revisions=1, coverage=(Covered("tables", 2, 2),), older_tables=2)
    assert written("concise", summary=summary) == (
        "Nothing to report in 1 model, 1 schema and 1 revision.\n"
        "Resolved 2 of 2 tables. "
        "2 tables of the models are older than the migrations, and not compared with them.\n"
    )


@pytest.mark.parametrize(
    ("applicabilities", "said"),
    [
        ([], []),
        ([Applicability.UNSAFE], ["`ormlint check --fix --unsafe-fixes` mends 1 of them."]),
        (
            [Applicability.UNSAFE, Applicability.SAFE, Applicability.SAFE],
            ["`ormlint check --fix` mends 2 of them, 1 more with `--unsafe-fixes`."],
        ),
    ],
)
def test_what_can_be_mended_is_said(applicabilities: list[Applicability], said: list[str]) -> None:
    found = [replace(EMAIL, fix=None), *(replace(EMAIL, fix=Fix(each, "")) for each in applicabilities)]
    result = Result(found, Summary(), lambda _: (), painter(False))
    assert [line for line in closing(result) if "mends" in line] == said
