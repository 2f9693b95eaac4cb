"""A schema's configuration, merged along its bases as Pydantic merges it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.graph.machine.classes import lookup, mro
from ormlint.graph.machine.origins import symbol
from ormlint.graph.machine.values import ClassValue, External, Made, Subscripted, Unknown, Value
from ormlint.graph.packages import KNOWN

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

Config = dict[str, Value]
OPEN = "*"
"""Stands in a configuration for keys that the source does not settle."""

_CLASS_KEYWORDS_OF_OTHERS = frozenset({"metaclass", "table"})
_EXTERNAL: dict[str, Config] = {"SQLModel": {"from_attributes": True}}


class Configs:
    """The merged configuration of each class, computed once."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._of: dict[int, Config] = {}

    def of(self, cls: ClassValue, v1: bool) -> Config:
        """The configuration in force for the class."""
        if id(cls) not in self._of:
            self._of[id(cls)] = {}  # a class that inherits from itself ends here
            self._of[id(cls)] = self._merged(cls, v1)
        return self._of[id(cls)]

    def _merged(self, cls: ClassValue, v1: bool) -> Config:
        """Pydantic 2 lets the last base win (`ConfigWrapper.for_model`), 1 the first along the MRO."""
        merged: Config = {}
        if v1:
            for owner in reversed(mro(self._machine, cls)):
                merged.update(self._stated(owner) if isinstance(owner, ClassValue) else {})
            return merged
        for base in cls.bases:
            merged.update(self._of_base(base.origin if isinstance(base, Subscripted) else base))
        merged.update(self._stated(cls))
        return merged

    def _of_base(self, base: Value) -> Config:
        if isinstance(base, ClassValue):
            return self.of(base, v1=False)
        if isinstance(base, External) and base.root in KNOWN:
            return _EXTERNAL.get(symbol(base), {})
        return {OPEN: Unknown("the configuration of a base that is not at hand")}

    def _stated(self, cls: ClassValue) -> Config:
        """What the class says itself: in its body, its decorators, its keywords."""
        found = self._own(cls)
        for decorator in cls.decorators:
            if isinstance(decorator, Made) and symbol(decorator.callee) == "dataclass":
                found.update(_keys(decorator.kwargs.get("config"), cls))
        found.update({k: v for k, v in cls.keywords.items() if k not in _CLASS_KEYWORDS_OF_OTHERS})
        return found

    def _own(self, cls: ClassValue) -> Config:
        found = _keys(cls.namespace.get("model_config"), cls)
        inner = cls.namespace.get("Config")
        if isinstance(inner, ClassValue):
            found.update(self._attributes(inner))
        return found

    def _attributes(self, inner: ClassValue) -> Config:
        names: dict[str, None] = {}
        for owner in [inner, *(base for base in inner.bases if isinstance(base, ClassValue))]:
            names.update({name: None for name in owner.namespace if not name.startswith("__")})
        found = {name: lookup(self._machine, inner, name) for name in names}
        return {name: pair[1] for name, pair in found.items() if pair is not None}


def _keys(written: Value, cls: ClassValue) -> Config:
    """What a `dict` or a `ConfigDict(...)` says."""
    if isinstance(written, dict):
        return {key: value for key, value in written.items() if isinstance(key, str)}
    if isinstance(written, Made):
        found = dict(written.kwargs)
        if written.open_keywords:
            found[OPEN] = Unknown("a configuration with unknown keys", written.place)
        return found
    return {} if written is None else {OPEN: Unknown("a computed configuration", cls.place)}


def flag(config: Config, *names: str) -> bool | None:
    """A yes-or-no key under the first of its names that is there; `None` where it is not settled."""
    for name in names:
        if name in config:
            value = config[name]
            return value if isinstance(value, bool) else None
    return None if OPEN in config else False
