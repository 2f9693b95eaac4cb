"""GitLab's Code Quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator

from ormlint.findings import Severity
from ormlint.output.result import Result

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def gitlab(result: Result) -> Iterator[str]:
    seen: Counter[str] = Counter()
    rows = []
    for finding in result.findings:
        place = finding.place
        fingerprint = finding.fingerprint
        if seen[fingerprint]:
            # GitLab drops what has the fingerprint of another finding.
            again = f"{fingerprint}\0{seen[fingerprint]}"
            fingerprint = hashlib.sha256(again.encode()).hexdigest()[:32]
        seen[finding.fingerprint] += 1
        first = max(place.line, 1)
        rows.append(
            {
                "description": f"{finding.code}: {finding.message}",
                "check_name": finding.name,
                "fingerprint": fingerprint,
                "severity": _SEVERITIES[finding.severity],
                "location": {
                    "path": place.path,
                    "lines": {"begin": first, "end": max(place.end_line, first)},
                },
            }
        )
    yield json.dumps(rows, indent=2)
