"""Which release of a package the dependencies settle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ormlint.discover import discover

Write = Callable[[Mapping[str, str]], Path]


@pytest.mark.parametrize(
    ("path", "text", "major"),
    [
        ("requirements.txt", "pydantic==1.10.2\n", 1),
        ("requirements.txt", "pydantic[email] == 2.5.3 ; python_version > '3.8'  # pinned\n", 2),
        ("requirements.txt", "Pydantic<2\n", 1),
        ("requirements.txt", "pydantic>=1.7.4,!=1.8,<2.0.0\n", 1),
        ("requirements.txt", "pydantic>=1.7.4,!=1.8,!=1.8.1,<3.0.0\n", None),
        ("requirements.txt", "pydantic>=2.10.1,<3.0.0,!=2.11.0\n", 2),
        ("requirements.txt", "pydantic >= 1.10\n", None),
        ("requirements.txt", "pydantic>=2\n", 2),
        ("requirements.txt", "pydantic<1.11\n", 1),
        ("requirements.txt", "pydantic~=1.10\n", 1),
        ("requirements.txt", "pydantic\npydantic-settings==2.1.0\n", None),
        ("requirements.txt", "pydantic==1.10.2\npydantic==2.0.1\n", None),
        ("requirements/base.txt", "pydantic==1.10.2\n", 1),
        ("pyproject.toml", "[project]\ndependencies = ['pydantic[email]>=2.10.3']\n", 2),
        ("pyproject.toml", "[tool.poetry.dependencies]\npydantic = '^1.10.4'\n", 1),
        ("pyproject.toml", "[tool.poetry.dependencies]\npydantic = '1.10.4'\n", 1),
        ("pyproject.toml", "[tool.poetry.dependencies]\npydantic = {version = '<2.0', extras = ['x']}\n", 1),
        ("pyproject.toml", "[tool.poetry.dependencies]\npydantic = '*'\n", None),
        ("pyproject.toml", "[project]\nkeywords = ['pydantic==1.0']\n", None),
        ("other/requirements.txt", "pydantic==1.10.2\n", None),
        ("uv.lock", 'version = 1\n\n[[package]]\nname = "pydantic"\nversion = "2.11.7"\n', 2),
        ("poetry.lock", '[[package]]\nname = "pydantic"\nversion = "1.10.22"\ndescription = "x"\n', 1),
        ("pdm.lock", '[[package]]\r\nname = "pydantic"\r\nversion = "2.0.3"\r\n', 2),
        ("uv.lock", '[[package]]\nname = "pydantic-core"\nversion = "1.33.2"\n', None),
        ("uv.lock", '[[package]]\nname = "pydantic"\nversion = "' + "9" * 5000 + '.1"\n', None),
        ("requirements.txt", f"pydantic=={'9' * 5000}.1\n", None),
        ("Cargo.lock", '[[package]]\nname = "pydantic"\nversion = "2.11.7"\n', None),
    ],
)
def test_the_major_version(project: Write, path: str, text: str, major: int | None) -> None:
    found = discover([project({"backend/app/models.py": "", f"backend/{path}": text})])

    assert found.pydantic("backend/app/models.py") == major


@pytest.mark.parametrize(
    ("path", "text", "since"),
    [
        ("requirements.txt", "sqlmodel==0.0.22\n", False),
        ("requirements.txt", "sqlmodel==0.0.44\n", True),
        ("requirements.txt", "sqlmodel==0.0.*\n", None),
        ("requirements.txt", "sqlmodel>=0.0.22\n", None),
        ("requirements.txt", "sqlmodel>=0.0.46,<0.1\n", True),
        ("requirements.txt", "sqlmodel>0.0.8, <=0.0.43\n", False),
        ("requirements.txt", "sqlmodel>0.0.8, <=0.0.44\n", None),
        ("requirements.txt", "sqlmodel<0.0.44\n", False),
        ("requirements.txt", "sqlmodel~=0.0.44\n", True),
        ("requirements.txt", "sqlmodel~=0.0.22\n", None),
        ("requirements.txt", "sqlmodel!=0.0.43\n", None),
        ("requirements.txt", f"sqlmodel=={'9' * 5000}\n", None),
        ("requirements.txt", "sqlmodel\n", None),
        ("requirements.txt", "sqlmodel==0.0.22\nsqlmodel==0.0.50\n", None),
        ("pyproject.toml", "[project]\ndependencies = ['sqlmodel (>=0.0.50,<1.0)']\n", True),
        ("pyproject.toml", "[tool.poetry.dependencies]\nsqlmodel = '^0.0.22'\n", False),
        ("pyproject.toml", "[tool.poetry.dependencies]\nsqlmodel = '^0.0'\n", None),
        ("pyproject.toml", "[tool.poetry.dependencies]\nsqlmodel = '~0.0.22'\n", None),
        ("pyproject.toml", "[tool.poetry.dependencies]\nsqlmodel = '0.0.22'\n", False),
        ("pyproject.toml", "[tool.poetry.dependencies]\nsqlmodel = '*'\n", None),
        ("other/requirements.txt", "sqlmodel==0.0.50\n", None),
    ],
)
def test_whether_sqlmodel_keeps_zones(project: Write, path: str, text: str, since: bool | None) -> None:
    found = discover([project({"backend/app/models.py": "", f"backend/{path}": text})])

    assert found.derives_anew("sqlmodel", "backend/app/models.py") is since


def test_what_one_list_settles_counts_where_another_leaves_it_open(project: Write) -> None:
    lists = {"pyproject.toml": "[project]\ndependencies = ['sqlmodel>=0.0.16']\n"}
    found = discover([project({**lists, "requirements.txt": "sqlmodel==0.0.50\n", "models.py": ""})])

    assert found.derives_anew("sqlmodel", "models.py") is True


@pytest.mark.parametrize(("locked", "since"), [("0.0.24", False), ("0.0.45", True)])
def test_a_lock_file_says_what_a_list_leaves_open(project: Write, locked: str, since: bool) -> None:
    """That of a workspace is at its root."""
    packages = {"asyncpg": "0.30.0", "sqlmodel": locked}.items()
    lock = "\n".join(f'[[package]]\nname = "{name}"\nversion = "{version}"\n' for name, version in packages)
    asked = "[project]\ndependencies = ['sqlmodel>=0.0.16', 'aiosqlite']\n"
    root = project(
        {"uv.lock": lock, "pyproject.toml": "[project]\n", "api/pyproject.toml": asked, "api/a.py": ""}
    )

    found = discover([root])

    assert (found.derives_anew("sqlmodel", "api/a.py"), found.dialect) == (since, None)


def test_the_closest_list_counts(project: Write) -> None:
    root = project(
        {
            "requirements.txt": "pydantic==2.0.1\n",
            "models.py": "",
            "old/requirements.txt": "pydantic==1.10.2\n",
            "old/models.py": "",
            "old/open/requirements.txt": "pydantic\n",
            "old/open/models.py": "",
        }
    )

    found = discover([root])

    paths = ("models.py", "old/models.py", "old/open/models.py")
    assert [found.pydantic(path) for path in paths] == [2, 1, 1]
