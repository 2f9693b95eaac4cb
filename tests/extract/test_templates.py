"""Template strings of Python 3.14, of which LibCST reads some."""

from __future__ import annotations

import pytest

from ormlint.decoding import MEND
from ormlint.extract import extract
from ormlint.facts.code import Assign, Problem


@pytest.mark.parametrize(
    ("template", "formatted"),
    [
        ("t'a' t'{b}'", "f'a' f'{b}'"),
        ("tr'{b}'", "fr'{b}'"),
        ("(\"don't t\" rT'''a\n{b}'''\n    T'')", "(\"don't t\" rf'''a\n{b}'''\n    f'')"),
    ],
)
def test_a_template_is_read_as_a_formatted_text(template: str, formatted: str) -> None:
    facts, other = extract(f"x = {template}\ny = 1\n".encode()), extract(f"x = {formatted}\ny = 1\n".encode())
    assert facts == other
    assert [type(each) for each in facts.body] == [Assign, Assign]


def test_a_syntax_error_beside_templates_is_told_where_it_is() -> None:
    assert extract(b"x = t'a' t'{b}'\ny = = 1\n").problem == Problem(2, 6, "syntax error", MEND)
