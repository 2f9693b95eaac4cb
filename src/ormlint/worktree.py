"""What git says of a work tree. A hot run imports this module, so it imports little itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

_LOCAL = frozenset({
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_INDEX_FILE",
    "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_WORK_TREE",
})  # fmt: skip
"""`git commit` exports these to its hooks, relative to a folder that need not be the one asked about."""
_STRICT = ("core.fsmonitor=false", "core.trustctime=true", "core.checkStat=default")
"""Git is asked about the files as they are, whatever it is told to overlook elsewhere."""
_CONVERTING = (b"filter", b"ident", b"working-tree-encoding")
_CONVERTED = ":(exclude,attr:!filter !ident !working-tree-encoding)"
"""A pathspec that leaves the files whose content is another one than that of their blob.

Line ends may differ too. They are the same to whoever reads Python.
"""


def top_of(folder: str) -> str | None:
    """The top of the git work tree (or submodule) that a folder lies in."""
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def ask(folder: str, arguments: Sequence[str]) -> tuple[bytes, bytes] | None:
    """What git prints, in English; `None` where it fails or there is no git."""
    import subprocess  # noqa: PLC0415 - 15 ms that a folder outside git need not pay

    command = ["git", "-C", folder, *(word for setting in _STRICT for word in ("-c", setting)), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, env=environment(), check=False)
    except OSError:
        return None
    return (done.stdout, done.stderr) if done.returncode == 0 else None


def environment() -> dict[str, str]:
    """What git is started with: no hook's repository, and messages in English."""
    kept = {name: value for name, value in os.environ.items() if name not in _LOCAL}
    return {**kept, "LC_ALL": "C"}


def converted(
    folder: str, attributes: Iterable[str], patterns: Sequence[str] = ()
) -> frozenset[bytes] | None:
    """The tracked files below a folder whose content git converts, which their blobs do not tell.

    `attributes` are the `.gitattributes` files below the folder. `None` where git cannot say.
    """
    if not _may_convert(folder, attributes):
        return frozenset()
    answer = ask(folder, ["ls-files", "-z", "--", *patterns, _CONVERTED])
    return None if answer is None else frozenset(answer[0].split(b"\0"))


def is_content(data: bytes, name: str) -> bool:
    """Whether data is what a digest is of, or what a blob of git is, which may have other line ends."""
    from hashlib import sha1, sha256  # noqa: PLC0415 - a hot run asks nothing of the kind

    made = sha256 if len(name) == 64 else sha1

    def is_blob(text: bytes) -> bool:
        digest = made(b"blob %d\0" % len(text), usedforsecurity=False)
        digest.update(text)
        return digest.hexdigest() == name

    if is_blob(data) or (made is sha256 and sha256(data).hexdigest() == name):
        return True
    return b"\r\n" in data and is_blob(data.replace(b"\r\n", b"\n"))


def _may_convert(folder: str, attributes: Iterable[str]) -> bool:
    """Whether any file of attributes that counts speaks of it: as a rule none does, and git need not look."""
    top = top_of(folder)
    if top is None or not os.path.isdir(f"{top}/.git"):
        return True  # a second work tree, or a submodule: what counts lies elsewhere
    above = [folder]
    while above[-1] != top:
        above.append(os.path.dirname(above[-1]))
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    files = [f"{top}/.git/info/attributes", f"{home}/git/attributes", "/etc/gitattributes"]
    files += [f"{folder}/{path}" for path in attributes] + [f"{each}/.gitattributes" for each in above]
    if any(word in data for data in map(_content, files) for word in _CONVERTING):
        return True
    configured = (
        f"{top}/.git/config",
        f"{home}/git/config",
        os.path.expanduser("~/.gitconfig"),
        "/etc/gitconfig",
    )
    return any(b"attributesfile" in _content(path).lower() for path in configured)


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""
