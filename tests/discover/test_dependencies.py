"""Which major version of a package the dependencies settle."""

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
    ],
)
def test_the_major_version(project: Write, path: str, text: str, major: int | None) -> None:
    found = discover([project({"backend/app/models.py": "", f"backend/{path}": text})])

    assert found.pydantic("backend/app/models.py") == major


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
