"""What columns of models are stored as, kept by the file of their table.

It rests on the modules of the table, of the column and of its type: a foreign key has the type of the column
that it refers to, which no name may lead to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct

from ormlint.graph.machine.values import ClassValue, External, Made
from ormlint.graph.memo import Memo
from ormlint.graph.migrations.enums import EnumType
from ormlint.graph.model import Column, Table
from ormlint.graph.sqltype import SqlType


class Shown(Struct, frozen=True, array_like=True):
    """The types for the dialects in question, none unless all are known; the enumeration with its members."""

    types: tuple[SqlType, ...]
    enum: EnumType | None


ShownTables = list[dict[str, Shown]]
"""For each table of a graph its columns by name."""


decode_shown = msgspec.msgpack.Decoder(list[ShownTables]).decode
"""Those of each environment."""


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    table: tuple[str, str]
    """Its MetaData and key."""
    column: str
    origin: str
    """Where the column's type came from."""
    shown: Shown


_decode = msgspec.msgpack.Decoder(list[_Entry]).decode


class Kept:
    """What columns are stored as in the dialects of one environment; `replay` is the unit of its replay."""

    def __init__(self, memo: Memo | None, replay: str, dialects: Sequence[str]) -> None:
        self._memo, self._replay, self._key = memo, replay, " ".join(dialects)
        self._known: dict[str, dict[object, Shown]] = {}
        self._entries: dict[str, list[_Entry]] = defaultdict(list)
        self._changed: set[str] = set()
        self._files: dict[str, set[str]] = defaultdict(set)

    def of(self, table: Table, column: Column, make: Callable[[Column], Shown]) -> Shown:
        """What a column is stored as: what the last run said, where that still holds."""
        path, (origin, files) = table.place.path, _origin(column)
        if path not in self._known:
            self._known[path] = self._recalled(path)
        found = self._known[path].get((table.metadata, table.key, column.name, origin))
        if found is None:
            found = make(column)
            if origin:
                self._changed.add(path)
        if origin:
            self._entries[path].append(_Entry((table.metadata, table.key), column.name, origin, found))
            self._files[path].update((path, column.place.path, *files))
        return found

    def _recalled(self, path: str) -> dict[object, Shown]:
        content = self._memo.recall(self._unit(path), self._key) if self._memo is not None else None
        try:
            entries = _decode(content) if content is not None else []
        except msgspec.MsgspecError:
            return {}
        return {(*each.table, each.column, each.origin): each.shown for each in entries}

    def keep(self) -> None:
        """Keep what was said of the files, but for one that has two tables of one name."""
        if self._memo is None:
            return
        for path in self._changed:
            entries = self._entries[path]
            if len({(each.table, each.column) for each in entries}) == len(entries):
                self._memo.keep(self._unit(path), self._key, self._files[path], entries)

    def _unit(self, path: str) -> str:
        return f"storage of {path} beside the {self._replay}"


def _origin(column: Column) -> tuple[str, list[str]]:
    """What tells a column's type from another that is written alike, and its files; nothing for some."""
    value, files, told = column.type_value, [], ""
    if isinstance(value, Made):
        files.append(value.place.path)
        told = f"{value.place.path}:{value.place.line} "
        value = value.callee
    if isinstance(value, ClassValue):
        return f"{told}{value.id}", [*files, value.module.path]
    return (f"{told}{value.path}", files) if isinstance(value, External) else ("", files)
