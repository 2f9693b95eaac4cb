"""The table of refused types is Pydantic's own answer."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from ormlint.graph.conversions import REFUSED

TYPES: dict[str, Any] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "Decimal": Decimal,
    "UUID": uuid.UUID,
    "datetime": dt.datetime,
    "date": dt.date,
    "time": dt.time,
    "timedelta": dt.timedelta,
    "list": list,
    "dict": dict,
}
SAMPLES: dict[str, list[Any]] = {
    "str": ["", "1", "a", "true", "2020-01-01", "2020-01-01T00:00:00", "05:06", "P1D", "0" * 32],
    "int": [0, 1, 5, -3, 86_400, 10**9],
    "float": [0.0, 1.0, 0.5, -2.25, 1e9],
    "bool": [True, False],
    "Decimal": [Decimal(0), Decimal(1), Decimal("0.5")],
    "UUID": [uuid.UUID(int=0), uuid.UUID(int=7)],
    "datetime": [dt.datetime(2020, 1, 1), dt.datetime(2020, 1, 1, 5, 6, tzinfo=dt.timezone.utc)],  # noqa: DTZ001 - naive on purpose
    "date": [dt.date(2020, 1, 1)],
    "time": [dt.time(0), dt.time(5, 6)],
    "timedelta": [dt.timedelta(0), dt.timedelta(days=1, seconds=4)],
    "list": [[], [1], ["a"]],
}


def refused(wanted: str, given: str) -> bool:
    """Whether Pydantic takes none of the samples of a type."""
    adapter = TypeAdapter(TYPES[wanted])
    for sample in SAMPLES[given]:
        try:
            adapter.validate_python(sample)
        except ValidationError:
            continue
        return False
    return True


@pytest.mark.parametrize("wanted", sorted(REFUSED))
def test_pydantic_refuses_what_the_table_says(wanted: str) -> None:
    assert REFUSED[wanted] == {given for given in SAMPLES if refused(wanted, given)}
