"""What every writer gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ormlint.findings import Finding, Summary
from ormlint.output.paint import Paint


@dataclass(frozen=True)
class Result:
    """Findings in the order to show them. `lines` gives a file's lines, or none where it cannot be read."""

    findings: Sequence[Finding]
    summary: Summary
    lines: Callable[[str], Sequence[str]]
    paint: Paint
    quiet: bool = False


Writer = Callable[[Result], Iterator[str]]
