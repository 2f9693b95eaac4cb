"""Damaged and hostile projects: nothing but findings comes out, and it comes out.

`ORMLINT_MUTANTS` sets how many are tried; a failure shows the files.
"""

from __future__ import annotations

import faulthandler
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bombs import BOMBS, ENV, MIGRATION, MODEL
from hypothesis import HealthCheck, Phase, given, seed, settings
from mutants import Files, mutants

from ormlint import pipeline
from ormlint.adoption import Holding
from ormlint.graph.machine import machine
from ormlint.select import Override
from ormlint.settings import UsageError

BATCH = 50
MUTANTS = int(os.environ.get("ORMLINT_MUTANTS", "50"))
SECONDS = 60
"""Of the processor's: far beyond what any input needs, so that only what never ends exceeds it."""


class Endless(BaseException):
    """No handler of exceptions takes it."""


@contextmanager
def ending() -> Iterator[None]:
    def interrupt(*_: object) -> None:
        raise Endless

    before = signal.signal(signal.SIGVTALRM, interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    faulthandler.dump_traceback_later(SECONDS * 20, exit=True)  # for what takes no signal
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        faulthandler.cancel_dump_traceback_later()


@pytest.mark.parametrize("number", range(max(1, MUTANTS // BATCH)))
def test_a_damaged_project_gives_findings_and_nothing_else(number: int, tmp_path: Path) -> None:
    tried = 0

    @seed(number)
    @settings(
        max_examples=BATCH,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(mutants())
    def examine(files: Files) -> None:
        nonlocal tried
        tried += 1
        with ending():
            checked(written(tmp_path / str(tried), files), files, graph=tried % 5 == 0)

    examine()
    assert tried >= BATCH / 2


def written(root: Path, files: Files) -> Path:
    for path, data in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return root


def checked(root: Path, files: Files, *, graph: bool = False) -> None:
    """All that ormlint makes of a project; only a clear word about its settings may end it early."""
    try:
        report = pipeline.check([root], override=Override(select=("ALL",)), holding=Holding())
        if graph:
            pipeline.graph(root)
    except UsageError:
        return
    except Exception as problem:
        shown = "\n".join(f"# {path}\n{data.decode(errors='replace')}" for path, data in files.items())
        raise AssertionError(shown[:20_000]) from problem
    for finding in report.findings:
        for place in (finding.place, *(end.place for end in finding.related)):
            assert not place.path.startswith(("/", "..")), finding
            assert 0 <= place.line <= len(files.get(place.path, b"").splitlines()) + 1, finding


def project(bomb: str, *, is_type: bool) -> Files:
    kind = "BOMB" if is_type else "String(BOMB)"
    files = {
        "ormlint.toml": "",
        "alembic.ini": "[alembic]\nscript_location = migrations\n",
        "migrations/env.py": ENV,
        "migrations/versions/1.py": MIGRATION.format(bomb=bomb, type=kind),
        "models.py": MODEL.format(bomb=bomb, type=kind),
    }
    return {path: text.encode() for path, text in files.items()}


@pytest.mark.parametrize("name", list(BOMBS))
def test_a_hostile_value(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if MUTANTS <= BATCH:  # what is bounded by steps ends as well after fewer, and sooner
        monkeypatch.setattr(machine, "MAX_STEPS", 50_000)
    files = project(BOMBS[name], is_type=name.startswith("type"))
    memory = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, memory[1]))
    try:
        with ending():
            checked(written(tmp_path, files), files)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, memory)
