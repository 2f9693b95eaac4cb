"""Each finding with its source, its other ends, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ormlint.findings import Finding, Place, Severity
from ormlint.output.closing import closing
from ormlint.output.frame import clean, frame
from ormlint.output.paint import Ink
from ormlint.output.result import Result

_INKS: dict[Severity, Ink] = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def full(result: Result) -> Iterator[str]:
    for _, same in groupby(result.findings, key=lambda found: (found.code, found.severity, found.place)):
        yield from _group(list(same), result)
        yield ""
    if not result.quiet:
        yield from closing(result)


def _group(group: Sequence[Finding], result: Result) -> Iterator[str]:
    """Findings of one rule at one place: the source once, then what each of them says."""
    first = group[0]
    ink = _INKS[first.severity]
    head = result.paint(f"{first.severity.value}[{first.code} {first.name}]", ink)
    said = clean(first.message) if len(group) == 1 else f"{len(group)} findings at one place"
    yield f"{head}: {result.paint(said, 'bold')}"
    yield from _source(first.place, "-->", result, mark="^", ink=ink, around=1)
    for number, finding in enumerate(group, 1):
        if len(group) > 1:
            yield f"{number:>3}. {result.paint(clean(finding.message), 'bold')}"
        yield from _ends(finding, result)
        following = group[number] if number < len(group) else None
        if following is None or _advice(following) != _advice(finding):
            for key, text in _advice(finding):
                yield f"  {result.paint('=', 'blue')} {result.paint(key, 'bold')}: {clean(text)}"


def _ends(finding: Finding, result: Result) -> Iterator[str]:
    for end in finding.related:
        yield from _source(end.place, ":::", result, mark="-", ink="blue", label=end.message)


def _advice(finding: Finding) -> list[tuple[str, str]]:
    fix = finding.fix
    rows = [
        ("help", finding.help),
        (f"fix ({fix.applicability.value})" if fix else "", fix.message if fix else ""),
    ]
    return [(key, text) for key, text in rows if text]


def _source(
    place: Place, arrow: str, result: Result, *, mark: str, ink: Ink, label: str = "", around: int = 0
) -> Iterator[str]:
    """Where it is, and its lines; without lines, the label beside the place."""
    column = f":{place.column}" if place.column else ""
    where = f"  {result.paint(arrow, 'blue')} {clean(place.path)}:{place.line}{column}"
    lines = result.lines(place.path)
    if 1 <= place.line <= len(lines):
        yield where
        yield from (
            f"  {row}"
            for row in frame(place, lines, result.paint, mark=mark, ink=ink, label=label, around=around)
        )
    else:
        yield f"{where}: {clean(label)}" if label else where
