"""Files → facts: those that matter at once and in parallel, any other when it is asked for.

Facts depend on a file's bytes alone, so the cache holds them by content, whatever the file is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Union

import msgspec

from ormlint.ahead import Ahead
from ormlint.cache import Cache, state
from ormlint.facts.code import FileFacts, Problem
from ormlint.facts.comments import Comment
from ormlint.facts.words import Words, words_in
from ormlint.graph import judged
from ormlint.graph.memo import Memo, Now, Record, Watch
from ormlint.graph.reach import Imports, imports_of
from ormlint.packing import written
from ormlint.relevance import Heading, declaring, heading
from ormlint.worktree import is_content

Progress = Callable[[int, int], None]
"""Told how many files are read, of how many."""
MOST_KEPT = 64_000_000
"""Bytes of facts that are kept; those that this run did not use go first."""


class Kept(msgspec.Struct):
    """What the cache holds: what a file says by the digest of its content, and what libraries said."""

    headings: dict[str, Heading | None] = {}
    words: dict[str, Words] = {}
    imports: dict[str, Imports] = {}
    facts: dict[str, msgspec.Raw] = {}
    answers: dict[str, judged.Answer] = {}


class _Aside(msgspec.Struct, frozen=True, array_like=True):
    """Facts whose body is left in its bytes."""

    body: msgspec.Raw
    problem: Problem | None = None
    comments: list[Comment] = []


_encode = msgspec.msgpack.Encoder().encode
_facts = msgspec.msgpack.Decoder(FileFacts)
_aside = msgspec.msgpack.Decoder(_Aside)
_record = msgspec.msgpack.Decoder(Record)
_heading = msgspec.msgpack.Decoder(Union[Heading, None])
_words = msgspec.msgpack.Decoder(Words)
_kept = msgspec.msgpack.Decoder(Kept)


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
        self._root, self._besides = root, besides
        self._cache, self._ids, self._stamp, self._ground = cache, ids, stamp, ground
        self._loaded: dict[str, FileFacts | None] = {}
        self._asides: dict[str, _Aside] = {}
        self._memo: Memo | None = None
        self.record: Record | None = None
        """What the graph rests on, once it is kept."""
        self.watch: Watch | None = None
        """What was asked of all files for it."""
        self.is_as_listed = True
        """No file was found to be another than the one that was listed."""
        self._altered: set[str] = set()
        """Files that somebody changed after they were listed."""
        self._headings: dict[str, Heading | None] = {}
        self._words: dict[str, Words] = {}
        self._ahead = Ahead(root, ids)
        self._asked: set[str] = set()
        self._awaited: set[str] = set()
        self._progress: Progress | None = None
        self._used = Kept({}, {}, {}, {}, {})
        self._known = self._recalled()
        judged.known.update(self._known.answers)
        self._changed = False

    def bytes_of(self, path: str) -> bytes | None:
        """The content of a file, `None` where it cannot be read (which is then its facts' problem)."""
        self._note_unlisted(path)
        try:
            return (self._root / path).read_bytes()
        except OSError as error:
            reason = f"the file cannot be read ({error.strerror})"
            self._loaded[path] = FileFacts([], Problem(1, 0, reason, "Make it readable, or exclude it."))
            return None

    def _note_unlisted(self, path: str) -> None:
        if self._ids and path not in self._ids and not Path(path).is_absolute():  # a stub is of ormlint's own
            absolute = str(self._root / path)
            self._besides[absolute] = state(absolute)

    def look_ahead(self, paths: Sequence[str]) -> None:
        """Have many files looked at, in other processes when that pays, before it is asked what they are."""
        known = self._known.headings
        self._ahead.ask_headings(
            [path for path in paths if path not in self._headings and self._ids.get(path) not in known]
        )

    def declaring(self, paths: Sequence[str], installed: Callable[[str], bool]) -> list[str]:
        """Those of the files that may declare a model, a table or a schema."""
        return declaring(((path, self._heading(path)) for path in paths), installed)

    def speaking(self, paths: Sequence[str]) -> list[str]:
        """Those of the files whose functions may show which schema mirrors which model."""
        headings = ((path, self._heading(path)) for path in paths)
        return [path for path, found in headings if found is not None and found.speaks]

    def telling(self, paths: Sequence[str]) -> list[str]:
        """Those of the files with comments that may be meant for ormlint."""
        headings = ((path, self._heading(path)) for path in paths)
        return [path for path, found in headings if found is not None and found.tells]

    def listen_ahead(self, paths: Sequence[str]) -> None:
        """Have the words of many files read, as `look_ahead` does."""
        known = self._known.words
        self._ahead.ask_words(
            [path for path in paths if path not in self._words and self._ids.get(path) not in known]
        )

    def words(self, path: str) -> Words:
        """The words of a file."""
        if path not in self._words:
            self._words[path] = self._read_words(path)
        return self._words[path]

    def _read_words(self, path: str) -> Words:
        key = self._ids.get(path)
        found = self._known.words.get(key) if key else None
        if found is None:
            found, as_listed = self._new_words(path)
            key = self._listed(key, as_listed=as_listed)
        if key:
            self._used.words[key] = found
        return found

    def _new_words(self, path: str) -> tuple[Words, bool]:
        """The words of a file, and whether its content is what its digest is of."""
        said = self._ahead.words(path)
        if said is not None:
            return _words.decode(said.content), said.as_listed
        data = self.bytes_of(path)
        return (
            (Words(), False) if data is None else (words_in(data), is_content(data, self._ids.get(path, "")))
        )

    def imports(self, path: str) -> Imports:
        """What importing a file imports."""
        key = self._ids.get(path)
        found = self._known.imports.get(key) if key else None
        if found is None:
            data = self.bytes_of(path) or b""
            found = imports_of(data)
            key = self._listed(key, as_listed=is_content(data, key or ""))
        if key:
            self._used.imports[key] = found
        return found

    def words_before(self, content: str) -> Words | None:
        """The words of a content that an earlier run read, by its digest."""
        return self._known.words.get(content)

    def imports_before(self, content: str) -> Imports | None:
        """What importing such a content imports."""
        return self._known.imports.get(content)

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
        key = self._whole_key(path)
        facts = self._recall(key)
        if facts is None and (data := self.bytes_of(path)) is not None:
            facts = _extracted(data, whole=True)
            self._note(path, key, _encode(facts), as_listed=is_content(data, self._ids.get(path, "")))
        return facts

    def _whole_key(self, path: str) -> str:
        return f"{self._ids[path]}+" if self._ids.get(path) else ""

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
            self._note_unlisted(path)
        self._ahead.ask_facts(wanted)
        self._asked.update(wanted)
        self._awaited.update(wanted)
        self._progress = progress or self._progress

    def problems(self) -> Iterator[tuple[str, Problem]]:
        """Every file of the project that was to be read and cannot be, by path."""
        for path in sorted(self._awaited):
            self.load(path)
        for path, facts in sorted({**self._asides, **self._loaded}.items()):
            if facts is not None and facts.problem is not None:
                yield path, facts.problem

    def content(self, path: str) -> str:
        """A digest of a file of the project, nothing where none is known or something else was read."""
        return "" if path in self._altered else self._ids.get(path, "")

    def memo(
        self, listing: str, module: Callable[[str], str], find: Callable[[str, str], str | None]
    ) -> Memo | None:
        """What the last run worked out; `None` where nothing is kept. See `Now` for what is told."""
        if self._memo is None and self._ids:
            now = Now(listing, self.content, module, find)
            self._memo = Memo(self._record(), now)
        return self._memo

    def _record(self) -> Record:
        found = self._cache.recall("graph", self._ground)
        if found is not None:
            with suppress(msgspec.MsgspecError):
                record = _record.decode(found[0])
                self._besides.update(found[1])
                return record
        return Record()

    def keep(self) -> None:
        """Remember for the next run what was read and worked out."""
        if self._memo is not None:
            self.record, self.watch = self._memo.record(), self._memo.watch
            content = written(self.record) if self.record != self._memo.before else None
            if content is not None:
                self._cache.remember("graph", self._ground, content, self._besides)
        self._keep_facts()

    def _keep_facts(self) -> None:
        self._used.answers = judged.given
        if not self._ids or not (self._changed or judged.given.keys() - self._known.answers.keys()):
            return
        room = MOST_KEPT - sum(len(each) for each in self._used.facts.values())
        for key, raw in self._known.facts.items():
            if key not in self._used.facts and (room := room - len(raw)) > 0:
                self._used.facts[key] = raw
        self._cache.remember("facts", self._stamp[:32], _encode(self._used))

    def leave(self) -> None:
        """Read nothing more."""
        self._ahead.leave()

    def _recalled(self) -> Kept:
        record = self._cache.recall("facts", self._stamp[:32]) if self._ids else None
        if record is not None:
            with suppress(msgspec.MsgspecError):
                return _kept.decode(record[0])
        return Kept({}, {}, {}, {}, {})

    def _listed(self, key: str | None, *, as_listed: bool) -> str | None:
        """The key under which something new is kept, unless somebody changed the file since it was listed."""
        self._changed = True
        self.is_as_listed &= as_listed
        return key if as_listed else None

    def _heading(self, path: str) -> Heading | None:
        if path not in self._headings:
            self._headings[path] = self._read_heading(path)
        return self._headings[path]

    def _read_heading(self, path: str) -> Heading | None:
        key = self._ids.get(path)
        if key and key in self._known.headings:
            found = self._known.headings[key]
        else:
            found, as_listed = self._new_heading(path)
            key = self._listed(key, as_listed=as_listed)
        if key:
            self._used.headings[key] = found
        return found

    def _new_heading(self, path: str) -> tuple[Heading | None, bool]:
        """The heading of a file, and whether its content is what its digest is of."""
        said = self._ahead.heading(path)
        if said is not None:
            return _heading.decode(said.content), said.as_listed
        data = self.bytes_of(path)
        return (None, False) if data is None else (heading(data), is_content(data, self._ids.get(path, "")))

    def _aside_of(self, path: str) -> _Aside | None:
        """What the cache has of a file, but for its body; it counts as used."""
        key = self._ids.get(path, "")
        raw = self._known.facts.get(key) if key else None
        if raw is not None:
            with suppress(msgspec.MsgspecError):
                self._asides[path] = _aside.decode(raw)
                self._used.facts[key] = raw
        return self._asides.get(path)

    def _from_cache(self, path: str) -> bool:
        facts = self._recall(self._ids.get(path, ""))
        if facts is not None:
            self._loaded[path] = facts
        return facts is not None

    def _recall(self, key: str) -> FileFacts | None:
        raw = self._known.facts.get(key) if key else None
        if raw is None:
            return None
        with suppress(msgspec.MsgspecError):
            facts = _facts.decode(raw)
            self._used.facts[key] = raw
            return facts
        return None

    def _read(self, path: str) -> None:
        """Read a file that the cache has not."""
        key = self._ids.get(path, "")
        said = self._ahead.facts(path)
        if said is not None:
            self._loaded[path] = _facts.decode(said.content)
            self._note(path, key, said.content, as_listed=said.as_listed)
        elif (data := self.bytes_of(path)) is not None:
            facts = self._loaded[path] = _extracted(data)
            self._note(path, key, _encode(facts), as_listed=is_content(data, key))

    def _note(self, path: str, key: str, encoded: bytes, *, as_listed: bool) -> None:
        """Facts for the cache, unless somebody changed the file since it was listed."""
        if not key:
            return
        if as_listed:
            self._used.facts[key] = msgspec.Raw(encoded)
            self._changed = True
        else:
            self._altered.add(path)
            self.is_as_listed = False


def _extracted(data: bytes, *, whole: bool = False) -> FileFacts:
    from ormlint.extract import extract  # noqa: PLC0415 - it imports LibCST, which a warm run does without

    return extract(data, whole=whole)
