"""What is asked of other processes before it is needed, where that pays."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ormlint.graph.judged import Asked, Question, Wait
    from ormlint.helpers import Answer, Helpers, Kind, Said

PAYS_FROM: dict[Kind, int] = {"heading": 4_000_000, "words": 4_000_000, "facts": 400_000}
"""Bytes of source from which other processes pay for their start, by what is made of it."""


class Ahead:
    """What was asked for, by what it is and by path; `ids` are digests of the files."""

    def __init__(self, root: Path, ids: Mapping[str, str]) -> None:
        self._root, self._ids = str(root), ids
        self._helpers: Helpers | None = None
        self._answers: dict[tuple[Kind, str], Answer] = {}

    @property
    def is_helped(self) -> bool:
        """Whether other processes are at hand."""
        return self._helpers is not None

    def ask(self, kind: Kind, paths: Iterable[str]) -> None:
        """Have something made of files, where that pays and is not under way."""
        wanted = [path for path in paths if (kind, path) not in self._answers]
        helpers = self._started(wanted, PAYS_FROM[kind])
        if helpers is not None:
            keys = [(kind, path) for path in wanted]
            self._answers.update(zip(keys, helpers.ask(kind, self._files(wanted)), strict=False))

    def said(self, kind: Kind, path: str) -> Said | None:
        """What was made of a file, waited for; `None` where it was not asked for, or is not to be had."""
        answer = self._answers.pop((kind, path), None)
        return answer.wait() if answer is not None else None

    def ask_library(self, asked: Asked, questions: Sequence[Question]) -> Wait | None:
        """Have a library asked, where another process is at hand; `None` where none is."""
        return self._helpers.judge(asked, questions) if self._helpers is not None else None

    def leave(self) -> None:
        """Wait for nothing more."""
        if self._helpers is not None:
            self._helpers.leave()

    def _started(self, paths: Sequence[str], pays_from: int) -> Helpers | None:
        if self._helpers is None and _cores() > 1 and _pays(self._files(paths), pays_from):
            from ormlint.helpers import Helpers  # noqa: PLC0415 - it imports what starting processes takes

            self._helpers = Helpers(_cores())
        return self._helpers

    def _files(self, paths: Sequence[str]) -> list[tuple[str, str]]:
        return [(f"{self._root}/{path}", self._ids.get(path, "")) for path in paths]


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pays(files: Sequence[tuple[str, str]], pays_from: int) -> bool:
    size = 0
    for file, _ in files:
        with suppress(OSError):
            size += Path(file).stat().st_size
        if size >= pays_from:
            return True
    return False
