"""The files of a project: its Python sources, and the configuration that says what they are."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from ormlint.discover import git
from ormlint.discover.problem import Problem, unreadable_folder
from ormlint.settings import matches
from ormlint.worktree import Watched, top_of

# fmt: off
USUAL = frozenset({
    ".bzr", ".direnv", ".eggs", ".git", ".hg", ".hypothesis", ".ipynb_checkpoints", ".mypy_cache", ".nox",
    ".ormlint_cache", ".pants.d", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv",
    "__pycache__", "__pypackages__", "_build", "buck-out", "build", "dist", "node_modules", "site-packages",
    "venv",
})
# fmt: on
"""Folders of tools, left out unless git tracks what is in them or they are packages."""
_WORDS = frozenset({"build", "dist"})
"""Those that a package may have as a part of it, without a file of its own that says so."""
LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")
_CONFIG = (".ini", ".cfg", ".toml", ".txt", ".lock")


class Choice(Struct, frozen=True):
    """The patterns that say which files below a folder are read; the closest folder's hold.

    `include` leaves out what fits none of its patterns, where there are any; patterns in `exclude` stand in
    for the usual folders of tools, those in `extend_exclude` come on top. All start at the project's root.
    """

    under: str = ""
    """The folder with a slash at its end; empty text is the root."""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] = ()

    @property
    def has_patterns(self) -> bool:
        """Whether it may leave out a file that git tracks."""
        return bool(self.include or self.exclude or self.extend_exclude)

    def leaves_out(self, path: str) -> bool:
        """Whether a file is not to be read."""
        patterns = (*(self.exclude or ()), *self.extend_exclude)
        if patterns and matches(path, patterns):
            return True
        # What is not Python (or SQL) only tells about what is.
        return bool(self.include) and path.endswith((".py", ".sql")) and not matches(path, self.include)


class Listing(Struct, frozen=True):
    """What lies below a root, whether it is to be read or not."""

    paths: list[str]
    untracked: frozenset[str]
    """Those that git does not track; empty outside git."""
    problems: list[Problem]
    ids: Mapping[str, str] | None
    """`None` where git does not tell of the files."""


class Files(Struct, frozen=True):
    """Paths from the root with forward slashes, sorted."""

    python: tuple[str, ...]
    config: tuple[str, ...]
    scripts: tuple[str, ...]
    """SQL, which migrations may read."""
    problems: tuple[Problem, ...]
    ids: Mapping[str, str] | None
    """Git's blob of each file that is as the blob is; `None` where git does not tell of the files."""


def list_files(root: str, watched: Watched | None, *, usual: bool = True) -> Listing:
    """The files that git tracks and those that it would; outside git (without `watched`), all files.

    With `usual`, the usual folders of tools are not walked through.
    """
    listing = git.list_files(root, watched.first) if watched is not None else None
    if listing is None:
        paths, problems = _walk(root, USUAL if usual else frozenset())
        return Listing(paths, frozenset(), problems, None)
    paths = [*listing.tracked, *listing.untracked]
    return Listing(paths, frozenset(listing.untracked), list(listing.problems), listing.ids)


def watched_at(root: str, watched: Watched | None = None) -> Watched | None:
    """What git says of a root, which it may have said already; `None` outside git."""
    if watched is not None and watched.covers(root):
        return watched
    return Watched(root) if top_of(root) else None


def find_files(root: str, listing: Listing, choices: Sequence[Choice]) -> Files:
    """The files to read; of the choices, deepest first, the first whose folder holds a file decides."""
    problems = listing.problems
    environments = tuple(
        path.removesuffix("pyvenv.cfg") for path in listing.paths if path.endswith("/pyvenv.cfg")
    )
    wanted = {
        path
        for path in listing.paths
        if (path.endswith((".py", ".sql")) or (path.endswith(_CONFIG) and _is_config(path)))
        and "{{" not in path  # a template of a project, to be filled in before it is Python
        and not path.startswith(environments)
    }
    if listing.untracked or any(choice.has_patterns for choice in choices):
        wanted = {path for path in wanted if not is_left_out(root, path, listing, choices)}
    present = _present(root, wanted, listing.ids or {}, problems)
    others = [path for path in present if not path.endswith(".py")]
    return Files(
        tuple([path for path in present if path.endswith(".py")]),
        tuple(path for path in others if not path.endswith(".sql")),
        tuple(path for path in others if path.endswith(".sql")),
        tuple(sorted(set(problems))),
        listing.ids,
    )


def is_left_out(root: str, path: str, listing: Listing, choices: Sequence[Choice]) -> bool:
    """Whether the choices, or the habits of tools, leave a file out."""
    choice = next(each for each in choices if path.startswith(each.under))
    in_usual = choice.exclude is None and path in listing.untracked and _in_usual(root, path, USUAL)
    return in_usual or choice.leaves_out(path)


def _is_config(path: str) -> bool:
    """What Alembic's configuration or a project's dependencies may stand in."""
    name = path.rpartition("/")[2]
    plain = name == "pyproject.toml" or name in LOCKS or name.endswith((".ini", ".cfg"))
    return plain or is_requirements(path)


def is_requirements(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return name.endswith(".txt") and ("requirements" in name or folder.endswith("requirements"))


def _walk(root: str, usual: frozenset[str]) -> tuple[list[str], list[Problem]]:
    """All files below a folder. Links to folders are not followed, so there are no loops."""
    paths: list[str] = []
    problems: list[Problem] = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as entries:
                found = list(entries)
        except OSError as error:
            problems.append(unreadable_folder(folder.rstrip("/") or ".", error.strerror))
            continue
        if folder and any(entry.name == "pyvenv.cfg" for entry in found):
            continue
        for entry in found:
            path = folder + entry.name
            if not entry.is_dir(follow_symlinks=False):
                paths.append(path)
            elif entry.name not in usual or _is_package(root, path):
                waiting.append(path + "/")
    return paths, problems


def _in_usual(root: str, path: str, usual: frozenset[str]) -> bool:
    parts = path.split("/")[:-1]
    return any(
        part in usual and not _is_package(root, "/".join(parts[:depth]))
        for depth, part in enumerate(parts, 1)
    )


def _is_package(root: str, folder: str) -> bool:
    parent, _, name = folder.rpartition("/")
    holding = (folder, parent) if parent and name in _WORDS else (folder,)
    return any(os.path.exists(os.path.join(root, each, "__init__.py")) for each in holding)


def _present(root: str, wanted: Iterable[str], ids: Mapping[str, str], problems: list[Problem]) -> list[str]:
    """The paths that are regular files here; what git tracks may be deleted, a link, or out of reach."""
    known = set(wanted)
    present = []
    for path in sorted(known):
        if path in ids and _is_utf8(path):
            present.append(path)  # git has just looked
            continue
        try:
            mode = os.lstat(f"{root}/{path}").st_mode
        except PermissionError as error:
            problems.append(unreadable_folder(os.path.dirname(path) or ".", error.strerror))
            continue
        except OSError:
            continue
        if stat.S_ISLNK(mode) and not _adds_a_file(root, path, known, problems):
            continue
        if not _is_utf8(path):
            shown = os.fsencode(path).decode(errors="backslashreplace")
            problems.append(Problem(shown, 0, "the name of the file is not UTF-8", "rename the file"))
        elif stat.S_ISREG(mode) or stat.S_ISLNK(mode):
            present.append(path)
    return present


def _adds_a_file(root: str, path: str, known: set[str], problems: list[Problem]) -> bool:
    """Whether a link leads to a file of the project that is not in the list under its own name."""
    try:
        target = os.path.realpath(f"{root}/{path}", strict=True)
    except FileNotFoundError:
        return False
    except OSError as error:
        reason = f"the link cannot be followed: {error.strerror or error}"
        problems.append(Problem(path, 0, reason, "remove the link, or point it at a file"))
        return False
    inside = os.path.relpath(target, root).replace(os.sep, "/")
    return not inside.startswith("../") and inside not in known and os.path.isfile(target)


def _is_utf8(path: str) -> bool:
    if path.isascii():
        return True
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
