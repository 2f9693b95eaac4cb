"""Recall and remember bytes by key, below `.ormlint_cache/`.

A record carries the checksum of its content: what is corrupt, truncated or foreign is a miss. Records are
written to a temporary file and moved into place; where that fails, the run goes on without. The content is
data: nothing in it is ever executed. A hot run imports this module, so it imports little itself.

A record may rest on files and folders that its key says nothing of. It then says how they were, and counts
as long as they are the same.
"""

from __future__ import annotations

import hashlib
import os
import time
import zlib
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

FOLDER = ".ormlint_cache"
TAG = "CACHEDIR.TAG"
KINDS = frozenset(
    {
        "answer",
        "base",
        "facts",
        "former",
        "graph",
        "linked",
        "outline",
        "pack",
        "past",
        "raw",
        "report",
        "run",
        "watch",
    }
)
KEPT = 16
"""Records of a kind that stay; the longest unused go first."""
_KEPT_OF = {"pack": 6 * KEPT}
"""The same of kinds of which one run may need several."""
AT_ONCE = 60
"""Seconds since a record was used in which another run may be about to rest on it."""
MOST = 200_000_000
"""Bytes that stay, of all kinds."""

_MAGIC = b"ormlint-cache-3\n"
START = len(_MAGIC) + 8
"""Where the content of a record begins that rests on nothing besides. Before it stand the checksum of all
that follows and the length of what the record rests on, which comes first."""
_OWN = {
    ".gitignore": b"# Made by ormlint.\n*\n",
    TAG: b"Signature: 8a477f597d28d172789f06886806bc55\n"
    b"# This folder is a cache of ormlint. See https://bford.info/cachedir/\n",
}
"""What is in the folder besides records."""


Record = tuple[bytes, dict[str, str]]
"""What was remembered, and what it rests on besides its key: absolute paths with their states."""


def state(path: str) -> str:
    """What there is at a path: a digest of the file, or `folder`, or `nothing` (that can be read)."""
    if os.path.isdir(path):
        return "folder"
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except (OSError, ValueError):
        return "nothing"


class Cache:
    """The records below one folder; a cache without a folder holds nothing."""

    def __init__(self, folder: str | None) -> None:
        # What a checkout calls a cache must not lead out of it.
        led_away = folder is not None and folder.endswith(FOLDER) and os.path.islink(folder)
        self._folder = None if led_away else folder
        self._is_pruned = False

    @property
    def holds(self) -> bool:
        return self._folder is not None

    def recall(self, kind: str, key: str) -> Record | None:
        """What was remembered under the key, `None` where there is nothing (whole) that still counts."""
        if self._folder is None:
            return None
        path = f"{self._folder}/{kind}-{key}"
        try:
            with open(path, "rb", buffering=0) as file:  # what is large is not copied
                start = file.read(START)
                size = os.fstat(file.fileno()).st_size
                head = file.read(min(int.from_bytes(start[-4:], "big"), size))
                content = file.read()
        except OSError:
            return None
        if start != _start(head, content):
            return None
        try:
            besides = _besides(head)
        except ValueError:
            return None
        if any(state(each) != was for each, was in besides.items()):
            return None
        _touch(path)
        return content, besides

    def remember(self, kind: str, key: str, content: bytes, besides: Mapping[str, str] | None = None) -> bool:
        """Keep the content under the key, if the disk lets us; say whether it did."""
        if self._folder is None:
            return False
        head = _head(besides or {})
        try:
            _make(self._folder)
            _place(self._folder, f"{kind}-{key}", _start(head, content) + head, content)
            if not self._is_pruned:  # once a run
                self._is_pruned = True
                self._prune()
        except OSError:
            return False  # the answer does not need it
        return True

    def opened(self, kind: str, key: str, size: int) -> BinaryIO | None:
        """A record that rests on nothing besides, to be read in parts from `START` on, which are not checked.

        `None` where there is none with a content of that size.
        """
        if self._folder is None:
            return None
        path = f"{self._folder}/{kind}-{key}"
        try:
            file = open(path, "rb", buffering=0)  # noqa: SIM115 - it is read later
        except OSError:
            return None
        if os.fstat(file.fileno()).st_size != START + size:
            file.close()
            return None
        _touch(path)
        return file

    def has(self, kind: str, key: str) -> bool:
        """Whether there is a record, whole or not."""
        return self._folder is not None and os.path.exists(f"{self._folder}/{kind}-{key}")

    def forget(self, kind: str, start: str, but: Collection[str]) -> None:
        """Remove the records whose keys start like this but those, and but what a run at once may rest on."""
        kept = {f"{kind}-{key}" for key in but}
        try:
            names = os.listdir(self._folder) if self._folder is not None else []
        except OSError:
            return
        for name in names:
            path = f"{self._folder}/{name}"
            if name.startswith(f"{kind}-{start}") and name not in kept and _age(path) >= AT_ONCE:
                _remove(path)

    def clean(self) -> int:
        """Remove every file of ours, and the folder where nothing else is in it; return how many went."""
        if self._folder is None or not os.path.isdir(self._folder):
            return 0
        names = [name for name in os.listdir(self._folder) if _is_ours(self._folder, name)]
        removed = sum(_remove(f"{self._folder}/{name}") for name in names)
        try:
            os.rmdir(self._folder)
        except OSError:
            pass  # somebody else's files stay
        return removed

    def _prune(self) -> None:
        with os.scandir(self._folder) as entries:
            records = [(each.stat(), each) for each in entries if _kind(each.name)]
        counts: dict[str, int] = {}
        size = 0
        for status, entry in sorted(records, key=lambda each: -each[0].st_mtime_ns):
            kind = _kind(entry.name)
            counts[kind] = counts.get(kind, 0) + 1
            size += status.st_size
            if counts[kind] > _KEPT_OF.get(kind, KEPT) or size > MOST:
                _remove(entry.path)


def _kind(name: str) -> str:
    """Which kind of record (`tmp` for one that is being written) has a file name; empty for none of ours."""
    kind, _, rest = name.partition("-")
    last = rest.rpartition("-")[2]
    ours = (kind in KINDS or kind == "tmp") and len(last) >= 32 and not last.strip("0123456789abcdef")
    return kind if ours else ""


def _start(head: bytes, content: bytes) -> bytes:
    length = len(head).to_bytes(4, "big")
    return _MAGIC + zlib.crc32(content, zlib.crc32(head, zlib.crc32(length))).to_bytes(4, "big") + length


def _head(besides: Mapping[str, str]) -> bytes:
    return os.fsencode("\0".join(word for path in sorted(besides) for word in (path, besides[path])))


def _besides(head: bytes) -> dict[str, str]:
    words = os.fsdecode(head).split("\0")
    return dict(zip(words[::2], words[1::2], strict=False))


def _make(folder: str) -> None:
    if os.path.exists(f"{folder}/{TAG}"):
        return
    os.makedirs(folder, exist_ok=True)
    if all(_is_ours(folder, name) for name in os.listdir(folder)):  # else git is not to ignore what is there
        for name, data in _OWN.items():
            _place(folder, name, data)


def _place(folder: str, name: str, *parts: bytes) -> None:
    """Write a file beside its place, and move it there as a whole."""
    temporary = f"{folder}/tmp-{os.getpid()}-{name if _kind(name) else '0' * 32}"
    try:
        with open(temporary, "wb") as file:
            file.writelines(parts)
        os.replace(temporary, f"{folder}/{name}")
    except OSError:
        _remove(temporary)
        raise


def _is_ours(folder: str, name: str) -> bool:
    """Whether this module wrote a file."""
    if name not in _OWN:
        return bool(_kind(name))
    try:
        with open(f"{folder}/{name}", "rb") as file:
            return file.read() == _OWN[name]
    except OSError:
        return False


def _age(path: str) -> float:
    """Seconds since a file was used; none where it is gone."""
    try:
        return max(time.time() - os.stat(path).st_mtime, 0)
    except OSError:
        return 0


def _touch(path: str) -> None:
    try:
        os.utime(path)
    except OSError:
        pass  # it only goes earlier


def _remove(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:
        return False
    return True
