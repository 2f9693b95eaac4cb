"""A line on the terminal while a long run reads."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TextIO

_PATIENCE = 0.7
"""Seconds before the first sign of progress: a short run shows none."""

_PACE = 0.1
"""Seconds between two signs."""


def progress(stream: TextIO, clock: Callable[[], float] = monotonic) -> Callable[[int, int], None]:
    """A function that takes how many files are read, and of how many. It wipes its line at the end."""
    started = last = clock()
    shown = False

    def report(done: int, total: int) -> None:
        nonlocal last, shown
        now = clock()
        if done < total and now - started >= _PATIENCE and now - last >= _PACE:
            stream.write(f"\r\x1b[KReading {done:,} of {total:,} files")
            last, shown = now, True
        elif done >= total and shown:
            stream.write("\r\x1b[K")
            shown = False
        stream.flush()

    return report
