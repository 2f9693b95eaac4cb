"""Files → facts: those that matter at once and in parallel, any other when it is asked for."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import msgspec

from ormlint.facts.code import FileFacts, Problem

POOL_FROM = 150_000
"""Bytes of source from which a second process pays for its start."""

_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(FileFacts)


class Intake:
    """Facts of the project's files by path."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._facts: dict[str, FileFacts | None] = {}

    def bytes_of(self, path: str) -> bytes | None:
        """The content of a file, `None` where it cannot be read (which is then its facts' problem)."""
        try:
            return (self._root / path).read_bytes()
        except OSError as error:
            reason = f"the file cannot be read ({error.strerror})"
            self._facts[path] = FileFacts([], Problem(1, 0, reason, "Make it readable, or exclude it."))
            return None

    def load(self, path: str) -> FileFacts | None:
        """The facts of a file (of a stub by its absolute path), read now unless they are there."""
        if path not in self._facts:
            data = self.bytes_of(path)
            if data is not None:
                self._facts[path] = _extracted(data)
        return self._facts[path]

    def load_whole(self, path: str) -> FileFacts | None:
        """The facts of a file with the bodies of all its functions."""
        data = self.bytes_of(path)
        return None if data is None else _extracted(data, whole=True)

    def load_all(self, paths: Sequence[str], progress: Callable[[int, int], None] | None = None) -> None:
        """Read many files, in as many processes as there are cores when that pays."""
        wanted = [path for path in paths if path not in self._facts]
        datas = [(path, data) for path in wanted if (data := self.bytes_of(path)) is not None]
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        if cores > 1 and sum(len(data) for _, data in datas) >= POOL_FROM:
            try:
                self._pooled(datas, cores, progress)
            except (OSError, BrokenProcessPool):
                pass  # no processes to be had here: what is missing is read on demand
        for done, (path, _) in enumerate(datas, 1):
            self.load(path)
            if progress is not None and not done % 20:
                progress(done, len(datas))

    def _pooled(
        self, datas: list[tuple[str, bytes]], cores: int, progress: Callable[[int, int], None] | None
    ) -> None:
        # The largest first, so that no process is left alone with one at the end.
        ordered = sorted(datas, key=lambda each: -len(each[1]))
        # Trees are freed by reference counts; looking for cycles in them doubles the time.
        with ProcessPoolExecutor(min(cores, 8), initializer=gc.disable) as pool:
            results = pool.map(extract_encoded, [data for _, data in ordered], chunksize=4)
            for done, ((path, _), encoded) in enumerate(zip(ordered, results, strict=True), 1):
                self._facts[path] = _decoder.decode(encoded)
                if progress is not None:
                    progress(done, len(ordered))


def extract_encoded(data: bytes) -> bytes:
    """Facts of a file in the form that passes between processes."""
    return _encode(_extracted(data))


def _extracted(data: bytes, *, whole: bool = False) -> FileFacts:
    from ormlint.extract import extract  # late: it imports LibCST, which a warm run does without

    return extract(data, whole=whole)
