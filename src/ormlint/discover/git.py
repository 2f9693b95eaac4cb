"""What git says of a folder: which files there are, and whether it ignores the folder."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from ormlint.discover.problem import Problem, unreadable_folder

_LOCAL_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)
"""`git commit` exports these to its hooks, relative to a folder that need not be the one asked about."""

_UNREADABLE = re.compile(rb"could not open directory '(.*?)/?': (.*)")


class Listing(NamedTuple):
    """Paths below the folder, as git prints them."""

    tracked: list[str]
    untracked: list[str]
    problems: list[Problem]
    ids: dict[str, str]
    """The blob of each tracked file that is here as the index has it, told by git from its stat data."""


def list_files(folder: str) -> Listing | None:
    """The files that git tracks below a folder, and those it would add.

    `None` where git cannot say: there is none, the folder is in no work tree, or it is ignored as a whole.

    What a commit will not hold does not count in a hook: under pre-commit (or prek, which sets the same
    variable), untracked files stay out.
    """
    command = ["ls-files", "-z", "-v", "--stage", "--cached", "--modified"]
    if not os.environ.get("PRE_COMMIT"):
        command += ["--others", "--exclude-standard"]
    answer = _git(folder, command)
    if answer is None:
        return None
    out, err = answer
    ids: dict[str, str] = {}
    changed: set[str] = set()
    untracked: list[str] = []
    for entry in os.fsdecode(out).split("\0"):
        # A status letter and a space come first, then mode, blob and stage but for an untracked file. The
        # letter is small where the user told git not to look whether the file has changed.
        if entry.startswith("? "):
            untracked.append(entry[2:])
        elif entry:
            stage, _, path = entry.partition("\t")
            if entry[0] != "H" or not stage.startswith("H 100") or not stage.endswith(" 0"):
                changed.add(path)
            ids.setdefault(path, stage.split(" ")[2])
    tracked = list(ids)
    for path in changed:
        del ids[path]
    if not tracked and not untracked and ignores(folder, folder):
        return None
    problems = [
        unreadable_folder(os.fsdecode(path), reason.decode(errors="replace"))
        for path, reason in _UNREADABLE.findall(err)
    ]
    return Listing(tracked, untracked, problems, ids)


def ignores(top: str, folder: str) -> bool:
    """Whether the work tree at `top` ignores a folder and tracks nothing in it."""
    if _git(top, ["check-ignore", "-q", "--", folder]) is None:
        return False
    answer = _git(top, ["ls-files", "-z", "--cached", "--", folder])
    return answer is not None and not answer[0]


def environment() -> dict[str, str]:
    """What git is started with: no hook's repository, and messages in English."""
    kept = {name: value for name, value in os.environ.items() if name not in _LOCAL_VARIABLES}
    return {**kept, "LC_ALL": "C"}


def _git(folder: str, arguments: list[str]) -> tuple[bytes, bytes] | None:
    """What git prints; `None` where it fails or there is no git."""
    import subprocess  # noqa: PLC0415 - 15 ms that a folder outside git need not pay

    try:
        done = subprocess.run(
            ["git", "-C", folder, *arguments], capture_output=True, env=environment(), check=False
        )
    except OSError:
        return None
    return (done.stdout, done.stderr) if done.returncode == 0 else None
