"""Declarative bases, registries and their MetaData."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ormlint.findings import Place
from ormlint.graph.machine.classes import mro
from ormlint.graph.machine.values import (
    ClassValue,
    External,
    Made,
    Member,
    ModuleValue,
    Unknown,
    Value,
    made_by,
    root,
    symbol,
)  # fmt: skip
from ormlint.graph.model import MetaDataInfo

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

BASES = frozenset({"DeclarativeBase", "DeclarativeBaseNoMeta"})
FACTORIES = frozenset({"declarative_base", "generate_base", "automap_base", "as_declarative"})
DECORATORS = frozenset({"mapped", "mapped_as_dataclass"})
REGISTRIES = frozenset({"registry", "orm_registry"})


@dataclass(frozen=True)
class Root:
    """What makes a class declarative: the base class, factory call, registry or Flask extension."""

    value: Value
    kind: str


def declarative_root(machine: Machine, cls: ClassValue) -> Root | None:
    """The declarative root that a class descends from, or `None`; the root itself counts as descending."""
    for decorator in cls.decorators:
        owner = decorator.callee if isinstance(decorator, Made) else decorator
        if isinstance(owner, Member) and owner.name in DECORATORS and made_by(owner.owner, "registry"):
            return Root(owner.owner, "registry")
        if isinstance(decorator, Made) and symbol(decorator.callee) == "as_declarative":
            return Root(decorator, "declarative_base")
    line = mro(machine, cls)
    for index, each in enumerate(line):
        if isinstance(each, ClassValue):
            if each is not cls and (inner := _decorated_root(each)) is not None:
                return inner
            continue
        if isinstance(each, External):
            if each.name in BASES and each.root == "sqlalchemy":
                return Root(_first_with_base(line[:index], each) or cls, "base")
            if each.root == "sqlmodel" and each.name == "SQLModel":
                return Root(each, "SQLModel")
        elif made_by(each, *FACTORIES):
            return Root(each, "declarative_base")
        elif isinstance(each, Member) and each.name == "Model" and made_by(each.owner, "SQLAlchemy"):
            return Root(each.owner, "SQLAlchemy")
    return None


def _decorated_root(cls: ClassValue) -> Root | None:
    for decorator in cls.decorators:
        if isinstance(decorator, Made) and symbol(decorator.callee) == "as_declarative":
            return Root(decorator, "declarative_base")
    return None


def _first_with_base(line: list[Value], base: External) -> ClassValue | None:
    """The class that names `DeclarativeBase` among its own bases: the root of the family."""
    return next((c for c in line if isinstance(c, ClassValue) and base in c.bases), None)


def is_root(machine: Machine, cls: ClassValue) -> bool:
    """Whether the class is a declarative base itself rather than a mapped class."""
    found = declarative_root(machine, cls)
    if found is None:
        return False
    return found.value is cls or any(
        isinstance(d, Made) and symbol(d.callee) == "as_declarative" for d in cls.decorators
    )


class Stores:
    """Every MetaData that tables live on, by what declares it."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.infos: dict[str, MetaDataInfo] = {}
        self._by_value: dict[int, MetaDataInfo] = {}
        self._keep: list[Value] = []
        self._names: dict[int, tuple[str, Place]] = {}
        self.first_use: dict[str, Place] = {}
        """Where a base that a package gives (`SQLModel`) is first used."""

    def name_values(self, modules: list[ModuleValue]) -> None:
        """Learn under which names MetaData, registries and bases are bound."""
        for module in modules:
            for name, value in module.namespace.items():
                if isinstance(value, Made) and value.place.path == module.path:
                    self._names.setdefault(
                        id(value), (f"{module.name}.{name}", module.places.get(name, value.place))
                    )
        for module in modules:
            for cls in module.classes:
                for name, value in cls.namespace.items():
                    if isinstance(value, Made) and name in ("metadata", "registry"):
                        self._names.setdefault(id(value), (cls.id, cls.place))

    def of_class(self, cls: ClassValue) -> MetaDataInfo | None:
        """The MetaData that a declarative class's tables live on."""
        declarative = declarative_root(self.machine, cls)
        for each in mro(self.machine, cls):
            if not isinstance(each, ClassValue):
                continue
            metadata = each.namespace.get("metadata")
            if metadata is not None and not _is_mapped_value(metadata):
                return self.of_value(metadata, each)
            registry = each.namespace.get("registry")
            if made_by(registry, "registry"):
                return self.of_value(registry, each)
        return None if declarative is None else self.of_value(declarative.value, None, declarative.kind)

    def of_value(self, value: Value, owner: ClassValue | None = None, kind: str = "") -> MetaDataInfo | None:
        """The MetaData that a value is or carries: a `MetaData`, a registry, a base, `Base.metadata`."""
        value, convention_holder = self._source(value)
        if isinstance(value, Unknown) or value is None:
            return None
        key = id(value) if not isinstance(value, External) else hash(value)
        if key not in self._by_value:
            self._keep.append(value)
            info = self._describe(value, owner, kind, convention_holder)
            self._by_value[key] = self.infos.setdefault(info.id, info)
        return self._by_value[key]

    def _source(self, value: Value) -> tuple[Value, Value]:
        """What stands for the MetaData, and the symbolic member that assignments to it went to."""
        for _ in range(10):
            if (isinstance(value, Member) and value.name == "metadata") or (
                isinstance(value, Member) and value.name in ("Model", "registry")
            ):
                value = value.owner
            elif isinstance(value, External) and value.name == "metadata":
                value = External(value.module)
            elif (
                isinstance(value, Made)
                and isinstance(value.callee, Member)
                and value.callee.name == "generate_base"
            ):
                value = value.callee.owner
            elif isinstance(value, Made) and symbol(value.callee) != "MetaData":
                inner = self._carried(value)
                if inner is None:
                    return value, value.attributes.get("metadata")
                value = inner
            elif isinstance(value, ClassValue):
                inner = value.namespace.get("metadata") or value.namespace.get("registry")
                if inner is None and (declarative := declarative_root(self.machine, value)) is not None:
                    inner = declarative.value if declarative.value is not value else None
                if inner is None:
                    return value, value.attributes.get("metadata")
                value = inner
            else:
                break
        return value, value if isinstance(value, Made) else None

    def _carried(self, made: Made) -> Value:
        """The MetaData, registry or base that a factory call was given."""
        if (inner := made.kwargs.get("metadata")) is not None:
            return inner
        if "metadata" in made.attributes and made_by(made.attributes["metadata"], "MetaData"):
            return made.attributes["metadata"]
        for name in ("model_class", "cls"):
            base = made.kwargs.get(name)
            if isinstance(base, ClassValue) and (
                declarative_root(self.machine, base) is not None or "metadata" in base.namespace
            ):
                return base
        if isinstance(made.callee, External) and made.callee.root == "advanced_alchemy":
            return made.arg(0, "metadata_registry")
        return None

    def _describe(self, value: Value, owner: ClassValue | None, kind: str, holder: Value) -> MetaDataInfo:
        name, place = self._name(value, owner)
        info = MetaDataInfo(name, place, kind or _kind(value))
        stated: Value = None
        if isinstance(value, Made) and symbol(value.callee) == "MetaData":
            stated = value.kwargs.get("naming_convention")
            schema = value.arg(1, "schema") if len(value.args) < 2 else value.args[1]
            info.schema = schema if isinstance(schema, str) else None
            if value.open_keywords and stated is None:
                info.convention_known = False
        if isinstance(holder, (Made, Member)):
            stated = holder.attributes.get("naming_convention", stated)
        if isinstance(value, External):
            stated = self.machine.assigned_externals.get(f"{value.path}.metadata.naming_convention", stated)
            given = self.machine.assigned_externals.get(f"{value.path}.metadata")
            if made_by(given, "MetaData"):
                stated = given.kwargs.get("naming_convention", stated)
        if isinstance(stated, dict):
            info.convention = {
                key: pattern if isinstance(pattern, str) else None
                for key, pattern in stated.items()
                if isinstance(key, str)
            }
        elif stated is not None:
            info.convention_known = False
        return info

    def _name(self, value: Value, owner: ClassValue | None) -> tuple[str, Place]:
        if isinstance(value, ClassValue):
            return value.id, value.place
        if isinstance(value, External):
            return value.path, self.first_use.get(value.path, Place("", 0))
        if id(value) in self._names:
            return self._names[id(value)]
        if owner is not None:
            return owner.id, owner.place
        place = value.place if isinstance(value, Made) else Place("", 0)
        return f"{place.path}:{place.line}", place


def _is_mapped_value(value: Value) -> bool:
    """A column or the like under the reserved name `metadata`, which SQLAlchemy refuses."""
    return isinstance(value, Made) and symbol(value.callee) in RESERVED_CALLS


RESERVED_CALLS = frozenset({"Column", "mapped_column", "relationship", "column_property", "synonym", "deferred", "Field"})


def refused(cls: ClassValue) -> str | None:
    """The reserved name that a declarative class maps, whereupon SQLAlchemy refuses the class.

    https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html#accessing-table-and-metadata
    """
    for name in ("metadata", "registry"):
        if _is_mapped_value(cls.namespace.get(name)):
            return name
    return None


def _kind(value: Value) -> str:
    if isinstance(value, ClassValue):
        return "base"
    return symbol(value.callee) if isinstance(value, Made) else root(value)
