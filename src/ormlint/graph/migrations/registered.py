"""Operations that the project registers with Alembic itself.

https://alembic.sqlalchemy.org/en/latest/api/operations.html#operation-plugins
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ormlint.findings import Place
from ormlint.graph.machine.classes import lookup
from ormlint.graph.machine.origins import made_by
from ormlint.graph.machine.values import ClassValue, External, Function, ImportRef, Made, ModuleValue, Value

if TYPE_CHECKING:
    from ormlint.graph.migrations.interpreter import Interpreter

OP = External("alembic.op")
"""Stands for the `Operations` that implementations are given."""


def perform_registered(
    machine: Interpreter, name: str, args: list[Value], kwargs: dict[str, Value], place: Place
) -> bool:
    """Follow `op.<name>(…)`; false where nothing that is imported registers it."""
    if name == "invoke":
        return _invoke(machine, args[0], place) if args else False
    for module in _modules(machine, place.path):
        for cls in module.classes:
            method = _method(cls, name)
            found = lookup(machine, cls, method) if method is not None else None
            if found is not None and isinstance(found[1], Function):
                machine.call(found[1], [cls, OP, *args], kwargs, place)
                return True
    return False


def _method(cls: ClassValue, name: str) -> str | None:
    """The method that makes the operation, where the class is registered under that name."""
    for decorator in cls.decorators:
        if made_by(decorator, "register_operation") and decorator.arg(0, "name") == name:
            method = decorator.arg(1, "sourcename") or name
            return method if isinstance(method, str) else None
    return None


def _invoke(machine: Interpreter, operation: Value, place: Place) -> bool:
    """Call what the project says the operation does."""
    if not isinstance(operation, Made) or not isinstance(operation.callee, ClassValue):
        return False
    for module in _modules(machine, place.path):
        for value in module.namespace.values():
            if not isinstance(value, Function):
                continue
            for decorator in value.decorators:
                if (
                    made_by(decorator, "implementation_for")
                    and decorator.arg(0, "op_cls") is operation.callee
                ):
                    machine.call(value, [OP, operation], {}, place)
                    return True
    return False


def _modules(machine: Interpreter, path: str) -> Iterator[ModuleValue]:
    """The modules that are read so far, with those that the migration and `env.py` import."""
    for importer in filter(None, (path, machine.env_py)):
        module = machine.modules.at(importer)
        for name, value in list(module.namespace.items()):
            if isinstance(value, ImportRef):
                found = machine.module_attribute(module, name)
                if isinstance(found, ModuleValue):
                    machine.execute(found)
    machine.looked_everywhere = True
    yield from machine.modules.executed()
