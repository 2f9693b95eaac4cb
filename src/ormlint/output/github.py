"""Workflow commands, which GitHub Actions shows beside the changed lines."""

from __future__ import annotations

from collections.abc import Iterator

from ormlint.findings import Finding, Place, Severity
from ormlint.output.closing import closing
from ormlint.output.result import Result

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github(result: Result) -> Iterator[str]:
    for finding in result.findings:
        yield _command(finding)
    if not result.quiet:
        yield from closing(result)


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
