"""Each finding with its source, its other ends, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

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
    gutter = max(len(str(line)) for line in _lines_shown(group))
    yield f"{head}: {result.paint(said, 'bold')}"
    yield from _source(Shown(first.place, "-->", "^", ink, around=1), result, gutter)
    for number, finding in enumerate(group, 1):
        if len(group) > 1:
            yield f"{number:>3}. {result.paint(clean(finding.message), 'bold')}"
        for end in finding.related:
            yield from _source(Shown(end.place, ":::", "-", "blue", end.message), result, gutter)
        following = group[number] if number < len(group) else None
        if following is None or _advice(following) != _advice(finding):
            for key, text in _advice(finding):
                yield f"  {result.paint('=', 'blue')} {result.paint(key, 'bold')}: {clean(text)}"


def _lines_shown(group: Sequence[Finding]) -> Iterator[int]:
    yield group[0].place.line + 1
    for finding in group:
        for end in finding.related:
            yield end.place.line


def _advice(finding: Finding) -> list[tuple[str, str]]:
    fix = finding.fix
    rows = [
        ("help", finding.help),
        (f"fix ({fix.applicability.value})" if fix else "", fix.message if fix else ""),
    ]
    return [(key, text) for key, text in rows if text]


class Shown(Struct, frozen=True):
    """A place as it is shown: behind which arrow, with which underline and label."""

    place: Place
    arrow: str
    mark: str
    ink: Ink
    label: str = ""
    around: int = 0


def _source(shown: Shown, result: Result, gutter: int) -> Iterator[str]:
    """Where it is, and its lines; without lines, the label beside the place."""
    place, label = shown.place, shown.label
    column = f":{place.column}" if place.column else ""
    where = f"  {result.paint(shown.arrow, 'blue')} {clean(place.path)}:{place.line}{column}"
    lines = result.lines(place.path)
    if not 1 <= place.line <= len(lines):
        yield f"{where}: {clean(label)}" if label else where
        return
    yield where
    rows = frame(
        place,
        lines,
        result.paint,
        mark=shown.mark,
        ink=shown.ink,
        label=label,
        around=shown.around,
        gutter=gutter,
    )
    yield from (f"  {row}" for row in rows)
