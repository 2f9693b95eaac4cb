from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ormlint.discover import discover

Write = Callable[[Mapping[str, str]], Path]

ENVIRONMENT = {
    "backend/migrations/env.py": "from alembic import context\n",
    "backend/migrations/versions/a.py": "",
}


@pytest.mark.parametrize(
    ("url", "dialect"),
    [
        ("postgresql+psycopg://u:p@h/db", "postgresql"),
        ("postgres://h/db", "postgresql"),
        ("mysql+aiomysql://h/db", "mysql"),
        ("mariadb+mariadbconnector://h/db", "mariadb"),
        ("sqlite:///shop.db", "sqlite"),
        ("oracle+oracledb://h", "oracle"),
        ("mssql+pyodbc://h", "mssql"),
        ("driver://user:pass@localhost/dbname", None),
        ("%(DATABASE_URL)s", None),
        ("", None),
    ],
)
def test_from_the_url(project: Write, url: str, dialect: str | None) -> None:
    ini = f"[alembic]\nscript_location = migrations\nsqlalchemy.url = {url}\n"

    found = discover([project({**ENVIRONMENT, "backend/alembic.ini": ini})])

    assert [environment.dialect for environment in found.environments] == [dialect]
    assert found.dialect == dialect


@pytest.mark.parametrize(
    ("path", "text", "dialect"),
    [
        ("backend/requirements.txt", "# asyncpg\nfastapi\nPsycopg2_Binary>=2.9  # driver\n", "postgresql"),
        ("backend/requirements/base.txt", "asyncmy==0.2\n", "mysql"),
        ("requirements.txt", "oracledb\n", "oracle"),
        ("backend/requirements.txt", "aiosqlite\nasyncpg\n", "postgresql"),
        ("backend/requirements.txt", "aiosqlite\n", "sqlite"),
        ("backend/requirements.txt", "asyncpg\npymysql\n", None),
        ("backend/requirements.txt", "fastapi\n", None),
        ("other/requirements.txt", "asyncpg\n", None),
        ("pyproject.toml", "[project]\ndependencies = ['psycopg[binary]>=3', 'alembic']\n", "postgresql"),
        ("pyproject.toml", "[project]\nname = 'asyncpg'\nkeywords = ['pymysql']\n", None),
        ("backend/pyproject.toml", "[project.optional-dependencies]\ndb = ['pyodbc']\n", "mssql"),
        ("backend/pyproject.toml", "[tool.poetry.dependencies]\nmariadb = '^1'\n", "mariadb"),
        (
            "backend/pyproject.toml",
            "[tool.poetry.group.db.dependencies]\nasyncpg = {version='^1'}\n",
            "postgresql",
        ),
        ("backend/pyproject.toml", "[dependency-groups]\ndb = ['asyncpg']\n", "postgresql"),
        (
            "backend/pyproject.toml",
            "[project]\ndependencies = ['SQLAlchemy[asyncio,postgresql-asyncpg]']\n",
            "postgresql",
        ),
        ("backend/pyproject.toml", "[project\n", None),
    ],
)
def test_from_the_closest_dependencies(project: Write, path: str, text: str, dialect: str | None) -> None:
    found = discover([project({**ENVIRONMENT, path: text})])

    assert [environment.dialect for environment in found.environments] == [dialect]


def test_the_closest_list_that_names_a_driver_decides(project: Write) -> None:
    files = {
        "requirements.txt": "pymysql\n",
        "backend/requirements.txt": "asyncpg\n",
        "backend/pyproject.toml": "",
    }

    assert discover([project({**ENVIRONMENT, **files})]).dialect == "postgresql"


def test_without_an_environment_the_projects_dependencies(project: Write) -> None:
    assert discover([project({"requirements.txt": "asyncpg\n"})]).dialect == "postgresql"
    assert discover([project({"requirements.txt": ""})]).dialect is None


def test_environments_that_differ(project: Write) -> None:
    one, two = (
        "[alembic]\nscript_location = one\nsqlalchemy.url = sqlite://\n",
        "[alembic]\nscript_location = two\n",
    )
    files = {"one/env.py": "", "two/env.py": "", "alembic.ini": one, "two/alembic.ini": two}

    found = discover([project({**files, "requirements.txt": "asyncpg\n"})])

    assert [environment.dialect for environment in found.environments] == ["sqlite", "postgresql"]
    assert found.dialect is None
