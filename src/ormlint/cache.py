"""Recall and remember bytes by key, below `.ormlint_cache/`.

A record carries the digest of its content: what is corrupt, truncated or foreign is a miss. Records are
written to a temporary file and moved into place; where that fails, the run goes on without. The content is
data: nothing in it is ever executed. A hot run imports this module, so it imports little itself.
"""

from __future__ import annotations

import hashlib
import os

FOLDER = ".ormlint_cache"
TAG = "CACHEDIR.TAG"
KEPT = 16
"""Records of a kind that stay; the longest unused go first."""

_MAGIC = b"ormlint-cache-1\n"
_START = len(_MAGIC) + 32
_SIGNATURE = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder is a cache of ormlint. See https://bford.info/cachedir/\n"
)


class Cache:
    """The records below one folder; a cache without a folder holds nothing."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder

    def recall(self, kind: str, key: str) -> bytes | None:
        """What was remembered under the key, `None` where there is nothing (whole) to be had."""
        if self._folder is None:
            return None
        path = f"{self._folder}/{kind}-{key}"
        try:
            with open(path, "rb") as file:
                record = file.read()
        except OSError:
            return None
        content = record[_START:]
        if record[:_START] != _MAGIC + hashlib.sha256(content).digest():
            return None
        _touch(path)
        return content

    def remember(self, kind: str, key: str, content: bytes) -> None:
        """Keep the content under the key, if the disk lets us."""
        if self._folder is None:
            return
        temporary = f"{self._folder}/tmp-{os.getpid()}-{kind}-{key}"
        try:
            _make(self._folder)
            with open(temporary, "wb") as file:
                file.write(_MAGIC + hashlib.sha256(content).digest() + content)
            os.replace(temporary, f"{self._folder}/{kind}-{key}")
            self._prune(kind)
        except OSError:
            _remove(temporary)

    def clean(self) -> int:
        """Remove every record; return how many files went."""
        if self._folder is None or not os.path.isfile(f"{self._folder}/{TAG}"):
            return 0
        with os.scandir(self._folder) as entries:
            files = [entry.path for entry in entries if entry.is_file(follow_symlinks=False)]
        removed = sum(_remove(path) for path in files)
        try:
            os.rmdir(self._folder)
        except OSError:
            pass  # somebody else's files stay
        return removed

    def _prune(self, kind: str) -> None:
        with os.scandir(self._folder) as entries:
            records = [each for each in entries if each.name.startswith((f"{kind}-", "tmp-"))]
        for entry in sorted(records, key=lambda each: -each.stat().st_mtime)[KEPT:]:
            _remove(entry.path)


def _make(folder: str) -> None:
    if os.path.exists(f"{folder}/{TAG}"):
        return
    os.makedirs(folder, exist_ok=True)
    for name, text in ((".gitignore", "# Made by ormlint.\n*\n"), (TAG, _SIGNATURE)):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)


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
