"""JUnit's XML, which most CI servers read: a suite per file, a failed case per finding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from ormlint.findings import Finding
from ormlint.output.result import Result

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(result: Result) -> Iterator[str]:
    count = len(result.findings)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="ormlint" tests="{max(count, 1)}" failures="{count}" errors="0">'
    if not count:
        # A report without a case counts as a broken one.
        yield '  <testsuite name="ormlint" tests="1" failures="0" errors="0">'
        yield '    <testcase name="ormlint" classname="ormlint"/>'
        yield "  </testsuite>"
    for path, group in groupby(result.findings, key=lambda finding: finding.place.path):
        findings = list(group)
        yield (
            f"  <testsuite name={_attribute(path)} "
            f'tests="{len(findings)}" failures="{len(findings)}" errors="0">'
        )
        for finding in findings:
            yield from _case(finding)
        yield "  </testsuite>"
    yield "</testsuites>"


def _case(finding: Finding) -> Iterator[str]:
    place = finding.place
    name = f"{finding.code} {finding.name} {place.line}:{place.column or 1}"
    where = f"{place.path}:{place.line}:{place.column or 1}"
    from xml.sax.saxutils import escape  # noqa: PLC0415 - it imports a network client

    text = "\n".join(filter(None, [f"{where}: {finding.message}", finding.help]))
    classname, said = _attribute(place.path), _attribute(finding.message)
    yield f'    <testcase name={_attribute(name)} classname={classname} file={classname} line="{place.line}">'
    yield f'      <failure type="{finding.severity.value}" message={said}>{escape(_valid(text))}</failure>'
    yield "    </testcase>"


def _attribute(text: str) -> str:
    from xml.sax.saxutils import quoteattr  # noqa: PLC0415 - as above

    return quoteattr(_valid(text))


def _valid(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
