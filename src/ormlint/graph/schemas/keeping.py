"""The schemas of modules that are as they were in the last run, and the others read anew."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from ormlint.graph.machine.values import ModuleValue
from ormlint.graph.model import Schema
from ormlint.graph.schemas import Schemas

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine
    from ormlint.graph.memo import Memo

_encode = msgspec.msgpack.Encoder().encode
_ALSO_RUN = "modules that reading schemas ran"
_paths = msgspec.msgpack.Decoder(list[str]).decode
_decode = msgspec.msgpack.Decoder(dict[str, Schema]).decode


def read_all(machine: Machine, modules: Sequence[ModuleValue], memo: Memo | None) -> dict[str, Schema]:
    """Every Pydantic model of the modules, by id; of two classes with one id the last stands."""
    reader = Schemas(machine, modules)
    found: dict[str, Schema] = {}
    if memo is None:
        for module in modules:
            found.update(reader.of(module))
        return found
    memo.spoil(module.path for module in modules if machine.is_altered(module))
    key = f"{reader.for_v1} {_releases(machine, modules)}"
    _run_again(machine, memo)
    for module in modules:
        if module.classes:
            schemas = _recalled(memo, module, key)
            if schemas is None:
                schemas = reader.of(module)
                memo.keep(_unit(module), key, [module.path], _encode(schemas))
            found.update(schemas)
    led_to = memo.led_to(machine.modules.asked)
    before = {module.path for module in modules}
    also = [each.path for each in machine.modules.executed() if each.path in led_to - before]
    memo.keep(_ALSO_RUN, "", [], _encode(also))
    return found


def _run_again(machine: Machine, memo: Memo) -> None:
    """Run the modules that annotations led to: what comes later knows more of a module that was run."""
    content = memo.recall(_ALSO_RUN, "")
    for path in _paths(content) if content is not None else ():
        if not memo.is_stale(path):
            machine.execute(machine.modules.at(path))


def _releases(machine: Machine, modules: Sequence[ModuleValue]) -> str:
    """Which major version of Pydantic each folder's files are for."""
    found = {posixpath.dirname(each.path): machine.modules.pydantic(each.path) for each in modules}
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()


def _recalled(memo: Memo, module: ModuleValue, key: str) -> dict[str, Schema] | None:
    content = memo.recall(_unit(module), key)
    try:
        return None if content is None else _decode(content)
    except msgspec.MsgspecError:
        return None


def _unit(module: ModuleValue) -> str:
    return f"schemas of {module.path}"
