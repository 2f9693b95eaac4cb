"""A rule's page and the list of rules, for a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from ormlint.findings import Applicability, Severity
from ormlint.output.paint import Paint
from ormlint.output.result import RuleText


class Described(Protocol):
    """What is shown of a rule."""

    @property
    def code(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def severity(self) -> Severity: ...

    @property
    def default_on(self) -> bool: ...

    @property
    def summary(self) -> str: ...

    @property
    def fix(self) -> Applicability | None: ...


def rule_table(rules: Iterable[Described], paint: Paint) -> Iterator[str]:
    """A line for each rule."""
    rows = list(rules)
    width = max((len(rule.name) for rule in rows), default=0)
    for rule in rows:
        on = "on " if rule.default_on else "off"
        row = f"{rule.name.ljust(width)}  {on}  {rule.severity.value:<7}  {rule.summary}"
        yield f"{paint(rule.code, 'bold')}  {row}"


def json_rules(rules: Iterable[RuleText]) -> Iterator[str]:
    """Rules with their pages, as JSON."""
    rows = [
        {
            "code": rule.code,
            "name": rule.name,
            "severity": rule.severity.value,
            "default": rule.default_on,
            "summary": rule.summary,
            "fix": rule.fix.value if rule.fix else None,
            "explanation": rule.text,
        }
        for rule in rules
    ]
    yield json.dumps(rows, indent=2)


def rule_page(rule: Described, markdown: str, paint: Paint) -> Iterator[str]:
    """A rule's defaults, then its Markdown."""
    yield paint(f"{rule.code} {rule.name}", "bold")
    on = "on by default" if rule.default_on else "off by default"
    fix = f"{rule.fix.value} fix" if rule.fix else "no automatic fix"
    yield f"{on} · {rule.severity.value} · {fix}"
    yield ""
    yield from _markdown(markdown, paint)


def _markdown(text: str, paint: Paint) -> Iterator[str]:
    fence = ""
    for line in text.splitlines():
        opened = re.match(r"(```+|~~~+)", line)
        if fence and line.rstrip() == fence:
            fence = ""
        elif fence:
            yield f"    {line}".rstrip()
        elif opened:
            fence = opened[1]
            title = re.search(r'title="([^"]+)"', line)
            if title:
                yield paint(f"  {title[1]}", "dim")
        elif line.startswith("#"):
            yield paint(line.lstrip("#").strip(), "bold")
        else:
            yield re.sub(r"`([^`]+)`", lambda found: paint(found[0], "cyan"), line)
