"""A number too large to be written down is not known."""

from __future__ import annotations

import msgspec
import pytest

from ormlint.extract import extract
from ormlint.facts.code import Assign, Const, Op, Opaque

LARGEST = 2**64 - 1


@pytest.mark.parametrize("number", [LARGEST, LARGEST + 1, 2**128])
@pytest.mark.parametrize("form", ["{}", "{:#x}", "{:_}"])
def test_numbers(form: str, number: int) -> None:
    facts = extract(f"number = {form.format(number)}".encode())
    value = Const(1, number) if number <= LARGEST else Opaque(1, "a very long number")
    assert [each.value for each in facts.body if isinstance(each, Assign)] == [value]
    msgspec.msgpack.encode(facts)


@pytest.mark.parametrize("number", [-(2**63), -(2**63) - 1, -LARGEST])
def test_negative_numbers(number: int) -> None:
    facts = extract(f"number = {number}".encode())
    value = Const(1, number) if number >= -(2**63) else Op(1, "neg", [Const(1, -number)])
    assert [each.value for each in facts.body if isinstance(each, Assign)] == [value]
    msgspec.msgpack.encode(facts)
