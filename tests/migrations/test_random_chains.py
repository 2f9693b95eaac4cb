"""Random chains, really upgraded: the replay leaves the same database.

`ORMLINT_CHAINS` sets how many; a failure shows the files of the first chain that differs.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from chains import replayed, upgraded
from hypothesis import HealthCheck, Phase, given, seed, settings
from random_chains import chains
from server import emptied
from sqlalchemy import Engine, create_engine

BATCH = 25
CHAINS = int(os.environ.get("ORMLINT_CHAINS", "50"))
NUMBERS = range(max(1, CHAINS // BATCH))


def drawn(number: int, dialect: str) -> list[dict[str, str]]:
    """A batch of chains."""
    found: list[dict[str, str]] = []

    @seed(number)
    @settings(
        max_examples=BATCH,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(chains(dialect))
    def collect(files: dict[str, str]) -> None:
        found.append(files)

    collect()
    return found


def compare(engine: Engine, folder: Path, files: dict[str, str]) -> None:
    shown = "\n".join(f"# {path}\n{text}" for path, text in files.items())
    try:
        expected = upgraded(engine, folder, files)
    except Exception as problem:
        raise AssertionError(shown) from problem
    found = replayed(engine, files)
    for key in expected:
        if key.startswith("copy"):  # SQLite keeps no more of a type than its affinity
            columns = found[key]["columns"]
            assert expected[key]["columns"].keys() == columns.keys(), shown
            found[key]["columns"] = expected[key]["columns"]
    assert found == expected, shown


@pytest.mark.parametrize("number", NUMBERS)
def test_replay_equals_the_upgraded_database(number: int, tmp_path: Path) -> None:
    for index, files in enumerate(drawn(number, "sqlite")):
        folder = tmp_path / str(index)
        folder.mkdir()
        engine = create_engine(f"sqlite:///{folder}/database.sqlite")
        compare(engine, folder, files)
        engine.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("number", NUMBERS)
def test_replay_equals_the_upgraded_database_on_postgresql(
    number: int, postgresql: Engine, tmp_path: Path
) -> None:
    for index, files in enumerate(drawn(number, "postgresql")):
        with postgresql.begin() as connection:
            emptied(connection)
        compare(postgresql, tmp_path / str(index), files)
