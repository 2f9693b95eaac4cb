"""The JSON contract: fields are added, never renamed or dropped without a new `version`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec.structs import asdict

from ormlint.findings import Finding, Place
from ormlint.output.result import Result


def machine(result: Result) -> Iterator[str]:
    summary = result.summary
    by_code = Counter(finding.code for finding in result.findings)
    document = {
        "version": 1,
        "findings": [plain(finding) for finding in result.findings],
        "summary": {
            "models": summary.models,
            "schemas": summary.schemas,
            "revisions": summary.revisions,
            "tables": summary.tables,
            "files": summary.files,
            "findings": len(result.findings),
            "held_back": summary.held_back,
            "older_tables": summary.older_tables,
            "by_code": dict(sorted(by_code.items())),
            "coverage": {row.kind: {"resolved": row.settled, "found": row.found} for row in summary.coverage},
        },
    }
    yield json.dumps(document, indent=2)


def plain(finding: Finding) -> dict[str, Any]:
    """A finding of the contract."""
    fix = finding.fix
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": finding.message,
        **_place(finding.place),
        "subject": asdict(finding.subject),
        "related": [{**_place(end.place), "message": end.message} for end in finding.related],
        "help": finding.help or None,
        "fix": {"applicability": fix.applicability.value, "message": fix.message} if fix else None,
        "fingerprint": finding.fingerprint,
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column or None,
        "end_line": place.end_line or None,
        "end_column": place.end_column or None,
    }
