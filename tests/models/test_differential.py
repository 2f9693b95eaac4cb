"""Each case of `cases/*.md` is imported for real, and the graph must say the same, field by field.

A case whose title ends with `(unknown)` may be left open where the source does not settle it, and must
still not be wrong. One that ends with `(Python 3.12)` or `(SQLAlchemy 2.1)` is run from that version on.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from comparing import differences
from reading import read

from ormlint.rules.page import Case, cases

OBSERVE = Path(__file__).with_name("observe.py")
DOCUMENTS = sorted(Path(__file__).with_name("cases").glob("*.md"))
_VERSION = re.compile(r"\((Python|SQLAlchemy) (\d+)\.(\d+)\)$")
_HERE = {
    "Python": sys.version_info[:2],
    "SQLAlchemy": tuple(int(part) for part in sqlalchemy.__version__.split(".")[:2]),
}


def runnable(document: Path) -> Iterator[Case]:
    for case in cases(document.read_text(encoding="utf-8")):
        version = _VERSION.search(case.title)
        if version is None or _HERE[version[1]] >= (int(version[2]), int(version[3])):
            yield case


def written(folder: Path, case: Case) -> Path:
    for file in case.files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    return folder


def observed(folders: list[Path]) -> list[dict[str, Any]]:
    ran = subprocess.run(
        [sys.executable, "-B", OBSERVE, *folders], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    seen: list[dict[str, Any]] = json.loads(ran.stdout)
    return seen


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.stem)
def test_the_graph_says_what_run_time_says(document: Path, tmp_path: Path) -> None:
    found = list(runnable(document))
    folders = [written(tmp_path / f"case{number}", case) for number, case in enumerate(found)]
    problems: list[str] = []
    for case, folder, truth in zip(found, folders, observed(folders), strict=True):
        if "error" in truth:
            problems.append(f"{case.title} (line {case.line})\n{truth['error']}")
            continue
        unknown = case.title.endswith("(unknown)")
        lines = sorted(differences(truth, read(folder), unknown=unknown))
        if lines:
            problems.append("\n    ".join([f"{case.title} (line {case.line})", *lines]))
    assert not problems, "\n".join(problems)
