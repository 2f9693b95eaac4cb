"""The tree of another commit, taken out of git without touching the work tree or the index."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from ormlint.settings import UsageError
from ormlint.worktree import environment

_READ = (".py", ".pyi", ".toml", ".ini", ".cfg", ".txt", ".sql", ".mako", ".lock")
"""What an analysis may read."""


def commit_of(root: Path, ref: str) -> str:
    """The commit that a ref names; raises `UsageError` with what to do where it is not here."""
    if _git(root, ["rev-parse", "--git-dir"]) is None:
        raise UsageError(f"--diff-base: {root} is in no git work tree")
    wanted = ["rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"]
    found = None if ref.startswith("-") else _git(root, wanted)
    if found is not None:
        return found.decode().strip()
    shallow = _git(root, ["rev-parse", "--is-shallow-repository"]) == b"true\n"
    branch = ref.removeprefix("origin/")
    fetch = f"for a branch, `git fetch --depth=1 origin {branch}:refs/remotes/origin/{branch}` brings it"
    if shallow and re.search(r"[~^@]", ref):
        fetch = "`git fetch --unshallow` brings the whole history"
    clone = "this shallow clone does not have it" if shallow else "there is no such commit here"
    raise UsageError(f"--diff-base: `{ref}`: {clone}; {fetch}")


def fork_of(root: Path, commit: str) -> str | None:
    """Where a commit and the work tree's parted; `None` where git does not have it."""
    found = _git(root, ["merge-base", "HEAD", commit])
    return found.decode().strip() if found else None


@contextmanager
def taken_out(root: Path, commit: str) -> Iterator[Path]:
    """A folder with the files that the commit has below `root`, for as long as it is looked at."""
    with tempfile.TemporaryDirectory(prefix="ormlint-") as name:
        folder = Path(name).resolve()
        for path, data in _files(root, commit):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        # Git then lists them as tracked, and knows them by the blobs that the cache goes by.
        _git(folder, ["init", "--quiet", "--template="])
        _git(folder, ["-c", "core.autocrlf=false", "add", "--all", "--force"])
        yield folder


def _files(root: Path, commit: str) -> Iterator[tuple[str, bytes]]:
    listing = _git(root, ["ls-tree", "-r", "-z", commit])
    if listing is None:
        raise UsageError(f"--diff-base: git cannot list the files of {commit}")
    blobs: list[tuple[str, bytes]] = []
    for entry in listing.split(b"\0"):
        about, _, raw = entry.partition(b"\t")
        path = raw.decode("utf-8", "surrogateescape")
        if about.startswith(b"100") and path.endswith(_READ) and _stays_below(path):
            blobs.append((path, about.split(b" ")[2]))
    content = _git(root, ["cat-file", "--batch"], b"".join(blob + b"\n" for _, blob in blobs))
    yield from _unpacked([path for path, _ in blobs], content or b"")


def _unpacked(paths: Sequence[str], content: bytes) -> Iterator[tuple[str, bytes]]:
    """What `git cat-file --batch` prints: a line with blob, type and size, the content, and a line end."""
    at = 0
    for path in paths:
        end = content.find(b"\n", at)
        head = content[at:end].split(b" ")
        if end < 0 or len(head) != 3:
            raise UsageError(
                f"--diff-base: git does not have the content of {path}; fetch the commit as a whole"
            )
        start = end + 1
        at = start + int(head[2]) + 1
        yield path, content[start : at - 1]


def _stays_below(path: str) -> bool:
    parts = PurePosixPath(path)
    return not parts.is_absolute() and not {"..", ".git"} & set(parts.parts)


def _git(folder: Path, arguments: Sequence[str], given: bytes | None = None) -> bytes | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            input=given,
            capture_output=True,
            env=environment(),
            check=False,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
