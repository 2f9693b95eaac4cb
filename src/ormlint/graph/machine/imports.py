"""Import statements: names are bound to what they will be resolved to at their first use.

https://docs.python.org/3/reference/import.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.facts.code import Import, ImportFrom
from ormlint.graph.machine.scope import Scope
from ormlint.graph.machine.signals import Signal
from ormlint.graph.machine.values import ImportRef, ModuleValue, Unknown

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def execute_import(machine: Machine, node: Import, scope: Scope) -> Signal | None:
    for alias in node.names:
        if alias.asname is not None:
            scope.names[alias.asname] = ImportRef(alias.name, None, scope.module, node.line)
        else:
            top = alias.name.partition(".")[0]
            scope.names[top] = ImportRef(top, None, scope.module, node.line)
    return None


def absolute(module: ModuleValue, name: str, level: int) -> str | None:
    """The dotted name that a relative import means (https://docs.python.org/3/reference/import.html)."""
    if level == 0:
        return name
    parts = module.name.split(".")
    if not module.is_package:
        parts = parts[:-1]
    if level - 1 >= len(parts) + (1 if module.is_package else 0):
        return None
    parts = parts[: len(parts) - (level - 1)]
    return ".".join([*parts, name] if name else parts)


def execute_import_from(machine: Machine, node: ImportFrom, scope: Scope) -> Signal | None:
    target = absolute(scope.module, node.module, node.level)
    for alias in node.names:
        if alias.name == "*":
            if target is not None:
                _import_star(machine, target, scope)
            continue
        name = alias.asname or alias.name
        if target is None:
            scope.names[name] = Unknown("a relative import beyond the package", name=name)
        else:
            scope.names[name] = ImportRef(target, alias.name, scope.module, node.line)
    return None


def _import_star(machine: Machine, target: str, scope: Scope) -> None:
    module = machine.import_module(target, scope.module)
    if not isinstance(module, ModuleValue):
        return
    machine.execute(module)
    public = module.namespace.get("__all__")
    names = [n for n in public if isinstance(n, str)] if isinstance(public, (list, tuple)) else None
    for name in names if names is not None else [n for n in module.namespace if not n.startswith("_")]:
        scope.names[name] = machine.module_attribute(module, name)
