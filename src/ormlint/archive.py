"""What runs learnt of files and of libraries, kept by content from one to the next.

Facts depend on a file's bytes alone, so they are found again whatever the file is called.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from functools import cache
from typing import Union

import msgspec

from ormlint.cache import Cache
from ormlint.facts.code import FileFacts, Problem
from ormlint.facts.comments import Comment
from ormlint.graph import judged
from ormlint.relevance import Heading
from ormlint.shelf import Index, Shelf

MOST_KEPT = 64_000_000
"""Bytes of what files say that are kept; of what the project has no more, the longest known goes first."""


class Aside(msgspec.Struct, frozen=True, array_like=True):
    """The facts of a file but for its body."""

    problem: Problem | None = None
    comments: list[Comment] = []


class Kept(msgspec.Struct):
    """What the cache holds: what a file says by the digest of its content, and what libraries said.

    What is asked of all files is here; the index says where the rest is.
    """

    headings: dict[str, Union[Heading, None]] = {}
    asides: dict[str, Aside] = {}
    """Those that have something in them."""
    answers: dict[str, judged.Answer] = {}
    index: Index = msgspec.field(default_factory=Index)


_NOTHING = Aside()
_encode = msgspec.msgpack.Encoder().encode
_kept = msgspec.msgpack.Decoder(Kept)


@cache
def facts_decoder() -> msgspec.msgpack.Decoder[FileFacts]:
    """It takes long to make for all kinds of statements, and a run in which all rests does without."""
    return msgspec.msgpack.Decoder(FileFacts)


class Archive:
    """Facts, and what else is kept, by digests of contents; `name` is its own in the cache.

    Nothing is recalled where `contents`, the digests of the project's files, are not known.
    """

    def __init__(self, cache: Cache, name: str, contents: Collection[str]) -> None:
        self._cache, self._name, self._contents = cache, name, contents
        self._known = self._recalled()
        judged.known.update(self._known.answers)
        self.shelf = Shelf(cache, name, self._known.index)

    @property
    def headings(self) -> dict[str, Heading | None]:
        return self._known.headings

    def aside(self, content: str) -> Aside | None:
        """What there is of a file, but for its body; `None` where its facts are not known."""
        if content and f"{content} facts" in self.shelf:
            return self._known.asides.get(content, _NOTHING)
        return None

    def facts(self, content: str, form: str) -> FileFacts | None:
        """The facts of a file in a form, `None` where they are not known."""
        data = self.shelf.get(f"{content} {form}") if content else None
        if data is not None:
            with suppress(msgspec.MsgspecError):
                return facts_decoder().decode(data)
        return None

    def put(self, content: str, form: str, facts: FileFacts, encoded: bytes) -> None:
        """Have the facts of a file there."""
        self.shelf.put(f"{content} {form}", encoded)
        if facts.problem is not None or facts.comments:
            self._known.asides[content] = Aside(facts.problem, facts.comments)

    def keep(self, *, has_new: bool) -> None:
        """Remember all for the next run, where there is something new."""
        said = judged.given.keys() - self._known.answers.keys()
        if not self._contents or not (has_new or said):
            return
        self._make_room()
        index = self.shelf.store()
        if index is None:
            return
        held = {*self._contents, *map(_content, index.places)}
        headings = {each: found for each, found in self._known.headings.items() if each in held}
        asides = {each: found for each, found in self._known.asides.items() if each in held}
        kept = _encode(Kept(headings, asides, judged.given, index))
        if self._cache.remember("facts", self._name, kept):
            self.shelf.forget_others(index)

    def leave(self) -> None:
        """Read nothing more."""
        self.shelf.leave()

    def _recalled(self) -> Kept:
        record = self._cache.recall("facts", self._name) if self._contents else None
        if record is not None:
            with suppress(msgspec.MsgspecError):
                return _kept.decode(record[0])
        return Kept()

    def _make_room(self) -> None:
        sizes = self.shelf.sizes
        excess = sum(sizes.values()) - MOST_KEPT
        current = set(self._contents) if excess > 0 else set()
        for key, size in sizes.items():
            if excess > 0 and _content(key) not in current:
                self.shelf.drop(key)
                excess -= size


def _content(key: str) -> str:
    """The digest in a key of the shelf."""
    return key.partition(" ")[0]
