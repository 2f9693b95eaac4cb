"""Mapped classes and tables of the project.

`read` goes through the classes in an order that has parents first, gives each its table and columns, and
afterwards settles what needs all of them: references between columns, relationship targets, backrefs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ormlint.graph.judged import AskAhead
from ormlint.graph.machine.classes import project_classes
from ormlint.graph.machine.origins import symbol
from ormlint.graph.machine.values import ClassValue, ModuleValue, Value
from ormlint.graph.model import (
    Check,
    Column,
    ForeignKey,
    Index,
    MappedColumn,
    Relationship,
    Table,
    Unique,
    Unresolved,
)  # fmt: skip
from ormlint.graph.models import (
    concrete,
    continuum,
    core,
    imperative,
    listeners,
    names,
    references,
    relationships,
)
from ormlint.graph.models.constraints import add_column_constraints
from ormlint.graph.models.declarative import declarative_root, is_declarative, refused
from ormlint.graph.models.mapping import map_class
from ormlint.graph.models.reading import Reading
from ormlint.graph.models.stores import Stores

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine


def read(
    machine: Machine, modules: list[ModuleValue], ahead: AskAhead, beside: Sequence[Table] = ()
) -> Reading:
    """Read every mapped class and `Table` of the modules that were executed; `beside` are those of others.

    `named_tables` of what it returns gives the names that conventions give; they are asked for ahead.
    """
    stores = Stores(machine)
    stores.name_values(modules)
    reading = Reading(machine, stores, beside=beside)
    machine.hooks.call.append(lambda _, callee, args, *rest: _has_inherited_table(reading, callee, args))
    for made in reading.made("Table"):
        core.add_table(reading, made)
    before = len(machine.made)
    for module in modules:
        machine.running.append(module)
        for cls in module.classes:
            if _refused(reading, cls):
                break  # the module fails to import here: nothing below comes into being
            map_class(reading, cls)
        machine.running.pop()
    for made in machine.made.since(before):  # by a `declared_attr`
        if symbol(made.callee) == "Table":
            core.add_table(reading, made)
    imperative.map_classes(reading)
    concrete.settle(reading)
    _note_made_classes(reading)
    core.add_late_constraints(reading)
    listeners.run(reading)
    references.settle(reading)
    relationships.settle(reading)
    for table in reading.tables:
        add_column_constraints(table)
    continuum.add_version_tables(reading)
    _leave_stubs(reading)
    names.ask_ahead(reading, ahead)
    return reading


_REACHING = (
    "append_column", "append_constraint", "map_imperatively", "type", "update_type_annotation_map",
)  # fmt: skip


def are_apart(reading: Reading) -> bool:
    """Whether nothing that was read changes what another module declares, whoever imports whom.

    But for the version tables that SQLAlchemy-Continuum adds.
    """
    odd = any(each.concrete or each.model.on_select for each in reading.mapped.values())
    return not (odd or reading.made(*_REACHING) or listeners.listen(reading))


def _note_made_classes(reading: Reading) -> None:
    """A mapped class by `type(...)` of which not all is known."""
    for made in reading.made("type"):
        bases = made.args[1] if len(made.args) == 3 else ()  # what else has the name takes other arguments
        if not isinstance(bases, (tuple, list)):
            continue
        if any(is_declarative(reading.machine, base) for base in bases):
            reason = "the class that `type()` makes is computed at run time"
            reading.unresolved.append(Unresolved(made.place, "type()", reason, "table"))


def _leave_stubs(reading: Reading) -> None:
    """What a package's base class declares has its place where the project takes it up.

    A package's own tables and mapped classes are none of the project's.
    """
    stubs = reading.stores.stubs
    reading.tables = [table for table in reading.tables if table.place.path not in stubs]
    reading.settled = {key: each for key, each in reading.settled.items() if each.place.path not in stubs}
    reading.mapped = {key: each for key, each in reading.mapped.items() if not each.cls.module.is_stub}
    for table in reading.tables:
        parts: list[Column | Index | Unique | Check | ForeignKey] = [*table.columns.values(), *table.indexes]
        parts += [*table.uniques, *table.checks, *table.foreign_keys]
        for part in parts:
            if part.place.path in stubs:
                part.place = table.place
    for mapped in reading.mapped.values():
        model = mapped.model
        attributes: list[MappedColumn | Relationship] = [
            *model.columns.values(),
            *model.relationships.values(),
        ]
        for each in attributes:
            if each.place.path in stubs:
                each.place = model.place


def _has_inherited_table(reading: Reading, callee: Value, args: list[Value]) -> Value:
    """`sqlalchemy.orm.has_inherited_table(cls)`, which only the mapped classes answer."""
    if symbol(callee) != "has_inherited_table" or len(args) != 1 or not isinstance(args[0], ClassValue):
        return NotImplemented
    line = list(project_classes(reading.machine, args[0]))[1:]
    return any(id(each) in reading.mapped for each in line)


def _refused(reading: Reading, cls: ClassValue) -> bool:
    name = refused(cls)
    if name is None or declarative_root(reading.machine, cls) is None:
        return False
    reason = (
        f"SQLAlchemy refuses the class, so that its module fails to import: the name `{name}` is reserved"
    )
    reading.unresolved.append(Unresolved(cls.places.get(name, cls.place), cls.id, reason, "name"))
    return True
