"""Processes of the standard library's pool, where they cannot be forked: they begin with an import of all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

T = TypeVar("T")


class Spawned:
    """So many of them, each of which begins with `begin`."""

    def __init__(self, count: int, begin: Callable[[], object]) -> None:
        self._pool = ProcessPoolExecutor(count, get_context("spawn"), initializer=begin)

    def submit(self, work: Callable[..., T], *given: object) -> Callable[[], T]:
        """Have something done; return what waits for it, which raises what that raised, or an `OSError`."""
        try:
            future = self._pool.submit(work, *given)
        except BrokenProcessPool as error:
            raise OSError from error

        def wait() -> T:
            try:
                return future.result()
            except BrokenProcessPool as error:
                raise OSError from error

        return wait

    def end(self) -> None:
        """End them, whatever they are at."""
        self._pool.shutdown(wait=False, cancel_futures=True)
