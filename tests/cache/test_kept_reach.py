"""Imports are followed from `env.py` again only where one of them may be another, or may lead elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest
from work_tree import MODELS, WorkTree

from ormlint import pipeline
from ormlint.graph import reach_keeping
from ormlint.runs import Caching

MORE = """\
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base


class More(Base):
    __tablename__ = "more"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
CALLS = "import importlib\n\n\ndef load():\n    importlib.import_module('app.more')\n\n\n"


@pytest.fixture
def walks(tree: WorkTree) -> Iterator[mock.Mock]:
    """Counts how often imports are followed; the project, whose `env.py` misses a model, was checked once."""
    tree.write("app/more.py", MORE)
    tree.write("app/hub.py", CALLS)
    tree.replace("alembic/env.py", "from app.models", "import app.hub\nfrom app.models")
    tree.commit()
    tree.check()
    with mock.patch.object(reach_keeping, "Walk", side_effect=reach_keeping.Walk) as counted:
        yield counted


def agrees(tree: WorkTree, walks: mock.Mock) -> int:
    """How often a check with the cache follows imports; it finds what one without finds."""
    count = len(tree.noted(walks.mock_calls))
    kept = [each.reached for each in pipeline.linked(tree.root, caching=Caching()).environments]
    assert kept == [each.reached for each in pipeline.linked(tree.root).environments]
    return count


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/models.py", "email: Mapped[str]", "email: Mapped[str]\n    phone: Mapped[str]"),
        ("app/schemas.py", "age: int", "aged: int"),
        ("app/more.py", "import Base\n", "import Base\nimport json\n"),
        ("alembic/versions/0001.py", "sa.Integer", "sa.Text"),
    ],
)
def test_where_imports_are_as_they_were(
    tree: WorkTree, walks: mock.Mock, path: str, old: str, new: str
) -> None:
    tree.replace(path, old, new)
    assert agrees(tree, walks) == 0
    tree.write("app/schemas.py", "")
    assert agrees(tree, walks) == 0


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/models.py", "import Base\n", "import Base\nimport app.more\n"),
        ("app/base.py", "class Base", "from app import more\n\n\nclass Base"),
        ("app/hub.py", "\n\n\ndef load", "\nimport app.more\n\n\ndef load"),
        ("app/hub.py", "\n\n\ndef load", "\n\n\ndef loaded"),
        ("app/__init__.py", "", "load()\n"),
        ("alembic/env.py", "import app.hub", "import app.more"),
        ("alembic/env.py", "import app.hub\n", ""),
    ],
)
def test_where_they_are_others(tree: WorkTree, walks: mock.Mock, path: str, old: str, new: str) -> None:
    tree.replace(path, old, new)
    assert agrees(tree, walks) == 1
    tree.replace("app/models.py", MODELS.splitlines()[-1], "    note: Mapped[int]")
    assert agrees(tree, walks) == 0


@pytest.mark.parametrize(
    "files",
    [
        {"app/hub/__init__.py": "import app.more\n"},
        {"app/base/__init__.py": "import app.more\nfrom sqlalchemy.orm import DeclarativeBase as Base\n"},
        {"alembic/app/hub.py": "import more\n"},
        {"app/hub.py": None},
        {"app/hub.py": None, "app/hub/__init__.py": "import app.more\n"},
        {"app/__init__.py": None},
        {"sqlalchemy/__init__.py": "import app.more\n"},
    ],
)
def test_where_names_lead_elsewhere(tree: WorkTree, walks: mock.Mock, files: dict[str, str | None]) -> None:
    for path, text in files.items():
        if text is None:
            (tree.root / path).unlink()
        else:
            tree.write(path, text)
    assert agrees(tree, walks) > 0


def test_what_is_called_matters_where_a_call_may_import(tree: WorkTree, walks: mock.Mock) -> None:
    tree.replace("app/models.py", "class Visit", "class Visitor")
    assert agrees(tree, walks) == 1
    tree.replace("alembic/env.py", "import app.hub\n", "")
    assert agrees(tree, walks) == 1
    tree.replace("app/models.py", "class Visitor", "class Visit")
    assert agrees(tree, walks) == 0


def test_files_that_no_import_means(tree: WorkTree, walks: mock.Mock) -> None:
    tree.write("app/other.py", "import app.more\n")
    assert agrees(tree, walks) == 0
    (tree.root / "app/schemas.py").unlink()
    assert agrees(tree, walks) == 0
