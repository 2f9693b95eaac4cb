"""What models and migrations come to, kept in two pieces: as long as both hold, neither is read.

The models rest on every module that tables, mapped classes or MetaData come from, on `env.py`, and on which
files it reaches. The environments beside them rest on the migrations, too. Schemas and links are made beside
both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from typing import Union

import msgspec
from msgspec.structs import replace

from ormlint.graph.memo import Memo, Unit, UpsetError
from ormlint.graph.migrations.configured import Configured
from ormlint.graph.model import Environment, Graph, MetaDataInfo, Model, Table, Unresolved
from ormlint.graph.reach_keeping import reached
from ormlint.graph.sources import EnvironmentSource, Sources

_UNIT = "foundation"
_ENVIRONMENTS = "environments on the foundation"


class Foundation(msgspec.Struct, array_like=True):
    """That part of a settled graph; `modules` are the files of the modules that it was read from."""

    modules: list[str]
    models: dict[str, Model]
    tables: list[Table]
    metadatas: dict[str, MetaDataInfo]
    unresolved: list[Unresolved]
    configured: list[Configured]
    """What the `env.py` of each environment says."""
    reached: list[Union[frozenset[str], None]]
    """The files that each of them imports."""
    shown: msgspec.Raw
    """What the columns of the tables are stored as, for each environment."""
    tells_all: bool
    """The tables tell all that a filter of an `env.py` may ask of them."""
    apart: bool
    """What a module gives shows in no other but by its names, relationships and foreign keys."""
    environments: Union[list[Environment], None] = None
    """Kept by themselves; `None` where the migrations changed."""

    def put_into(self, graph: Graph) -> None:
        """Give a graph the models that were kept of another."""
        graph.models, graph.tables, graph.metadatas = self.models, self.tables, self.metadatas

    def complete(self, graph: Graph) -> list[Unresolved]:
        """Give it the environments, too; return what is not settled."""
        graph.environments = self.environments or []
        return self.unresolved

    def keep(self, graph: Graph, releases: str, _modules: Collection[str]) -> None:
        """It is kept."""


_decode = msgspec.msgpack.Decoder(Foundation).decode
_environments = msgspec.msgpack.Decoder(list[Environment]).decode


def recalled(sources: Sources, releases: str) -> Foundation | None:
    """That of the last run, `None` where it does not hold; `releases` of Pydantic have a say.

    What it was made from is kept for a run in which it does not hold.
    """
    memo = sources.memo
    if memo is None:
        return None
    content = memo.recall(_UNIT, _key(sources, releases))
    try:
        found = _decode(content) if content is not None else None
        if found is None or [reached_by(sources, each) for each in sources.environments] != found.reached:
            return None
        content = memo.recall(_ENVIRONMENTS, _key_with_migrations(sources, releases))
        found.environments = _environments(content) if content is not None else None
    except msgspec.MsgspecError:
        return None
    if found.environments is None and not found.tells_all:
        return None
    for source in sources.environments:
        memo.carry(source.replay)
    return found


def former(sources: Sources, releases: str) -> tuple[Foundation, AbstractSet[str]] | None:
    """That of the last run, and the files that it does not hold for, where the rest of it may."""
    changed = sources.memo.changed(_UNIT, _key(sources, releases)) if sources.memo is not None else None
    try:
        found = _decode(changed[0]) if changed is not None else None
    except msgspec.MsgspecError:
        return None
    if changed is None or found is None or not (found.apart and found.tells_all):
        return None
    stores = (each.place.path for each in found.metadatas.values())
    if changed[1].isdisjoint(found.modules) or not changed[1].isdisjoint(stores):
        return None
    if [reached_by(sources, each) for each in sources.environments] != found.reached:
        return None
    return found, changed[1]


def keep(sources: Sources, releases: str, found: Foundation) -> None:
    """Keep all that models come to, with the environments unless a replay cannot be kept.

    Nor where a module alters another one: that would be run without it where the first one rests.
    """
    memo = sources.memo
    if memo is None or memo.is_spoilt:
        return
    files = {*found.modules, *(each.env_py for each in sources.environments if each.env_py is not None)}
    memo.keep(_UNIT, _key(sources, releases), files, replace(found, environments=None))
    keep_environments(sources, releases, found, memo)


def keep_environments(sources: Sources, releases: str, found: Foundation, memo: Memo) -> None:
    """The same of the environments alone."""
    files = {*found.modules, *(each.env_py for each in sources.environments if each.env_py is not None)}
    for source in sources.environments:
        replay = memo.unit(source.replay)
        if replay is None:
            return
        files.update(replay.files)
    memo.keep(_ENVIRONMENTS, _key_with_migrations(sources, releases), files, found.environments)


def unit(memo: Memo) -> Unit | None:
    """What models rest on; `None` where they are not kept."""
    return memo.unit(_UNIT)


def is_spoilt(sources: Sources) -> bool:
    """Whether a module is another than its file tells that an `env.py` led to; the others are run anew."""
    memo = sources.memo
    files = (each.env_py for each in sources.environments)
    return memo is not None and any(path is not None and memo.led_to_spoilt(path) for path in files)


def upset(sources: Sources) -> UpsetError:
    """Forget it, and give what has everything read again where it is raised."""
    if sources.memo is not None:
        sources.memo.forget(_UNIT)
    return UpsetError()


def reached_by(sources: Sources, source: EnvironmentSource) -> frozenset[str] | None:
    """The files that an `env.py` imports; `None` where an application runs it, with all that it imported."""
    runs = source.env_py is not None and source.configured
    return reached(sources, source.env_py) if runs and source.env_py is not None else None


def _key(sources: Sources, releases: str) -> str:
    environments = [replace(each, revision_files=()) for each in sources.environments]
    return _digest((environments, sources.dialect, releases))


def _key_with_migrations(sources: Sources, releases: str) -> str:
    return _digest((sources.environments, sources.dialect, releases))


def _digest(rests_on: object) -> str:
    return hashlib.sha256(repr(rests_on).encode("utf-8", "surrogatepass")).hexdigest()
