from __future__ import annotations

import pytest

from ormlint.facts.comments import Comment
from ormlint.findings import Finding, Place, Related, Severity
from ormlint.graph.model import Misstatement
from ormlint.rules.base import Rule
from ormlint.select.comments import in_vain, silenced

RULES = [
    Rule("ORM003", "unused-ignore", Severity.WARNING, True, ""),
    Rule("ORM201", "missing-field", Severity.WARNING, True, ""),
    Rule("ORM202", "extra-field", Severity.WARNING, True, ""),
]
FINDING = Finding(
    "ORM201",
    "missing-field",
    Severity.WARNING,
    "m",
    Place("schemas.py", 4),
    related=(Related(Place("models.py", 7), "here"), Related(Place("schemas.py", 20), "too", is_end=False)),
)


def comment(kind: str, *words: str, first: int = 1, last: int = 9) -> Comment:
    return Comment(kind, list(words), first, 3, 30, first, last)


@pytest.mark.parametrize(
    ("path", "said", "silent"),
    [
        ("schemas.py", comment("ignore", "ORM201", first=4, last=4), True),
        ("schemas.py", comment("ignore", "missing-field", first=3, last=6), True),
        ("schemas.py", comment("noqa", "ORM201", first=4, last=4), True),
        ("schemas.py", comment("file-ignore", "ORM2", first=1, last=99), True),
        ("models.py", comment("ignore", "ORM201", first=7, last=7), True),
        ("schemas.py", comment("ignore", "ORM202", first=4, last=4), False),
        ("schemas.py", comment("ignore", first=4, last=4), False),
        ("schemas.py", comment("ignore", "ORM201", first=5, last=9), False),
        ("schemas.py", comment("ignore", "ORM201", first=20, last=20), False),
        ("schemas.py", comment("model", "ORM201", first=4, last=4), False),
        ("other.py", comment("ignore", "ORM201", first=4, last=4), False),
    ],
)
def test_what_a_comment_silences(path: str, said: Comment, silent: bool) -> None:
    used: set[tuple[str, int, str]] = set()
    assert list(silenced([FINDING], {path: [said]}, used)) == ([] if silent else [FINDING])
    assert used == ({(path, said.line, said.words[0])} if silent else set())


def vain(said: Comment, used: set[tuple[str, int, str]], ran: set[str]) -> list[Misstatement]:
    return list(in_vain({"a.py": [said]}, used, RULES, ran))


def test_a_word_that_silences_nothing_is_told() -> None:
    said = comment("ignore", "ORM201", "ORM202", first=4)
    assert vain(said, {("a.py", 4, "ORM201")}, {"ORM201", "ORM202"}) == [
        Misstatement(
            "unused-ignore",
            Place("a.py", 4, 3, 4, 30),
            "ORM202",
            "`ignore[ORM202]` silences nothing",
            "remove it",
        )
    ]


def test_a_word_whose_rule_did_not_run_is_not_judged() -> None:
    assert vain(comment("ignore", "ORM201", "ORM2", "ORM003"), set(), {"ORM202", "ORM003"}) == []


def test_a_comment_without_a_rule_is_told() -> None:
    assert [(each.kind, each.message) for each in vain(comment("file-ignore"), set(), set())] == [
        ("unused-ignore", "`file-ignore` names no rule and silences nothing")
    ]


def test_a_word_that_is_no_rule_is_told_with_the_nearest() -> None:
    assert [
        (each.kind, each.name, each.message, each.help)
        for each in vain(comment("ignore", "ORM2011"), set(), set())
    ] == [("unknown-code", "ORM2011", "there is no rule `ORM2011`", "Did you mean `ORM201`?")]


def test_a_noqa_comment_is_another_linters_business() -> None:
    assert vain(comment("noqa", "ORM201", "ORM999"), set(), {"ORM201"}) == []
