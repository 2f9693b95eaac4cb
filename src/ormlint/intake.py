"""Files → facts: those that matter at once and in parallel, any other when it is asked for.

Facts depend on a file's bytes alone, so the cache holds them by content, whatever the file is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Union

import msgspec

from ormlint.ahead import Ahead
from ormlint.cache import Cache
from ormlint.contents import Contents, Sayings, SayingsAhead, Shelved
from ormlint.facts.code import FileFacts, Problem
from ormlint.facts.comments import Comment
from ormlint.facts.words import Words
from ormlint.graph import judged
from ormlint.graph.layout import Layout
from ormlint.graph.memo import Memo, Now, Record, Watch
from ormlint.graph.reach import Calls, Imports, calls_of, imports_of
from ormlint.relevance import Heading, declaring, heading
from ormlint.shelf import Index, Shelf
from ormlint.workings import Workings

Progress = Callable[[int, int], None]
"""Told how many files are read, of how many."""
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

    headings: dict[str, Heading | None] = {}
    asides: dict[str, Aside] = {}
    """Those that have something in them."""
    answers: dict[str, judged.Answer] = {}
    index: Index = msgspec.field(default_factory=Index)


_NOTHING = Aside()
_encode = msgspec.msgpack.Encoder().encode
_heading = msgspec.msgpack.Decoder(Union[Heading, None]).decode
_words = msgspec.msgpack.Decoder(Words).decode
_kept = msgspec.msgpack.Decoder(Kept)


@cache
def _facts() -> msgspec.msgpack.Decoder[FileFacts]:
    """It takes long to make for all kinds of statements, and a run in which all rests does without."""
    return msgspec.msgpack.Decoder(FileFacts)


class Intake:
    """Facts of the project's files by path; `ids` are digests of their contents.

    Files without one that were looked for are noted in `besides`. `ground` stands for the project and where
    it finds packages.
    """

    def __init__(
        self,
        root: Path,
        cache: Cache,
        ids: Mapping[str, str],
        stamp: str,
        ground: str,
        besides: dict[str, str],
    ) -> None:
        self._cache, self._stamp = cache, stamp
        self._contents = Contents(root, ids, besides)
        self._ahead = Ahead(root, ids)
        self._loaded: dict[str, FileFacts | None] = {}
        self._asides: dict[str, Aside] = {}
        self._declaring: tuple[Sequence[str], list[str]] | None = None
        self._asked: set[str] = set()
        self._awaited: set[str] = set()
        self._progress: Progress | None = None
        self._known = self._recalled()
        judged.known.update(self._known.answers)
        headings = self._known.headings
        self._shelf = Shelf(cache, stamp[:32], self._known.index)
        words, imports = Shelved(self._shelf, "words", Words), Shelved(self._shelf, "imports", Imports)
        calls = Shelved[Calls](self._shelf, "calls", Calls)
        self.headings = SayingsAhead[Union[Heading, None]](
            self._contents, heading, headings, self._ahead, "heading", _heading
        )
        self.words = SayingsAhead[Words](self._contents, _words_in, words, self._ahead, "words", _words)
        self.imports = Sayings[Imports](self._contents, imports_of, imports)
        self.calls = Sayings[Calls](self._contents, calls_of, calls)
        self._workings = Workings(cache, ground, besides)
        """What was asked of last, and the answer."""
        self.record: Record | None = None
        """What the graph rests on, once it is kept."""
        self.watch: Watch | None = None
        """What was asked of all files for it."""

    @property
    def is_as_listed(self) -> bool:
        """Whether no file was found to be another than the one that was listed."""
        return not self._contents.altered

    @property
    def is_helped(self) -> bool:
        """Whether other processes look at files."""
        return self._ahead.is_helped

    def bytes_of(self, path: str) -> bytes | None:
        """The content of a file, `None` where it cannot be read, which is told as a problem."""
        return self._contents.read(path)

    def text_of(self, path: str) -> bytes | None:
        """The same, to work out what is kept under the digest of the file."""
        return self._contents.read_as_listed(path)

    def declaring(self, paths: Sequence[str], installed: Callable[[str], bool]) -> list[str]:
        """Those of the files that may declare a model, a table or a schema."""
        if self._declaring is None or self._declaring[0] != paths:  # it is asked twice
            self._declaring = paths, declaring(((path, self.headings.of(path)) for path in paths), installed)
        return self._declaring[1]

    def speaking(self, paths: Sequence[str]) -> list[str]:
        """Those of the files whose functions may show which schema mirrors which model."""
        headings = ((path, self.headings.of(path)) for path in paths)
        return [path for path, found in headings if found is not None and found.speaks]

    def telling(self, paths: Sequence[str]) -> list[str]:
        """Those of the files with comments that may be meant for ormlint."""
        headings = ((path, self.headings.of(path)) for path in paths)
        return [path for path, found in headings if found is not None and found.tells]

    def load(self, path: str) -> FileFacts | None:
        """The facts of a file (of a stub by its absolute path), read now unless they are there."""
        if path not in self._loaded and not self._from_cache(path):
            self._read(path)
        if path in self._awaited:
            self._awaited.remove(path)
            if self._progress is not None:
                self._progress(len(self._asked) - len(self._awaited), len(self._asked))
        return self._loaded[path]

    def load_whole(self, path: str) -> FileFacts | None:
        """The facts of a file with the bodies of all its functions."""
        facts = self._recall(path, "whole")
        if facts is None and (data := self.bytes_of(path)) is not None:
            facts = _extracted(data, whole=True)
            as_listed = self._contents.is_listed(path, data)
            self._note(path, "whole", facts, _encode(facts), as_listed=as_listed)
        return facts

    def comments(self, path: str) -> list[Comment]:
        """The comments of a file that may be meant for ormlint."""
        found = self._asides.get(path) or self._aside_of(path) or self.load(path)
        return [] if found is None else found.comments

    def read_ahead(self, paths: Sequence[str], progress: Progress | None = None) -> None:
        """Have many files read, in other processes when that pays, before they are loaded one by one.

        What the cache has of them is decoded when it is asked for.
        """
        wanted = [path for path in paths if path not in self._loaded and self._aside_of(path) is None]
        for path in wanted:
            self._contents.note(path)
        self._ahead.ask("facts", wanted)
        self._asked.update(wanted)
        self._awaited.update(wanted)
        self._progress = progress or self._progress

    def ask_ahead(self, asked: judged.Asked, questions: Sequence[judged.Question]) -> judged.Wait | None:
        """Have another process ask a library; `None` where none is at hand."""
        return self._ahead.ask_library(asked, questions)

    def problems(self) -> Iterator[tuple[str, Problem]]:
        """Every file of the project that was to be read and cannot be, by path."""
        for path in sorted(self._awaited):
            self.load(path)
        read = {path: facts for path, facts in {**self._asides, **self._loaded}.items() if facts is not None}
        found = {path: facts.problem for path, facts in read.items() if facts.problem is not None}
        yield from sorted({**found, **self._contents.unreadable}.items())

    def content(self, path: str) -> str:
        """A digest of a file of the project, nothing where none is known or something else was read."""
        return "" if path in self._contents.altered else self._contents.id_of(path)

    def memo(
        self, layout: Layout, named: Callable[[str], str], find: Callable[[str, str], str | None]
    ) -> Memo | None:
        """What the last run worked out; `None` where nothing is kept. See `Now` for what is told."""
        if not self._contents.ids:
            return None
        return self._workings.memo(Now(layout, self.content, named, find))

    def keep(self) -> None:
        """Remember for the next run what was read and worked out."""
        self.record, self.watch = self._workings.keep()
        self._keep_facts()

    def _keep_facts(self) -> None:
        said = judged.given.keys() - self._known.answers.keys()
        if not self._contents.ids or not (self._contents.has_new or said):
            return
        self._make_room()
        index = self._shelf.store()
        if index is None:
            return
        held = {*self._contents.ids.values(), *map(_content, index.places)}
        headings = {each: found for each, found in self._known.headings.items() if each in held}
        asides = {each: found for each, found in self._known.asides.items() if each in held}
        kept = _encode(Kept(headings, asides, judged.given, index))
        if self._cache.remember("facts", self._stamp[:32], kept):
            self._shelf.forget_others(index)

    def _make_room(self) -> None:
        sizes = self._shelf.sizes
        excess = sum(sizes.values()) - MOST_KEPT
        current = set(self._contents.ids.values()) if excess > 0 else set()
        for key, size in sizes.items():
            if excess > 0 and _content(key) not in current:
                self._shelf.drop(key)
                excess -= size

    def leave(self) -> None:
        """Read nothing more."""
        self._ahead.leave()
        self._shelf.leave()
        self._workings.leave()

    def _recalled(self) -> Kept:
        record = self._cache.recall("facts", self._stamp[:32]) if self._contents.ids else None
        if record is not None:
            with suppress(msgspec.MsgspecError):
                return _kept.decode(record[0])
        return Kept()

    def _aside_of(self, path: str) -> Aside | None:
        """What the cache has of a file, but for its body."""
        content = self._contents.id_of(path)
        if content and f"{content} facts" in self._shelf:
            self._asides[path] = self._known.asides.get(content, _NOTHING)
        return self._asides.get(path)

    def _from_cache(self, path: str) -> bool:
        facts = self._recall(path, "facts")
        if facts is not None:
            self._loaded[path] = facts
        return facts is not None

    def _recall(self, path: str, form: str) -> FileFacts | None:
        content = self._contents.id_of(path)
        data = self._shelf.get(f"{content} {form}") if content else None
        if data is not None:
            with suppress(msgspec.MsgspecError):
                return _facts().decode(data)
        return None

    def _read(self, path: str) -> None:
        """Read a file that the cache has not."""
        said = self._ahead.said("facts", path)
        if said is not None:
            facts = self._loaded[path] = _facts().decode(said.content)
            self._note(path, "facts", facts, said.content, as_listed=said.as_listed)
        elif (data := self.bytes_of(path)) is not None:
            facts = self._loaded[path] = _extracted(data)
            as_listed = self._contents.is_listed(path, data)
            self._note(path, "facts", facts, _encode(facts), as_listed=as_listed)
        else:
            self._loaded[path] = FileFacts([], self._contents.unreadable[path])

    def _note(self, path: str, form: str, facts: FileFacts, encoded: bytes, *, as_listed: bool) -> None:
        """Facts for the cache, unless somebody changed the file since it was listed."""
        if self._contents.may_keep(path, as_listed=as_listed):
            content = self._contents.id_of(path)
            self._shelf.put(f"{content} {form}", encoded)
            if facts.problem is not None or facts.comments:
                self._known.asides[content] = Aside(facts.problem, facts.comments)


def _content(key: str) -> str:
    """The digest in a key of the shelf."""
    return key.partition(" ")[0]


def _words_in(data: bytes) -> Words:
    from ormlint.facts.find_words import words_in  # noqa: PLC0415 - where some file is new

    return words_in(data)


def _extracted(data: bytes, *, whole: bool = False) -> FileFacts:
    from ormlint.extract import extract  # noqa: PLC0415 - it imports LibCST, which a warm run does without

    return extract(data, whole=whole)
