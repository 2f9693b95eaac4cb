"""What the last run worked out, and on which files that rests: the next run does anew what changed.

A unit is a piece of the graph that some files lead to, such as what the replay of an environment gives. It
rests on them and on all modules that their names were followed into, directly or through others. It holds as
long as each of these has the same content and the same name, and each name leads to the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import msgspec
from msgspec import Struct

from ormlint.graph.layout import Layout, Moves
from ormlint.graph.leading import Asked, followers
from ormlint.graph.questions import Said
from ormlint.packing import written
from ormlint.shelf import Shelf

Question = tuple[str, ...]


class UpsetError(Exception):
    """What was recalled turns out not to hold; it is forgotten now."""


class File(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is told of a file from outside: a digest of its content, and how imports name it."""

    content: str
    named: str


class Unit(msgspec.Struct, frozen=True, array_like=True):
    """`key` stands for all that it rests on besides files. Its content is on a shelf."""

    key: str
    files: list[str]


class Watch(msgspec.Struct, array_like=True):
    """What was asked of all files at once, so that one which no name leads to may change the answer."""

    having: dict[Question, str] = {}
    """A name, a file that does not count (or nothing), forms of `Words` → a file that has it, or nothing."""
    told: dict[Question, dict[str, Said]] = {}
    """A kind of question, what it is about → what each file says, by path."""
    imports: set[str] = set()
    """Files whose imports were followed, whatever is imported."""
    names: set[str] = set()
    """The modules that their imports name."""
    calls: bool = False
    """What they call had a say, too."""
    heard: set[str] = set()
    """Files that show what schemas and models have to do with each other."""


class Record(msgspec.Struct, array_like=True):
    """All that is handed from one run to the next."""

    layout: Layout = Layout()
    files: dict[str, File] = {}
    asked: Asked = {}
    units: dict[str, Unit] = {}
    texts: dict[str, str] = {}
    """Digests of the files that were asked as a whole."""
    watch: Watch = msgspec.field(default_factory=Watch)


class Now(Struct, frozen=True):
    """The project as it is in this run."""

    layout: Layout
    content: Callable[[str], str]
    """A digest of a file."""
    named: Callable[[str], str]
    """Stands for the name that a file is imported by, and for the root that this starts from."""
    find: Callable[[str, str], str | None]
    """(dotted module name, importing path) → the module's file."""


class Memo:
    """Units of the last run that still hold, and those of this run; `shelf` has what is in them, by name."""

    def __init__(self, before: Record, now: Now, shelf: Shelf) -> None:
        self.before, self._now, self._shelf = before, now, shelf
        self._moves = Moves(before.layout, now.layout)
        self._moved = self._moves.among(chain.from_iterable(before.asked.values()))
        self._stale = self._found_stale()
        self._units: dict[str, Unit] = {}
        self._asked: Asked = {}
        self._spoilt: set[str] = set()
        self._led_to_spoilt: set[str] = set()
        self._sealed: set[str] = set()
        self._read: set[str] = set()
        self._texts: frozenset[str] = frozenset()
        self.watch = Watch()

    def recall(self, unit: str, key: str) -> bytes | None:
        """The content of a unit, `None` where what it rests on changed."""
        found = self._units.get(unit)  # settings of another part may ask for the same
        if found is None and (found := self.before.units.get(unit)) is not None:
            found = found if self._stale.isdisjoint(found.files) else None
        content = self._shelf.get(unit) if found is not None and found.key == key else None
        if found is not None and content is not None:
            self._units[unit] = found
        return content

    def former(self, unit: str, path: str) -> bytes | None:
        """What a unit was, which may not hold, where the file that it is of is as it was."""
        return self._shelf.get(unit) if unit in self.before.units and self._is_as_before(path) else None

    def changed(self, unit: str, key: str) -> tuple[bytes, set[str]] | None:
        """What a unit was, and those of its files that it does not hold for; `None` where one is gone."""
        found = self.before.units.get(unit)
        if found is None or found.key != key or not self._moves.files.isdisjoint(found.files):
            return None
        content = self._shelf.get(unit)
        return None if content is None else (content, self._stale.intersection(found.files))

    def partly(self, unit: str) -> bytes | None:
        """What a unit was, parts of which may hold: those that rest on nothing stale."""
        return self._shelf.get(unit) if unit in self.before.units or unit in self._units else None

    def leads_as_before(self, name: str, importer: str) -> bool:
        """Whether a module's name leads where it led, to a module that nothing has become another for."""
        asked = self.before.asked.get(importer, {})
        if name not in asked:
            return False
        path = asked[name]
        return self._leads_to(path, name, importer) and (path is None or path not in self._stale)

    def lead_as_before(self, names: Iterable[str]) -> bool:
        """Whether all of the names lead where they led, in files that are named as they were."""
        return not self._moves.among(names)

    def file(self, path: str) -> File:
        """What is told of a file now."""
        was = self.before.files.get(path)
        if was is None or path in self._moves.files or not self._moves.are_named_alike:
            return File(self._now.content(path), self._now.named(path))
        content = self._now.content(path)
        return was if content == was.content else File(content, was.named)

    def _leads_to(self, path: str | None, name: str, importer: str) -> bool:
        """Whether a name still leads where it led."""
        was = self.before.files.get(importer)
        if was is None or was.named != self.file(importer).named or name in self._moved:
            return self._now.find(name, importer) == path
        return True

    def _is_as_before(self, path: str) -> bool:
        return path not in self._spoilt and self.before.files.get(path) == self.file(path)

    def keep(self, unit: str, key: str, files: Iterable[str], content: object) -> None:
        """Keep what was worked out from the files and what they led to, where it can be written down."""
        data = written(content)
        if data is not None:
            self._units[unit] = Unit(key, sorted(files))
            self._shelf.put(unit, data)

    def confirm(self, unit: str, key: str) -> None:
        """Keep a unit as it was: it holds, although the key that stands for what it rests on is another."""
        self._units[unit] = Unit(key, self.before.units[unit].files)

    def carry(self, about: str) -> None:
        """Hand the units whose names end like this to the next run, although this one did without them."""
        for name, unit in self.before.units.items():
            if name.endswith(about) and self._stale.isdisjoint(unit.files):
                self._units.setdefault(name, unit)

    def forget(self, unit: str) -> None:
        """Neither keep nor recall a unit, unless it is kept anew."""
        self._units.pop(unit, None)
        self._shelf.drop(unit)

    def unit(self, unit: str) -> Unit | None:
        """A unit that this run recalled or keeps."""
        return self._units.get(unit)

    def recalled(self, unit: str) -> Unit | None:
        """A unit of the last run that this one recalled."""
        found = self._units.get(unit)
        return found if found is self.before.units.get(unit) else None

    def is_stale(self, path: str) -> bool:
        """Whether what rests on a file cannot be recalled."""
        return path in self._stale

    def is_there(self, path: str) -> bool:
        """Whether a file is one of the project's now."""
        return bool(self._now.content(path))

    def spoil(self, files: Iterable[str]) -> None:
        """Neither recall nor keep what rests on these files: their own content does not tell all of them."""
        spoilt = set(files) - self._spoilt
        self._spoilt |= spoilt
        self._led_to_spoilt |= followers(spoilt, self.before.asked)
        self._stale |= self._led_to_spoilt

    @property
    def is_spoilt(self) -> bool:
        """Whether the content of some file does not tell all of it."""
        return bool(self._spoilt)

    def led_to_spoilt(self, path: str) -> bool:
        """Whether it is so of a file, or was of one that it led to in the last run."""
        return path in self._led_to_spoilt

    def seal(self) -> None:
        """Let stand what is kept by now: what spoils a file from now on had no say in it."""
        self._sealed = set(self._sound(self._whole()) if self._spoilt else self._units)

    def follow(self, asked: Asked, read: Iterable[str]) -> None:
        """Note what was asked for in this run, and other files that were read."""
        self._read.update(read)
        for path, names in asked.items():
            self._asked.setdefault(path, {}).update(names)

    def compare(self, paths: Iterable[str]) -> set[str]:
        """Those of the files that are asked as a whole which changed, came or went since the last run."""
        before = self.before.texts
        self._texts = frozenset(paths)
        now = {path: self._now.content(path) for path in self._texts}
        came = {path for path, content in now.items() if not content or content != before.get(path)}
        return came | (before.keys() - now.keys())

    def record(self) -> Record:
        """What the next run is to know."""
        whole = self._whole()
        units = {name: self._units[name] for name in self._sound(whole)}
        led_to = (each for names in whole.values() for each in names.values() if each is not None)
        files = {*whole, *led_to, *self._read, *(path for unit in units.values() for path in unit.files)}
        found = {path: self.file(path) for path in sorted(files)}
        texts = {path: self._now.content(path) for path in sorted(self._texts)}
        return Record(self._now.layout, found, whole, units, texts, self.watch)

    def _whole(self) -> Asked:
        """All that was asked for so far, in files that are as they were in the last run, too."""
        whole = dict(self._asked_as_before())
        for path, names in self._asked.items():
            whole[path] = {**whole.get(path, {}), **names}
        return whole

    def _sound(self, asked: Asked) -> list[str]:
        """The units that rest on no spoilt file, or were done before it was."""
        spoilt = followers(self._spoilt, asked)
        return [
            name
            for name, unit in self._units.items()
            if name in self._sealed or spoilt.isdisjoint(unit.files)
        ]

    def _asked_as_before(self) -> Iterator[tuple[str, dict[str, str | None]]]:
        """What was asked for in files that are as they were, and where it leads now."""
        for path, names in self.before.asked.items():
            if path not in self._stale:
                yield path, names
            elif self._is_as_before(path):
                again = self._moved.intersection(names)
                yield path, {**names, **{name: self._now.find(name, path) for name in again}}

    def _found_stale(self) -> set[str]:
        """The files that changed, that a name now leads elsewhere from, or that led to such a file."""
        before, find = self.before, self._now.find
        stale = {path for path, was in before.files.items() if self.file(path) != was}
        for importer, names in before.asked.items() if self._moved else ():
            again = self._moved.intersection(names)
            if any(find(name, importer) != names[name] for name in again):
                stale.add(importer)
        return followers(stale, before.asked)
