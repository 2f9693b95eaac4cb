"""What `ast` says of a file is what LibCST says, so that the interpreter makes no difference."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ormlint.decoding import decode
from ormlint.extract import extract
from ormlint.extract.ast_statements import statements
from ormlint.extract.bodies import LEFT_OUT
from ormlint.extract.tree import read
from ormlint.facts.code import ClassDef, Do, FunctionDef, Name

ROOT = Path(__file__).parents[2]
FOLDERS = ("examples", "src/ormlint/extract", "src/ormlint/graph/machine", "src/ormlint/stubs", "tests/cache")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
SNIPPETS = [
    "x = 1; y: int = 2\nclass A: z = 3\nif x: w = 4\n",
    "a, (b.c, *d), e[0] = f = 1,\n",
    "(\n    a,\n    b,\n) = 1, 2\n",
    "x = (\n    # why\n    'a' 'b' f'c{d!r:>{width}}e' '{' f'{{{f}}}'\n    'g'\n)\n",
    "x = f'{a:%Y-%m}' + f'{b=}' + f'{c = !s}' + f'{d=:>4}' + f'' + f'e' + f'\\'\"{g}'\n",
    "x = b'a' b'b', 'a' 'b', 1_000, 0x0, 0o17, 1e3, 2j, ..., -1, not a, ~b, +c, -d\n",
    f"x = {2**64 - 1}, {2**64}, 0x{'f' * 16}, 0x{'f' * 17}, {'9' * 1_001}\n",
    f"x = -{2**63}, -{2**63 + 1}, -{2**64}\n",
    "x = a + b + c - d | e or f and g and (h or i) or j\ny = (a and b) and c\nz = a < b <= c is not d in e\n",
    "a += 1; a -= 1; a *= 1; a /= 1; a //= 1; a %= 1; a **= 1\n",
    "a |= 1; a &= 1; a ^= 1; a <<= 1; a >>= 1; a @= 1\n",
    "x = a[1], a[1:2, ::3], a[b,], a[(b, c)], {**a, 'b': c}, {*a, b}, [*a], f(*a, b=c, **d), (yield_)\n",
    "x = [a for b in c if d if e for f in g], {a: b for c in d}, {a for b in c}, f(a for b in c)\n",
    "x = lambda a, /, b=1, *c, d, e=2, **f: a if b else c\nif (y := x): pass\n",
    "x: 'list[str] | None' = f('list[str]')\ny: Annotated['A', 'b'] = 1\n",
    "z: Literal['a', 'b']\nw: 'not an ['\n",
    "def f(\n    a: 'A', /, b: int = 1, *,\n    c: 'B' = 2, **d: C\n) -> 'D':\n    'doc'\n    yield a\n",
    "@a\n@b(\n    c\n)\nasync def f(*args):\n    await g\n",
    "async def f():\n    async with a as b, c: return d\n    async for e in f: yield e\n",
    "@a\nclass B(C, *d, metaclass=E, **f):\n    'doc'\n    x = 1\n    del y, z[0]\n    del (a, b)\n",
    "import a.b as c, d\nfrom . import e\nfrom ..f.g import (h as i,\n    j)\nfrom k import *\n",
    "try:\n    a\nexcept B as c:\n    d\nexcept (E, F):\n    raise G from h\nelse:\n    i\nfinally:\n    j\n",
    "try:\n    a\nexcept B:\n    raise\n",
    "for a, *b in c:\n    break\nelse:\n    d\nwhile e:\n    continue\nelse:\n    f\n",
    "if a:\n    b\nelif c:\n    d\nelif e:\n    f\nelse:\n    if g:\n        h\n",
    "match a:\n    case 1: b\n    case C.d if e: f\n    case None: g\n",
    "match a:\n    case h: i\n    case [1, 2]: j\n    case _: k\n",
    "with a, b as (c, d):\n    e\nassert f\nglobal g\n",
    "x = a \\\n    .b(\n        c,  # d\n\n        e\n    ).f\n",
    "# ä\nclass Ä:\n    ö.ü, y = 'ß'; z = 1\n",
    "x = 'a\\\n b' + '''c\nd''' + e\r\ny = 1\r\n",
    "x = 1\x0c\n\x0cy = 2\n",
    "",
    "# nothing",
]
if sys.version_info >= (3, 12):
    SNIPPETS += [
        "class A[T: int, *Ts, **P](B): pass\ntype C[T] = 'list[T]'\n",
        "x = f'{a['b']}'\n",
    ]
if sys.version_info >= (3, 11):
    SNIPPETS += ["try:\n    a\nexcept* B as c:\n    d\n", "x = a[*b], a[*b, c]\n"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files(path: Path) -> None:
    text = decode(path.read_bytes())
    assert isinstance(text, str)
    assert statements(text, whole=True) == read(text)


@pytest.mark.parametrize("text", SNIPPETS)
def test_snippets(text: str) -> None:
    read_by_ast = statements(text, whole=True)
    assert read_by_ast is not None
    assert read_by_ast == read(text)


def test_what_the_interpreter_does_not_parse_is_read_by_libcst() -> None:
    text = "try:\n    x = 1\nexcept A, B:\n    pass\n"
    if sys.version_info < (3, 14):
        assert statements(text, whole=True) is None
    assert extract(text.encode()).problem is None
    problem = extract(b"x = 1\ny = (\n").problem
    assert problem is not None
    assert (problem.line, problem.reason) == (3, "syntax error")


LONG = "".join(f"        value = value + {number}\n" for number in range(20))


@pytest.mark.parametrize(
    ("body", "left_out"),
    [
        (LONG, True),
        ("        return 1\n", False),
        (LONG + "        return Person.model_validate(value)\n", False),
        (LONG + "        return Person(name=value.name)\n", False),
        ("        @wraps\n        def inner(value):\n    " + LONG.replace("\n", "\n    "), True),
    ],
)
def test_bodies_that_nothing_needs_before_a_call(body: str, *, left_out: bool) -> None:
    text = f"class A:\n    def f(self, value: 'B'):\n{body}\n    # a comment\n    x = 1\n"
    said = extract(text.encode()).body[0]
    assert isinstance(said, ClassDef)
    function, after = said.body
    assert isinstance(function, FunctionDef)
    assert (function.left_out, function.line, after.line) == (left_out, 2, text.count("\n"))
    if left_out:
        assert function.body == [Do(3, Name(3, LEFT_OUT))]
    assert extract(text.encode(), whole=True).body == read(text)


@pytest.mark.parametrize(
    ("statement", "left_out"),
    [("op.drop_column('a', 'b')", True), ("op.drop_constraint(None, 'a')", False)],
)
def test_the_downgrade_of_a_migration(statement: str, *, left_out: bool) -> None:
    body = f"    {statement}\n" * 10
    text = f"revision = '1'\n\ndef upgrade():\n{body}\ndef downgrade():\n{body}"
    *_, up, down = extract(text.encode()).body
    assert isinstance(up, FunctionDef)
    assert isinstance(down, FunctionDef)
    assert (up.left_out, down.left_out) == (False, left_out)
