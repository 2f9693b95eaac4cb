"""The schemas of modules that are as they were in the last run, and the others read anew."""

from __future__ import annotations

import hashlib
import posixpath
from collections import Counter
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from ormlint.graph.model import Field, Schema
from ormlint.graph.schemas import kinds
from ormlint.packing import written

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine, Modules
    from ormlint.graph.machine.values import ModuleValue
    from ormlint.graph.memo import Memo
    from ormlint.graph.resting import Resting
    from ormlint.graph.schemas.reading import Schemas


class _Kept(msgspec.Struct, array_like=True):
    """A schema without its fields, their names, and the fields."""

    schema: Schema
    names: list[str]
    fields: memoryview


_decode = msgspec.msgpack.Decoder(list[_Kept]).decode
_decode_fields = msgspec.msgpack.Decoder(dict[str, Field]).decode


class _Fields(Mapping[str, Field]):
    """The fields of a schema, decoded where more than their names is asked for: of most nothing is."""

    def __init__(self, kept: _Kept) -> None:
        self._kept = kept
        self._decoded: dict[str, Field] | None = None

    @property
    def _fields(self) -> dict[str, Field]:
        if self._decoded is None:
            self._decoded = _decode_fields(self._kept.fields)
        return self._decoded

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept.names)

    def __len__(self) -> int:
        return len(self._kept.names)

    def __contains__(self, name: object) -> bool:
        return name in self._kept.names

    def keys(self) -> KeysView[str]:
        return self._fields.keys()

    def values(self) -> ValuesView[Field]:
        return self._fields.values()

    def items(self) -> ItemsView[str, Field]:
        return self._fields.items()


def read_all(machine: Machine, resting: Resting, memo: Memo | None) -> dict[str, Schema]:
    """Every Pydantic model of the modules, by id; of two classes with one id the last stands."""
    known = resting.known
    for_v1 = kinds.written_for_v1(each.signs for each in known.values())
    key = f"{for_v1} {releases(machine.modules, known)}"
    read = _Reading(machine, for_v1)
    found: dict[str, Schema] = {}
    for path in (path for path, each in known.items() if each.has_classes):
        schemas = _recalled(memo, path, key) if memo is not None else None
        if schemas is None:
            schemas = read.of(machine.modules.at(path))
            if memo is not None:
                _keep(memo, path, key, schemas.values())
        found.update(schemas)
    return found


class _Reading:
    """Reads the schemas of modules; what that takes is imported where a module has some."""

    def __init__(self, machine: Machine, for_v1: bool) -> None:
        self._machine, self._for_v1 = machine, for_v1
        self._schemas: Schemas | None = None

    def of(self, module: ModuleValue) -> dict[str, Schema]:
        """Those of a module by id."""
        if all(kinds.kind_of(self._machine, cls) is None for cls in module.classes):
            return {}
        if self._schemas is None:
            from ormlint.graph.schemas.reading import Schemas  # noqa: PLC0415 - see above

            self._schemas = Schemas(self._machine, self._for_v1)
        return self._schemas.of(module)


def releases(modules: Modules, paths: Iterable[str]) -> str:
    """A digest of the releases of Pydantic, SQLModel and SQLAlchemy that files are for, by their folders."""
    folders = {posixpath.dirname(path): path for path in paths}  # files of one folder are for the same
    found = {
        folder: (
            modules.pydantic(path),
            modules.derives_anew("sqlmodel", path),
            modules.derives_anew("sqlalchemy", path),
        )
        for folder, path in folders.items()
    }
    counts = Counter(found.values())
    usual = max(counts, key=lambda each: (counts[each], repr(each)), default=None)
    others = sorted(folder for folder in found.items() if folder[1] != usual)
    return hashlib.sha256(repr((usual, others)).encode()).hexdigest()


def _keep(memo: Memo, path: str, key: str, schemas: Iterable[Schema]) -> None:
    kept = []
    for each in schemas:
        fields = written(each.fields)
        if fields is None:
            return
        kept.append(_Kept(replace(each, fields={}), [*each.fields], memoryview(fields)))
    memo.keep(_unit(path), key, [path], kept)


def _recalled(memo: Memo, path: str, key: str) -> dict[str, Schema] | None:
    content = memo.recall(_unit(path), key)
    try:
        kept = None if content is None else _decode(content)
    except msgspec.MsgspecError:
        return None
    if kept is None:
        return None
    for each in kept:
        each.schema.fields = _Fields(each)
    return {each.schema.id: each.schema for each in kept}


def are_as_before(memo: Memo, path: str) -> bool:
    """Whether the schemas of a module were recalled: they are those that the last run had."""
    return memo.recalled(_unit(path)) is not None


def _unit(path: str) -> str:
    return f"schemas of {path}"
