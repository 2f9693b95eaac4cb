"""The database that a project is meant for, as its configuration and its dependencies tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ormlint.discover.dependencies import Read, folder_of, requirements

_SERVERS = {
    "mariadb": "mariadb",
    "mssql": "aioodbc pymssql pyodbc",
    "mysql": "aiomysql asyncmy mysql-connector-python mysqlclient pymysql",
    "oracle": "cx-oracle oracledb",
    "postgresql": "asyncpg pg8000 psycopg psycopg-binary psycopg2 psycopg2-binary psycopg2cffi",
    "sqlite": "aiosqlite pysqlcipher3 pysqlite3 sqlcipher3",
}
_OF_DRIVER = {driver: dialect for dialect, drivers in _SERVERS.items() for driver in drivers.split()}


def dialect_of_url(url: str | None) -> str | None:
    """The dialect of a database URL; `driver://…` in Alembic's template is none."""
    scheme = re.match(r"\s*(\w+)(?:\+\w+)?:", url or "")
    if scheme is None:
        return None
    name = {"postgres": "postgresql"}.get(scheme[1], scheme[1])
    return name if name in _SERVERS else None


def dialect_near(folder: str, configs: Sequence[str], read: Read) -> str | None:
    """The dialect of the drivers that the closest list of dependencies names, where they agree.

    SQLite beside a server's driver is for tests, and does not count.
    """
    at = folder if folder != "." else ""
    while True:
        found = {_OF_DRIVER[name] for path in configs for name in _drivers(path, at, read)}
        found = found - {"sqlite"} or found
        if found or not at:
            return found.pop() if len(found) == 1 else None
        at = at.rpartition("/")[0]


def _drivers(path: str, folder: str, read: Read) -> Iterator[str]:
    """The drivers that a file in a folder (or in its `requirements/`) names."""
    if folder_of(path) == folder:
        for each in requirements(path, read):
            yield from _named(each.name, each.extras)


def _named(name: str, extras: str) -> Iterator[str]:
    if name in _OF_DRIVER:
        yield name
    elif name in ("sqlalchemy", "sqlmodel"):
        for extra in extras.split(","):  # `sqlalchemy[postgresql-asyncpg]`
            dialect = re.split(r"[-_]", extra.strip().lower())[0]
            yield from _SERVERS.get(dialect, "").split()[:1]
