"""One line per finding, in the forms of other programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ormlint.findings import Severity
from ormlint.output.frame import clean
from ormlint.output.machine import plain
from ormlint.output.result import Result


def json_lines(result: Result) -> Iterator[str]:
    """The findings of the JSON contract, one a line."""
    for finding in result.findings:
        yield json.dumps(plain(finding))


def pylint(result: Result) -> Iterator[str]:
    """Pylint's parseable form."""
    for finding in result.findings:
        where = f"{clean(finding.place.path)}:{max(finding.place.line, 1)}"
        yield f"{where}: [{finding.code}({finding.name})] {clean(finding.message)}"


def azure(result: Result) -> Iterator[str]:
    """Logging commands of Azure Pipelines.

    https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
    """
    for finding in result.findings:
        place = finding.place
        properties = {
            "type": "error" if finding.severity is Severity.ERROR else "warning",
            "sourcepath": place.path,
            "linenumber": str(max(place.line, 1)),
            "columnnumber": str(place.column or 1),
            "code": finding.code,
        }
        stated = "".join(f"{key}={_escaped(value)};" for key, value in properties.items())
        yield f"##vso[task.logissue {stated}]{_data(finding.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%AZP25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped(text: str) -> str:
    return re.sub(r"[;\]]", lambda found: "%3B" if found[0] == ";" else "%5D", _data(text))
