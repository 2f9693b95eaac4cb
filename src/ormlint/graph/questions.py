"""What can be asked of the text of a file.

Answers come from the words of the file, which are kept; its bytes are read for what those leave open. A
question is a kind and the names that it is about, so that the next run can ask it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import NamedTuple, Union

from ormlint.facts.words import FORMS, Words, is_class_like

Said = Union[int, str]
"""What a file says; nothing, where that is zero or empty."""
_NEAR = 1000
"""Characters within which a condition is taken to guard an assignment of what it asks for."""


class Files(NamedTuple):
    """The files that are asked, and what is known of each by its path."""

    paths: Collection[str]
    words: Callable[[str], Words]
    read: Callable[[str], bytes | None]
    speaks: Callable[[str], bool]
    """Whether its functions may show which schema mirrors which model."""


class Text(NamedTuple):
    """One of the files."""

    path: str
    files: Files

    @property
    def data(self) -> bytes:
        """Its bytes; a digest of git's stands for them whatever ends the lines."""
        return (self.files.read(self.path) or b"").replace(b"\r\n", b"\n")

    def lists(self, name: str, part: str) -> bool:
        """Whether a part of its words has a name, where these would tell."""
        words = getattr(self.files.words(self.path), part)
        return not is_listed(name, part) or (name in words and f" {name} " in f" {words} ")

    def has(self, name: str, form: str) -> bool:
        """Whether a name stands in a form."""
        if is_listed(name, form):
            return self.lists(name, form)
        word, data = name.encode(), self.data
        return word in data and re.search(FORMS[form].replace(b"%b", re.escape(word)), data) is not None


def is_listed(name: str, part: str) -> bool:
    """Whether the words of files tell of a name: no alias with a dash, no class that starts with a `_`."""
    return is_class_like(name) if part in ("classes", "called") else name.isascii() and name.isidentifier()


class Kind(NamedTuple):
    """What a question asks of each file, given the names that it is about."""

    part: str
    """The part of words that has the first name, where the file says anything; empty for any file."""
    of: Callable[..., Said]
    narrowed: Callable[..., Said] | None = None
    """Where names are sets: what a file says to a question about fewer, told from what it said about all."""


def are_among(names: Sequence[str], others: Sequence[str]) -> bool:
    """Whether each set of names is part of the one in its place among the others."""
    return all(_set(few) <= _set(many) for few, many in zip(names, others, strict=True))


def _annotated(text: Text, name: str) -> int:
    """How often a class is an annotation."""
    return len(re.findall(rb"[:\[(|] *" + name.encode() + rb"\b", text.data))


def _used(text: Text, name: str) -> int:
    """How often a class is named, where it is neither imported nor declared."""
    word, data = name.encode(), text.data
    binding = rb"^(?:from|import)\b.*\b%b\b|^[ \t]+%b,?$|^class %b\b".replace(b"%b", word)
    named = len(re.findall(rb"\b" + word + rb"\b", data))
    return named - len(re.findall(binding, data, re.MULTILINE))


def _calls(text: Text, name: str) -> int:
    """How often a class is called."""
    return len(re.findall(FORMS["called"].replace(b"%b", re.escape(name.encode())), text.data))


def _sets(text: Text, name: str, beside: str = "") -> int:
    """1 where a name is assigned on an object not asked for it first, in a text with another name."""
    data = text.data
    if name.encode() not in data or beside.encode() not in data:
        return 0
    word = re.escape(name.encode())
    for match in re.finditer(rb"\b(\w+)\." + word + rb"\s*=[^=]", data):
        asked = re.compile(rb"hasattr\(\s*" + match[1] + rb",\s*[\"']" + word + rb"[\"']")
        if asked.search(data, max(0, match.start() - _NEAR), match.start()) is None:
            return 1
    return int(re.search(rb"setattr\([^,()]+,\s*[\"']" + word + rb"[\"']", data) is not None)


def _defines(text: Text, name: str) -> int:
    """How many methods have a name."""
    return text.files.words(text.path).methods.split().count(name)


def _returns(text: Text, names: str) -> str:
    """The return annotations that name one of the classes, as in `Words`."""
    return _naming(text.files.words(text.path).returns, names)


def _naming(returns: str, names: str) -> str:
    classes = _set(names)
    said = (each for each in returns.split() if not classes.isdisjoint(each.partition(":")[2].split(",")))
    return " ".join(said)


def _links(text: Text, models: str, schemas: str) -> str:
    """The models and the schemas that a file with functions that may link speaks of, if it does of both."""
    if not text.files.speaks(text.path):
        return ""
    return _of_both(text.files.words(text.path).classes, models, schemas)


def _of_both(classes: str, models: str, schemas: str) -> str:
    found = set(classes.split())
    of_models, of_schemas = found & _set(models), found & _set(schemas)
    return " ".join(sorted(of_models | of_schemas)) if of_models and of_schemas else ""


@lru_cache(maxsize=8)
def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


KINDS = {
    "annotated": Kind("classes", _annotated),
    "used": Kind("classes", _used),
    "calls": Kind("classes", _calls),
    "sets": Kind("assigned", _sets),
    "defines": Kind("methods", _defines),
    "returns": Kind("", _returns, _naming),
    "links": Kind("", _links, _of_both),
}
