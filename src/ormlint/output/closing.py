"""The last lines: how many findings per rule, and how much of the project was understood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ormlint.findings import Applicability
from ormlint.output.result import Result

_IN_WORDS = {"fields": "schema fields", "operations": "migration operations"}


def closing(result: Result) -> Iterator[str]:
    """What was found, then what it rests on."""
    by_code = Counter(finding.code for finding in result.findings)
    total = len(result.findings)
    if total:
        counts = ", ".join(f"{count:,} {code}" for code, count in sorted(by_code.items()))
        yield result.paint(f"{total:,} {'finding' if total == 1 else 'findings'}: {counts}", "bold")
    else:
        said = "Nothing new" if result.summary.held_back or result.summary.pruned else "Nothing to report"
        looked_at = _looked_at(result)
        yield result.paint(f"{said} in {looked_at}." if looked_at else f"{said}.", "green")
    fixes = Counter(finding.fix.applicability for finding in result.findings if finding.fix is not None)
    safe, unsafe = fixes[Applicability.SAFE], fixes[Applicability.UNSAFE]
    if safe or unsafe:
        flag = "--fix" if safe else "--fix --unsafe-fixes"
        more = f", {unsafe:,} more with `--unsafe-fixes`" if safe and unsafe else ""
        yield f"`ormlint check {flag}` mends {safe or unsafe:,} of them{more}."
    if result.summary.held_back or result.summary.pruned:
        yield result.paint(f"The baseline holds back {result.summary.held_back:,} more.", "dim")
    if result.summary.pruned:
        count = result.summary.pruned
        are = "is" if count == 1 else "are"
        yield result.paint(f"{count:,} of its findings {are} gone, and no longer in it: commit it.", "dim")
    yield result.paint(" ".join(_coverage(result)), "dim")


def _looked_at(result: Result) -> str:
    summary = result.summary
    counts = [(summary.models, "model"), (summary.schemas, "schema"), (summary.revisions, "revision")]
    return _join([f"{count:,} {kind}{'' if count == 1 else 's'}" for count, kind in counts if count])


def _coverage(result: Result) -> Iterator[str]:
    rows = [
        f"{row.settled:,} of {row.found:,} {_IN_WORDS.get(row.kind, row.kind)}"
        for row in result.summary.coverage
        if row.found
    ]
    if rows:
        yield f"Resolved {', '.join(rows)}."
    summary = result.summary
    if older := summary.older_tables:
        tables = "1 table of the models is" if older == 1 else f"{older:,} tables of the models are"
        yield f"{tables} older than the migrations, and not compared with them."
    counts = [(summary.models, "models"), (summary.schemas, "schemas"), (summary.revisions, "migrations")]
    looked_for = counts[2:] if summary.migrations_only else counts
    absent = [kind for count, kind in looked_for if not count]
    if absent:
        yield f"There are no {_join(absent, 'or')} here."


def _join(words: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
