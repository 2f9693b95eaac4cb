"""Pydantic models. What reads them is imported where some are to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.graph.machine.values import ClassValue, Value

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_ASKED = frozenset({"model_fields", "__fields__", "__annotations__"})


def fields_of(machine: Machine, value: Value, name: str) -> Value:
    """The fields of a schema by name, or its annotations; `NotImplemented` for whatever else is asked for."""
    if name not in _ASKED or not isinstance(value, ClassValue):
        return NotImplemented
    from ormlint.graph.schemas import dynamic  # noqa: PLC0415 - few projects ask

    return dynamic.fields_of(machine, value, name)
