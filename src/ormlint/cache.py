"""Recall and remember bytes by key, below `.ormlint_cache/`.

A record carries the digest of its content: what is corrupt, truncated or foreign is a miss. Records are
written to a temporary file and moved into place; where that fails, the run goes on without. The content is
data: nothing in it is ever executed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

FOLDER = ".ormlint_cache"
KEPT = 16
"""Records of a kind that stay; the longest unused go first."""

_MAGIC = b"ormlint-cache-1\n"
_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder is a cache of ormlint. See https://bford.info/cachedir/\n"
)


class Cache:
    """The records below one folder; `None` as a folder is a cache that holds nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def recall(self, kind: str, key: str) -> bytes | None:
        """What was remembered under the key, `None` where there is nothing (whole) to be had."""
        if self._folder is None:
            return None
        path = self._folder / f"{kind}-{key}"
        try:
            record = path.read_bytes()
        except OSError:
            return None
        start = len(_MAGIC) + hashlib.sha256().digest_size
        content = record[start:]
        if record[:start] != _MAGIC + hashlib.sha256(content).digest():
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return content

    def remember(self, kind: str, key: str, content: bytes) -> None:
        """Keep the content under the key, if the disk lets us."""
        if self._folder is None:
            return
        temporary = self._folder / f"tmp-{os.getpid()}-{kind}-{key}"
        try:
            _make(self._folder)
            temporary.write_bytes(_MAGIC + hashlib.sha256(content).digest() + content)
            os.replace(temporary, self._folder / f"{kind}-{key}")
            self._prune(kind)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink()

    def clean(self) -> int:
        """Remove every record; return how many files went."""
        if self._folder is None or not (self._folder / "CACHEDIR.TAG").is_file():
            return 0
        removed = 0
        for entry in list(os.scandir(self._folder)):
            if entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)
                    removed += 1
        with contextlib.suppress(OSError):
            self._folder.rmdir()
        return removed

    def _prune(self, kind: str) -> None:
        if self._folder is None:
            return
        with os.scandir(self._folder) as entries:
            records = [each for each in entries if each.name.startswith(f"{kind}-")]
        for entry in sorted(records, key=lambda each: -each.stat().st_mtime)[KEPT:]:
            with contextlib.suppress(OSError):
                os.unlink(entry.path)


def _make(folder: Path) -> None:
    if (folder / "CACHEDIR.TAG").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("# Made by ormlint.\n*\n", encoding="utf-8")
    (folder / "CACHEDIR.TAG").write_text(_TAG, encoding="utf-8")
