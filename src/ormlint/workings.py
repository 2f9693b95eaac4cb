"""What a run works out, handed to the next: what units of the graph rest on, and what is in them."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from ormlint.cache import Cache
from ormlint.graph.memo import Memo, Now, Record, Watch
from ormlint.packing import written
from ormlint.shelf import Index, Shelf

_encode = msgspec.msgpack.Encoder().encode
_known = msgspec.msgpack.Decoder(tuple[Record, Index]).decode


class Workings:
    """Those of a project; `ground` stands for it and where it finds packages.

    What the graph rests on besides files of the project is in `besides`.
    """

    def __init__(self, cache: Cache, ground: str, besides: dict[str, str]) -> None:
        self._cache, self._ground, self._besides = cache, ground, besides
        self._shelf = Shelf(cache, ground, Index())
        self._memo: Memo | None = None

    def memo(self, now: Now) -> Memo:
        """What the last run worked out, as far as it holds."""
        if self._memo is None:
            record, index = self._recalled()
            self._shelf = Shelf(self._cache, self._ground, index)
            self._memo = Memo(record, now, self._shelf)
        return self._memo

    def keep(self) -> tuple[Record, Watch] | tuple[None, None]:
        """Remember for the next run what was worked out; return what that rests on, if there is anything."""
        if self._memo is None:
            return None, None
        record = self._memo.record()
        if self._shelf.has_new or record != self._memo.before:
            self._remember(record)
        return record, self._memo.watch

    def leave(self) -> None:
        """Read nothing more."""
        self._shelf.leave()

    def _recalled(self) -> tuple[Record, Index]:
        found = self._cache.recall("graph", self._ground)
        if found is not None:
            with suppress(msgspec.MsgspecError):
                known = _known(found[0])
                self._besides.update(found[1])
                return known
        return Record(), Index()

    def _remember(self, record: Record) -> None:
        for unit in self._shelf.sizes.keys() - record.units.keys():
            self._shelf.drop(unit)
        encoded = written(record)
        index = self._shelf.store() if encoded is not None else None
        if encoded is None or index is None:
            return
        content = _encode((msgspec.Raw(encoded), index))
        if self._cache.remember("graph", self._ground, content, self._besides):
            self._shelf.forget_others(index)
