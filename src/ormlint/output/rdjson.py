"""Reviewdog's diagnostic format: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ormlint.findings import Place, Severity
from ormlint.output.result import Result

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def rdjson(result: Result) -> Iterator[str]:
    diagnostics = [
        {
            "message": "\n".join(filter(None, [finding.message, finding.help])),
            "location": _location(finding.place),
            "severity": _SEVERITIES[finding.severity],
            "code": {"value": finding.code},
            "relatedLocations": [
                {"message": end.message, "location": _location(end.place)} for end in finding.related
            ],
        }
        for finding in result.findings
    ]
    yield json.dumps({"source": {"name": "ormlint"}, "diagnostics": diagnostics}, indent=2)


def _location(place: Place) -> dict[str, Any]:
    found: dict[str, Any] = {"start": {"line": max(place.line, 1)}}
    if place.column:
        found["start"]["column"] = place.column
        if place.end_column:
            found["end"] = {"line": max(place.end_line, place.line), "column": place.end_column}
    return {"path": place.path, "range": found}
