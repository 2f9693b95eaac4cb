"""Files read by other processes, while this one goes on.

What they are asked for is there by the time it is needed, or is waited for.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, TypeVar

import msgspec

from ormlint.facts.find_words import words_in
from ormlint.graph import judged
from ormlint.graph.judged import Asked, Question, Wait
from ormlint.relevance import heading
from ormlint.worktree import is_content

MOST = 8
"""Processes. With more, this one cannot take what they read as fast as they do."""
_AT_ONCE = 16
"""Files that are asked for in one go: so asking costs little, and what is asked for first is soon there."""
_MOST_READ = 60_000
"""Bytes of source in one go where facts are wanted, which take ten times as long as a look."""

Kind = Literal["heading", "words", "facts"]
T = TypeVar("T")
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
    """What is being made of some files in one go."""

    def __init__(self, wait: Callable[[], list[Said | None]]) -> None:
        self._wait = wait

    @cached_property
    def said(self) -> Sequence[Said | None]:
        """What was made of each, waited for; nothing where the process is no more."""
        with suppress(OSError):
            return self._wait()
        return ()


class _Pool(Protocol):
    """Other processes: see `Forks`."""

    def submit(self, work: Callable[..., T], *given: object) -> Callable[[], T]: ...

    def end(self) -> None: ...


class Helpers:
    """Processes that read files, given as paths with digests.

    There is an answer for each file, in order; where no processes are to be had, the last ones are missing.
    """

    def __init__(self, cores: int) -> None:
        self._pool = _started(min(cores, MOST))

    def leave(self) -> None:
        """End the processes, whatever they are at."""
        self._pool.end()

    def ask(self, kind: Kind, files: Sequence[tuple[str, str]]) -> list[Answer]:
        """Have something made of each file."""
        answers: list[Answer] = []
        with suppress(OSError):
            for chunk in _in_one_go(kind, files):
                made = _Chunk(self._pool.submit(_read, kind, chunk))
                answers += [Answer(made, number) for number in range(len(chunk))]
        return answers

    def judge(self, asked: Asked, questions: Sequence[Question]) -> Wait | None:
        """Have a library asked."""
        with suppress(OSError):
            wait = self._pool.submit(_judged, asked, questions)

            def waited() -> Sequence[judged.Answer] | None:
                with suppress(OSError):
                    return wait()
                return None

            return waited
        return None


def _in_one_go(kind: Kind, files: Sequence[tuple[str, str]]) -> Iterator[Sequence[tuple[str, str]]]:
    start = size = 0
    for end, (file, _) in enumerate(files, 1):
        with suppress(OSError):
            size += Path(file).stat().st_size if kind == "facts" else 0
        if end - start == _AT_ONCE or size >= _MOST_READ:
            yield files[start:end]
            start, size = end, 0
    if start < len(files):
        yield files[start:]


def _started(count: int) -> _Pool:
    """Forks are ready at once, and safe where nothing else runs in this process, as is the rule."""
    if hasattr(os, "memfd_create") and threading.active_count() == 1:
        with suppress(OSError):
            from ormlint.forks import Forks  # noqa: PLC0415 - one of the two

            return Forks(count, _begin)
    from ormlint.spawned import Spawned  # noqa: PLC0415 - the standard library's pool takes long to import

    return Spawned(count, _begin)


# What the other processes do.


_MANNERS = 10
"""How far these processes stand back, which read ahead, behind the first one, which everybody waits for."""


def _begin() -> None:
    if hasattr(os, "nice"):
        os.nice(_MANNERS)
    gc.disable()  # trees are freed by reference counts; looking for cycles in them doubles the time
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process is interrupted too, and ends them


def _read(kind: Kind, files: Sequence[tuple[str, str]]) -> list[Said | None]:
    return [_said(kind, file, name) for file, name in files]


def _judged(asked: Asked, questions: Sequence[Question]) -> list[judged.Answer]:
    return [asked(*question) for question in questions]


def _said(kind: Kind, file: str, name: str) -> Said | None:
    try:
        data = Path(file).read_bytes()
    except OSError:
        return None
    return Said(_encode(_made(kind, data)), bool(name) and is_content(data, name))


def _made(kind: Kind, data: bytes) -> object:
    if kind == "facts":
        from ormlint.extract import extract  # noqa: PLC0415 - at first it is asked for headings

        return extract(data)
    return heading(data) if kind == "heading" else words_in(data)
