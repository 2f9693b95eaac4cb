"""Every idiom as a chain that is really upgraded on SQLite; the replay leaves the same tables."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

import pytest
from chains import replayed, upgraded

from ormlint.rules.page import Case, cases

CASES = cases(Path(__file__).with_name("chains.md").read_text(encoding="utf-8"))
HEADER = 'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{}"\ndown_revision = {}\n'


def files_of(case: Case) -> dict[str, str]:
    """The files; a revision that states no `revision` follows the one before it."""
    files: dict[str, str] = {}
    before = None
    for file in case.files:
        text = file.text
        if fnmatch(file.path, "versions/*.py") and "down_revision" not in text:
            key = file.path.removeprefix("versions/").removesuffix(".py")
            text = HEADER.format(key, repr(before)) + text
            before = key
        files[file.path] = text
    return files


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_replay_equals_the_upgraded_database(case: Case, tmp_path: Path) -> None:
    files = files_of(case)
    assert replayed(files) == upgraded(tmp_path, files)
