"""Random chains, really upgraded on SQLite: the replay leaves the same tables."""

from __future__ import annotations

import tempfile
from pathlib import Path

from chains import replayed, upgraded
from hypothesis import HealthCheck, given, reject, settings
from random_chains import chains
from sqlalchemy.exc import NoSuchTableError


@given(chains())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_replay_equals_the_upgraded_database(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            expected = upgraded(Path(folder), files)
        except NoSuchTableError:
            # A batch reflects a table whose foreign key's target is gone: such a history does not run.
            reject()
    assert replayed(files) == expected
