"""Files read by other processes, while this one goes on.

What they are asked for is there by the time it is needed, or is waited for.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from ormlint.extract import extract
from ormlint.facts.words import words_in
from ormlint.graph import judged
from ormlint.graph.judged import Asked, Question, Wait
from ormlint.relevance import heading
from ormlint.worktree import is_content

MOST = 8
"""Processes. With more, this one cannot take what they read as fast as they do."""
_AT_ONCE = 16
"""Files that are asked for in one go: so asking costs little, and what is asked for first is soon there."""

Kind = Literal["heading", "words", "facts"]
_MAKERS: dict[Kind, Callable[[bytes], object]] = {"heading": heading, "words": words_in, "facts": extract}
_encode = msgspec.msgpack.Encoder().encode


class Said(NamedTuple):
    """What was made of a file, encoded, and whether the file still was what its digest is of."""

    content: bytes
    as_listed: bool


class Answer(NamedTuple):
    """What is being made of a file, with others."""

    chunk: _Chunk
    number: int

    def wait(self) -> Said | None:
        """What was made of it; `None` where the file cannot be read, or the process is no more."""
        said = self.chunk.said
        return said[self.number] if said else None


class _Chunk:
    """What is being made of some files in one go; waiting takes a lock each time, hence once."""

    def __init__(self, future: Future[list[Said | None]]) -> None:
        self._future = future

    @cached_property
    def said(self) -> Sequence[Said | None]:
        """What was made of each, waited for; nothing where the process is no more."""
        with suppress(OSError, BrokenProcessPool):
            return self._future.result()
        return ()


class Helpers:
    """Processes that read files, given as paths with digests.

    There is an answer for each file, in order; where no processes are to be had, the last ones are missing.
    """

    def __init__(self, cores: int) -> None:
        # A fork is ready at once, and safe where nothing else runs in this process, as is the rule.
        alone = sys.platform == "linux" and threading.active_count() == 1
        context = get_context("fork" if alone else "spawn")
        self._pool = ProcessPoolExecutor(min(cores, MOST), context, initializer=_begin)

    def leave(self) -> None:
        """End the processes, whatever they are at."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def ask(self, kind: Kind, files: Sequence[tuple[Path, str]]) -> list[Answer]:
        """Have something made of each file."""
        answers: list[Answer] = []
        with suppress(OSError, BrokenProcessPool):
            for start in range(0, len(files), _AT_ONCE):
                chunk = files[start : start + _AT_ONCE]
                made = _Chunk(self._pool.submit(_read, kind, chunk))
                answers += [Answer(made, number) for number in range(len(chunk))]
        return answers

    def judge(self, asked: Asked, questions: Sequence[Question]) -> Wait | None:
        """Have a library asked."""
        with suppress(OSError, BrokenProcessPool):
            future = self._pool.submit(_judged, asked, questions)

            def wait() -> Sequence[judged.Answer] | None:
                with suppress(OSError, BrokenProcessPool):
                    return future.result()
                return None

            return wait
        return None


# What the other processes do.


_MANNERS = 10
"""How far these processes stand back, which read ahead, behind the first one, which everybody waits for."""


def _begin() -> None:
    if hasattr(os, "nice"):
        os.nice(_MANNERS)
    gc.disable()  # trees are freed by reference counts; looking for cycles in them doubles the time
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is interrupted too, and ends them


def _read(kind: Kind, files: Sequence[tuple[Path, str]]) -> list[Said | None]:
    return [_said(kind, file, name) for file, name in files]


def _judged(asked: Asked, questions: Sequence[Question]) -> list[judged.Answer]:
    return [asked(*question) for question in questions]


def _said(kind: Kind, file: Path, name: str) -> Said | None:
    try:
        data = file.read_bytes()
    except OSError:
        return None
    return Said(_encode(_MAKERS[kind](data)), bool(name) and is_content(data, name))
