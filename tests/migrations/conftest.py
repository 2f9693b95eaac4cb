from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

sys.path.insert(0, str(Path(__file__).parent))

from server import emptied, server


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    """A new SQLite database in a file."""
    engine = create_engine(f"sqlite:///{tmp_path / 'database.sqlite'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Engine]:
    """One server for each process that runs tests."""
    with server() as engine:
        yield engine


@pytest.fixture
def postgresql(postgresql_server: Engine) -> Engine:
    """An empty PostgreSQL database."""
    with postgresql_server.begin() as connection:
        emptied(connection)
    return postgresql_server
