"""Other processes do what they are told; where one of them is no more, this one knows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from ormlint import forks
from ormlint.forks import Forks, GoneError

if not hasattr(os, "memfd_create"):
    pytest.skip("elsewhere the standard library's pool is taken", allow_module_level=True)


@pytest.fixture
def two() -> Iterator[Forks]:
    found = Forks(2, lambda: None)
    yield found
    found.end()


def _doubled(text: str) -> str:
    return text * 2


def _failing(text: str) -> str:
    raise ValueError(text)


def test_answers_whatever_they_are_asked_for_in(two: Forks) -> None:
    waits = [two.submit(_doubled, "a" * length) for length in (0, 1, 300_000, 7)]
    assert [wait() for wait in reversed(waits)] == ["a" * 14, "a" * 600_000, "aa", ""]


def test_what_goes_wrong_there_is_raised_here(two: Forks) -> None:
    failing, other = two.submit(_failing, "no"), two.submit(_doubled, "yes")
    with pytest.raises(ValueError, match="no"):
        failing()
    assert other() == "yesyes"


def test_more_than_can_be_told_at_once(two: Forks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "_MOST_TOLD", 3)
    waits = [two.submit(_doubled, str(number)) for number in range(20)]
    assert [wait() for wait in waits] == [2 * str(number) for number in range(20)]


def test_each_begins_as_it_is_told() -> None:
    one = Forks(1, lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    assert one.submit(signal.getsignal, signal.SIGINT)() == signal.SIG_IGN
    one.end()


def _dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_one_that_is_no_more_while_another_lives(two: Forks) -> None:
    assert two.submit(_doubled, "a")() == "aa"
    last, after = two.submit(_dies), two.submit(_doubled, "b")
    for wait in (last, after):
        with pytest.raises(GoneError):
            wait()
    with pytest.raises(GoneError):
        two.submit(_doubled, "c")


def test_they_are_ended_whatever_they_are_at() -> None:
    two = Forks(2, lambda: None)
    processes = [two.submit(os.getpid)() for _ in range(2)]
    wait = two.submit(time.sleep, 600)
    two.end()
    for each in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(each, 0)
    with pytest.raises(GoneError):
        wait()


ALONE = """
import os, time
from ormlint.forks import Forks
one = Forks(1, lambda: None)
print(one.submit(os.getpid)(), flush=True)
time.sleep(600)
"""


def test_they_end_where_the_first_process_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", ALONE], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        other = int(first.stdout.readline())
        os.kill(other, 0)
        first.kill()
        assert first.stdout.read() == ""  # until the other one has closed it, too
