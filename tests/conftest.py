from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

Project = Callable[[Mapping[str, str]], Path]

# How long an example takes says nothing of it on a busy machine.
settings.register_profile("ormlint", deadline=None)
settings.load_profile("ormlint")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests say must not depend on who runs them: a developer, a hook, or CI."""
    names = ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "NO_COLOR", "FORCE_COLOR", "PRE_COMMIT")
    for name in (*names, "ORMLINT_CACHE_DIR", "ORMLINT_TRACEBACK", "VIRTUAL_ENV"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Writes files and returns their folder, which is a project of its own."""

    def write(files: Mapping[str, str]) -> Path:
        root = tmp_path / "project"
        for path, text in {"ormlint.toml": "", **files}.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return root

    return write
