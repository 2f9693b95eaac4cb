from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ormlint import pipeline
from ormlint.report.document import Document

Project = Callable[[Mapping[str, str]], Path]
Reported = Callable[[Mapping[str, str]], Document]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def clinic() -> Document:
    return pipeline.report(ROOT / "examples" / "clinic")[0]


@pytest.fixture
def reported(project: Project) -> Reported:
    """The report of a project that consists of these files."""
    return lambda files: pipeline.report(project(files))[0]
