"""Real projects, damaged: those of the tests' documents and of `examples`, changed as no person would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from bombs import BOMBS
from hypothesis import strategies as st

from ormlint.rules import catalogue
from ormlint.rules.page import Case, cases, page

ROOT = Path(__file__).parents[2]

Files = dict[str, bytes]
Draw = st.DrawFn
Mutation = Callable[[Draw, str, list[str]], str]
"""A file's text with something changed; the texts of the project's files may be used."""

SETTINGS = """\
extend-select = ["ALL"]
ignore = ["ORM501", "nonsense"]
exclude = ["old/**"]
links = { PersonRead = "Person", Other = false }
allow-missing = ["PersonRead.*"]
[per-file-ignores]
"tests/**" = ["ORM1"]
[severity]
ORM201 = "error"
"""
BASELINE = """\
[[finding]]
code = "ORM303"
subject = "users.email"
count = 2
until = 2030-01-01
"""


@cache
def seeds() -> list[dict[str, str]]:
    """The projects to change."""
    found = [*_of_documents(), *_of_examples()]
    return [
        {"ormlint.toml": SETTINGS, ".ormlint-baseline.toml": BASELINE, **files} for files in found if files
    ]


def _of_documents() -> Iterator[dict[str, str]]:
    for module in catalogue.MODULES:
        document = page(module.__doc__)
        yield from map(_files, document.fails + document.passes)
    for file in sorted(ROOT.glob("tests/*/**/*.md")):
        yield from map(_files, cases(file.read_text(encoding="utf-8")))


def _files(case: Case) -> dict[str, str]:
    return {file.path: file.text for file in case.files}


def _of_examples() -> Iterator[dict[str, str]]:
    for folder in ("clinic", "clinic-healthy"):
        root = ROOT / "examples" / folder
        paths = [path for name in ("*.py", "*.ini") for path in sorted(root.rglob(name))]
        for number in range(4):  # each with a part of the modules, so that they are read soon
            some = paths[number::4]
            yield {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in some}


@st.composite
def mutants(draw: Draw) -> Files:
    """A project with up to six changes."""
    files = dict(draw(st.sampled_from(seeds())))
    for _ in range(draw(st.integers(1, 6))):
        path = draw(st.sampled_from(sorted(files)))
        files[path] = draw(st.sampled_from(MUTATIONS))(draw, files[path], list(files.values()))
    found = {path: text.encode("utf-8", "surrogatepass") for path, text in files.items()}
    if draw(st.integers(0, 9)) == 0:
        path = draw(st.sampled_from(sorted(found)))
        at = draw(st.integers(0, len(found[path])))
        found[path] = found[path][:at] + draw(st.binary(max_size=20)) + found[path][at:]
    return found


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+|[ \t]+|\n|.", text)


def _words(texts: list[str]) -> list[str]:
    return sorted({word for text in texts for word in re.findall(r"\w+", text)}) or ["x"]


def _span(draw: Draw, items: list[str], longest: int) -> tuple[int, int]:
    start = draw(st.integers(0, len(items)))
    return start, min(len(items), start + draw(st.integers(1, longest)))


def _one_name_for_another(draw: Draw, text: str, texts: list[str]) -> str:
    """Everywhere: what were two things refers to itself."""
    old, new = draw(st.sampled_from(_words([text]))), draw(st.sampled_from(_words(texts)))
    return re.sub(rf"\b{re.escape(old)}\b", new, text)


def _another_token(draw: Draw, text: str, texts: list[str]) -> str:
    tokens = _tokens(text)
    start, end = _span(draw, tokens, 3)
    return "".join([*tokens[:start], draw(st.sampled_from([*SIGNS, *_words(texts)])), *tokens[end:]])


def _without_tokens(draw: Draw, text: str, texts: list[str]) -> str:
    tokens = _tokens(text)
    start, end = _span(draw, tokens, 30)
    return "".join(tokens[:start] + tokens[end:])


def _repeated_token(draw: Draw, text: str, texts: list[str]) -> str:
    tokens = _tokens(text)
    start, end = _span(draw, tokens, 4)
    return "".join([*tokens[:start], *tokens[start:end] * draw(st.integers(2, 3_000)), *tokens[end:]])


def _nested(draw: Draw, text: str, texts: list[str]) -> str:
    tokens = _tokens(text)
    start, end = _span(draw, tokens, 6)
    opening, closing = draw(st.sampled_from(PAIRS))
    times = draw(st.sampled_from([1, 2, 30, 150, 1_000]))
    inner = [opening * times, *tokens[start:end], closing * times]
    return "".join([*tokens[:start], *inner, *tokens[end:]])


def _no_text(draw: Draw, text: str, texts: list[str]) -> str:
    """Where a text is asked for stands what has no hash."""
    found = list(re.finditer(r"""(["'])[^"'\n]*\1""", text))
    if not found:
        return text
    match, other = draw(st.sampled_from(found)), draw(st.sampled_from(["[]", "[1]", "{}", "{1: [2]}", "{3}"]))
    return text[: match.start()] + other + text[match.end() :]


def _repeated_lines(draw: Draw, text: str, texts: list[str]) -> str:
    lines = text.splitlines(keepends=True)
    start, end = _span(draw, lines, 8)
    return "".join(lines[:start] + lines[start:end] * draw(st.integers(2, 40)) + lines[end:])


def _moved_lines(draw: Draw, text: str, texts: list[str]) -> str:
    lines = text.splitlines(keepends=True)
    start, end = _span(draw, lines, 20)
    rest = lines[:start] + lines[end:]
    at = draw(st.integers(0, len(rest)))
    return "".join(rest[:at] + lines[start:end] + rest[at:])


def _shifted_lines(draw: Draw, text: str, texts: list[str]) -> str:
    lines = text.splitlines(keepends=True)
    start, end = _span(draw, lines, 30)
    width = draw(st.sampled_from([-4, 4, 4, 8]))
    shifted = [" " * width + line if width > 0 else line[-width:] for line in lines[start:end]]
    return "".join(lines[:start] + shifted + lines[end:])


def _pasted(draw: Draw, text: str, texts: list[str]) -> str:
    return text + "\n" + draw(st.sampled_from(texts))


def _cut(draw: Draw, text: str, texts: list[str]) -> str:
    return text[: draw(st.integers(0, len(text)))]


def _strange_letters(draw: Draw, text: str, texts: list[str]) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.text(max_size=5)) + text[at:]


def _bomb(draw: Draw, text: str, texts: list[str]) -> str:
    """A hostile value above the rest, and a token that becomes its name."""
    bomb = draw(st.sampled_from([each for each in BOMBS.values() if len(each) < 6_000]))
    tokens = _tokens(text)
    start, end = _span(draw, tokens, 2)
    after = text.find("\n\n") + 1
    changed = "".join([*tokens[:start], "BOMB", *tokens[end:]])
    return f"{changed[:after]}{bomb}\n{changed[after:]}"


SIGNS = [
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"',
        '"""',
        "\\",
        "\n",
        ":",
        ",",
        ".",
        "=",
        "*",
        "**",
        "@",
        ":=",
        "->",
    ),
    *(
        "#",
        "f'",
        "{x}",
        "lambda:",
        "yield",
        "await",
        "None",
        "0",
        "-1",
        "1e999",
        "9" * 40,
        "\x00",
        "\r",
        "\f",
    ),
    *("if x.y:", "while True:", "class X(X):", "def f(f=f): return f(f)", "return", "match x:", "type X = X"),
    *(
        "import",
        "from . import *",
        "global x",
        "del x",
        "raise",
        "# ormlint: ignore[",
        "# noqa",
        "%s",
        "\ufffd",
    ),
    *("upgrade", "op.", "Base", "Mapped", "self", "__tablename__", "metadata", "revision", "down_revision"),
]
PAIRS = [
    ("(", ")"),
    ("[", "]"),
    ("{", "}"),
    ("f'{", "}'"),
    ("lambda: ", ""),
    ("-", ""),
    ("f(", ")"),
    ("x.", ""),
]
MUTATIONS: list[Mutation] = [
    _one_name_for_another,
    _one_name_for_another,
    _another_token,
    _another_token,
    _without_tokens,
    _repeated_token,
    _nested,
    _repeated_lines,
    _moved_lines,
    _shifted_lines,
    _pasted,
    _cut,
    _strange_letters,
    _bomb,
    _bomb,
]
