"""A PostgreSQL server of our own, from the programs that Debian installs: no network, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")
_OTHERS = text("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'")


@contextmanager
def server() -> Iterator[Engine]:
    """An engine on the server's database; the server listens on a socket in its own folder alone."""
    user = _user()
    with tempfile.TemporaryDirectory(prefix="ormlint-pg-", ignore_cleanup_errors=True) as folder:
        if user is not None:
            shutil.chown(folder, user)
        data = str(Path(folder) / "data")
        made = subprocess.run(
            [
                _program("initdb"),
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
            ],
            capture_output=True,
            text=True,
            cwd=folder,
            user=user,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        options = [option for setting in (*_QUICK, "listen_addresses=") for option in ("-c", setting)]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(
                [_program("postgres"), "-D", data, "-k", folder, *options], stderr=log, cwd=folder, user=user
            )
        try:
            url = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": folder})
            engine = create_engine(url, poolclass=NullPool)
            _wait(engine, process, Path(folder) / "log")
            yield engine
        finally:
            process.terminate()
            process.wait()


def emptied(connection: Connection) -> None:
    """The database as it is when it is new."""
    for schema in connection.execute(_OTHERS).scalars().all():
        connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
    connection.execute(text("CREATE SCHEMA public"))


def _user() -> str | None:
    """PostgreSQL does not run as root; Debian's package brings a user for it."""
    if os.geteuid() != 0:
        return None
    return "postgres" if "postgres" in {each.pw_name for each in pwd.getpwall()} else "nobody"


def _program(name: str) -> str:
    """Debian keeps the server's programs apart from those that are on the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which(name)
    assert found, f"PostgreSQL's `{name}` is not here; on Debian: apt install postgresql"
    return found


def _wait(engine: Engine, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            with engine.connect():
                return
        except OperationalError:
            time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))
