"""The table's name and arguments that a mapped class has."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import TYPE_CHECKING

from msgspec import Struct

from ormlint.graph.machine.attributes import class_attribute
from ormlint.graph.machine.classes import mro
from ormlint.graph.machine.values import ClassValue, Function, Unknown, Value

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_CAPITALS = r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))"


class TableArgs(Struct):
    """`__table_args__`: its items, its keywords, and whether all of it is settled."""

    items: list[Value] = []
    keywords: dict[str, Value] = {}
    complete: bool = True
    keywords_known: bool = True


def own_attribute(machine: Machine, cls: ClassValue, name: str, mapped: Container[int]) -> Value:
    """`cls.name` where the class itself or an unmapped base gives it; a mapped parent's does not count.

    A `declared_attr` of a mapped parent counts: SQLAlchemy evaluates it for each subclass
    (`_check_declared_props_nocascade` in `sqlalchemy.orm.decl_base`).
    """
    for each in mro(machine, cls):
        if isinstance(each, ClassValue) and name in each.namespace:
            value = each.namespace[name]
            declared = isinstance(value, Function) and value.decorated_by("declared_attr", "directive")
            if each is cls or id(each) not in mapped or declared:
                return class_attribute(machine, cls, name)
    return None


def table_name(
    machine: Machine, cls: ClassValue, kind: str, mapped: Container[int], *, has_key: bool, has_parent: bool
) -> Value:
    """The name of the class's own table: a text, `Unknown`, or `None` where it has none of its own."""
    if kind == "SQLAlchemy" and has_parent and not has_key:
        # Flask-SQLAlchemy's `Model.__table_cls__`: no key of its own, no table of its own, whatever its name.
        return None
    value = own_attribute(machine, cls, "__tablename__", mapped)
    if isinstance(value, Function):
        value = machine.invoke(value, [cls])
    if value is not None:
        return value if isinstance(value, (str, Unknown)) else Unknown("a computed table name", cls.place)
    if "__tablename__" in cls.namespace:
        return None
    if kind == "SQLModel":
        return cls.name.lower()
    if kind == "SQLAlchemy" and has_key:
        # https://flask-sqlalchemy.readthedocs.io/en/stable/models/#naming-the-table
        return re.sub(_CAPITALS, lambda match: "_" + match[1], cls.name).lower().lstrip("_")
    return None


def table_args(machine: Machine, cls: ClassValue, mapped: Container[int]) -> TableArgs:
    """Read `__table_args__`: a dict, or a tuple whose last item may be one."""
    value = own_attribute(machine, cls, "__table_args__", mapped)
    if isinstance(value, Function):
        value = machine.invoke(value, [cls])
    found = TableArgs()
    if value is None:
        return found
    if isinstance(value, dict):
        found.keywords = {key: each for key, each in value.items() if isinstance(key, str)}
    elif isinstance(value, (tuple, list)):
        for item in value:
            if isinstance(item, dict):
                found.keywords.update({key: each for key, each in item.items() if isinstance(key, str)})
            else:
                found.items.append(item)
                found.complete = found.complete and not isinstance(item, Unknown)
        found.keywords_known = not value or not isinstance(value[-1], Unknown)
    else:
        found.complete = found.keywords_known = False
    return found
