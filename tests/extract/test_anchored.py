"""Looking for many words from the letters that they share finds what looking for each of them does."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ormlint.anchored import patterns

LETTERS = "ab_(é"
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=5), min_size=1, max_size=6)
TEXT = st.text(LETTERS + " ", max_size=20)
ANCHORS = st.text(LETTERS, max_size=2)


def is_found(words: list[str], anchors: str, text: str, *, whole: bool) -> bool:
    return any(re.search(each, text) is not None for each in patterns(words, anchors, whole=whole))


@given(WORDS, ANCHORS, TEXT)
def test_anywhere(words: list[str], anchors: str, text: str) -> None:
    assert is_found(words, anchors, text, whole=False) == any(word in text for word in words)


@given(st.lists(st.text("ab_é", min_size=1, max_size=4), min_size=1), ANCHORS, TEXT)
def test_whole(words: list[str], anchors: str, text: str) -> None:
    expected = not set(words).isdisjoint(re.findall(r"\w+", text))
    assert is_found(words, anchors, text, whole=True) == expected


def test_one_search_for_all_that_have_a_letter_in_common() -> None:
    assert len(patterns(["mapped_column", "__tablename__", "create_model", "Table(", "registry("], "_(")) == 2
