"""Which models of the application a migration imports."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from ormlint.facts.code import For, FunctionDef, If, Import, ImportFrom, Stmt, Try, While, With
from ormlint.findings import Place
from ormlint.graph.machine import Machine
from ormlint.graph.machine.imports import absolute
from ormlint.graph.machine.values import ClassValue, ImportRef, ModuleValue, Value
from ormlint.graph.model import Remark, Revision


def import_remarks(
    machine: Machine, module: ModuleValue, revision: Revision, models: Container[str]
) -> Iterator[Remark]:
    """Remarks on imports of models, which are given by their ids; one per statement."""
    facts = machine.modules.facts(module)
    for statement in _imports(facts.body if facts is not None else ()):
        found = [name for name, value in _values(machine, module, statement) if _is_model(value, models)]
        if found:
            place = Place(module.path, statement.line)
            yield Remark("imports-models", revision.id, place, ", ".join(f"`{name}`" for name in found))


def _imports(body: Sequence[Stmt]) -> Iterator[Import | ImportFrom]:
    for statement in body:
        if isinstance(statement, (Import, ImportFrom)):
            yield statement
        elif isinstance(statement, (FunctionDef, With)):
            yield from _imports(statement.body)
        elif isinstance(statement, (If, For, While)):
            yield from _imports([*statement.body, *statement.orelse])
        elif isinstance(statement, Try):
            yield from _imports([*statement.body, *statement.orelse, *statement.final])


def _values(
    machine: Machine, module: ModuleValue, statement: Import | ImportFrom
) -> Iterator[tuple[str, Value]]:
    if isinstance(statement, Import):
        for alias in statement.names:
            yield alias.name, machine.modules.find(alias.name, module)
        return
    target = absolute(module, statement.module, statement.level)
    for alias in statement.names:
        if target is not None and alias.name == "*":
            yield target, machine.modules.find(target, module)
        elif target is not None:
            yield alias.name, machine.import_name(ImportRef(target, alias.name, module, statement.line))


def _is_model(value: Value, models: Container[str]) -> bool:
    """Whether it is a model, or a module that has any."""
    if isinstance(value, ModuleValue):
        return any(_is_model(each, models) for each in value.namespace.values() if type(each) is ClassValue)
    return isinstance(value, ClassValue) and value.id in models
