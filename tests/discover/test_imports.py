"""What the bytes of a file say of what importing it imports, and of what it calls."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ormlint.graph.reach import _calls_in, calls_of, imports_of

PIECES = st.sampled_from([
    "import_module", "iter_modules", "load", "é", "_", " ", "\t", "\n", "(", ")", ".", "\ndef f", "#",
])  # fmt: skip
CALL = re.compile(r"\b(\w+)\s*\(")


@given(st.lists(PIECES, max_size=25).map("".join))
def test_calls_of_any_text(text: str) -> None:
    assert sorted(_calls_in(text)) == sorted(set(CALL.findall(text)))
    computed = {"import_module", "iter_modules"}.intersection(CALL.findall(text))
    assert imports_of(text.encode()).computes == bool(computed)


def test_calls_by_where_they_stand() -> None:
    found = calls_of(b"first(1)\n\ndef make(a=told()):\n    return load (a)\n\nlast(inner())\n")
    assert found == {"": ["first", "inner", "last"], "make": ["load", "told"]}
