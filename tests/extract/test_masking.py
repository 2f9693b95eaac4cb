"""A text without its bodies says what the whole text says, or the whole text is read."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ormlint.extract import ast_statements
from ormlint.extract.ast_statements import lines_of, statements
from ormlint.extract.bodies import LEFT_OUT, Bodies
from ormlint.extract.masking import Masked, mask
from ormlint.facts.code import Stmt

LONG = "    value = first + second * third\n" * 6
"""A body worth leaving out."""


def masked(text: str) -> Masked:
    return mask(text, Bodies(text, lines_of(text)))


def whole(text: str) -> list[Stmt] | None:
    """What is read of a text that is parsed with all of its bodies."""
    with mock.patch.object(ast_statements, "mask", lambda text, _: Masked(text, {})):
        return statements(text, whole=False)


def indented(text: str) -> str:
    return "".join(f"    {line}" if line.strip() else line for line in text.splitlines(keepends=True))


TAKEN = {
    "a function": f"def f(a):\n{LONG}\n\nx = 1\n",
    "a method": f"class A:\n    def f(self):\n{indented(LONG)}\n    x = 1\n",
    "one that waits": f"async def f(a):\n{LONG}",
    "no line end after it": f"def f(a):\n{LONG}".rstrip("\n"),
    "a text at the margin": f'def f(a):\n    """Text\n\nat the margin\n    """\n{LONG}\nx = 1\n',
    "a comment at the margin": f"def f(a):\n{LONG}# a comment\n{LONG}x = 1\n",
    "comments first": f"def f(a):\n    # one\n\n    # two\n{LONG}\nx = 1\n",
    "comments last": f"def f(a):\n{LONG}    # one\n# two\n\nx = 1\n",
    "all that a head may have": (
        "def f(\n    a: dict[str, list[int]] = {'a': [1]},  # one (\n    *,\n"
        f'    b: str = "):\\"",\n    c=g(h(1)),\n) -> \'dict[str, int]\':  # two\n{LONG}\nx = 1\n'
    ),
    "decorators": f"@one\n@two(\n    three,\n)\ndef f(a):\n{LONG}\nx = 1\n",
    "a decorator with an empty line": f"@one(\n    two,\n\n    three,\n)\ndef f(a):\n{LONG}\nx = 1\n",
    "one in another": f"def f(a):\n    def g(b):\n{indented(LONG)}\n    return g\n",
    "one in another that is read": (
        f"def f(a):\n    def g(b):\n{indented(LONG)}\n    return Person.model_validate(g(a))\n"
    ),
    "a text with a function before it": f'x = """\ndef f(a):\n{LONG}"""\n\ndef g(a):\n{LONG}',
    "a downgrade": f"revision = '1'\n\ndef upgrade():\n{LONG}\ndef downgrade():\n{LONG}\n# the end\n",
}
LEFT = {
    "what declares": f"def f(a):\n{LONG}    return Column(a)\n",
    "what its decorator says is a route": f"@app.get('/')\ndef f(a):\n{LONG}",
    "a short one": "def f(a):\n    return a\n",
    "all on one line": f"class A:\n    def f(self): return 1\n    def g(self):\n        return 2\n{LONG}",
    "a head that is not plain": f"def f(a=(((((1)))))):\n{LONG}",
    "a comment with quotes": f'# """\ndef f(a):\n{LONG}',
    "a text in a text": f'x = \'"""\'\ndef f(a):\n{LONG}',
    "tabs": "def f(a):\n" + LONG.replace("    ", "\t"),
    "a line that goes on at the margin": f"def f(a):\n{LONG}    return 1 + \\\n2\n",
    "the name that stands for a body": f"{LEFT_OUT} = 1\n\ndef f(a):\n{LONG}",
}
MISREAD = {
    "brackets that go on at the margin": f"def f(a):\n{LONG}    return (\n1\n)\n",
    "a route far above": f"@app.get(\n    '/',\n\n    1,\n)\n@two\ndef f(a):\n{LONG}",
    "a decorator out of sight": f"@two\n\n# a comment\n\ndef f(a):\n{LONG}",
    "one in another that is left out": f"def f(a=(((((1)))))):\n    def g(b):\n{indented(LONG)}\n{LONG}",
}


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_bodies_that_are_not_parsed(text: str) -> None:
    found = masked(text)
    assert len(found.looked_from) == found.text.count(LEFT_OUT) == 1
    assert found.text.count("\n") == text.count("\n")
    assert statements(text, whole=False) == whole(text) is not None
    with mock.patch("ast.parse", wraps=ast_statements.ast.parse) as parse:
        statements(text, whole=False)
    parsed = [each.args[0] for each in parse.call_args_list if not each.kwargs]
    assert parsed == [found.text]


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_bodies_that_are_parsed(text: str) -> None:
    assert masked(text) == Masked(text, {})
    assert statements(text, whole=False) == whole(text) is not None


@pytest.mark.parametrize("text", MISREAD.values(), ids=MISREAD)
def test_what_is_taken_for_a_body_and_is_none(text: str) -> None:
    assert len(masked(text).looked_from) == 1
    assert statements(text, whole=False) == whole(text) is not None


def test_what_stands_in_a_body_need_not_be_python_of_today() -> None:
    newer = "    try:\n        a\n    except A, B, C: = 1\n        b\n"
    same = "    try:\n        a\n    except A:\n        b\n"
    said = [statements(f"def f(a):\n{LONG}{each}\nx = 1\n", whole=False) for each in (newer, same)]
    assert said[0] == said[1] is not None
    assert statements(f"def f(a):\n{LONG}{newer}", whole=True) is None


LINES = [
    "def f(a):", "async def f(", ") -> int:", "a: int = 1,", "class A:", "@one", "@two(", "three,", ")", "",
    '"""', '"""Text."""', 'x = """', "'''", "# a comment", "# def f(a):", '# """', "x = 1", "x = 1 + \\",
    "2", "x = (", "return Column(a)", "return a", "if a:", "x = 'def g(a):'",
]  # fmt: skip
PIECES = st.tuples(st.sampled_from(["", "    ", "        "]), st.sampled_from(LINES)).map(
    "{0[0]}{0[1]}\n".format
)
BLOCKS = st.sampled_from([*TAKEN.values(), *LEFT.values(), *MISREAD.values(), *map(indented, TAKEN.values())])


@given(st.lists(st.one_of(PIECES, BLOCKS), max_size=8).map("".join))
def test_any_text(text: str) -> None:
    read = whole(text)
    if read is not None:
        assert statements(text, whole=False) == read


@given(st.data())
def test_any_lines_of_a_text(data: st.DataObject) -> None:
    lines = "\n".join([*TAKEN.values(), *MISREAD.values()]).splitlines(keepends=True)
    start = data.draw(st.integers(0, len(lines) - 1))
    gone = data.draw(st.sets(st.integers(start, len(lines) - 1), max_size=3))
    text = "".join(line for number, line in enumerate(lines) if number >= start and number not in gone)
    read = whole(text)
    if read is not None:
        assert statements(text, whole=False) == read
