"""A warm run reads no file that is as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

if TYPE_CHECKING:
    from work_tree import WorkTree


@pytest.fixture
def read(visits: WorkTree) -> Iterator[list[str]]:
    """The files of the application whose bytes are read from now on; the project was checked once."""
    tree = visits
    tree.commit()
    tree.check()
    paths: list[str] = []
    read_bytes = Path.read_bytes

    def reading(path: Path) -> bytes:
        if path.suffix == ".py" and path.is_relative_to(tree.root / "app"):
            paths.append(path.relative_to(tree.root).as_posix())
        return read_bytes(path)

    def reading_heads(root: str) -> Callable[[str, int], bytes]:
        def head(path: str, size: int) -> bytes:
            paths.append(path)
            return read_bytes(Path(root, path))[:size]

        return head

    with (
        mock.patch.object(Path, "read_bytes", reading),
        mock.patch("ormlint.discover.project.read_head", reading_heads),
    ):
        yield paths


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/models.py", "note: Mapped[str | None]", "note: Mapped[str | None]\n    begun: Mapped[int]"),
        ("app/more.py", "length: int", "breadth: int"),
        ("app/store.py", 'note=""', "length=1"),
        ("app/sums.py", "a + b", "a - b"),
        ("pyproject.toml", "psycopg", "asyncmy"),
    ],
)
def test_what_is_as_it_was_is_not_read(
    tree: WorkTree, read: list[str], path: str, old: str, new: str
) -> None:
    tree.replace(path, old, new)
    assert {*tree.noted(read)} <= {path}
