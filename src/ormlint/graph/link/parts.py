"""The parts of a function by what they are: walked once, asked for many times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar, cast

import msgspec

from ormlint.facts.walk import walk

_Kind = TypeVar("_Kind", bound=msgspec.Struct)


class Parts:
    """Everything among some statements and below them, in source order."""

    def __init__(self, among: Iterable[object]) -> None:
        self.all = list(walk(among))
        self._of: dict[type[msgspec.Struct], list[msgspec.Struct]] = defaultdict(list)
        for part in self.all:
            self._of[type(part)].append(part)

    def of(self, kind: type[_Kind]) -> list[_Kind]:
        """The parts of one kind."""
        return cast("list[_Kind]", self._of.get(kind, []))

    def of_any(self, *kinds: type[msgspec.Struct]) -> list[msgspec.Struct]:
        """The parts of some kinds, in source order."""
        present = [kind for kind in kinds if kind in self._of]
        if len(present) < 2:
            return self._of[present[0]] if present else []
        return [part for part in self.all if type(part) in present]
