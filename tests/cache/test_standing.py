"""A change in a file that the graph does not rest on makes nothing anew; any other does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from ormlint import analysis

if TYPE_CHECKING:
    from work_tree import WorkTree

APART = """\
def total(numbers):
    return sum(numbers)


def fill(row):
    row.size = 1
"""
SHOWS = """\
from app import models, schemas
    return schemas.PersonRead.model_validate(models.Person()) or sum"""


@pytest.fixture
def made(tree: WorkTree) -> Iterator[mock.Mock]:
    """Counts the graphs that are made; the project was checked once."""
    tree.write("app/apart.py", APART)
    tree.write("tests/test_api.py", "from app.api import shown\n\n\ndef test_api():\n    assert shown\n")
    tree.commit()
    tree.check()
    with mock.patch.object(analysis, "build", side_effect=analysis.build) as counted:
        yield counted


def agrees(tree: WorkTree, made: mock.Mock) -> bool:
    """Whether a check with the cache made a graph; it says what one without says, and a second one too."""
    before = made.call_count
    ended = tree.check("--output-format", "json")
    count = made.call_count - before
    text = tree.check()
    assert (ended, text) == (tree.fresh("--output-format", "json"), tree.fresh())
    return bool(count)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/apart.py", "sum(numbers)", "max(numbers)"),
        ("app/apart.py", "row.size = 1", "row.length = 1"),
        ("app/apart.py", "def total", "def all_of_them"),
        ("app/apart.py", "return sum", "from app.models import Person\n    return sum"),
        ("tests/test_api.py", "assert shown", "shown.age = 1"),
        ("app/sums.py", "a + b", "a - b"),
    ],
)
def test_what_the_graph_does_not_rest_on(
    tree: WorkTree, made: mock.Mock, path: str, old: str, new: str
) -> None:
    tree.replace(path, old, new)
    assert not agrees(tree, made)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/apart.py", "row.size", "row.age"),  # whether anything sets what the model does not have
        ("app/apart.py", "return sum", "PersonRead(age=3)\n    return sum"),
        ("app/apart.py", "def total", "class Other(Base): ...\ndef total"),
        ("app/apart.py", "def total", "import sqlalchemy\nX = sqlalchemy.Table()\ndef total"),
        ("app/apart.py", "def total", "# ormlint: ignore\ndef total"),
        ("app/apart.py", "return sum", SHOWS),
        ("app/api.py", "model_validate", "model_construct"),
        ("app/models.py", "Mapped[str]", "Mapped[int]"),
        ("app/schemas.py", "age: int", "email: int"),
        ("alembic/versions/0001.py", "sa.Integer", "sa.Text"),
        ("alembic/versions/0002.sql", "TEXT", "INTEGER"),
        ("alembic/env.py", "Base.metadata", "None"),
        ("pyproject.toml", "psycopg", "asyncmy"),
    ],
)
def test_what_the_graph_rests_on(tree: WorkTree, made: mock.Mock, path: str, old: str, new: str) -> None:
    tree.replace(path, old, new)
    assert agrees(tree, made)


def test_files_that_come_and_go(tree: WorkTree, made: mock.Mock) -> None:
    (tree.root / "app/sums.py").unlink()
    assert not agrees(tree, made)
    tree.write("app/more/__init__.py", "NUMBER = 1\n")
    assert not agrees(tree, made)
    tree.write("alembic/versions/0003.py", "revision = '0003'\ndown_revision = '0002'\n")
    assert agrees(tree, made)
    (tree.root / "app/api.py").unlink()
    assert agrees(tree, made)


SPEAKS = """\
from app.models import Person
from app.schemas import PersonRead


def dumped(read: PersonRead) -> dict:
    return read.model_dump() if isinstance(read, PersonRead) else Person
"""


@pytest.mark.parametrize(
    ("text", "rests"),
    [
        (SPEAKS, False),
        (SPEAKS.replace("if isinstance", "or PersonRead.model_validate(Person()) if isinstance"), True),
        (SPEAKS.replace("def dumped", "class Other(Person): ...\n\n\ndef dumped"), True),
        (SPEAKS.replace("def dumped", "# ormlint: ignore\ndef dumped"), True),
        (SPEAKS.replace("def dumped", "def dumped(row):\n    row.age = 1\n\n\ndef dumped"), True),
        (
            SPEAKS.replace(
                "def dumped",
                "class Store:\n    def get_person(self) -> Person:\n        return 1\n\n\ndef dumped",
            ),
            True,
        ),
        (SPEAKS.replace("def dumped", "def dumped("), True),
    ],
)
def test_a_file_that_speaks_of_models_and_schemas_goes(
    tree: WorkTree, made: mock.Mock, text: str, *, rests: bool
) -> None:
    tree.write("app/speaks.py", text)
    agrees(tree, made)
    tree.replace("app/sums.py", "a + b", "a - b")
    assert not agrees(tree, made)
    (tree.root / "app/speaks.py").unlink()
    assert agrees(tree, made) == rests


def test_a_file_that_speaks_and_is_asked_for_goes(tree: WorkTree, made: mock.Mock) -> None:
    tree.write("app/speaks.py", SPEAKS)
    tree.replace("app/models.py", "class Visit", "import app.speaks\n\n\nclass Visit")
    agrees(tree, made)
    (tree.root / "app/speaks.py").unlink()
    assert agrees(tree, made)


def test_a_file_that_takes_a_name(tree: WorkTree, made: mock.Mock) -> None:
    tree.write("app/base/__init__.py", "from sqlalchemy.orm import DeclarativeBase as Base\n")
    assert agrees(tree, made)


def test_imports_on_the_way_from_env_py(tree: WorkTree, made: mock.Mock) -> None:
    tree.replace("alembic/env.py", "import Base", "import Base\nimport app.sums")
    tree.replace("app/sums.py", "def add", "import app.apart\ndef add")
    assert agrees(tree, made)
    tree.replace("app/apart.py", "sum(", "min(")
    assert not agrees(tree, made)
    tree.replace("app/apart.py", "def total", "import app.api\ndef total")
    assert agrees(tree, made)


def test_settings_after_such_a_change(tree: WorkTree, made: mock.Mock) -> None:
    tree.replace("app/apart.py", "sum(", "min(")
    tree.write("ormlint.toml", 'ignore = ["ORM202"]\n')
    assert not agrees(tree, made)
    tree.write("ormlint.toml", 'exclude = ["app/api.py"]\n')
    assert agrees(tree, made)
