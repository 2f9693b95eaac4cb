"""Which words a file has, and how each stands there.

`FORMS` says what each way to stand means, as a pattern for one word; `find_words` finds the words of all
forms in a file at once.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Form = Literal["called", "read", "assigned", "keywords", "texts", "aliases"]

FORMS: dict[str, bytes] = {
    "called": rb"(?<!class )\b%b(?:\.model_construct)?\(|\b%b\.(?:model_validate|parse_obj)\(\s*\{",
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
    giving: str = ""
    """The same for those methods and all functions outside classes, on however many lines it stands."""
    imported: str = ""
    """All words of imports from `import` on, one after the other, and `*` among them."""
    declared: str = ""
    """The names in class statements."""
    makers: list[tuple[int, int]] = []
    """Where `cls(` stands: the first line of a statement of the module, and the last one in it with that."""
    views: str = ""
    """The names of the views that SQL in the file makes."""


CLASS = re.compile(rb"\b[A-Z]\w+")
"""A word of `classes`."""


def is_class_like(name: str) -> bool:
    """Whether `classes` would have a word."""
    return name.isascii() and CLASS.fullmatch(name.encode()) is not None
