"""What git says of a folder: which files there are, and whether it ignores the folder."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from ormlint import worktree
from ormlint.discover.problem import Problem, unreadable_folder

_UNREADABLE = re.compile(rb"could not open directory '(.*?)/?': (.*)")


class Listing(NamedTuple):
    """Paths below the folder, as git prints them."""

    tracked: list[str]
    untracked: list[str]
    problems: list[Problem]
    ids: dict[str, str]
    """The blob of each tracked file that is here as the blob is, told by git from its stat data."""


def list_files(folder: str) -> Listing | None:
    """The files that git tracks below a folder, and those it would add.

    `None` where git cannot say: there is none, the folder is in no work tree, or it is ignored as a whole.

    What a commit will not hold does not count in a hook: under pre-commit (or prek, which sets the same
    variable), untracked files stay out.
    """
    command = ["ls-files", "-z", "-v", "--stage", "--cached", "--modified"]
    if not os.environ.get("PRE_COMMIT"):
        command += ["--others", "--exclude-standard"]
    answer = worktree.ask(folder, command)
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
    attributes = [path for path in [*tracked, *untracked] if path.endswith(".gitattributes")]
    converted = worktree.converted(folder, attributes)
    changed.update(ids if converted is None else map(os.fsdecode, converted))
    for path in changed:
        ids.pop(path, None)
    if not tracked and not untracked and ignores(folder, folder):
        return None
    problems = [
        unreadable_folder(os.fsdecode(path), reason.decode(errors="replace"))
        for path, reason in _UNREADABLE.findall(err)
    ]
    return Listing(tracked, untracked, problems, ids)


def ignores(top: str, folder: str) -> bool:
    """Whether the work tree at `top` ignores a folder and tracks nothing in it."""
    if worktree.ask(top, ["check-ignore", "-q", "--", folder]) is None:
        return False
    answer = worktree.ask(top, ["ls-files", "-z", "--cached", "--", folder])
    return answer is not None and not answer[0]
