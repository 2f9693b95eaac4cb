"""What `isinstance`, `issubclass` and `hasattr` say; `None` where it is not settled."""

from __future__ import annotations

import builtins
import collections.abc
from typing import TYPE_CHECKING

from ormlint.graph.machine.attributes import lacks
from ormlint.graph.machine.classes import lookup, mro
from ormlint.graph.machine.origins import root
from ormlint.graph.machine.values import (
    ClassValue,
    EnumMember,
    External,
    Function,
    Made,
    ModuleValue,
    Subscripted,
    Unknown,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine

_NATIVE = (str, int, float, list, tuple, dict, set, frozenset)


def has(machine: Machine, value: Value, name: Value) -> bool | None:
    """`hasattr(value, name)`."""
    if not isinstance(name, str):
        return None
    if isinstance(value, ClassValue):
        if lookup(machine, value, name) is not None:
            return True
        return False if lacks(machine, value, name) else None
    if isinstance(value, External) and value.root in ("builtins", "sqlalchemy", "typing"):
        return False if name.startswith("__") and not hasattr(type, name) else None
    if isinstance(value, _NATIVE) or value is None:
        return hasattr(value, name)
    return None


def is_instance(machine: Machine, value: Value, of: Value) -> bool | None:
    """`isinstance(value, of)`."""
    if isinstance(of, tuple):
        return _any(is_instance(machine, value, each) for each in of)
    if isinstance(value, EnumMember):
        return is_subclass(machine, value.owner, of)
    if isinstance(value, _NATIVE) or value is None:
        python = _python(of)
        return isinstance(value, python) if python is not None else None if isinstance(of, Unknown) else False
    if isinstance(value, Made):
        cls = value.callee.origin if isinstance(value.callee, Subscripted) else value.callee
        if isinstance(cls, ClassValue):
            return is_subclass(machine, cls, of)
        return True if cls == of else _unrelated(cls, of)
    if isinstance(value, (ClassValue, Function, ModuleValue)):
        return isinstance(value, ClassValue) if of == External("builtins.type") else _never(of)
    return None


def _unrelated(cls: Value, of: Value) -> bool | None:
    """SQLAlchemy's classes inherit from no other package's."""
    home = of.module.name.partition(".")[0] if isinstance(of, ClassValue) else root(of)
    return False if root(cls) == "sqlalchemy" and home not in ("", "sqlalchemy", "builtins") else None


def _never(of: Value) -> bool | None:
    """A class, a function or a module is no instance of a builtin class of data."""
    return False if _python(of) in _NATIVE else None


def _python(of: Value) -> type | None:
    """The builtin or abstract class that a name of the standard library stands for."""
    if not isinstance(of, External):
        return None
    module = {"builtins": builtins, "collections.abc": collections.abc, "typing": collections.abc}
    found = getattr(module.get(of.module), of.name, None)
    return found if isinstance(found, type) else None


def is_subclass(machine: Machine, value: Value, of: Value) -> bool | None:
    """`issubclass(value, of)`."""
    if isinstance(of, tuple):
        return _any(is_subclass(machine, value, each) for each in of)
    if not isinstance(value, ClassValue) or not isinstance(of, (ClassValue, External)):
        return None
    line = mro(machine, value)
    if any(base is of or (isinstance(base, External) and base == of) for base in line):
        return True
    if any(isinstance(base, Unknown) for base in line):
        return None
    # A class of a package inherits from none of the project's.
    return False if isinstance(of, ClassValue) else None


def _any(answers: collections.abc.Iterable[bool | None]) -> bool | None:
    found = list(answers)
    return True if True in found else None if None in found else False
