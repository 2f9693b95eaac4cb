"""What the objects of SQLAlchemy that code makes are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.graph.machine.classes import is_enum
from ormlint.graph.machine.origins import symbol
from ormlint.graph.machine.values import ClassValue, Made

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def stated_name(machine: Machine, made: Made) -> str | None:
    """The name that a column, table, index or type of SQLAlchemy is given where it is made."""
    kind = symbol(made.callee)
    stated = made.kwargs.get("name")
    if stated is None and kind in _NAMED_FIRST and made.args:
        stated = made.args[0]
    elif stated is None and kind in ("Enum", "ENUM") and not made.open_keywords:
        cls = made.args[0] if len(made.args) == 1 else None
        stated = cls.name.lower() if isinstance(cls, ClassValue) and is_enum(machine, cls) else None
    return stated if isinstance(stated, str) else None


_NAMED_FIRST = frozenset({"Column", "Index", "Sequence", "Table", "mapped_column"})
