"""What the tests of the hooks have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
MODEL = Path("app/models/medication.py")
VERSIONS = Path("alembic/versions")
COLUMN = "    shelf = Column(String(20))\n"
"""At the end of `MODEL` it is a column that no migration adds."""

Run = Callable[..., tuple[int, str]]
"""Runs a command in a folder: its exit status, and what it printed."""


class Hook(NamedTuple):
    """A repository with this checkout in it, and its revision."""

    repo: Path
    rev: str
    environment: Mapping[str, str]

    def config(self, *ids: str) -> str:
        hooks = "".join(f"  - id: {name}\n" for name in ids)
        return f"repos:\n- repo: {self.repo}\n  rev: {self.rev}\n  hooks:\n{hooks}"


Clinic = Callable[..., Path]
"""Lays out the healthy example at a path, with a hook that git calls already."""

Commit = Callable[..., str]
"""Commits; what is said where that is refused, and nothing where it passes."""


def migration(revision: str, down: str) -> str:
    return (
        f'revision = "{revision}"\ndown_revision = "{down}"\n\n\n'
        "def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    pass\n"
    )
