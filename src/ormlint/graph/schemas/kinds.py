"""Which classes are Pydantic models, of which make, and whether their source shows all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from ormlint.facts.code import Attr, Const, FunctionDef, Name
from ormlint.facts.walk import walk
from ormlint.graph.machine.classes import mro
from ormlint.graph.machine.origins import root, symbol
from ormlint.graph.machine.values import ClassValue, External, Function, ImportRef, Made, ModuleValue, Value

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

Kind = Literal["model", "root", "settings", "sqlmodel", "dataclass"]

_KINDS: dict[str, Kind] = {
    "BaseModel": "model", "GenericModel": "model", "RootModel": "root", "BaseSettings": "settings",
    "SQLModel": "sqlmodel",
}  # fmt: skip
_PACKAGES = frozenset({"pydantic", "pydantic_settings", "sqlmodel"})
_HARMLESS = _PACKAGES | {"typing", "typing_extensions", "abc", "collections"}
"""Packages none of whose base classes brings a field."""
_HARMLESS_DECORATORS = _HARMLESS | {"functools", "warnings", "dataclasses", "builtins", "deprecated"}
_V2_NAMES = frozenset({
    "ConfigDict", "RootModel", "TypeAdapter", "AliasChoices", "AliasPath", "AliasGenerator",
    "field_validator", "model_validator", "computed_field", "field_serializer", "model_serializer",
    "BeforeValidator", "AfterValidator", "PlainValidator", "WrapValidator", "PlainSerializer",
    "WrapSerializer", "ValidationInfo", "FieldValidationInfo", "StringConstraints", "SerializationInfo",
    "WithJsonSchema", "pydantic_settings",
})  # fmt: skip
_V1_NAMES = frozenset({"BaseSettings", "generics", "GenericModel", "error_wrappers", "env_settings"})


class Kinds:
    """What each class is, settled once; `written_for_v1` says how the project writes its classes."""

    def __init__(self, machine: Machine, written_for_v1: bool) -> None:
        self._machine = machine
        self._written_for_v1 = written_for_v1
        self._kinds: dict[int, Kind | None] = {}
        self._v1: dict[int, bool] = {}

    def of(self, cls: ClassValue) -> Kind | None:
        """What kind of schema a class is, if it is one."""
        if id(cls) not in self._kinds:
            self._kinds[id(cls)] = kind_of(self._machine, cls)
        return self._kinds[id(cls)]

    def is_v1(self, cls: ClassValue) -> bool:
        """Whether a class follows Pydantic 1."""
        if id(cls) not in self._v1:
            self._v1[id(cls)] = is_v1(self._machine, cls, self._written_for_v1)
        return self._v1[id(cls)]


def kind_of(machine: Machine, cls: ClassValue) -> Kind | None:
    """What kind of schema a class is; `None` for a class that is none, and for a table of SQLModel."""
    if _decorated_as_dataclass(cls):
        return "dataclass"
    for base in mro(machine, cls):
        if isinstance(base, External) and base.root in _PACKAGES and base.name in _KINDS:
            kind = _KINDS[base.name]
            return None if kind == "sqlmodel" and cls.keywords.get("table") is True else kind
    return None


def _decorated_as_dataclass(cls: ClassValue) -> bool:
    names = (_callee(decorator) for decorator in cls.decorators)
    return any(
        isinstance(name, External) and name.root == "pydantic" and name.name == "dataclass" for name in names
    )


def is_any_dataclass(cls: ClassValue) -> bool:
    """Whether a class is a dataclass, of Pydantic's or of the standard library's."""
    names = (_callee(decorator) for decorator in cls.decorators)
    return any(symbol(name) == "dataclass" for name in names)


def _callee(decorator: Value) -> Value:
    return decorator.callee if isinstance(decorator, Made) else decorator


def is_v1(machine: Machine, cls: ClassValue, written_for_v1: bool) -> bool:
    """Whether a class follows Pydantic 1: through `pydantic.v1`, or because its project does.

    What the project requires counts before how it is written.
    """
    for base in mro(machine, cls):
        if isinstance(base, External) and base.root in ("pydantic", "sqlmodel"):
            major = machine.modules.pydantic(cls.module.path)
            return base.path.startswith("pydantic.v1.") or (written_for_v1 if major is None else major == 1)
    return False


class Signs(Struct, frozen=True, array_like=True):
    """Whether a module is written as only Pydantic 1 allows, and whether as only 2 does."""

    v1: bool = False
    v2: bool = False


def written_for_v1(signs: Iterable[Signs]) -> bool:
    """Whether modules are written for Pydantic 1: they use names that only 1 has, none that only 2 has."""
    seen_v1 = False
    for each in signs:
        if each.v2:
            return False
        seen_v1 = seen_v1 or each.v1
    return seen_v1


def signs_of(module: ModuleValue) -> Signs:
    """What the names in a module tell, where it has classes."""
    seen_v1 = False
    for value in module.namespace.values() if module.classes else ():
        path = _imported(value)
        if path and path.partition(".")[0] in _PACKAGES:
            last = path.rpartition(".")[2]
            if last in _V2_NAMES or path.startswith(("pydantic_settings", "pydantic_core", "pydantic.v1")):
                return Signs(v2=True)
            seen_v1 = seen_v1 or last in _V1_NAMES
    for cls in module.classes:
        if cls.name == "Config":
            if cls.namespace.keys() & {"from_attributes", "populate_by_name"}:
                return Signs(v2=True)
            seen_v1 = seen_v1 or "orm_mode" in cls.namespace
        elif "model_config" in cls.namespace:
            return Signs(v2=True)
    return Signs(seen_v1)


def _imported(value: Value) -> str:
    if isinstance(value, ImportRef):
        return f"{value.module}.{value.attr}" if value.attr else value.module
    return value.path if isinstance(value, External) else ""


def complete(machine: Machine, cls: ClassValue) -> bool:
    """Whether the source shows every base and no condition decides whether a field is declared."""
    for base in mro(machine, cls):
        if isinstance(base, ClassValue):
            if any(may_be_absent(base, name) for name in base.annotations):
                return False
        elif not _brings_no_field(base):
            return False
    return True


def _brings_no_field(base: Value) -> bool:
    return isinstance(base, External) and (base.root in _HARMLESS or base.path == "builtins.object")


def may_be_absent(owner: ClassValue, name: str) -> bool:
    """Whether a condition that is not settled, within the class statement, decides how a name is declared."""
    return owner.annotations[name].conditional and not owner.conditional


def keeps_fields(machine: Machine, cls: ClassValue) -> bool:
    """Whether no decorator and no metaclass may change the fields that the class statements declare."""
    for base in mro(machine, cls):
        if not isinstance(base, ClassValue):
            continue
        if base.keywords and not _plain_metaclass(base.keywords.get("metaclass")):
            return False
        if base.decorators and not all(_keeps_fields(machine, each) for each in base.decorators):
            return False
    return True


_FIELD_ATTRIBUTES = frozenset(
    {"model_fields", "__fields__", "__annotations__", "create_model", "model_rebuild"}
)


def _keeps_fields(machine: Machine, decorator: Value) -> bool:
    """Whether a class decorator leaves the fields as they are."""
    callee = _callee(decorator)
    if isinstance(callee, Function):
        if isinstance(callee.node, FunctionDef) and callee.node.left_out:
            callee.node = machine.modules.whole(callee.module, callee.node)
        return not _mentions(callee)
    return root(callee) in _HARMLESS_DECORATORS or symbol(callee) in ("dataclass", "final", "deprecated")


def _mentions(function: Function) -> bool:
    """Whether a function's body names an attribute through which fields can be changed."""
    return any(_name(node) in _FIELD_ATTRIBUTES for node in walk([function.node]))


def _name(node: object) -> str:
    if isinstance(node, Attr):
        return node.attr
    if isinstance(node, Name):
        return node.id
    return node.value if isinstance(node, Const) and isinstance(node.value, str) else ""


def _plain_metaclass(value: Value) -> bool:
    return value is None or (isinstance(value, External) and value.root in _HARMLESS)
