"""Random chains, really upgraded on SQLite: the replay leaves the same tables."""

from __future__ import annotations

import tempfile
from pathlib import Path

from chains import replayed, upgraded
from hypothesis import HealthCheck, given, settings
from random_chains import chains


@given(chains())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_replay_equals_the_upgraded_database(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        expected = upgraded(Path(folder), files)
    assert replayed(files) == expected
