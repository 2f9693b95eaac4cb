"""What the text of a project's files says, where calls cannot be followed.

A name that stands nowhere is set nowhere. Answers come from the words of the files, which are kept; bytes are
read for what those leave open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ormlint.facts.words import FORMS, Form, Words, is_class_like
from ormlint.graph.memo import Watch
from ormlint.graph.sources import Sources


class Texts:
    """The Python files of a project but for migrations and tests."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._words = {path: sources.words(path) for path in sources.paths}
        self._in_form: dict[Form, set[str]] = {}
        self._watch = sources.memo.watch if sources.memo is not None else Watch()

    def words_of(self, path: str) -> Words:
        """The words of a file; none where it is not one of these."""
        return self._words.get(path, Words())

    def have(self, name: str, *forms: Form, elsewhere_than: str | None = None) -> bool:
        """Whether a name stands in one of the forms, in another file than the one given."""
        return any(
            self._has_indexed(name, form, elsewhere_than)
            if _is_indexed(name, form)
            else self._has_any(name, form, elsewhere_than)
            for form in forms
        )

    def _has_indexed(self, name: str, form: Form, but: str | None) -> bool:
        self._watch.words.setdefault(form, set()).add(name)
        if form not in self._in_form:
            self._in_form[form] = set().union(*(getattr(each, form).split() for each in self._words.values()))
        if name not in self._in_form[form]:
            return False
        others = (getattr(words, form) for path, words in self._words.items() if path != but)
        return but not in self._words or any(f" {name} " in f" {each} " for each in others)

    def _has_any(self, name: str, form: Form, but: str | None) -> bool:
        self._watch.opened_all = True
        word = name.encode()
        use = re.compile(FORMS[form].replace(b"%b", re.escape(word)))
        texts = (self._sources.read(path) or b"" for path in self._words if path != but)
        return any(word in text and use.search(text) is not None for text in texts)

    def naming(self, name: str) -> Iterator[bytes]:
        """The texts in which a class's name stands as a word."""
        indexed = is_class_like(name)
        self._open("classes", name, indexed=indexed)
        for path, words in self._words.items():
            if not indexed or f" {name} " in f" {words.classes} ":
                yield self._sources.read(path) or b""

    def assigning(self, name: str) -> Iterator[bytes]:
        """The texts in which a name is assigned on an object."""
        indexed = _is_indexed(name, "assigned")
        self._open("assigned", name, indexed=indexed)
        for path, words in self._words.items():
            if not indexed or f" {name} " in f" {words.assigned} ":
                yield self._sources.read(path) or b""

    def _open(self, part: str, name: str, *, indexed: bool) -> None:
        self._watch.opened_all |= not indexed
        self._watch.opened.setdefault(part, set()).add(name)


def _is_indexed(name: str, form: Form) -> bool:
    """Whether the words of files tell of a name: no alias with a dash, no class that starts with a `_`."""
    return is_class_like(name) if form == "called" else name.isascii() and name.isidentifier()
