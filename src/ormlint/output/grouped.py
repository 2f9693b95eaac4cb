"""Findings by file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ormlint.output.closing import closing
from ormlint.output.frame import clean
from ormlint.output.paint import Ink
from ormlint.output.result import Result

_INKS: dict[str, Ink] = {"error": "red", "warning": "yellow", "info": "blue"}


def grouped(result: Result) -> Iterator[str]:
    paint = result.paint
    for path, findings in groupby(result.findings, key=lambda finding: finding.place.path):
        yield paint(f"{clean(path)}:", "bold")
        rows = [(f"{each.place.line}:{each.place.column or 1}", each) for each in findings]
        width = max(len(where) for where, _ in rows)
        for where, finding in rows:
            severity = finding.severity.value
            said = f"{paint(severity.ljust(7), _INKS[severity])} {clean(finding.message)}"
            yield f"  {where.rjust(width)} {paint(finding.code, 'bold')} {said}"
        yield ""
    if not result.quiet:
        yield from closing(result)
