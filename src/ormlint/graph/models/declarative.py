"""Declarative bases, registries and their MetaData."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ormlint.graph.machine.classes import mro
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.values import ClassValue, External, Made, Member, Value
from ormlint.graph.model import UNSEEN

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

BASES = frozenset({"DeclarativeBase", "DeclarativeBaseNoMeta"})
FACTORIES = frozenset({"declarative_base", "generate_base", "automap_base", "as_declarative"})
DECORATORS = frozenset({"mapped", "mapped_as_dataclass"})


HARMLESS_ROOTS = frozenset({
    "builtins", "typing", "typing_extensions", "abc", "collections", "enum", "sqlalchemy", "sqlmodel",
    "pydantic", "dataclasses",
})  # fmt: skip
"""Packages whose base classes add no column that is not read otherwise."""


class Root(Struct, frozen=True):
    """What makes a class declarative: the base class, factory call, registry or Flask extension."""

    value: Value
    kind: str


def declarative_root(machine: Machine, cls: ClassValue) -> Root | None:
    """The declarative root that a class descends from, or `None`; the root itself counts as descending."""
    if (decorated := _mapped_by_decorator(cls) or _decorated_root(cls)) is not None:
        return decorated
    line = mro(machine, cls)
    for index, each in enumerate(line):
        if isinstance(each, ClassValue):
            if each is not cls and (inner := _decorated_root(each)) is not None:
                return inner
            if symbol(each.keywords.get("metaclass")) == "DeclarativeMeta":
                return Root(each, "base")
            continue
        if isinstance(each, External):
            if each.name in BASES and each.root == "sqlalchemy":
                return Root(_first_with_base(line[:index], each) or cls, "base")
            if each.root == "sqlmodel" and each.name == "SQLModel":
                return Root(each, "SQLModel")
        elif made_by(each, *FACTORIES):
            return Root(each, "declarative_base")
        elif isinstance(each, Member) and each.name == "Model" and is_extension(machine, each.owner):
            return Root(each.owner, "SQLAlchemy")
    return _unseen_root(machine, line)


def is_extension(machine: Machine, value: Value) -> bool:
    """Whether a value is Flask-SQLAlchemy's extension, or of the project's own subclass of it."""
    if isinstance(value, Made) and isinstance(value.callee, ClassValue):
        return any(isinstance(c, External) and c.name == "SQLAlchemy" for c in mro(machine, value.callee))
    return made_by(value, "SQLAlchemy")


def is_declarative(machine: Machine, base: Value) -> bool:
    """Whether a class below this base would be mapped."""
    if isinstance(base, ClassValue):
        return declarative_root(machine, base) is not None
    if isinstance(base, Member) and base.name == "Model":
        return is_extension(machine, base.owner)
    return made_by(base, *FACTORIES)


def _unseen_root(machine: Machine, line: list[Value]) -> Root | None:
    """The base of a package that is not at hand, where a table name says that the class is mapped."""
    unseen = [each for each in line if isinstance(each, External) and each.root not in HARMLESS_ROOTS]
    named = any(isinstance(each, ClassValue) and "__tablename__" in each.namespace for each in line)
    # Bases of one package share a MetaData more often than not.
    return Root(External(unseen[-1].root), UNSEEN) if unseen and named else None


def _mapped_by_decorator(cls: ClassValue) -> Root | None:
    """The registry of `@registry.mapped`, or of `@mapped_as_dataclass(registry)`."""
    for decorator in cls.decorators:
        owner = decorator.callee if isinstance(decorator, Made) else decorator
        if isinstance(owner, Member) and owner.name in DECORATORS and made_by(owner.owner, "registry"):
            return Root(owner.owner, "registry")
        if made_by(decorator, "mapped_as_dataclass") and made_by(decorator.arg(0, "registry"), "registry"):
            return Root(decorator.arg(0, "registry"), "registry")
    return None


def _decorated_root(cls: ClassValue) -> Root | None:
    for decorator in cls.decorators:
        if isinstance(decorator, Made) and symbol(decorator.callee) == "as_declarative":
            return Root(decorator, "declarative_base")
        if isinstance(decorator, (Member, Made)):
            owner = decorator.callee if isinstance(decorator, Made) else decorator
            if isinstance(owner, Member) and owner.name == "as_declarative_base":
                return Root(owner.owner, "registry")
    return None


def _first_with_base(line: list[Value], base: External) -> ClassValue | None:
    """The class that names `DeclarativeBase` among its own bases: the root of the family."""
    return next((c for c in line if isinstance(c, ClassValue) and base in c.bases), None)


def is_root(cls: ClassValue, root: Root) -> bool:
    """Whether the class is its declarative base itself rather than a mapped class."""
    return root.value is cls or _decorated_root(cls) is not None


def is_mapped_value(value: Value) -> bool:
    """A column or the like under a name that declarative bases have for themselves."""
    return isinstance(value, Made) and symbol(value.callee) in RESERVED_CALLS


RESERVED_CALLS = frozenset(
    {"Column", "mapped_column", "relationship", "column_property", "synonym", "deferred", "Field"}
)


def refused(cls: ClassValue) -> str | None:
    """The reserved name that a declarative class maps, whereupon SQLAlchemy refuses the class.

    It does so with `metadata`; `registry` hides that of the base, of which it only warns.
    https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html#accessing-table-and-metadata
    """
    return "metadata" if is_mapped_value(cls.namespace.get("metadata")) else None
