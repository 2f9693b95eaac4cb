"""How long commands take, and the rows of the table."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

ORMLINT = [sys.executable, "-m", "ormlint"]
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("ORMLINT_") and name != "PYTHONDONTWRITEBYTECODE"
}
"""Without what no user sets: pip compiles what it installs, and Python keeps what it compiled."""
PARSE = """
import sys, time
import libcst
texts = [open(path, "rb").read() for path in sys.stdin.read().split("\\0")]
start, used = time.perf_counter(), time.process_time()
for text in texts:
    libcst.parse_module(text)
print(time.perf_counter() - start, time.process_time() - used)
"""
"""Parses in one thread the files that it is told."""
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Prints the most memory that one process of a command held."""


class Took(NamedTuple):
    """Seconds by the clock, and of the processor."""

    clock: float
    processor: float

    def __add__(self, other: Took) -> Took:  # type: ignore[override]
        return Took(self.clock + other.clock, self.processor + other.processor)

    def __truediv__(self, other: Took) -> Took:
        return Took(self.clock / other.clock, self.processor / other.processor)


class Row(NamedTuple):
    state: str
    against: str
    target: str
    ratios: list[Took]
    times: int = 1
    """How many times as much there is of what is measured."""

    def __str__(self) -> str:
        clock = [ratio.clock / self.times for ratio in self.ratios]
        processor = statistics.median(ratio.processor / self.times for ratio in self.ratios)
        shown = f"{statistics.median(clock):.2f} | {min(clock):.2f} to {max(clock):.2f} | {processor:.2f}"
        return f"| {self.state} | {self.against} | {self.target} | {shown} |"


HEAD = "| state | measured against | at most | measured | spread | processor |\n|---|---|---|---|---|---|"


def timed(command: Sequence[str], folder: Path, *, statuses: tuple[int, ...] = (0,)) -> Took:
    """What a command takes."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, check=False)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in statuses:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr.decode()}")
    return Took(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def pairs(runs: int, measured: Callable[[], Took], against: Callable[[], Took]) -> list[Took]:
    return [measured() / against() for _ in range(runs)]


def bare() -> Took:
    return timed([sys.executable, "-c", "pass"], Path.cwd())


def import_libcst() -> Took:
    return timed([sys.executable, "-c", "import libcst"], Path.cwd())


def parsing(files: list[str]) -> Callable[[], Took]:
    def measured() -> Took:
        command = [sys.executable, "-c", PARSE]
        done = subprocess.run(command, input="\0".join(files), text=True, capture_output=True, check=True)
        return Took(*map(float, done.stdout.split()))

    return measured
