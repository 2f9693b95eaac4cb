"""What git says of a folder: which files there are, and whether it ignores the folder."""

from __future__ import annotations

import os
import re

from msgspec import Struct

from ormlint import worktree
from ormlint.discover.problem import Problem, unreadable_folder
from ormlint.worktree import Listed

_BEFORE = len("H 100644 ")
"""What stands before a blob; after it stands the stage, a digit."""
_UNREADABLE = re.compile(rb"could not open directory '(.*?)/?': (.*)")


class Listing(Struct, frozen=True):
    """Paths below the folder, as git prints them."""

    tracked: list[str]
    untracked: list[str]
    problems: list[Problem]
    ids: dict[str, str]
    """The blob of each tracked file that is here as the blob is, told by git from its stat data."""


def list_files(folder: str, listed: Listed | None) -> Listing | None:
    """The sources that git tracks below a folder, and those it would add, as it listed them there or above.

    `None` where git cannot say: there is none, the folder is in no work tree, or it is ignored as a whole.

    What a commit will not hold does not count in a hook: under pre-commit (or prek, which sets the same
    variable), untracked files stay out.
    """
    if listed is None:
        return None
    in_hook = bool(os.environ.get("PRE_COMMIT"))
    under = os.path.relpath(folder, listed.folder).replace(os.sep, "/")
    before = "" if under == "." else f"{under}/"
    ids: dict[str, str] = {}
    changed: set[str] = set() if listed.converted is None else set(map(os.fsdecode, listed.converted))
    untracked: list[str] = []
    for entry in os.fsdecode(b"\0".join(listed.entries)).split("\0") if listed.entries else ():
        # The letter is small where the user told git not to look whether the file has changed.
        if entry.startswith("? "):
            untracked.append(entry[2:])
            continue
        stage, _, path = entry.partition("\t")
        if listed.converted is None or not stage.startswith("H 100") or not stage.endswith(" 0"):
            changed.add(path)
        ids.setdefault(path, stage[_BEFORE:-2])
    length = len(before)
    tracked = [path[length:] for path in ids if path.startswith(before)]
    untracked = [path[length:] for path in untracked if path.startswith(before) and not in_hook]
    if not tracked and not untracked and ignores(folder, folder):
        return None
    problems = [
        unreadable_folder(os.fsdecode(path), reason.decode(errors="replace"))
        for path, reason in _UNREADABLE.findall(b"" if in_hook else listed.complaints)
    ]
    below = {path[length:]: ids[path] for path in ids if path.startswith(before) and path not in changed}
    return Listing(tracked, untracked, problems, below)


def ignores(top: str, folder: str) -> bool:
    """Whether the work tree at `top` ignores a folder and tracks nothing in it."""
    if worktree.ask(top, ["check-ignore", "-q", "--", folder]) is None:
        return False
    answer = worktree.ask(top, ["ls-files", "-z", "--cached", "--", folder])
    return answer is not None and not answer[0]
