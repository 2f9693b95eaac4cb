"""Attribute look-up and assignment on every kind of value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ormlint.graph.machine.classes import is_enum, lookup, mro
from ormlint.graph.machine.enumerations import enum_attribute, enum_members
from ormlint.graph.machine.instances import initialise, is_beginning
from ormlint.graph.machine.named import stated_name
from ormlint.graph.machine.origins import made_by, root, symbol
from ormlint.graph.machine.values import (
    BoundMethod,
    ClassValue,
    EnumMember,
    External,
    Function,
    Made,
    Member,
    ModuleValue,
    NativeMethod,
    Partial,
    Subscripted,
    Unknown,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def get(machine: Machine, value: Value, name: str) -> Value:
    """The attribute `name` of a value, symbolic where no source shows it."""
    for hook in machine.hooks.member:
        answer = hook(machine, value, name)
        if answer is not NotImplemented:
            return answer
    getter = _GETTERS.get(type(value))
    return Unknown(f"attribute `{name}`") if getter is None else getter(machine, value, name)


def _of_external(machine: Machine, value: External, name: str) -> Value:
    if name == "__dict__" and value.root in _PLAIN_BASES:
        return {}  # of a base class: none of the names that a project gives is in it
    inner = machine.modules.find(f"{value.path}.{name}", machine.running[-1]) if machine.running else None
    return inner if inner is not None else external_member(machine, value, name)


def _of_member(machine: Machine, value: Member, name: str) -> Value:
    if value.name == "super()":
        return _super_attribute(machine, value, name)
    return _symbolic(value, value.attributes, name)


def _of_subscripted(machine: Machine, value: Subscripted, name: str) -> Value:
    if isinstance(value.origin, Member):  # an item, as of `metadata.tables`, rather than a generic class
        return Member(value, name)
    return get(machine, value.origin, name)


def _of_native(machine: Machine, value: Value, name: str) -> Value:
    return NativeMethod(value, name)


def _of_function(machine: Machine, value: Function, name: str) -> Value:
    if name in ("__name__", "__qualname__"):
        return value.name
    # `@total.setter` over a property: the decorator is a member of the function above it.
    return Member(value, name) if value.decorators else Unknown(f"attribute `{name}` of a function")


def _of_unknown(machine: Machine, value: Unknown, name: str) -> Value:
    return Unknown(value.reason, value.place, value.name)


def _of_module(machine: Machine, value: ModuleValue, name: str) -> Value:
    return machine.module_attribute(value, name)


def external_member(machine: Machine, value: External, name: str) -> Value:
    """A member of an external name; the few constants that settle branches are known."""
    path = f"{value.path}.{name}"
    if path in _CONSTANTS:
        return _CONSTANTS[path]
    if path in _PYDANTIC_VERSION and machine.running:
        major = machine.modules.pydantic(machine.running[-1].path)
        return _PYDANTIC_RELEASES.get(major, External(path))
    return External(path)


_CONSTANTS: dict[str, Value] = {
    "typing.TYPE_CHECKING": False,
    "sys.version_info": (3, 14, 0),
    "string.ascii_lowercase": "abcdefghijklmnopqrstuvwxyz",
    "string.digits": "0123456789",
}
_PYDANTIC_VERSION = frozenset({"pydantic.VERSION", "pydantic.__version__", "pydantic.version.VERSION"})
_PYDANTIC_RELEASES: dict[int | None, Value] = {1: "1.10.26", 2: "2.12.5"}
"""By the major version, which is what code that runs with either asks for."""


def _symbolic(owner: Value, attributes: dict[str, Value], name: str) -> Value:
    """The same symbolic member at every look-up, so that what is assigned to it stays."""
    if name not in attributes:
        attributes[name] = Member(owner, name)
    return attributes[name]


def class_attribute(machine: Machine, cls: ClassValue, name: str) -> Value:
    """What `cls.name` gives, along the MRO; `__name__` and the like are known."""
    if name in ("__name__", "__qualname__", "__module__"):
        return {"__name__": cls.name, "__qualname__": cls.qualname, "__module__": cls.module.name}[name]
    if name in _OF_TYPES:
        return _OF_TYPES[name](machine, cls)
    found = lookup(machine, cls, name)
    if found is not None:
        if found[0] is not cls and made_by(found[1], "Column", "mapped_column"):
            return _symbolic(cls, cls.attributes, name)  # each class below a mixin has its own copy
        return _from_class(machine, cls, found[1])
    if name == "__members__" and is_enum(machine, cls):
        return enum_members(machine, cls)
    if name in ("__table__", "metadata", "registry", "__mapper__", "c") or not complete_class(machine, cls):
        owner = _declarative_owner(machine, cls) if name in ("metadata", "registry") else cls
        return _symbolic(owner, owner.attributes, name)
    if name == "__annotations__":
        return {key: Unknown("an annotation") for key in cls.annotations}
    return _symbolic(cls, cls.attributes, name)


_OF_TYPES: dict[str, Callable[[Machine, ClassValue], Value]] = {
    "__mro__": lambda machine, cls: tuple(mro(machine, cls)),
    "__bases__": lambda machine, cls: cls.bases,
    "__dict__": lambda machine, cls: dict(cls.namespace),
}


def lacks(machine: Machine, cls: ClassValue, name: str) -> bool:
    """Whether a class is certain to have no attribute of a name, declarative bases of packages considered."""
    for base in mro(machine, cls):
        if isinstance(base, ClassValue):
            if name in base.namespace or name in base.annotations:
                return False
        elif root(base) not in _PLAIN_BASES:
            return False
    return name in _GIVEN_BY_PROJECTS if name.startswith("_") else name not in _GIVEN_BY_BASES


_PLAIN_BASES = frozenset({"abc", "builtins", "flask_sqlalchemy", "sqlalchemy", "typing", "typing_extensions"})
_GIVEN_BY_PROJECTS = frozenset({"__mapper_args__", "__table_args__", "__abstract__", "__versioned__"})
_GIVEN_BY_BASES = frozenset({"awaitable_attrs", "metadata", "query", "query_class", "registry"})


def _declarative_owner(machine: Machine, cls: ClassValue) -> ClassValue:
    """`metadata` belongs to the topmost class of the project in the line of bases."""
    return next(
        (c for c in reversed(mro(machine, cls)) if isinstance(c, ClassValue) and _has_external_base(c)), cls
    )


def _has_external_base(cls: ClassValue) -> bool:
    return any(
        not isinstance(base, ClassValue) and root(base) not in ("typing", "abc", "enum") for base in cls.bases
    )


def complete_class(machine: Machine, cls: ClassValue) -> bool:
    """Whether the source shows all of the class's own attributes."""
    return all(
        isinstance(c, ClassValue) or symbol(c) in ("object", "Generic", "ABC") for c in mro(machine, cls)
    )


def _from_class(machine: Machine, cls: ClassValue, value: Value) -> Value:
    if isinstance(value, Function):
        if value.decorated_by("declared_attr") and not value.name.startswith("__"):
            return declared(machine, cls, value)
        if value.decorated_by("declared_attr", "directive", "classproperty", "hybrid_property"):
            return machine.invoke(value, [cls])
        if value.decorated_by("staticmethod"):
            return value
        if value.decorated_by("classmethod") and value.decorated_by("property"):
            return machine.invoke(value, [cls])
        if value.decorated_by("classmethod") or value.name in ("__init_subclass__", "__class_getitem__"):
            return BoundMethod(value, cls)
    return value


def declared(machine: Machine, cls: ClassValue, function: Function) -> Value:
    """What a `declared_attr` gives for a class, the same object at every look-up."""
    key = f"{function.name}()"
    if key not in cls.attributes:
        cls.attributes[key] = machine.invoke(function, [cls])
    return cls.attributes[key]


def _instance_attribute(machine: Machine, value: Made, name: str) -> Value:
    if name in value.attributes:
        return value.attributes[name]
    cls = value.callee.origin if isinstance(value.callee, Subscripted) else value.callee
    if isinstance(cls, ClassValue):
        initialise(machine, cls, value)
        if name in value.attributes:
            return value.attributes[name]
        found = lookup(machine, cls, name)
        if found is not None:
            return _from_instance(machine, cls, value, found[1])
        if name == "__class__":
            return cls
    stated = stated_name(machine, value) if name == "name" and root(value) == "sqlalchemy" else None
    return _symbolic(value, value.attributes, name) if stated is None else stated


def _from_instance(machine: Machine, cls: ClassValue, value: Made, attribute: Value) -> Value:
    if isinstance(attribute, Function):
        if attribute.decorated_by("staticmethod"):
            return attribute
        if attribute.decorated_by("property", "cached_property"):
            return machine.invoke(attribute, [value])
        return BoundMethod(attribute, cls if attribute.decorated_by("classmethod") else value)
    if not complete_class(machine, cls):
        # Settings read the environment, models read rows: a default in the class is not the value.
        return Unknown("an attribute that the base class may fill")
    return attribute


def _super_attribute(machine: Machine, member: Member, name: str) -> Value:
    """`super().name`: what comes after the class that holds the method, in the MRO of the class called on.

    A method is bound to the instance that the call is in a method of, where there is one.
    """
    line = mro(machine, member.owner)
    holder = member.attributes.get("__thisclass__", member.owner)
    start = next((index for index, cls in enumerate(line) if cls is holder), 0)
    for cls in line[start + 1 :]:
        if isinstance(cls, ClassValue) and name in cls.namespace:
            instance, found = member.attributes.get("__self__"), cls.namespace[name]
            if isinstance(instance, Made) and isinstance(found, Function):
                return _from_instance(machine, member.owner, instance, found)
            value = _from_class(machine, member.owner, found)
            return BoundMethod(value, member.owner) if isinstance(value, Function) else value
    return Unknown(f"super().{name}")


def assign(machine: Machine, value: Value, name: str, new: Value) -> None:
    """`value.name = new`, kept on the value itself."""
    if machine.maybe:
        new = Unknown("assigned under a condition that is not settled")
    if machine.running and not is_beginning(value):
        machine.effects.assign(machine.running[-1], value)
    if isinstance(value, Made) and isinstance(value.callee, ClassValue):
        initialise(machine, value.callee, value)
    if isinstance(value, ClassValue):
        value.assigned_later[name] = new
        value.namespace[name] = new
    elif isinstance(value, (Made, Member)):
        value.attributes[name] = new
    elif isinstance(value, ModuleValue):
        machine.execute(value).namespace[name] = new
    elif isinstance(value, External):
        machine.assigned_externals[f"{value.path}.{name}"] = new


_GETTERS: dict[type, Callable[[Machine, Any, str], Value]] = {
    ModuleValue: _of_module,
    External: _of_external,
    ClassValue: class_attribute,
    Made: _instance_attribute,
    EnumMember: enum_attribute,
    Member: _of_member,
    Subscripted: _of_subscripted,
    Function: _of_function,
    Unknown: _of_unknown,
    **dict.fromkeys(
        (re.Match, str, int, float, bool, list, tuple, dict, set, frozenset, Partial), _of_native
    ),
}
