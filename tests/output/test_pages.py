from __future__ import annotations

from ormlint.findings import Applicability, Severity
from ormlint.output.pages import rule_page, rule_table
from ormlint.output.paint import painter
from ormlint.rules.base import Rule

TABLE = Rule("ORM301", "missing-table", Severity.ERROR, True, "no migration creates a model's table")
HIDDEN = Rule("ORM002", "unresolved", Severity.INFO, False, "cannot be settled", Applicability.SAFE)


def test_a_table_of_rules() -> None:
    assert list(rule_table([HIDDEN, TABLE], painter(False))) == [
        "ORM002  unresolved     off  info     cannot be settled",
        "ORM301  missing-table  on   error    no migration creates a model's table",
    ]


def test_a_page() -> None:
    text = 'Words on `x`.\n\n## Fails\n\n```python title="models.py"\nx = `1`\n\n# y\n```\nEnd.\n'
    assert list(rule_page(HIDDEN, text, painter(False))) == [
        "ORM002 unresolved",
        "off by default · info · safe fix",
        "",
        "Words on `x`.",
        "",
        "Fails",
        "",
        "  models.py",
        "    x = `1`",
        "",
        "    # y",
        "End.",
    ]
    assert next(rule_page(TABLE, "", painter(True))) == "\x1b[1mORM301 missing-table\x1b[0m"
