"""A replay takes as much for each revision of a long history as for each of a short one."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from chains import replay

REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = {down!r}


def upgrade():
    op.create_table("table_{number}", sa.Column("id", sa.Integer), sa.Column("name", sa.Text))
    op.create_index("index_{number}", "table_{number}", ["name"])
    op.add_column("table_{number}", sa.Column("note", sa.Text))
"""


def history(length: int) -> dict[str, str]:
    return {
        f"versions/{number}.py": REVISION.format(number=number, down=str(number - 1) if number else None)
        for number in range(length)
    }


def calls(work: Callable[[], object]) -> int:
    """How many calls of Python code, steps of generators included, the work takes."""
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("dialect", ["postgresql", "sqlite"])
def test_a_long_history(dialect: str) -> None:
    replay(history(2), dialect)  # which imports what it takes
    short, long = (calls(lambda length=length: replay(history(length), dialect)) for length in (25, 250))
    assert long < 10 * short
