"""Random chains, really upgraded: the replay leaves the same database.

`ORMLINT_CHAINS` sets how many.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from chains import replayed, upgraded
from hypothesis import HealthCheck, given, reject, seed, settings
from random_chains import chains
from sqlalchemy import create_engine
from sqlalchemy.exc import NoSuchTableError

BATCH = 20
CHAINS = int(os.environ.get("ORMLINT_CHAINS", "60"))


@pytest.mark.parametrize("number", range(max(1, CHAINS // BATCH)))
def test_replay_equals_the_upgraded_database(number: int) -> None:
    @seed(number)
    @settings(max_examples=BATCH, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(chains())
    def check(files: dict[str, str]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            engine = create_engine(f"sqlite:///{folder}/database.sqlite")
            try:
                expected = upgraded(engine, Path(folder), files)
                found = replayed(engine, files)
            except NoSuchTableError:
                # A batch reflects a table whose foreign key's target is gone: such a history does not run.
                reject()
            finally:
                engine.dispose()
        assert found == expected

    check()
