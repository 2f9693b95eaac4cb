"""Which words a file has, and how each stands there: told from its bytes, without reading its syntax.

`FORMS` says what each way to stand means, as a pattern for one word; `words_in` finds the words of all forms
in a file at once.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from string import ascii_letters, digits
from typing import Literal

import msgspec

Form = Literal["called", "read", "assigned", "keywords", "texts", "aliases"]

FORMS: dict[str, bytes] = {
    "called": rb"(?<!class )\b%b(?:\.model_construct)?\(",
    "read": rb"\.%b\b",
    "assigned": rb"\.%b\s*=[^=]|setattr\([^,()]+,\s*[\"']%b[\"']",
    "keywords": rb"\b%b=[^=]",
    "texts": rb"(?<!alias=)[\"']%b[\"']",
    "aliases": rb"(?<=alias=)[\"']%b[\"']",
}


class Words(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The words of a file, each once, with spaces between; where there are none, nothing.

    What is called like a form holds the words in it, as far as they are made of ASCII letters, and of what is
    called those alone that `classes` has.
    """

    classes: str = ""
    """Words of two letters and more, of which the first is a capital."""
    called: str = ""
    read: str = ""
    assigned: str = ""
    keywords: str = ""
    texts: str = ""
    aliases: str = ""
    methods: str = ""
    """The names of methods that have a `_` inside, one for each method."""
    returns: str = ""
    """`name:Class,Class` for each return annotation that names classes, after the last such method."""
    makers: list[tuple[int, int]] = []
    """Where `cls(` stands: the first line of a statement of the module, and the last one in it with that."""


def is_class_like(name: str) -> bool:
    """Whether `classes` would have a word."""
    return name.isascii() and _CLASS.fullmatch(name.encode()) is not None


_CLASS = re.compile(rb"\b[A-Z]\w+")
_CLASS_CALLED = re.compile(rb"[A-Z](?<!\w.)\w+(?:(?:\.model_construct)?\()?", re.DOTALL)
"""It starts with a letter: one that starts with `\\b` is looked for at every byte, half as fast again."""
_DEFINED = re.compile(rb"class ([A-Z]\w+)(?:\.model_construct)?\(")
_READ = re.compile(rb"\.(\w+)")
_ASSIGNED = re.compile(rb"\.(\w+)\s*=(?=[^=])")
_SET = re.compile(rb"setattr\([^,()]+,\s*\"(\w+)(?=\")")
_TEXT = re.compile(rb"\"(\w+)(?=\")")
_ALIAS = re.compile(rb"alias=\"(\w+)(?=\")")
_DEF = re.compile(rb"def[ \t]+(\w+)")
_INDENTED = re.compile(rb"[ \t]+(?:async[ \t]+)?")
_RETURNS = re.compile(rb"->[ \t]*([^\n]*?)[ \t]*:[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_BARE = bytes(each if chr(each) in f"{ascii_letters}{digits}_=" else ord(" ") for each in range(256))
"""Leaves words and equals signs, and spaces for all else."""


def words_in(data: bytes) -> Words:
    """The words of a file."""
    quoted = data.replace(b"'", b'"')
    classes = _CLASS_CALLED.findall(data)
    texts = _TEXT.findall(quoted)
    aliases = _ALIAS.findall(quoted) if b"alias=" in data else []
    set_by_name = _SET.findall(quoted) if b"setattr(" in data else []
    methods, returns = _methods(data)
    return Words(
        classes=_joined(each.partition(b".")[0].rstrip(b"(") for each in dict.fromkeys(classes)),
        called=_joined(_called(classes, _DEFINED.findall(data))),
        read=_joined(_READ.findall(data)),
        assigned=_joined([*_ASSIGNED.findall(data), *set_by_name]),
        keywords=_joined(_keywords(data)),
        texts=_joined(_besides(texts, aliases)),
        aliases=_joined(aliases),
        methods=b" ".join(methods).decode(),
        returns=b" ".join(returns).decode(),
        makers=_makers(data) if b"cls(" in data else [],
    )


def _joined(words: Iterable[bytes]) -> str:
    return b" ".join(dict.fromkeys(words)).decode()


def _called(classes: list[bytes], defined: list[bytes]) -> Iterator[bytes]:
    """The classes that are called otherwise than in a class statement, which looks like a call."""
    statements = Counter(defined)
    for each in dict.fromkeys(classes):
        if each.endswith(b"("):
            name = each[:-1].partition(b".")[0]
            if name not in statements or classes.count(each) > statements[name]:
                yield name


def _besides(words: list[bytes], others: list[bytes]) -> Iterator[bytes]:
    """The words that stand more often than among the others."""
    counts = Counter(others)
    return (word for word in dict.fromkeys(words) if word not in counts or words.count(word) > counts[word])


def _keywords(data: bytes) -> Iterator[bytes]:
    """Looking back from equals signs takes a fifth of the time that looking ahead from words does."""
    for before, after in pairwise(data.translate(_BARE).split(b"=")):
        if after and before[-1:].strip():
            yield before.rsplit(None, 1)[-1]


def _methods(data: bytes) -> tuple[list[bytes], list[bytes]]:
    """The methods, and what is said to be returned after each."""
    names: list[bytes] = []
    places: list[int] = []
    for match in _DEF.finditer(data):
        line = data.rfind(b"\n", 0, match.start()) + 1
        if _INDENTED.fullmatch(data, line, match.start()) is not None:
            names.append(match[1])
            places.append(match.start())
    returns = []
    for match in _RETURNS.finditer(data):
        classes = b",".join(dict.fromkeys(_CLASS.findall(match[1])))
        before = bisect(places, match.start()) if classes else 0
        if before and _has_parts(names[before - 1]):
            returns.append(b"%b:%b" % (names[before - 1], classes))
    return [name for name in names if _has_parts(name)], returns


def _has_parts(name: bytes) -> bool:
    return b"_" in name.strip(b"_")


def _makers(data: bytes) -> list[tuple[int, int]]:
    found: dict[int, int] = {}
    start = 0
    for number, line in enumerate(data.splitlines(), 1):
        if line[:1].strip() not in (b"", b"#", b")"):
            start = number
        if b"cls(" in line:
            found[start] = number
    return list(found.items())
