"""How far the scan of a class has come, and what it found."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.machine.classes import project_classes
from ormlint.graph.machine.origins import made_by
from ormlint.graph.machine.values import ClassValue, Function, Made, Unknown, Value
from ormlint.graph.models.annotations import MappedType
from ormlint.graph.models.columns import SENTINELS

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_INHERITED = Unknown("mapped by a class above")


class Declaration(Struct):
    """One attribute of a mapped class; `owner` is the class of the MRO that declares it."""

    name: str
    owner: ClassValue
    value: Value
    place: Place
    kind: str
    """`column`, `relationship`, `unknown`, or one of the other readable kinds."""
    mapped: MappedType | None = None
    column: Made | None = None

    @property
    def unmapped(self) -> bool:
        """Whether the mapper leaves the column out: `Unmapped[int]`, `unmapped_column()`, a sentinel."""
        annotated = self.mapped is not None and self.mapped.container == "Unmapped"
        return annotated or made_by(self.column, "unmapped_column", *SENTINELS)


class Scan(Struct):
    """The scan of one class; `names` are those that a mapped parent maps."""

    machine: Machine
    cls: ClassValue
    mapped: Container[int]
    """Identities of the mapped classes."""
    names: frozenset[str]
    fixed_table: bool
    found: dict[str, Declaration] = {}
    copied: dict[str, Value] = {}
    """What the scan has put on the class itself so far."""

    def current(self, name: str) -> Value:
        """What `getattr(cls, name, None)` gives at this point of the scan."""
        if name in self.copied:
            return self.copied[name]
        for owner in project_classes(self.machine, self.cls):
            if owner is not self.cls and id(owner) in self.mapped and name in self.names:
                return _INHERITED
            if name in owner.namespace:
                return given(self.machine, owner, name)
        return None


def given(machine: Machine, owner: ClassValue, name: str) -> Value:
    """The value of a name in a class body; of a dataclass field, the column in its metadata."""
    value = owner.namespace.get(name)
    if made_by(value, "field"):
        key = owner.namespace.get("__sa_dataclass_metadata_key__")
        metadata = value.kwargs.get("metadata")
        if isinstance(key, str) and isinstance(metadata, dict) and key in metadata:
            inner = metadata[key]
            return machine.invoke(inner, []) if isinstance(inner, Function) else inner
    return value
