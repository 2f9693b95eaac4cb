"""Processes forked from this one, that do what they are told one by one.

Nothing waits for them beside this process: a thread that did would hold it up each time it took something.
So nobody hands out what is to be done, and nobody takes what was done as it comes: both are written where the
other side finds it, and a pipe tells that it is there.
"""

from __future__ import annotations

import os
import pickle
import select
import struct
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from signal import SIGKILL
from typing import TypeVar, cast

from msgspec import Struct

T = TypeVar("T")
_TOLD = struct.Struct("=IQQ")
"""Number, offset and length of what is to be done, or was. Pipes keep what is as short in one piece."""
_MOST_TOLD = 1000
"""What a pipe holds at least, so that writing to it never has to wait."""


class GoneError(OSError):
    """One of the processes is no more: nothing more is done."""


class _Fork(Struct, frozen=True):
    """A process: what it tells of is in a file of its own."""

    process: int
    tells: int
    file: int


class Forks:
    """So many of them, each of which begins with `begin`."""

    def __init__(self, count: int, begin: Callable[[], object]) -> None:
        self._tasks, self._written = os.memfd_create("tasks"), 0
        self._told, self._tells = os.pipe()
        self._waiting: deque[bytes] = deque()
        """What nobody was told of yet."""
        self._done: dict[int, tuple[_Fork, int, int]] = {}
        self._asked = self._answered = 0
        self._forks: list[_Fork] = []
        try:
            for _ in range(count):
                self._forks.append(self._forked(begin))
        except OSError:
            self.end()
            raise

    def submit(self, work: Callable[..., T], *given: object) -> Callable[[], T]:
        """Have something done; return what waits for it, which raises what that raised, or `GoneError`."""
        if not self._forks:
            raise GoneError
        number, content = self._asked, pickle.dumps((work, given), pickle.HIGHEST_PROTOCOL)
        _write(self._tasks, content)
        self._waiting.append(_TOLD.pack(number, self._written, len(content)))
        self._asked, self._written = number + 1, self._written + len(content)
        self._tell()
        return lambda: cast("T", self._answer(number))

    def end(self) -> None:
        """End them, whatever they are at."""
        for each in self._forks:
            with suppress(OSError):
                os.kill(each.process, SIGKILL)
        for each in self._forks:
            with suppress(OSError):
                os.waitpid(each.process, 0)
            os.close(each.tells)
            os.close(each.file)
        if self._tasks >= 0:
            for file in (self._tasks, self._told, self._tells):
                os.close(file)
        self._forks, self._tasks = [], -1
        self._done.clear()

    def _tell(self) -> None:
        """Tell of what is to be done, as far as there is room for it and for the answers."""
        while self._waiting and self._asked - len(self._waiting) - self._answered < _MOST_TOLD:
            os.write(self._tells, self._waiting.popleft())

    def _answer(self, number: int) -> object:
        while number not in self._done:
            self._look()
        fork, offset, length = self._done.pop(number)
        is_raised, answer = pickle.loads(_read(fork.file, offset, length))  # noqa: S301 - of our own process
        if is_raised:
            raise answer
        return answer

    def _look(self) -> None:
        """Wait until some of it is done."""
        if not self._forks:
            raise GoneError
        by_file = {each.tells: each for each in self._forks}
        looking = select.poll()
        for file in by_file:
            looking.register(file, select.POLLIN)
        for file, _ in looking.poll():
            told = os.read(file, 100 * _TOLD.size)
            if not told:
                self.end()
                raise GoneError
            for number, offset, length in _TOLD.iter_unpack(told):
                self._done[number] = by_file[file], offset, length
                self._answered += 1
        self._tell()

    def _forked(self, begin: Callable[[], object]) -> _Fork:
        file = os.memfd_create("answers")
        told, tells = os.pipe()
        process = os.fork()
        if process:
            os.close(tells)
            return _Fork(process, told, file)
        try:
            for each in (told, self._tells, *(other.tells for other in self._forks)):
                os.close(each)
            begin()
            _serve(self._told, self._tasks, file, tells)
        finally:
            os._exit(0)  # it has nothing of its own to write or to clear away


def _serve(told: int, tasks: int, answers: int, tells: int) -> None:
    """Do what is told, until the first process is no more."""
    written = 0
    while len(ticket := os.read(told, _TOLD.size)) == _TOLD.size:
        number, offset, length = _TOLD.unpack(ticket)
        work, given = pickle.loads(_read(tasks, offset, length))  # noqa: S301 - of the first process
        content = pickle.dumps(_outcome(work, given), pickle.HIGHEST_PROTOCOL)
        _write(answers, content)
        os.write(tells, _TOLD.pack(number, written, len(content)))
        written += len(content)


def _outcome(work: Callable[..., object], given: Sequence[object]) -> tuple[bool, object]:
    """Whether something was raised, and that or what came out."""
    try:
        return False, work(*given)
    except Exception as error:  # noqa: BLE001 - the first process raises it
        return True, error


def _write(file: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]


def _read(file: int, offset: int, length: int) -> bytes:
    parts = [os.pread(file, length, offset)]
    while (got := sum(map(len, parts))) < length:
        parts.append(os.pread(file, length - got, offset + got))
    return b"".join(parts)
