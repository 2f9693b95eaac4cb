"""Projects that Hypothesis writes are imported for real, in batches, and the graph must say the same.

`ORMLINT_EXAMPLES` sets how many; a failure shows the files of the first project that differs.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from comparing import differences
from hypothesis import HealthCheck, Phase, given, seed, settings
from reading import read
from test_differential import observed
from writing import projects

BATCH = 50
EXAMPLES = int(os.environ.get("ORMLINT_EXAMPLES", "100"))


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def drawn(number: int) -> list[dict[str, str]]:
    """A batch of projects."""
    found: list[dict[str, str]] = []

    @seed(number)
    @settings(
        max_examples=BATCH,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(projects())
    def collect(files: dict[str, str]) -> None:
        found.append(files)

    collect()
    return found


@pytest.mark.parametrize("number", range(max(1, EXAMPLES // BATCH)))
def test_the_graph_says_what_run_time_says(number: int, tmp_path: Path) -> None:
    batch = drawn(number)
    folders = [written(tmp_path / f"project{index}", files) for index, files in enumerate(batch)]
    usable = 0
    for files, folder, truth in zip(batch, folders, observed(folders), strict=True):
        if "error" in truth:
            continue  # SQLAlchemy refuses some of what is written at random
        usable += 1
        lines = sorted(differences(truth, read(folder), unknown=False))
        assert not lines, "\n".join([*lines, *(f"# {name}\n{text}" for name, text in files.items())])
    assert usable > len(batch) / 2
