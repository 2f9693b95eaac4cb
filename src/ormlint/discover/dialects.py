"""The database that a project is meant for, as its configuration and its dependencies tell it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ormlint.discover.alembic_config import parse_toml
from ormlint.discover.files import is_requirements

_SERVERS = {
    "mariadb": "mariadb",
    "mssql": "aioodbc pymssql pyodbc",
    "mysql": "aiomysql asyncmy mysql-connector-python mysqlclient pymysql",
    "oracle": "cx-oracle oracledb",
    "postgresql": "asyncpg pg8000 psycopg psycopg-binary psycopg2 psycopg2-binary psycopg2cffi",
    "sqlite": "aiosqlite pysqlcipher3 pysqlite3 sqlcipher3",
}
_OF_DRIVER = {driver: dialect for dialect, drivers in _SERVERS.items() for driver in drivers.split()}
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?")


def dialect_of_url(url: str | None) -> str | None:
    """The dialect of a database URL; `driver://…` in Alembic's template is none."""
    scheme = re.match(r"\s*(\w+)(?:\+\w+)?:", url or "")
    if scheme is None:
        return None
    name = {"postgres": "postgresql"}.get(scheme[1], scheme[1])
    return name if name in _SERVERS else None


def dialect_near(folder: str, configs: Sequence[str], read: Callable[[str], bytes]) -> str | None:
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


def _drivers(path: str, folder: str, read: Callable[[str], bytes]) -> Iterator[str]:
    """The drivers that a file in a folder (or in its `requirements/`) names."""
    at, _, name = path.rpartition("/")
    if at not in (folder, f"{folder}/requirements".lstrip("/")):
        return
    if name == "pyproject.toml" and at == folder:
        lines: Iterator[str] = _dependencies(parse_toml(path, read(path), []), listed=False)
    elif is_requirements(path):
        lines = iter(read(path).decode(errors="replace").splitlines())
    else:
        return
    for line in lines:
        requirement = _REQUIREMENT.match(line)
        if requirement is not None:
            yield from _named(requirement[1], requirement[2] or "")


def _named(name: str, extras: str) -> Iterator[str]:
    name = re.sub(r"[-_.]+", "-", name).lower()
    if name in _OF_DRIVER:
        yield name
    elif name in ("sqlalchemy", "sqlmodel"):
        for extra in extras.split(","):  # `sqlalchemy[postgresql-asyncpg]`
            dialect = re.split(r"[-_]", extra.strip().lower())[0]
            yield from _SERVERS.get(dialect, "").split()[:1]


def _dependencies(value: Any, *, listed: bool) -> Iterator[str]:
    """All strings below a key that speaks of dependencies, and the keys of such tables."""
    if isinstance(value, dict):
        for key, item in value.items():
            if listed:
                yield key
            yield from _dependencies(item, listed=listed or "dependenc" in key)
    elif isinstance(value, list):
        for item in value:
            yield from _dependencies(item, listed=listed)
    elif isinstance(value, str) and listed:
        yield value
