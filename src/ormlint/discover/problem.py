"""A problem that discovery met and went on from."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """What could not be read: path from the project's root, line (0 where there is none), and why."""

    path: str
    line: int
    reason: str
    what_to_do: str = ""


def unreadable_folder(folder: str, why: str | None) -> Problem:
    reason = f"the folder cannot be read: {why or 'unknown reason'}"
    return Problem(folder, 0, reason, "give read permission, or exclude the folder")
