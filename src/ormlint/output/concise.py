"""One line per finding."""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.output.closing import closing
from ormlint.output.frame import clean
from ormlint.output.result import Result


def concise(result: Result) -> Iterator[str]:
    paint = result.paint
    for finding in result.findings:
        place = finding.place
        where = f"{paint(clean(place.path), 'bold')}:{place.line}:{place.column or 1}"
        yield f"{where}: {paint(finding.code, 'red')} {clean(finding.message)}"
    if not result.quiet:
        yield from closing(result)
