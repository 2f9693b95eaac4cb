from __future__ import annotations

from ormlint.findings import Applicability, Finding, Fix, Place, Related, Severity, Subject
from ormlint.graph.model import Environment, Graph, OpaqueStep, Unreadable, Unresolved
from ormlint.rules import catalogue
from ormlint.rules.base import Rule

RULE = Rule("ORM301", "missing-table", Severity.ERROR, True, "no migration creates a model's table")
PLACE = Place("models.py", 3)


def test_a_finding_takes_its_identity_from_the_rule() -> None:
    assert RULE.finding(PLACE, "m") == Finding("ORM301", "missing-table", Severity.ERROR, "m", PLACE)
    end = Related(PLACE, "here")
    fix = Fix(Applicability.SAFE, "Mend it")
    assert RULE.finding(
        PLACE,
        "m",
        subject=Subject(table="people"),
        severity=Severity.INFO,
        related=(end,),
        help="h",
        fix=fix,
    ) == Finding(
        "ORM301",
        "missing-table",
        Severity.INFO,
        "m",
        PLACE,
        subject=Subject(table="people"),
        related=(end,),
        help="h",
        fix=fix,
    )


def test_only_the_chosen_rules_run() -> None:
    graph = Graph(
        unreadable=[Unreadable(PLACE, "syntax error", "mend it")],
        unresolved=[Unresolved(PLACE, "the base of `Person`", "computed", "base")],
        environments=[Environment("alembic", opaque=[OpaqueStep("0002", Place("0002.py", 7), "a query")])],
    )
    assert list(catalogue.check(graph, ["ORM001"])) == [
        Finding(
            "ORM001",
            "unreadable-file",
            Severity.ERROR,
            "syntax error",
            PLACE,
            subject=Subject(path="models.py"),
            help="mend it",
        )
    ]
    assert [finding.message for finding in catalogue.check(graph, ["ORM002"])] == [
        "the base of `Person`: computed",
        "a step of revision `0002`: a query",
    ]
    assert list(catalogue.check(graph, [])) == []
