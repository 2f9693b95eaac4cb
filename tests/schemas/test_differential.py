"""Each case of `cases/*.md` is imported for real, and the graph must say the same, field by field.

A case whose title ends with `(unknown)` may be left open where the source does not settle it, and must still
not be wrong. One that ends with `(Python 3.12)` is run from that version on.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from schema_reading import differences, observed, read, written

from ormlint.rules.page import Case, cases

DOCUMENTS = sorted(Path(__file__).with_name("cases").glob("*.md"))
_VERSION = re.compile(r"\(Python 3\.(\d+)\)$")


def runnable(document: Path) -> Iterator[Case]:
    for case in cases(document.read_text(encoding="utf-8")):
        version = _VERSION.search(case.title)
        if version is None or sys.version_info >= (3, int(version[1])):
            yield case


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.stem)
def test_the_graph_says_what_pydantic_says(document: Path, tmp_path: Path) -> None:
    found = list(runnable(document))
    folders = [
        written(tmp_path / f"case{number}", {file.path: file.text for file in case.files})
        for number, case in enumerate(found)
    ]
    problems: list[str] = []
    for case, folder, truth in zip(found, folders, observed(folders), strict=True):
        if "error" in truth:
            problems.append(f"{case.title} (line {case.line})\n{truth['error']}")
            continue
        lines = sorted(differences(truth, read(folder), unknown=case.title.endswith("(unknown)")))
        if lines:
            problems.append("\n    ".join([f"{case.title} (line {case.line})", *lines]))
    assert not problems, "\n".join(problems)
