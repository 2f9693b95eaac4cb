"""The schemas of modules that are as they were in the last run, and the others read anew."""

from __future__ import annotations

import hashlib
import posixpath
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from ormlint.graph.model import Schema
from ormlint.graph.schemas import Schemas, kinds

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine, Modules
    from ormlint.graph.memo import Memo
    from ormlint.graph.resting import Resting

_decode = msgspec.msgpack.Decoder(dict[str, Schema]).decode


def read_all(machine: Machine, resting: Resting, memo: Memo | None) -> dict[str, Schema]:
    """Every Pydantic model of the modules, by id; of two classes with one id the last stands."""
    known = resting.known
    for_v1 = kinds.written_for_v1(each.signs for each in known.values())
    key = f"{for_v1} {releases(machine.modules, known)}"
    reader = Schemas(machine, for_v1)
    found: dict[str, Schema] = {}
    for path in (path for path, each in known.items() if each.has_classes):
        schemas = _recalled(memo, path, key) if memo is not None else None
        if schemas is None:
            schemas = reader.of(machine.modules.at(path))
            if memo is not None:
                memo.keep(_unit(path), key, [path], schemas)
        found.update(schemas)
    return found


def releases(modules: Modules, paths: Iterable[str]) -> str:
    """Which major version of Pydantic most folders' files are for, and which others are for another."""
    found = {posixpath.dirname(path): modules.pydantic(path) for path in paths}
    counts = Counter(found.values())
    usual = max(counts, key=lambda major: (counts[major], major or 0), default=None)
    others = sorted(folder for folder in found.items() if folder[1] != usual)
    return hashlib.sha256(repr((usual, others)).encode()).hexdigest()


def _recalled(memo: Memo, path: str, key: str) -> dict[str, Schema] | None:
    content = memo.recall(_unit(path), key)
    try:
        return None if content is None else _decode(content)
    except msgspec.MsgspecError:
        return None


def are_as_before(memo: Memo, path: str) -> bool:
    """Whether the schemas of a module were recalled: they are those that the last run had."""
    return memo.recalled(_unit(path)) is not None


def _unit(path: str) -> str:
    return f"schemas of {path}"
