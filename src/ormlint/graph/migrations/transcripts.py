"""What migration files come to, kept one by one: most of them are as they were in the last run.

Whether a file comes to the same again is told from its own content, from that of all that it leads to, and
from what the database answers to it, which is asked again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Any, Union

import msgspec
from msgspec.structs import replace

from ormlint.graph.machine.plain import NotPlainError, Writer
from ormlint.graph.memo import Memo
from ormlint.graph.migrations import keeping
from ormlint.graph.migrations.operations import (
    AddColumn,
    AlterColumn,
    Choice,
    CreateTable,
    Guarded,
    Perhaps,
    Step,
)
from ormlint.graph.migrations.replayed import Known, Replayed
from ormlint.graph.migrations.scripts import Told
from ormlint.graph.migrations.specs import ColumnSpec
from ormlint.graph.migrations.sql.parse import Queries
from ormlint.graph.migrations.sql.tree import Tree
from ormlint.packing import written


class _Kept(msgspec.Struct, array_like=True):
    key: str
    told: dict[str, msgspec.Raw]
    queries: dict[str, Union[Tree, None]]
    """Those that the migrations ask, parsed."""


_kept = msgspec.msgpack.Decoder(_Kept).decode
_told = msgspec.msgpack.Decoder(Told).decode


class Transcripts:
    """Those of one environment, in `unit`; `ground` stands for what they rest on besides files."""

    def __init__(self, memo: Memo | None, unit: str, ground: object, models: Collection[str]) -> None:
        self._memo, self._unit, self._models = memo, unit, models
        self._key = hashlib.sha256(repr(ground).encode("utf-8", "surrogatepass")).hexdigest()
        self._raw: dict[str, msgspec.Raw] = {}

    def recalled(self) -> Known:
        """Those that hold."""
        content = self._memo.partly(self._unit) if self._memo is not None else None
        try:
            kept = _kept(content) if content is not None else None
        except msgspec.MsgspecError:
            kept = None
        if kept is None or kept.key != self._key:
            return Known({}, Queries())
        self._raw = kept.told
        found = {path: self._holding(path, raw) for path, raw in kept.told.items()}
        return Known({path: told for path, told in found.items() if told is not None}, Queries(kept.queries))

    def _holding(self, path: str, raw: msgspec.Raw) -> Told | None:
        if self._memo is None or self._memo.is_stale(path):
            return None
        try:
            told = _told(raw)
        except msgspec.MsgspecError:
            return None
        if any(map(self._memo.is_stale, told.files)):
            return None
        return told if all((each in self._models) == was for each, was in told.mapped.items()) else None

    def keep(self, done: Replayed, tied: Collection[str], write: Writer) -> None:
        """Keep those of a replay but for migrations that are tied to others."""
        if self._memo is None:
            return
        kept: dict[str, msgspec.Raw] = {}
        files: set[str] = set()
        for script, each in zip(done.scripts, done.told, strict=True):
            raw = None
            if script.steps is not None and script.path not in tied:
                raw = self._encoded(each, write) if script.is_read else self._raw[script.path]
            if raw is not None:
                kept[script.path] = raw
                files.update(each.files)
        self._memo.forget(self._unit)
        if kept:
            self._memo.keep(self._unit, self._key, files, _Kept(self._key, kept, done.queries.asked))

    def carry(self) -> None:
        """Hand them to the next run, although this one did without."""
        if self._memo is not None:
            self._memo.carry(self._unit)

    def forget(self) -> None:
        """Let none of them be recalled."""
        if self._memo is not None:
            self._memo.forget(self._unit)

    def _encoded(self, told: Told, write: Writer) -> msgspec.Raw | None:
        try:
            data = written(replace(told, steps=_all_plain(told.steps, write)))
        except NotPlainError:
            return None
        return msgspec.Raw(data) if data is not None else None


def _all_plain(steps: Sequence[Step], write: Writer) -> tuple[Step, ...]:
    return tuple([_plain(step, write) for step in steps])


def _plain(step: Step, write: Writer) -> Step:
    """The step with types as bytes."""
    if isinstance(step, CreateTable):
        return replace(step, columns=tuple([_column(each, write) for each in step.columns]))
    if isinstance(step, AddColumn):
        return replace(step, column=_column(step.column, write))
    if isinstance(step, AlterColumn):
        return replace(step, type_value=_bytes(step.type_value, write))
    if isinstance(step, Choice):
        then, otherwise = _all_plain(step.then, write), _all_plain(step.otherwise, write)
        return replace(step, then=then, otherwise=otherwise)
    if isinstance(step, Guarded):
        handlers = tuple([(names, _all_plain(each, write)) for names, each in step.handlers])
        return replace(step, body=_all_plain(step.body, write), handlers=handlers)
    return replace(step, steps=_all_plain(step.steps, write)) if isinstance(step, Perhaps) else step


def _column(column: ColumnSpec, write: Writer) -> ColumnSpec:
    return replace(column, type_value=_bytes(column.type_value, write))


def _bytes(value: Any, write: Writer) -> msgspec.msgpack.Ext | None:
    return msgspec.msgpack.Ext(keeping.TYPE, write(value)) if value is not None else None
