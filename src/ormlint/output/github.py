"""Workflow commands, which GitHub Actions shows beside the changed lines.

GitHub takes ten annotations from a step: they go to the worst findings, the rest is said in plain lines and
in the summary of the step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ormlint.findings import Finding, Place, Severity
from ormlint.output.closing import closing
from ormlint.output.frame import clean
from ormlint.output.result import Result

MOST = 10
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_ORDER = [Severity.ERROR, Severity.WARNING, Severity.INFO]


def github(result: Result) -> Iterator[str]:
    worst = sorted(result.findings, key=lambda finding: _ORDER.index(finding.severity))
    for finding in worst[:MOST]:
        yield _command(finding)
    for finding in worst[MOST:]:
        yield _line(finding)
    if not result.quiet:
        yield from closing(result)


def step_summary(result: Result) -> str:
    """Markdown for the page of a step: how many findings each rule has, and those without annotations."""
    counts = Counter((finding.code, finding.name) for finding in result.findings)
    rows = [f"| {code} | {name} | {count:,} |" for (code, name), count in sorted(counts.items())]
    parts = ["### ormlint", ""]
    parts += (
        ["| rule | name | findings |", "|---|---|---|", *rows, ""] if rows else ["Nothing to report.", ""]
    )
    worst = sorted(result.findings, key=lambda finding: _ORDER.index(finding.severity))
    if worst[MOST:]:
        parts += ["Findings beyond the annotations:", ""]
        parts += [f"- {_markdown(_line(finding))}" for finding in worst[MOST : MOST + 500]]
        parts += [f"- and {len(worst) - MOST - 500:,} more"] if len(worst) > MOST + 500 else []
        parts.append("")
    return "\n".join(parts) + "\n"


def _line(finding: Finding) -> str:
    place = finding.place
    return f"{clean(place.path)}:{place.line}:{place.column or 1}: {finding.code} {clean(finding.message)}"


def _markdown(text: str) -> str:
    return text.replace("<", "&lt;")


def _command(finding: Finding) -> str:
    properties = {"title": f"{finding.code} {finding.name}", **_position(finding.place)}
    stated = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    message = "\n".join(filter(None, [finding.message, finding.help]))
    return f"::{_COMMANDS[finding.severity]} {stated}::{_data(message)}"


def _position(place: Place) -> dict[str, str]:
    """GitHub takes columns only within one line."""
    position = {"file": place.path, "line": str(place.line)}
    if place.end_line > place.line:
        position["endLine"] = str(place.end_line)
    elif place.column:
        position["col"] = str(place.column)
        if place.end_column:
            position["endColumn"] = str(place.end_column)
    return position


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
