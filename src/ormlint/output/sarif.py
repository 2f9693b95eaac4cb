"""SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from ormlint.findings import Finding, Place, Severity
from ormlint.output.result import Result, RuleText

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def sarif(result: Result) -> Iterator[str]:
    rules = list(result.rules)
    index = {rule.code: number for number, rule in enumerate(rules)}
    driver = {"name": "ormlint", "version": result.version, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(finding, index) for finding in result.findings],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    yield json.dumps(document, indent=2)


def _rule(rule: RuleText) -> dict[str, Any]:
    summary = rule.summary[:1].upper() + rule.summary[1:] + "."
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": summary},
        "fullDescription": {"text": rule.text.partition("\n## ")[0].strip() or summary},
        "help": {"text": rule.text or summary, "markdown": rule.text or summary},
        "defaultConfiguration": {"level": _LEVELS[rule.severity], "enabled": rule.default_on},
        "properties": {"tags": ["ormlint", rule.name]},
    }


def _result(finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(filter(None, [finding.message, finding.help]))},
        "locations": [{"physicalLocation": _location(finding.place)}],
        "partialFingerprints": {"ormlint/v1": finding.fingerprint},
    }
    if finding.code in index:
        found["ruleIndex"] = index[finding.code]
    if finding.related:
        found["relatedLocations"] = [
            {"id": number, "message": {"text": end.message}, "physicalLocation": _location(end.place)}
            for number, end in enumerate(finding.related)
        ]
    return found


def _location(place: Place) -> dict[str, Any]:
    region = {"startLine": max(place.line, 1)}
    if place.column:
        region["startColumn"] = place.column
        if place.end_column:
            region["endLine"] = max(place.end_line, place.line)
            region["endColumn"] = place.end_column
    path = PurePosixPath(place.path)
    uri = path.as_uri() if path.is_absolute() else quote(place.path)
    return {"artifactLocation": {"uri": uri}, "region": region}
