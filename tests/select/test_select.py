from __future__ import annotations

import pytest
from msgspec.structs import replace

from ormlint.findings import Finding, Place, Severity
from ormlint.rules.base import Rule
from ormlint.select import Override, selected, shown
from ormlint.settings import Settings, UsageError

RULES = [
    Rule("ORM002", "unresolved", Severity.INFO, False, ""),
    Rule("ORM301", "missing-table", Severity.ERROR, True, ""),
    Rule("ORM302", "orphan-table", Severity.WARNING, True, ""),
    Rule("ORM401", "multiple-heads", Severity.ERROR, True, ""),
]
DEFAULT = {"ORM301", "ORM302", "ORM401"}


@pytest.mark.parametrize(
    ("settings", "override", "codes"),
    [
        (Settings(), Override(), DEFAULT),
        (Settings(extend_select=("unresolved",)), Override(), {"ORM002", *DEFAULT}),
        (Settings(select=("ORM3",)), Override(), {"ORM301", "ORM302"}),
        (Settings(select=("ALL",), ignore=("ORM3",)), Override(), {"ORM002", "ORM401"}),
        (Settings(select=("ORM3",), ignore=("orphan-table",)), Override(), {"ORM301"}),
        (Settings(select=("ORM301",), ignore=("ORM3",)), Override(), {"ORM301"}),
        (Settings(select=("ORM3",), ignore=("ORM3",)), Override(), set()),
        (Settings(select=()), Override(), set()),
        (Settings(ignore=("ORM3",)), Override(), {"ORM401"}),
        (Settings(select=("ORM4",), ignore=("ORM301",)), Override(select=("ORM301",)), {"ORM301"}),
        (Settings(ignore=("ORM301",)), Override(extend_select=("ORM301",)), DEFAULT),
        (Settings(select=("ORM3",)), Override(ignore=("ORM301",)), {"ORM302"}),
        (Settings(select=("ORM3",)), Override(extend_select=("ALL",)), {"ORM002", *DEFAULT}),
    ],
)
def test_the_rules_that_run(settings: Settings, override: Override, codes: set[str]) -> None:
    assert selected(settings, override, RULES) == codes


@pytest.mark.parametrize(
    ("settings", "override", "said"),
    [
        (Settings(), Override(select=("ORM9",)), "--select: there is no rule `ORM9`."),
        (
            Settings(),
            Override(ignore=("missing-tables",)),
            "--ignore: there is no rule `missing-tables`. Did you mean `missing-table`?",
        ),
        (
            Settings(select=("ORM31",)),
            Override(),
            "--config: there is no rule `ORM31`. Did you mean `ORM301`?",
        ),
        (Settings(severity={"ORM9": "info"}), Override(), "--config: there is no rule `ORM9`."),
        (Settings(per_file_ignores={"a": ("x",)}), Override(), "--config: there is no rule `x`."),
    ],
)
def test_a_selector_that_fits_no_rule(settings: Settings, override: Override, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        selected(settings, override, RULES)
    assert str(raised.value) == said


def test_findings_are_sorted_by_place_and_code() -> None:
    a = Finding("ORM302", "orphan-table", Severity.WARNING, "m", Place("b.py", 1))
    b = Finding("ORM301", "missing-table", Severity.ERROR, "m", Place("b.py", 1))
    c = Finding("ORM401", "multiple-heads", Severity.ERROR, "m", Place("a.py", 9))
    assert shown([a, b, c], Settings()) == [c, b, a]


def test_severities_come_from_the_closest_selector() -> None:
    table = Finding("ORM301", "missing-table", Severity.ERROR, "m", Place("a.py", 1))
    orphan = Finding("ORM302", "orphan-table", Severity.ERROR, "m", Place("a.py", 2))
    settings = Settings(severity={"ORM3": "info", "missing-table": "warning"})
    assert shown([table, orphan], settings) == [
        replace(table, severity=Severity.WARNING),
        replace(orphan, severity=Severity.INFO),
    ]


def test_per_file_ignores() -> None:
    findings = [
        Finding("ORM301", "missing-table", Severity.ERROR, "m", Place(path, 1))
        for path in ("app/a.py", "backend/app/a.py", "backend/old/a.py")
    ]
    settings = Settings(per_file_ignores={"backend/app/**": ("ORM3",), "old": ("orphan-table",)})
    assert [finding.place.path for finding in shown(findings, settings)] == ["app/a.py", "backend/old/a.py"]
