"""Which files an `env.py` imports, kept as long as each of them imports what it did.

That holds while the modules that they name lead where they led, whatever else is in the files.
"""

from __future__ import annotations

from hashlib import sha256

import msgspec

from ormlint.graph.memo import File, Memo
from ormlint.graph.reach import Walk
from ormlint.graph.sources import Sources


class Followed(msgspec.Struct, frozen=True, array_like=True):
    """A file whose imports were followed."""

    was: File
    said: str
    """A digest of its imports, and of what it calls where that has a say."""


class Reach(msgspec.Struct, frozen=True, array_like=True):
    """What following the imports of an `env.py` showed."""

    files: dict[str, Followed]
    names: list[str]
    """The modules that were looked for."""
    computes: bool
    """One of the files has a call that computes what is imported: what they call has a say."""
    is_settled: bool
    """Nothing that is imported is computed at run time."""


def reached(sources: Sources, env_py: str) -> frozenset[str] | None:
    """The files that running `env.py` imports; `None` where an import is computed at run time."""
    memo = sources.memo
    if memo is None:
        walk = Walk(sources)
        return frozenset(walk.seen) if walk.follow(env_py) else None
    found = _recalled(sources, memo, env_py) or _followed(sources, memo, env_py)
    memo.watch.imports.update(found.files)
    memo.watch.names.update(found.names)
    memo.watch.calls |= found.computes
    return frozenset(found.files) if found.is_settled else None


_decode = msgspec.msgpack.Decoder(Reach).decode
_encode = msgspec.msgpack.Encoder().encode


def _unit(env_py: str) -> str:
    return f"reach of {env_py}"


def _recalled(sources: Sources, memo: Memo, env_py: str) -> Reach | None:
    """What the last run found, where it holds."""
    content = memo.recall(_unit(env_py), "")
    try:
        found = _decode(content) if content is not None else None
    except msgspec.MsgspecError:
        return None
    if found is None or not memo.lead_as_before(found.names):
        return None
    holds = all(
        _is_alike(sources, path, then, memo.file(path), calls=found.computes)
        for path, then in found.files.items()
    )
    return found if holds else None


def _is_alike(sources: Sources, path: str, then: Followed, now: File, *, calls: bool) -> bool:
    if now == then.was:
        return True
    return (
        bool(now.content) and now.named == then.was.named and _said(sources, path, calls=calls) == then.said
    )


def _followed(sources: Sources, memo: Memo, env_py: str) -> Reach:
    walk = Walk(sources)
    is_settled, calls = walk.follow(env_py), walk.computes
    files = {path: Followed(memo.file(path), _said(sources, path, calls=calls)) for path in walk.seen}
    found = Reach(files, sorted(walk.names), calls, is_settled)
    if all(each.was.content for each in files.values()):
        memo.keep(_unit(env_py), "", (), found)
    else:
        memo.forget(_unit(env_py))  # what was recalled, which holds no more
    return found


def _said(sources: Sources, path: str, *, calls: bool) -> str:
    said = sources.imports(path), sorted(sources.calls(path).items()) if calls else None
    return sha256(_encode(said)).hexdigest()
