"""What git says of a work tree. A hot run imports this module, so it imports little itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import Popen
    from threading import Thread

_LOCAL = frozenset({
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_INDEX_FILE",
    "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_WORK_TREE",
})  # fmt: skip
"""`git commit` exports these to its hooks, relative to a folder that need not be the one asked about."""
_READING = frozenset({
    "GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_LITERAL_PATHSPECS", "GIT_NOGLOB_PATHSPECS",
})  # fmt: skip
"""These say what patterns mean."""
_STRICT = ("core.fsmonitor=false", "core.trustctime=true", "core.checkStat=default")
"""Git is asked about the files as they are, whatever it is told to overlook elsewhere."""
_CONVERTING = (b"filter", b"ident", b"working-tree-encoding")
_CONVERTED = ":(exclude,attr:!filter !ident !working-tree-encoding)"
"""A pathspec that leaves the files whose content is another one than that of their blob.

Line ends may differ too. They are the same to whoever reads Python.
"""
_SOURCES = (
    "*.py", "*.toml", "*.ini", "*.cfg", "*.txt", "*.sql", "*.gitignore", "*.gitattributes",
    "*uv.lock", "*poetry.lock", "*pdm.lock",
)  # fmt: skip
"""What an answer may depend on."""
_LISTING = (
    "ls-files", "-z", "-v", "--stage", "--cached", "--modified", "--others", "--exclude-standard", "--",
    *_SOURCES,
)  # fmt: skip


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
    return Asking(folder, arguments).answer()


class Asking:
    """A question to git, which looks in a process of its own until the answer is wanted."""

    def __init__(self, folder: str, arguments: Sequence[str]) -> None:
        from subprocess import PIPE, Popen  # noqa: PLC0415 - 15 ms that a folder outside git need not pay

        self._process: Popen[bytes] | None = None
        self._reading: Thread | None = None
        self._said: tuple[bytes, bytes] | None = None
        settings = (word for setting in _STRICT for word in ("-c", setting))
        command = ["git", "-C", folder, *settings, *arguments]
        with suppress(OSError):
            self._process = Popen(command, stdout=PIPE, stderr=PIPE, env=environment())

    def read_ahead(self) -> None:
        """Read what git prints, more than a pipe holds. A run that ends early waits for nothing."""
        from threading import Thread  # noqa: PLC0415 - as above

        self._reading = Thread(target=self._read, daemon=True)
        self._reading.start()

    def answer(self) -> tuple[bytes, bytes] | None:
        """What git printed, waited for; `None` where it failed or there is no git."""
        if self._reading is not None:
            self._reading.join()
        else:
            self._read()
        return self._said

    def _read(self) -> None:
        if self._process is not None:
            said = self._process.communicate()
            self._said = said if self._process.returncode == 0 else None


class Listed:
    """The sources below a folder, as git knows them at one time."""

    def __init__(self, folder: str, said: bytes, complaints: bytes) -> None:
        self.folder, self.complaints = folder, complaints
        self.entries = [entry for entry in said.split(b"\0") if entry]
        """A status letter and a space; mode, blob, stage and a tab unless git does not track it; the path."""
        attributes = (_path(entry) for entry in self.entries if entry.endswith(b".gitattributes"))
        self.converted = converted(folder, map(os.fsdecode, attributes), _SOURCES)
        """Paths of sources whose content is not that of their blob; `None` where git cannot say."""
        self.digest = self._digest(said)
        """Of the content of all sources, those that may have changed as they are now."""

    def _digest(self, said: bytes) -> str:
        import hashlib  # noqa: PLC0415 - only where there is a work tree

        digest, others = hashlib.sha256(said), self.converted
        for entry in self.entries:
            # Changed, or not in the index as a plain file, or not the content of its blob.
            if not entry.startswith(b"H 100") or others is None or (others and _path(entry) in others):
                digest.update(_current(os.path.join(os.fsencode(self.folder), _path(entry))))
        return digest.hexdigest()


class Watched:
    """The sources below a folder, as git knows them at first and once all that is read of them is read."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._asking = Asking(folder, _LISTING)
        self._again: Asking | None = None

    @cached_property
    def first(self) -> Listed | None:
        """How they are before anything is read; `None` where git cannot say."""
        return _listed(self.folder, self._asking)

    def look_again(self) -> None:
        """Have git look, now that everything is read."""
        self._again = Asking(self.folder, _LISTING)
        self._again.read_ahead()
        self.__dict__.pop("is_unchanged", None)

    @cached_property
    def is_unchanged(self) -> bool:
        """Whether everything that was read is as it was at first; no where git cannot say."""
        asking = self._again or Asking(self.folder, _LISTING)
        before, now = self.first, _listed(self.folder, asking)
        return before is not None and now is not None and before.digest == now.digest

    def covers(self, folder: str) -> bool:
        """Whether git says of a folder (absolute) what it would say if that were asked about alone."""
        if top_of(folder) != self.folder or self.first is None:
            return False
        return folder == self.folder or not self.first.complaints


def _listed(folder: str, asking: Asking) -> Listed | None:
    said = asking.answer()
    return None if said is None else Listed(folder, *said)


def _path(entry: bytes) -> bytes:
    return entry[2:] if entry.startswith(b"? ") else entry.partition(b"\t")[2]


def _current(path: bytes) -> bytes:
    """What is read under a name, and where a link leads."""
    link = os.path.realpath(path) if os.path.islink(path) else b""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as problem:
        return b"%b\0-%d" % (link, problem.errno or 0)
    return b"%b\0%d\0%b" % (link, len(data), data)


def environment() -> dict[str, str]:
    """What git is started with: no hook's repository, patterns as they are, and messages in English."""
    kept = {name: value for name, value in os.environ.items() if name not in _LOCAL | _READING}
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
