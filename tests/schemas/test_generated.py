"""Modules that Hypothesis writes are imported for real, in batches, and the graph must say the same.

`ORMLINT_EXAMPLES` sets how many; a failure shows the files of the first project that differs. Those in the
style of Pydantic 1 import `pydantic.v1`, or `pydantic` itself where `ORMLINT_PYDANTIC_1` names an interpreter
that has Pydantic 1.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from schema_reading import differences, observed, read, written
from schema_writing import projects

BATCH = 50
EXAMPLES = int(os.environ.get("ORMLINT_EXAMPLES", "100"))
PYDANTIC_1 = os.environ.get("ORMLINT_PYDANTIC_1", "")


def drawn(number: int, style: str) -> list[dict[str, str]]:
    """A batch of projects."""
    found: list[dict[str, str]] = []

    @seed(number)
    @settings(
        max_examples=BATCH,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(projects(style))
    def collect(files: dict[str, str]) -> None:
        found.append(files)

    collect()
    return found


@pytest.mark.parametrize("style", ["2", "1"])
@pytest.mark.parametrize("number", range(max(1, EXAMPLES // BATCH)))
def test_the_graph_says_what_pydantic_says(number: int, style: str, tmp_path: Path) -> None:
    package = "pydantic" if style == "2" or PYDANTIC_1 else "pydantic.v1"
    batch = [
        {name: text.replace("PYDANTIC", package) for name, text in files.items()}
        for files in drawn(number, style)
    ]
    folders = [written(tmp_path / f"project{index}", files) for index, files in enumerate(batch)]
    python = PYDANTIC_1 if style == "1" and PYDANTIC_1 else sys.executable
    usable = 0
    for files, folder, truth in zip(batch, folders, observed(folders, python), strict=True):
        if "error" in truth:
            continue  # Pydantic refuses some of what is written at random
        usable += 1
        lines = sorted(differences(truth, read(folder), unknown=False))
        assert not lines, "\n".join([*lines, *(f"# {name}\n{text}" for name, text in files.items())])
    assert usable > len(batch) / 2
