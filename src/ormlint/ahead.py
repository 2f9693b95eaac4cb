"""What is asked of other processes before it is needed, where that pays."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ormlint.helpers import Answer, Helpers, Said

HEADINGS_FROM = 4_000_000
"""Bytes of source from which other processes pay for their start where headings or words are read."""
FACTS_FROM = 400_000
"""The same where facts are."""


class Ahead:
    """Headings, words and facts that were asked for, by path; `ids` are digests of the files."""

    def __init__(self, root: Path, ids: Mapping[str, str]) -> None:
        self._root, self._ids = root, ids
        self._helpers: Helpers | None = None
        self._headings: dict[str, Answer] = {}
        self._words: dict[str, Answer] = {}
        self._facts: dict[str, Answer] = {}

    def ask_headings(self, paths: Sequence[str]) -> None:
        paths = [path for path in paths if path not in self._headings]
        if (helpers := self._started(paths, HEADINGS_FROM)) is not None:
            self._headings.update(zip(paths, helpers.headings(self._files(paths)), strict=False))

    def ask_words(self, paths: Sequence[str]) -> None:
        paths = [path for path in paths if path not in self._words]
        if (helpers := self._started(paths, HEADINGS_FROM)) is not None:
            self._words.update(zip(paths, helpers.words(self._files(paths)), strict=False))

    def ask_facts(self, paths: Sequence[str]) -> None:
        paths = [path for path in paths if path not in self._facts]
        if (helpers := self._started(paths, FACTS_FROM)) is not None:
            self._facts.update(zip(paths, helpers.facts(self._files(paths)), strict=False))

    def heading(self, path: str) -> Said | None:
        """The heading of a file, waited for; `None` where it was not asked for, or is not to be had."""
        answer = self._headings.pop(path, None)
        return answer.wait() if answer is not None else None

    def words(self, path: str) -> Said | None:
        """The words of a file, in the same way."""
        answer = self._words.pop(path, None)
        return answer.wait() if answer is not None else None

    def facts(self, path: str) -> Said | None:
        """The facts of a file, in the same way."""
        answer = self._facts.pop(path, None)
        return answer.wait() if answer is not None else None

    def leave(self) -> None:
        """Wait for nothing more."""
        if self._helpers is not None:
            self._helpers.leave()

    def _started(self, paths: Sequence[str], pays_from: int) -> Helpers | None:
        if self._helpers is None and _cores() > 1 and _pays(self._files(paths), pays_from):
            from ormlint.helpers import Helpers  # noqa: PLC0415 - it imports what starting processes takes

            self._helpers = Helpers(_cores())
        return self._helpers

    def _files(self, paths: Sequence[str]) -> list[tuple[Path, str]]:
        return [(self._root / path, self._ids.get(path, "")) for path in paths]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pays(files: Sequence[tuple[Path, str]], pays_from: int) -> bool:
    size = 0
    for file, _ in files:
        with suppress(OSError):
            size += file.stat().st_size
        if size >= pays_from:
            return True
    return False
