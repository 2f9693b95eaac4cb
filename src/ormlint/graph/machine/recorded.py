"""The symbolic calls that a caller of the machine asked to be told of."""

from __future__ import annotations

from typing import NamedTuple

from ormlint.graph.machine.values import Made, ModuleValue


class Recorded(NamedTuple):
    """A call, the module that was being executed, and how many were recorded before it."""

    position: int
    module: ModuleValue
    made: Made


class Record:
    """The calls in the order in which they happened, found by the name of what was called."""

    def __init__(self) -> None:
        self._calls: list[Recorded] = []
        self._named: dict[str, list[Recorded]] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, name: str, module: ModuleValue, made: Made) -> None:
        call = Recorded(len(self._calls), module, made)
        self._calls.append(call)
        self._named.setdefault(name, []).append(call)

    def named(self, *names: str) -> list[Recorded]:
        """The calls of something of one of these names, in order."""
        if len(names) == 1:
            return list(self._named.get(names[0], ()))
        return sorted(call for name in names for call in self._named.get(name, ()))

    @property
    def paths(self) -> set[str]:
        """The files whose code made the calls."""
        return {call.module.path for call in self._calls}

    def since(self, position: int) -> list[Made]:
        """The calls that were recorded after as many as given."""
        return [call.made for call in self._calls[position:]]

    def forget(self, position: int) -> None:
        """Leave out those same calls."""
        del self._calls[position:]
        for calls in self._named.values():
            while calls and calls[-1].position >= position:
                calls.pop()
