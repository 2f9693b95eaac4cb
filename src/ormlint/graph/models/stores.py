"""The MetaData that tables live on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from ormlint.findings import Place
from ormlint.graph.machine.classes import lookup, mro
from ormlint.graph.machine.origins import made_by, root, symbol
from ormlint.graph.machine.values import ClassValue, External, Made, Member, ModuleValue, Unknown, Value
from ormlint.graph.model import UNSEEN, MetaDataInfo, metadata_id
from ormlint.graph.models.declarative import HARMLESS_ROOTS, declarative_root, is_mapped_value

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine


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

    @property
    def stubs(self) -> frozenset[str]:
        """The files that tell of packages."""
        return frozenset(module.path for module in self.machine.modules.awake() if module.is_stub)

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
                for name in ("metadata", "registry"):
                    value = cls.namespace.get(name)
                    if isinstance(value, Made):
                        self._names.setdefault(id(value), (cls.id, cls.place))
                for decorator in cls.decorators:
                    if isinstance(decorator, Made) and symbol(decorator.callee) == "as_declarative":
                        self._names.setdefault(id(decorator), (cls.id, decorator.place))

    def use(self, metadata: str, place: Place) -> None:
        """A base that a package gives has its place where the project first uses it."""
        info = self.infos[metadata]
        if not info.place.path or self.machine.modules.is_stub(info.place.path):
            info.place = place
            info.convention_place = None

    def of_class(self, cls: ClassValue) -> MetaDataInfo | None:
        """The MetaData that a declarative class's tables live on."""
        declarative = declarative_root(self.machine, cls)
        for each in mro(self.machine, cls):
            if not isinstance(each, ClassValue):
                continue
            metadata = each.namespace.get("metadata")
            if metadata is not None and not is_mapped_value(metadata):
                return self.of_value(metadata, each)
            registry = each.namespace.get("registry")
            if made_by(registry, "registry"):
                return self.of_value(registry, each)
        if declarative is None:
            return None
        bind = lookup(self.machine, cls, "__bind_key__")
        return self.of_value(declarative.value, None, declarative.kind, bind[1] if bind is not None else None)

    def of_value(
        self, value: Value, owner: ClassValue | None = None, kind: str = "", bind: Value = None
    ) -> MetaDataInfo | None:
        """The MetaData that a value is or carries: a `MetaData`, a registry, a base, `Base.metadata`.

        `bind` is the key of one of Flask-SQLAlchemy's further databases, each with a MetaData of its own.
        """
        info = self._of_value(value, owner, kind)
        if info is None or not isinstance(bind, str):
            return info
        name = info.id.replace(info.name, f"{info.name}[{bind}]", 1)
        if name not in self.infos:
            self.infos[name] = replace(info, id=name, schema=None)
        return self.infos[name]

    def _of_value(self, value: Value, owner: ClassValue | None, kind: str) -> MetaDataInfo | None:
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
                held = (value.namespace.get(name) for name in ("metadata", "registry"))
                inner = next((each for each in held if each is not None and not is_mapped_value(each)), None)
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
            stated = value.arg(2, "naming_convention")
            info.convention_place = value.place if stated is not None else None
            schema = value.arg(0, "schema")
            info.schema = schema if isinstance(schema, str) else None
            info.schema_known = not isinstance(schema, Unknown) and not value.open_keywords
            if value.open_keywords and stated is None:
                info.convention_known = False
        if isinstance(holder, (Made, Member)):
            stated = holder.attributes.get("naming_convention", stated)
        if isinstance(value, External):
            stated = self.machine.assigned_externals.get(f"{value.path}.metadata.naming_convention", stated)
            given = self.machine.assigned_externals.get(f"{value.path}.metadata")
            if made_by(given, "MetaData"):
                stated = given.kwargs.get("naming_convention", stated)
        if isinstance(value, External) and value.root != "sqlmodel":
            info.kind, info.convention_known, info.shared = UNSEEN, False, True
        info.shared = info.shared or self.machine.modules.is_installed(place.path)
        if isinstance(stated, dict):
            info.convention = {
                key: pattern if isinstance(pattern, str) else None
                for key, pattern in stated.items()
                if isinstance(key, str)
            }
        elif stated is not None or (isinstance(value, ClassValue) and self._may_inherit(value)):
            info.convention_known = False
        return info

    def _may_inherit(self, base: ClassValue) -> bool:
        """Whether a declarative base has the MetaData of a package's class, which is not at hand."""
        return any(
            isinstance(each, External) and each.root not in HARMLESS_ROOTS for each in mro(self.machine, base)
        )

    def _name(self, value: Value, owner: ClassValue | None) -> tuple[str, Place]:
        if isinstance(value, ClassValue):
            return self._id(value.id, value.place), value.place
        if isinstance(value, External):
            return value.path, self.first_use.get(value.path, Place("", 0))
        if id(value) in self._names:
            dotted, place = self._names[id(value)]
            return self._id(dotted, place), place
        if owner is not None:
            return self._id(owner.id, owner.place), owner.place
        place = value.place if isinstance(value, Made) else Place("", 0)
        module = self.machine.modules.at(place.path)
        return f"{module.name if module.is_stub else place.path}:{place.line}", place

    def _id(self, dotted: str, place: Place) -> str:
        """A package that is installed is there once: its name is enough."""
        return dotted if self.machine.modules.is_installed(place.path) else metadata_id(dotted, place.path)


def schema_of(stated: Value, info: MetaDataInfo | None) -> tuple[str | None, bool]:
    """The database schema of a table, its own or its MetaData's, and whether it is settled."""
    if isinstance(stated, External) and stated.name == "BLANK_SCHEMA":
        return None, True
    if stated is None:
        return (None, True) if info is None else (info.schema, info.schema_known)
    return (stated, True) if isinstance(stated, str) else (None, False)


def _kind(value: Value) -> str:
    if isinstance(value, ClassValue):
        return "base"
    return symbol(value.callee) if isinstance(value, Made) else root(value)
