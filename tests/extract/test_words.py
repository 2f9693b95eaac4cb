"""The words of a file are those that the forms, as patterns for one word, find in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ormlint.facts.find_words import words_in
from ormlint.facts.words import FORMS, Form, is_class_like

SOURCES = sorted(Path(__file__).parents[2].glob("src/ormlint/graph/**/*.py"))
PIECES = st.sampled_from([
    *("note", "Note", "_Note", "é", "setattr", "class", "cls", "def", "hasattr", "model_construct", "List"),
    *("class Note(", ".model_construct(", "def get_note(", "async ", ") -> Note:\n", ") -> int:\n", "\t"),
    *(".model_validate(", ".parse_obj(", "{"),
    *(".", "=", "==", "(", ")", ",", " ", "  ", "\n", "\n    ", "'", '"', "alias=", ":", "->", "[", "]", "#"),
])  # fmt: skip


def differences(text: bytes) -> list[tuple[str, Form]]:
    words = words_in(text)
    asked = {word.decode() for word in re.findall(rb"\w+", text)}
    return [
        (word, form)
        for form, pattern in FORMS.items()
        for word in asked
        if form != "called" or is_class_like(word)
        if (word in getattr(words, form).split())
        != (re.search(pattern.replace(b"%b", word.encode()), text) is not None)
    ]


@pytest.mark.parametrize("path", SOURCES[::7], ids=lambda path: path.name)
def test_words_of_real_files(path: Path) -> None:
    assert differences(path.read_bytes()) == []


@given(st.lists(PIECES, max_size=30).map("".join))
def test_words_of_any_text(text: str) -> None:
    assert differences(text.encode()) == []


@given(st.lists(PIECES, max_size=30).map("".join))
def test_classes_and_methods_of_any_text(text: str) -> None:
    words, data = words_in(text.encode()), text.encode()
    methods = re.findall(rb"^[ \t]+(?:async[ \t]+)?def[ \t]+(\w+)", data, re.MULTILINE)
    assert words.classes.encode().split() == list(dict.fromkeys(re.findall(rb"\b[A-Z]\w+", data)))
    assert words.methods.encode().split() == [name for name in methods if b"_" in name.strip(b"_")]
    assert bool(words.makers) == (b"cls(" in data)


def test_classes_called() -> None:
    text = b"class Note(Base): pass\nclass Page(Base): pass\nPage(1)\nList.model_construct(2)\nmake(Item)\n"
    words = words_in(text)
    assert (words.classes, words.called) == ("Note Base Page List Item", "Page List")


def test_classes_given_a_dict_as_written() -> None:
    text = b"Note.model_validate(note)\nPage.model_validate(\n    {}\n)\nnotes.List.parse_obj({**row})\n"
    assert words_in(text).called == "Page List"


def test_methods_and_what_they_return() -> None:
    text = b"""\
class Notes:
    def get(self) -> Note: ...
    async def get_notes(self) -> list[Note | None]:  # all of them
        ...
    def get_text(self) -> str: ...
    def get_page(self, at: int) -> dict[str, Page[Note]]:
        ...

def made() -> Page:
    ...
async def all_notes(
    at: int = 1,
) -> list[
    Note
]:
    ...
"""
    words = words_in(text)
    assert words.methods == "get_notes get_text get_page"
    assert words.returns == "get_notes:Note,None get_page:Page,Note get_page:Page"
    assert words.giving == "get_notes:Note,None get_page:Page,Note made:Page all_notes:Note"


def test_what_is_imported_and_declared() -> None:
    text = b"""\
import app.notes, os as system
from app import (
    Note,  # of (all)
    Page as Sheet,
)
from app import *; from a import b
if True:
    from app.other import \\
        made
    class Inner(Note): ...
class Outer: ...
# a subclass Of and a class Named
"""
    words = words_in(text)
    assert words.imported == (
        "import app notes os as system import Note of all Page as Sheet import * from a import b import made"
    )
    assert words.declared == "Inner Outer"


def test_where_a_class_makes_instances_of_itself() -> None:
    text = b"""\
class Note:
    @classmethod
    def made(cls):
        return cls()

    async def other(cls):
        return cls(
)
def apart(cls):
    return cls()
"""
    assert words_in(text).makers == [(1, 7), (9, 10)]
