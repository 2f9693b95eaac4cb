"""What can be asked of the text of a file.

Answers come from the words of the file, which are kept; its bytes are read for what those leave open. A
question is a kind and the names that it is about, so that the next run can ask it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, Union

from msgspec import Struct

from ormlint.facts.words import FORMS, Words, is_class_like

Said = Union[int, str]
"""What a file says; nothing, where that is zero or empty."""
_MADE = rb"[\"']%b[\"']\s*:\s*(?=\S)(?![\w.]*(?:\.%b\b(?!\.)|(?:\[|\.get\()[\"']%b[\"']))"
"""A key of a dict whose value is not what something else has under that name, as it is."""
_NEAR = 1000
"""Characters within which a condition is taken to guard an assignment of what it asks for."""


class Files(Struct, frozen=True):
    """The files that are asked, and what is known of each by its path."""

    paths: Collection[str]
    words: Callable[[str], Words]
    read: Callable[[str], bytes | None]
    speaks: Callable[[str], bool]
    """Whether its functions may show which schema mirrors which model."""
    had: dict[str, frozenset[str]]
    """The names that a file was found to have; none to begin with."""


class Text(Struct, frozen=True):
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


def _fills(text: Text, _: str, names: str, made: str, classes: str) -> int:
    """1 where a file that speaks of one of the classes quotes all names, of which code makes values of some.

    Those are keys of dicts as written, with something else for a value than an attribute of that name.
    """
    words = text.files.words(text.path)
    if _set(classes).isdisjoint(words.classes.split()) or not _set(names) <= set(words.texts.split()):
        return 0
    data = text.data
    keys = (re.escape(name.encode()) for name in _set(made))
    return int(all(re.search(_MADE.replace(b"%b", key), data) is not None for key in keys))


def _defines(text: Text, names: str) -> str:
    """The names of methods, once for each method that has one of these."""
    return _among(text.files.words(text.path).methods, names)


def _among(said: str, names: str) -> str:
    wanted = _set(names)
    return " ".join(sorted(name for name in said.split() if name in wanted))


def _returns(text: Text, names: str) -> str:
    """The return annotations that name one of the classes, as in `Words`."""
    return _naming(text.files.words(text.path).returns, names)


def _naming(returns: str, names: str) -> str:
    classes = _set(names)
    said = (each for each in returns.split() if not classes.isdisjoint(each.partition(":")[2].split(",")))
    return " ".join(said)


def _views(text: Text) -> str:
    """The views that SQL in a file makes."""
    return text.files.words(text.path).views


def _gives(text: Text, names: str) -> str:
    """The functions that say they return one of the classes, as in `Words`."""
    return _naming(text.files.words(text.path).giving, names)


def gives(said: str, classes: Collection[str]) -> Iterator[str]:
    """The names of the functions among these, as in `Words`, that say they return one of the classes."""
    for each in said.split():
        function, _, returned = each.partition(":")
        if any(name in classes for name in returned.split(",")):
            yield function


def _links(text: Text, models: str, schemas: str, giving: str) -> str:
    """The models and schemas that a file has, whose functions may link.

    Those it has that it imports, declares, quotes or asks a module for. `~Model` is one that it speaks of,
    `.name` a function that it may call, which gives one. Without schemas or a way to come by rows: nothing.
    """
    if not text.files.speaks(text.path):
        return ""
    classes = text.files.words(text.path).classes.split()
    if _set(models).isdisjoint(classes) or _set(schemas).isdisjoint(classes):
        return ""
    has, spoken = _had_by(text), _set(models).intersection(classes)
    called = _set(giving) & has
    found = [*(spoken & has), *(_set(schemas) & has), *map("~{}".format, spoken), *map(".{}".format, called)]
    return _of_both(" ".join(found), models, schemas, giving)


def _had_by(text: Text) -> frozenset[str]:
    """What a file imports, declares, asks others for or quotes; all classes where it may import any."""
    had = text.files.had.get(text.path)
    if had is None:
        words = text.files.words(text.path)
        imported = words.imported.split()
        parts = (words.declared, words.read, words.texts, words.classes if "*" in imported else "")
        had = text.files.had[text.path] = frozenset(chain(imported, *map(str.split, parts)))
    return had


def _of_both(said: str, models: str, schemas: str, giving: str) -> str:
    """What is left of it where only these names count."""
    found = set(said.split())
    of_models, of_schemas = found & _set(models), found & _set(schemas)
    spoken = {name for name in found if name[0] == "~" and name[1:] in _set(models)}
    called = {name for name in found if name[0] == "." and name[1:] in _set(giving)}
    links = of_schemas and (of_models or (spoken and called))
    return " ".join(sorted(of_models | of_schemas | spoken | called)) if links else ""


@lru_cache(maxsize=8)
def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


KINDS = {
    "annotated": Kind("classes", _annotated),
    "used": Kind("classes", _used),
    "calls": Kind("classes", _calls),
    "sets": Kind("assigned", _sets),
    "fills": Kind("texts", _fills),
    "defines": Kind("", _defines, _among),
    "returns": Kind("", _returns, _naming),
    "gives": Kind("", _gives, _naming),
    "views": Kind("", _views),
    "links": Kind("", _links, _of_both),
}
