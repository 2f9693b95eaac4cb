"""What models and migrations come to, as one piece that is kept: as long as it holds, neither is read.

It rests on every module that tables, mapped classes or MetaData come from, on the migrations, on `env.py`,
and on which files `env.py` reaches. Schemas and links are made beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

import msgspec

from ormlint.graph.model import Environment, Graph, MetaDataInfo, Model, Table, Unresolved
from ormlint.graph.reach_keeping import reached
from ormlint.graph.sources import EnvironmentSource, Sources

_UNIT = "foundation"


class Foundation(msgspec.Struct, array_like=True):
    """That part of a settled graph; `modules` are the files of the modules that it was read from."""

    modules: list[str]
    models: dict[str, Model]
    tables: list[Table]
    metadatas: dict[str, MetaDataInfo]
    environments: list[Environment]
    unresolved: list[Unresolved]

    def put_into(self, graph: Graph) -> None:
        """Give a graph the models that were kept of another."""
        graph.models, graph.tables, graph.metadatas = self.models, self.tables, self.metadatas

    def complete(self, graph: Graph) -> list[Unresolved]:
        """Give it the environments, too; return what is not settled."""
        graph.environments = self.environments
        return self.unresolved


_decode = msgspec.msgpack.Decoder(Foundation).decode


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
    except msgspec.MsgspecError:
        return None
    if found is None or any(
        reached_by(sources, source) != each.reached
        for source, each in zip(sources.environments, found.environments, strict=True)
    ):
        return None
    for source in sources.environments:
        memo.carry(source.replay)
    return found


def keep(
    sources: Sources, releases: str, graph: Graph, modules: Collection[str], unresolved: list[Unresolved]
) -> None:
    """Keep that of a settled graph which the modules gave, unless a replay cannot be kept."""
    memo = sources.memo
    if memo is None:
        return
    files = {*modules, *(each.env_py for each in sources.environments if each.env_py is not None)}
    for source in sources.environments:
        replay = memo.unit(source.replay)
        if replay is None:
            return
        files.update(replay.files)
    found = Foundation(
        sorted(modules), graph.models, graph.tables, graph.metadatas, graph.environments, unresolved
    )
    memo.keep(_UNIT, _key(sources, releases), files, found)


def reached_by(sources: Sources, source: EnvironmentSource) -> frozenset[str] | None:
    """The files that an `env.py` imports; `None` where an application runs it, with all that it imported."""
    runs = source.env_py is not None and source.configured
    return reached(sources, source.env_py) if runs and source.env_py is not None else None


def _key(sources: Sources, releases: str) -> str:
    return hashlib.sha256(repr((sources.environments, sources.dialect, releases)).encode()).hexdigest()
