"""Each case of `cases/*.md` is imported for real, and the graph must say the same, field by field.

A case whose title ends with `(unknown)` may be left open where the source does not settle it, and must still
not be wrong. One that ends with `(Python 3.12)` is run from that version on.
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

from ormlint import pipeline
from ormlint.rules.page import Case, cases

OBSERVE = Path(__file__).with_name("observe.py")
DOCUMENTS = sorted(Path(__file__).with_name("cases").glob("*.md"))
_VERSION = re.compile(r"\(Python 3\.(\d+)\)$")
Plain = dict[str, Any]


def runnable(document: Path) -> Iterator[Case]:
    for case in cases(document.read_text(encoding="utf-8")):
        version = _VERSION.search(case.title)
        if version is None or sys.version_info >= (3, int(version[1])):
            yield case


def written(folder: Path, case: Case) -> Path:
    folder.mkdir()
    (folder / "ormlint.toml").write_text("", encoding="utf-8")
    for file in case.files:
        (folder / file.path).write_text(file.text, encoding="utf-8")
    return folder


def observed(folders: list[Path]) -> list[Plain]:
    command = [sys.executable, "-B", OBSERVE, *folders]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    seen: list[Plain] = json.loads(ran.stdout)
    return seen


def read(folder: Path) -> Plain:
    return {
        schema["id"]: {
            "from_attributes": schema["from_attributes"],
            "computed": sorted(schema["computed"]),
            "fields": {
                field["name"]: {part: field[part] for part in ("required", "nullable", "alias")}
                for field in schema["fields"]
            },
            "complete": schema["complete"],
        }
        for schema in pipeline.graph(folder, isolated=True)["schemas"]
    }


def differences(truth: Plain, static: Plain, *, unknown: bool) -> Iterator[str]:
    for name in truth.keys() ^ static.keys():
        if not (unknown and name in truth):
            yield f"{name}: only {'at run time' if name in truth else 'in the graph'}"
    for name in truth.keys() & static.keys():
        mine, real = static[name], truth[name]
        if not mine["complete"] and not unknown:
            yield f"{name}: not complete"
        for part in ("from_attributes", "computed"):
            if mine[part] != real[part] and not (unknown and mine[part] is None):
                yield f"{name}.{part}: run time {real[part]}, static {mine[part]}"
        if list(mine["fields"]) != list(real["fields"]) and not unknown:
            yield f"{name}: fields at run time {list(real['fields'])}, static {list(mine['fields'])}"
        for field in mine["fields"].keys() & real["fields"].keys():
            for part, value in real["fields"][field].items():
                said = mine["fields"][field][part]
                settled = said is not None or part == "alias"
                if said != value and value not in ("several", field) and (settled or not unknown):
                    yield f"{name}.{field}.{part}: run time {value}, static {said}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.stem)
def test_the_graph_says_what_pydantic_says(document: Path, tmp_path: Path) -> None:
    found = list(runnable(document))
    folders = [written(tmp_path / f"case{number}", case) for number, case in enumerate(found)]
    problems: list[str] = []
    for case, folder, truth in zip(found, folders, observed(folders), strict=True):
        if "error" in truth:
            problems.append(f"{case.title} (line {case.line})\n{truth['error']}")
            continue
        lines = sorted(differences(truth, read(folder), unknown=case.title.endswith("(unknown)")))
        if lines:
            problems.append("\n    ".join([f"{case.title} (line {case.line})", *lines]))
    assert not problems, "\n".join(problems)
