"""A PostgreSQL server of our own where its programs are installed, and SQLite elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")


class Database(NamedTuple):
    name: str
    url: str
    """As `alembic.ini` has it, whose folder is where a file of SQLite is."""
    empty: Callable[[Path], None]
    """Takes all out of it."""


@contextmanager
def database() -> Iterator[Database]:
    """The best that there is."""
    programs = _programs()
    if programs is None:
        yield Database(
            "SQLite", "sqlite:///app.db", lambda folder: (folder / "app.db").unlink(missing_ok=True)
        )
        return
    user = "postgres" if os.geteuid() == 0 else None  # it does not run as root
    with tempfile.TemporaryDirectory(prefix="ormlint-pg-", ignore_cleanup_errors=True) as folder:
        if user is not None:
            shutil.chown(folder, user)
        data = f"{folder}/data"
        made = [str(programs / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, user=user)
        options = [word for setting in _QUICK for word in ("-c", setting)]
        command = [str(programs / "postgres"), "-D", data, "-k", folder, *options]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=folder, user=user) as server:
            url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
            try:
                _wait(url)
                yield Database("PostgreSQL", url, lambda _: _empty(url))
            finally:
                server.terminate()


def _programs() -> Path | None:
    """Where PostgreSQL's server is; Debian keeps it apart from what is on the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = shutil.which("postgres")
    return debian[-1] if debian else Path(found).resolve().parent if found else None


def _wait(url: str) -> None:
    for _ in range(300):
        with suppress(OperationalError):
            return _empty(url)
        time.sleep(0.1)
    raise TimeoutError("PostgreSQL does not answer")


def _empty(url: str) -> None:
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
