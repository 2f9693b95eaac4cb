"""Many small contents by key in a few records of the cache: read when they are asked for, written once.

New contents make a record of their own. It takes in the records that are no larger, and those that are mostly
of no use any more: so there are few, and each content is written anew but a few times.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import BinaryIO

import msgspec

from ormlint.cache import START, Cache

KIND = "pack"


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where a content is, and what it is checked by."""

    pack: int
    start: int
    size: int
    check: int


class Pack(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A record with contents one after the other."""

    key: str
    size: int


class Index(msgspec.Struct, array_like=True):
    """All that is known of contents but for themselves, the longest known first."""

    packs: dict[int, Pack] = {}
    places: dict[str, Place] = {}


class Shelf:
    """Contents as `index` has them, and new ones. What is not whole is not there.

    `name` is the shelf's own in the cache.
    """

    def __init__(self, cache: Cache, name: str, index: Index) -> None:
        self._cache, self._name, self._packs, self._places = cache, name, index.packs, index.places
        opened = {number: cache.opened(KIND, pack.key, pack.size) for number, pack in self._packs.items()}
        self._files: dict[int, BinaryIO] = {
            number: file for number, file in opened.items() if file is not None
        }
        if self._files.keys() != self._packs.keys():
            self._packs = {number: self._packs[number] for number in self._files}
            self._places = {key: place for key, place in self._places.items() if place.pack in self._files}
        self._new: dict[str, bytes] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._new or key in self._places

    @property
    def has_new(self) -> bool:
        return bool(self._new)

    @property
    def sizes(self) -> dict[str, int]:
        """The bytes of each content, the longest known first."""
        sizes = {key: place.size for key, place in self._places.items()}
        sizes.update((key, len(content)) for key, content in self._new.items())
        return sizes

    def get(self, key: str) -> bytes | None:
        """A content, `None` where it is not there."""
        if key in self._new:
            return self._new[key]
        place = self._places.get(key)
        if place is None:
            return None
        content = self._read(place)
        if content is None:
            del self._places[key]
        return content

    def put(self, key: str, content: bytes) -> None:
        """Have a content there, which is written where it is another than before."""
        place = self._places.get(key)
        known = place is not None and (place.size, place.check) == (len(content), zlib.crc32(content))
        if not known or self.get(key) != content:
            self._new[key] = content

    def drop(self, key: str) -> None:
        """Forget a content."""
        self._places.pop(key, None)
        self._new.pop(key, None)

    def store(self) -> Index | None:
        """Write what is new, and say where all is; `None` where that cannot be."""
        taken = self._taken()
        again = [key for key, place in self._places.items() if place.pack in taken and key not in self._new]
        new = {key: content for key in again if (content := self.get(key)) is not None} | self._new
        packs = {number: pack for number, pack in self._packs.items() if number not in taken}
        if not all(self._cache.has(KIND, pack.key) for pack in packs.values()):
            return None  # another run has taken it in
        if not new:
            return Index(packs, self._places)
        content = b"".join(new.values())
        key = f"{self._name}-{hashlib.sha256(content).hexdigest()}"
        if not self._cache.remember(KIND, key, content):
            return None
        number = max(self._packs, default=0) + 1
        packs[number] = Pack(key, len(content))
        return Index(packs, self._places | _placed(number, new))

    def forget_others(self, index: Index) -> None:
        """Remove what an index that is remembered does without, whoever wrote it."""
        self.leave()
        self._cache.forget(KIND, f"{self._name}-", [pack.key for pack in index.packs.values()])

    def leave(self) -> None:
        """Read nothing more."""
        for file in self._files.values():
            file.close()
        self._files = {}

    def _read(self, place: Place) -> bytes | None:
        file = self._files.get(place.pack)
        if file is None:
            return None
        try:
            file.seek(START + place.start)
            content = file.read(place.size)
        except OSError:
            return None
        return content if zlib.crc32(content) == place.check else None

    def _taken(self) -> set[int]:
        """The records that a new one takes in."""
        used = dict.fromkeys(self._packs, 0)
        for key, place in self._places.items():
            if key not in self._new:
                used[place.pack] += place.size
        size = sum(map(len, self._new.values()))
        taken = set()
        for number in sorted(used, key=used.__getitem__):
            if used[number] <= size or 2 * used[number] < self._packs[number].size:
                taken.add(number)
                size += used[number]
        return taken


def _placed(number: int, contents: dict[str, bytes]) -> dict[str, Place]:
    """The places of contents that are written one after the other."""
    places = {}
    start = 0
    for key, content in contents.items():
        places[key] = Place(number, start, len(content), zlib.crc32(content))
        start += len(content)
    return places
