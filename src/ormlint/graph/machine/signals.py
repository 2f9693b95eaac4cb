"""How a body that is evaluated ends early."""

from __future__ import annotations

from msgspec import Struct

from ormlint.graph.machine.values import Value


class Signal(Struct, frozen=True):
    """Why a body ended early: `return`, `raise`, `break` or `continue`."""

    kind: str
    value: Value = None


class Raised(Exception):  # noqa: N818 - it stands for a raise of the program that is read, not for an error of ours
    """A hook found that the program would raise here."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value
