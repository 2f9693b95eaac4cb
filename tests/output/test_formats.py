"""Formats that other programs read."""

from __future__ import annotations

import json
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from msgspec.structs import replace

from ormlint.findings import Finding, Place, Related, Severity, Subject, Summary
from ormlint.output import STATISTICS, WRITERS, Result, RuleText, writer
from ormlint.output.github import step_summary
from ormlint.output.paint import painter

EMAIL = Finding(
    code="ORM201",
    name="missing-field",
    severity=Severity.WARNING,
    message="`PersonOut` lacks `email`; see <there>",
    place=Place("app/größe a.py", 3, 7, 3, 16),
    subject=Subject(schema="schemas.PersonOut", field="email"),
    related=(Related(Place("models.py", 2), "the column is declared here"),),
    help="add the field",
)
TABLE = Finding(
    "ORM301", "missing-table", Severity.ERROR, "no migration\ncreates 100%", Place("models.py", 0)
)
NOTE = replace(EMAIL, severity=Severity.INFO, place=Place("/abs/a.py", 9))
RULES = (
    RuleText(
        "ORM201", "missing-field", Severity.WARNING, True, "a field is missing", "A field.\n\n## Fails\n\nx"
    ),
    RuleText("ORM301", "missing-table", Severity.ERROR, False, "a table is missing", ""),
)


def result(*findings: Finding, quiet: bool = True) -> Result:
    return Result(findings, Summary(models=1), lambda _: (), painter(False), quiet, RULES, "1.2.3")


def written(name: str, *findings: Finding) -> str:
    return "".join(f"{line}\n" for line in writer(WRITERS[name])(result(*findings)))


def test_grouped_has_a_heading_for_each_file() -> None:
    later = replace(EMAIL, place=Place("app/größe a.py", 120))
    assert written("grouped", EMAIL, later, TABLE) == (
        "app/größe a.py:\n"
        "    3:7 ORM201 warning `PersonOut` lacks `email`; see <there>\n"
        "  120:1 ORM201 warning `PersonOut` lacks `email`; see <there>\n"
        "\n"
        "models.py:\n"
        "  0:1 ORM301 error   no migration creates 100%\n"
        "\n"
    )


def test_json_lines_are_the_findings_of_the_contract() -> None:
    lines = written("json-lines", EMAIL, TABLE).splitlines()
    whole = json.loads(written("json", EMAIL, TABLE))
    assert [json.loads(line) for line in lines] == whole["findings"]


def test_pylint() -> None:
    assert written("pylint", EMAIL, TABLE) == (
        "app/größe a.py:3: [ORM201(missing-field)] `PersonOut` lacks `email`; see <there>\n"
        "models.py:1: [ORM301(missing-table)] no migration creates 100%\n"
    )


def test_azure() -> None:
    assert written("azure", EMAIL, TABLE) == (
        "##vso[task.logissue type=warning;sourcepath=app/größe a.py;linenumber=3;columnnumber=7;code=ORM201;]"
        "`PersonOut` lacks `email`; see <there>\n"
        "##vso[task.logissue type=error;sourcepath=models.py;linenumber=1;columnnumber=1;code=ORM301;]"
        "no migration%0Acreates 100%AZP25\n"
    )


def test_gitlab_fingerprints_are_unique_and_stay() -> None:
    rows = json.loads(written("gitlab", EMAIL, replace(EMAIL, place=Place("b.py", 1)), NOTE, TABLE))
    assert rows[0] == {
        "description": "ORM201: `PersonOut` lacks `email`; see <there>",
        "check_name": "missing-field",
        "fingerprint": EMAIL.fingerprint,
        "severity": "major",
        "location": {"path": "app/größe a.py", "lines": {"begin": 3, "end": 3}},
    }
    assert len({row["fingerprint"] for row in rows}) == 4
    assert [row["severity"] for row in rows] == ["major", "major", "info", "critical"]
    assert json.loads(written("gitlab")) == []


def test_junit_has_a_suite_for_each_file() -> None:
    odd = replace(TABLE, message="\x00 <&\" 'x'")
    root = fromstring(written("junit", EMAIL, odd))  # noqa: S314 - our own text
    assert root.attrib == {"name": "ormlint", "tests": "2", "failures": "2", "errors": "0"}
    suites = [(suite.get("name"), len(suite)) for suite in root]
    assert suites == [("app/größe a.py", 1), ("models.py", 1)]
    failure = root[0][0][0]
    assert failure.attrib == {"type": "warning", "message": "`PersonOut` lacks `email`; see <there>"}
    assert failure.text == "app/größe a.py:3:7: `PersonOut` lacks `email`; see <there>\nadd the field"
    assert root[1][0][0].get("message") == "\ufffd <&\" 'x'"


def test_junit_without_findings_has_a_case_that_passes() -> None:
    root = fromstring(written("junit"))  # noqa: S314 - our own text
    assert root.attrib == {"name": "ormlint", "tests": "1", "failures": "0", "errors": "0"}
    assert [len(case) for case in root.iter("testcase")] == [0]


def test_rdjson() -> None:
    document = json.loads(written("rdjson", EMAIL, TABLE))
    assert document == {
        "source": {"name": "ormlint"},
        "diagnostics": [
            {
                "message": "`PersonOut` lacks `email`; see <there>\nadd the field",
                "location": {
                    "path": "app/größe a.py",
                    "range": {"start": {"line": 3, "column": 7}, "end": {"line": 3, "column": 16}},
                },
                "severity": "WARNING",
                "code": {"value": "ORM201"},
                "relatedLocations": [
                    {
                        "message": "the column is declared here",
                        "location": {"path": "models.py", "range": {"start": {"line": 2}}},
                    }
                ],
            },
            {
                "message": "no migration\ncreates 100%",
                "location": {"path": "models.py", "range": {"start": {"line": 1}}},
                "severity": "ERROR",
                "code": {"value": "ORM301"},
                "relatedLocations": [],
            },
        ],
    }


def test_sarif_results() -> None:
    run = sarif(EMAIL, TABLE, NOTE)
    assert run["results"][0] == {
        "ruleId": "ORM201",
        "ruleIndex": 0,
        "level": "warning",
        "message": {"text": "`PersonOut` lacks `email`; see <there>\nadd the field"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "app/gr%C3%B6%C3%9Fe%20a.py"},
                    "region": {"startLine": 3, "startColumn": 7, "endLine": 3, "endColumn": 16},
                }
            }
        ],
        "partialFingerprints": {"ormlint/v1": EMAIL.fingerprint},
        "relatedLocations": [
            {
                "id": 0,
                "message": {"text": "the column is declared here"},
                "physicalLocation": {"artifactLocation": {"uri": "models.py"}, "region": {"startLine": 2}},
            }
        ],
    }
    table, note = run["results"][1:]
    assert (table["level"], note["level"]) == ("error", "note")
    assert "relatedLocations" not in table
    physical = [each["locations"][0]["physicalLocation"] for each in (table, note)]
    assert [each["region"] for each in physical] == [{"startLine": 1}, {"startLine": 9}]
    assert physical[1]["artifactLocation"] == {"uri": "file:///abs/a.py"}


def test_sarif_declares_all_rules() -> None:
    driver = sarif()["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("ormlint", "1.2.3")
    assert driver["rules"] == [
        {
            "id": "ORM201",
            "name": "MissingField",
            "shortDescription": {"text": "A field is missing."},
            "fullDescription": {"text": "A field."},
            "help": {"text": "A field.\n\n## Fails\n\nx", "markdown": "A field.\n\n## Fails\n\nx"},
            "defaultConfiguration": {"level": "warning", "enabled": True},
            "properties": {"tags": ["ormlint", "missing-field"]},
        },
        {
            "id": "ORM301",
            "name": "MissingTable",
            "shortDescription": {"text": "A table is missing."},
            "fullDescription": {"text": "A table is missing."},
            "help": {"text": "A table is missing.", "markdown": "A table is missing."},
            "defaultConfiguration": {"level": "error", "enabled": False},
            "properties": {"tags": ["ormlint", "missing-table"]},
        },
    ]


def sarif(*findings: Finding) -> Any:
    document = json.loads(written("sarif", *findings))
    assert set(document) == {"$schema", "version", "runs"}
    assert document["version"] == "2.1.0"
    return document["runs"][0]


def test_github_annotates_the_ten_worst() -> None:
    many = [replace(EMAIL, place=Place("a.py", line)) for line in range(1, 12)]
    lines = written("github", *many, TABLE).splitlines()
    assert [line.partition(" ")[0] for line in lines[:10]] == ["::error", *["::warning"] * 9]
    said = "ORM201 `PersonOut` lacks `email`; see <there>"
    assert lines[10:] == [f"a.py:10:1: {said}", f"a.py:11:1: {said}"]


def test_the_summary_of_a_step_has_what_is_not_annotated() -> None:
    many = [replace(EMAIL, place=Place("a.py", line)) for line in range(1, 12)]
    said = "ORM201 `PersonOut` lacks `email`; see &lt;there>"
    assert step_summary(result(*many)) == (
        "### ormlint\n\n| rule | name | findings |\n|---|---|---|\n| ORM201 | missing-field | 11 |\n\n"
        f"Findings beyond the annotations:\n\n- a.py:11:1: {said}\n\n"
    )
    assert step_summary(result()) == "### ormlint\n\nNothing to report.\n\n"


@pytest.mark.parametrize("name", STATISTICS)
def test_statistics(name: str) -> None:
    lines = "\n".join(writer(STATISTICS[name])(result(TABLE, EMAIL, NOTE)))
    if name == "json":
        assert json.loads(lines) == [
            {"code": "ORM201", "name": "missing-field", "count": 2},
            {"code": "ORM301", "name": "missing-table", "count": 1},
        ]
    else:
        assert lines == "2  ORM201  missing-field\n1  ORM301  missing-table"
