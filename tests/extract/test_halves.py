"""Half a character, which an escape can write and no encoding has, is not known."""

from __future__ import annotations

import msgspec
import pytest

from ormlint.extract import extract
from ormlint.facts.code import Assign, Const


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (r"'\ud800'", "\ufffd"),
        (r"'a\uDBFFb'", "a\ufffdb"),
        (r"'\U0000dfff'", "\ufffd"),
        (r"'\ud7ff\ue000'", "\ud7ff\ue000"),
        (r"'\U0001f600'", "\U0001f600"),
    ],
)
def test_escapes(written: str, value: str) -> None:
    facts = extract(f"text = {written}".encode())
    assert [each.value for each in facts.body if isinstance(each, Assign)] == [Const(1, value)]
    msgspec.msgpack.encode(facts)
