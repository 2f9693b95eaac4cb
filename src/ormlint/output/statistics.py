"""How many findings each rule has."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from ormlint.output.result import Result


def statistics(result: Result) -> Iterator[str]:
    """A line for each rule, the most frequent first."""
    rows = _counts(result)
    width = max((len(f"{count:,}") for _, _, count in rows), default=0)
    for code, name, count in rows:
        yield f"{count:>{width},}  {result.paint(code, 'bold')}  {name}"


def json_statistics(result: Result) -> Iterator[str]:
    """The same as JSON."""
    rows = [{"code": code, "name": name, "count": count} for code, name, count in _counts(result)]
    yield json.dumps(rows, indent=2)


def _counts(result: Result) -> list[tuple[str, str, int]]:
    counts = Counter((finding.code, finding.name) for finding in result.findings)
    return [(*rule, count) for rule, count in sorted(counts.items(), key=lambda row: (-row[1], row[0]))]
