from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from work_tree import VISITS, WorkTree


@pytest.fixture
def tree(tmp_path: Path) -> WorkTree:
    """A small project in a git work tree of its own, committed."""
    return WorkTree.begun(tmp_path / "project")


@pytest.fixture
def visits(tree: WorkTree) -> WorkTree:
    """The same with schemas of visits, not yet committed."""
    for path, text in VISITS.items():
        tree.write(path, text)
    return tree
