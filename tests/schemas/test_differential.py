"""Each case of `cases/*.md` is imported for real, and the graph must say the same, field by field.

Where `ORMLINT_PYDANTIC_1` names an interpreter that has Pydantic 1, the cases that import `pydantic.v1` are
also run there, as a project that has no other. A case whose title ends with `(unknown)` may be left open
where the source does not settle it, and must still not be wrong. One that ends with `(Python 3.12)` is run
from that version on.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from schema_reading import differences, observed, read, written

from ormlint.rules.page import Case, cases

DOCUMENTS = sorted(Path(__file__).with_name("cases").glob("*.md"))
PYDANTIC_1 = os.environ.get("ORMLINT_PYDANTIC_1", "")
_VERSION = re.compile(r"\(Python 3\.(\d+)\)$")


def runnable(document: Path) -> Iterator[Case]:
    for case in cases(document.read_text(encoding="utf-8")):
        version = _VERSION.search(case.title)
        if version is None or sys.version_info >= (3, int(version[1])):
            yield case


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.stem)
def test_the_graph_says_what_pydantic_says(document: Path, tmp_path: Path) -> None:
    found = [(case, {file.path: file.text for file in case.files}) for case in runnable(document)]
    problems = list(disagreements(found, sys.executable, tmp_path / "2"))
    if PYDANTIC_1:
        alone = [
            (case, {path: text.replace("pydantic.v1", "pydantic") for path, text in files.items()})
            for case, files in found
            if any("pydantic.v1" in text for text in files.values())
        ]
        problems += disagreements(alone, PYDANTIC_1, tmp_path / "1")
    assert not problems, "\n".join(problems)


def disagreements(found: list[tuple[Case, dict[str, str]]], python: str, root: Path) -> Iterator[str]:
    root.mkdir()
    folders = [written(root / f"case{number}", files) for number, (_, files) in enumerate(found)]
    truths = observed(folders, python) if folders else []
    for (case, _), folder, truth in zip(found, folders, truths, strict=True):
        if "error" in truth:
            yield f"{case.title} (line {case.line})\n{truth['error']}"
            continue
        lines = sorted(differences(truth, read(folder), unknown=case.title.endswith("(unknown)")))
        if lines:
            yield "\n    ".join([f"{case.title} (line {case.line}) with {python}", *lines])
