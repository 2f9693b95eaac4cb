"""Files → facts: those that matter at once and in parallel, any other when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Union

import msgspec

from ormlint.ahead import Ahead
from ormlint.archive import Archive, Aside, facts_decoder
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
from ormlint.workings import Workings

Progress = Callable[[int, int], None]
"""Told how many files are read, of how many."""
_encode = msgspec.msgpack.Encoder().encode
_heading = msgspec.msgpack.Decoder(Union[Heading, None]).decode
_words = msgspec.msgpack.Decoder(Words).decode


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
        self._contents = Contents(root, ids, besides)
        self._ahead = Ahead(root, ids)
        self._loaded: dict[str, FileFacts | None] = {}
        self._asides: dict[str, Aside] = {}
        self._declaring: tuple[Sequence[str], list[str]] | None = None
        """What was asked of last, and the answer."""
        self._asked: set[str] = set()
        self._awaited: set[str] = set()
        self._progress: Progress | None = None
        self._archive = Archive(cache, stamp[:32], ids.values())
        shelf, headings = self._archive.shelf, self._archive.headings
        words, imports = Shelved(shelf, "words", Words), Shelved(shelf, "imports", Imports)
        calls = Shelved[Calls](shelf, "calls", Calls)
        self.headings = SayingsAhead[Union[Heading, None]](
            self._contents, heading, headings, self._ahead, "heading", _heading
        )
        self.words = SayingsAhead[Words](self._contents, _words_in, words, self._ahead, "words", _words)
        self.imports = Sayings[Imports](self._contents, imports_of, imports)
        self.calls = Sayings[Calls](self._contents, calls_of, calls)
        self._workings = Workings(cache, ground, besides)
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
        facts = self._archive.facts(self._contents.id_of(path), "whole")
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
        self._archive.keep(has_new=self._contents.has_new)

    def leave(self) -> None:
        """Read nothing more."""
        self._ahead.leave()
        self._archive.leave()
        self._workings.leave()

    def _aside_of(self, path: str) -> Aside | None:
        """What the cache has of a file, but for its body."""
        found = self._archive.aside(self._contents.id_of(path))
        if found is not None:
            self._asides[path] = found
        return self._asides.get(path)

    def _from_cache(self, path: str) -> bool:
        facts = self._archive.facts(self._contents.id_of(path), "facts")
        if facts is not None:
            self._loaded[path] = facts
        return facts is not None

    def _read(self, path: str) -> None:
        """Read a file that the cache has not."""
        said = self._ahead.said("facts", path)
        if said is not None:
            facts = self._loaded[path] = facts_decoder().decode(said.content)
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
            self._archive.put(self._contents.id_of(path), form, facts, encoded)


def _words_in(data: bytes) -> Words:
    from ormlint.facts.find_words import words_in  # noqa: PLC0415 - where some file is new

    return words_in(data)


def _extracted(data: bytes, *, whole: bool = False) -> FileFacts:
    from ormlint.extract import extract  # noqa: PLC0415 - it imports LibCST, which a warm run does without

    return extract(data, whole=whole)
