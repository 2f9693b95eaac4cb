"""What a run keeps of the graph is used again exactly as long as what it rests on is the same."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest
from work_tree import MODELS, WorkTree

from ormlint.graph.migrations import replayed

HELPER = """\
import sqlalchemy as sa


def size():
    return 20
"""
REVISION = """\
import sqlalchemy as sa
from alembic import op
from app.helper import size

revision = "0003"
down_revision = "0002"


def upgrade():
    op.add_column("people", sa.Column("name", sa.String(size())))
"""


@pytest.fixture
def replays(tree: WorkTree) -> Iterator[mock.Mock]:
    """Counts the replays; the project, whose last migration calls a function of it, was checked once."""
    tree.write("app/helper.py", HELPER)
    tree.write("alembic/versions/0003.py", REVISION)
    tree.commit()
    tree.check()
    with mock.patch.object(replayed, "replayed", side_effect=replayed.replayed) as counted:
        yield counted


def agrees(tree: WorkTree, replays: mock.Mock) -> int:
    """How many replays a check with the cache took; it says what one without says."""
    before = replays.call_count
    ended = tree.check()
    count: int = replays.call_count - before
    assert ended == tree.fresh()
    return count


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/models.py", "note: Mapped[str | None]", "note: Mapped[str | None]\n    more: Mapped[int]"),
        ("app/schemas.py", "age: int", "aged: int"),
        ("app/api.py", "model_validate", "model_construct"),
        ("alembic/env.py", "Base.metadata", "Base.metadata, include_object=lambda *_: False"),
    ],
)
def test_what_no_migration_leads_to_brings_no_replay(
    tree: WorkTree, replays: mock.Mock, path: str, old: str, new: str
) -> None:
    tree.replace(path, old, new)
    assert agrees(tree, replays) == 0


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("alembic/versions/0001.py", "sa.Integer", "sa.Text"),
        ("alembic/versions/0002.sql", "email", "phone"),
        ("alembic/env.py", "Base.metadata", "Base.metadata, version_table='versions'"),
        ("app/helper.py", "20", "30"),
        ("app/models.py", "Visit", "Visited"),
        ("pyproject.toml", "psycopg", "asyncmy"),
        (
            "app/base.py",
            "    pass",
            "    from sqlalchemy import MetaData\n    metadata = MetaData(naming_convention={'pk': 'p'})",
        ),
    ],
)
def test_what_a_replay_rests_on_brings_a_new_one(
    tree: WorkTree, replays: mock.Mock, path: str, old: str, new: str
) -> None:
    tree.replace(path, old, new)
    assert agrees(tree, replays) == 1


def test_a_file_that_takes_the_place_of_another(tree: WorkTree, replays: mock.Mock) -> None:
    tree.write("app/helper/__init__.py", HELPER.replace("20", "30"))
    assert agrees(tree, replays) == 1


def test_a_file_that_goes(tree: WorkTree, replays: mock.Mock) -> None:
    (tree.root / "app/helper.py").unlink()
    assert agrees(tree, replays) == 1


def test_a_file_that_comes_and_goes_again(tree: WorkTree, replays: mock.Mock) -> None:
    tree.write(
        "app/more.py", MODELS.replace("people", "others").replace("visits", "more").replace("Visit", "V")
    )
    assert agrees(tree, replays) == 1  # there are other models
    tree.write("app/plain.py", "NUMBER = 1\n")
    assert agrees(tree, replays) == 0
    (tree.root / "app/plain.py").unlink()
    assert agrees(tree, replays) == 0
