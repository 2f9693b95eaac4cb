"""What every writer gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from ormlint.findings import Applicability, Finding, Severity, Summary
from ormlint.output.paint import Paint


class RuleText(Struct, frozen=True):
    """A rule and its page, in Markdown."""

    code: str
    name: str
    severity: Severity
    default_on: bool
    summary: str
    text: str
    fix: Applicability | None = None


class Result(Struct, frozen=True):
    """Findings in the order to show them. `lines` gives a file's lines, or none where it cannot be read."""

    findings: Sequence[Finding]
    summary: Summary
    lines: Callable[[str], Sequence[str]]
    paint: Paint
    quiet: bool = False
    rules: Sequence[RuleText] = ()
    version: str = ""


Writer = Callable[[Result], Iterator[str]]
