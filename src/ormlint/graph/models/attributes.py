"""What a mapper maps: the columns of its table, those declared, and those inherited."""

from __future__ import annotations

from functools import partial

from ormlint.graph.machine.classes import mro
from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.origins import symbol
from ormlint.graph.machine.values import ClassValue, External, Made, Subscripted, Unknown, Value
from ormlint.graph.model import Column, MappedColumn, Table
from ormlint.graph.models.annotations import annotation_of, plain_type
from ormlint.graph.models.columns import Declared, column_call, declare, explicit_name
from ormlint.graph.models.constraints import add_constraint, given_name, plain_names
from ormlint.graph.models.kinds import COLLECTIONS
from ormlint.graph.models.mapper_arguments import declare_properties, discriminator, map_table
from ormlint.graph.models.reading import Mapped, Reading, Reference
from ormlint.graph.models.scan import Declaration
from ormlint.graph.models.type_maps import type_map


def map_attributes(reading: Reading, mapped: Mapped, args: Value) -> None:
    """Give the model its columns and other attributes, and its table the columns declared here.

    `args` are the mapper's arguments (`__mapper_args__`).
    """
    given: dict[str, Value] = args if isinstance(args, dict) else {}
    if not isinstance(args, dict):
        mapped.model.complete = False
    mapped.concrete = truth(given.get("concrete", False)) is True
    own = mapped.parent is None or mapped.table is not mapped.parent.table
    before = list(mapped.table.columns.values()) if mapped.table is not None and own else []
    properties = given.get("properties", {})
    if isinstance(properties, dict):
        declare_properties(mapped, properties)
    else:
        mapped.model.complete = False
    for name, declaration in mapped.declared.items():
        map_attribute(reading, mapped, name, declaration)
    map_table(mapped, before, given)
    mapped.model.discriminator = discriminator(mapped, given.get("polymorphic_on"))
    _inherit(mapped)


def map_attribute(reading: Reading, mapped: Mapped, name: str, declaration: Declaration) -> None:
    """Put one declared attribute on the model, and a column on its table."""
    model = mapped.model
    if declaration.kind == "column":
        if _holds_rows(reading, mapped, declaration):
            declaration.kind = "relationship"
            return
        declared = _declare(reading, mapped, name, declaration)
        if declared is None:
            model.complete = False
            return
        column = _put(reading, mapped, declared, declaration)
        if not declaration.unmapped:
            model.columns[name] = MappedColumn(name, column.name, declaration.place, column)
    elif declaration.kind == "composite":
        model.attributes[name] = "composite"
        if not _map_composite(reading, mapped, declaration):
            model.complete = False
    elif declaration.kind == "unknown":
        model.complete = False
        if mapped.table is not None:
            mapped.table.complete = False
    elif declaration.kind == "method":
        model.methods |= {name}
    elif declaration.kind != "relationship":
        model.attributes[name] = declaration.kind


def _holds_rows(reading: Reading, mapped: Mapped, declaration: Declaration) -> bool:
    """Whether an annotation alone is a collection of rows, which SQLAlchemy refuses to take for a column.

    A metaclass or a decorator then makes a relationship of it: the project could not be imported otherwise.
    """
    inside = declaration.mapped
    if declaration.column is not None or inside is None or inside.columns:
        return False
    held = inside.inner
    if not isinstance(held, Subscripted) or symbol(held) not in COLLECTIONS:
        return False
    row = held.args[-1]
    if not isinstance(row, ClassValue) or mapped.root.value not in mro(reading.machine, row):
        return False
    types = type_map(reading, mapped)
    return types is not None and not any(symbol(key) == symbol(held) for key in types)


def _declare(reading: Reading, mapped: Mapped, name: str, declaration: Declaration) -> Declared | None:
    call = declaration.column
    place = declaration.place
    if call is None:
        call = Made(External("sqlalchemy.orm.mapped_column"), (), {}, place)
    explicit = explicit_name(call)
    if isinstance(explicit, Unknown):
        return None
    column_name = explicit if isinstance(explicit, str) else name
    types = partial(type_map, reading, mapped)
    return declare(reading.machine, call, column_name, place, declaration.mapped, types)


def _map_composite(reading: Reading, mapped: Mapped, declaration: Declaration) -> bool:
    """The columns that a `composite()` makes, named and typed by its class's fields where it says no more.

    https://docs.sqlalchemy.org/en/20/orm/composites.html
    """
    args = list(declaration.value.args)
    cls = declaration.mapped.inner if declaration.mapped is not None else None
    if args and not isinstance(args[0], str) and column_call(args[0]) is None:
        cls = args.pop(0)
    fields = list(cls.annotations.items()) if isinstance(cls, ClassValue) else []
    if (not args and not fields) or any(isinstance(arg, Unknown) for arg in args):
        return False
    calls = args or [
        Made(External("sqlalchemy.orm.mapped_column"), (), {}, declaration.place) for _ in fields
    ]
    for index, call in enumerate(calls):
        if column_call(call) is not call or id(call) in reading.columns:
            continue  # the name of an attribute, or a column that is declared elsewhere
        field, binding = fields[index] if index < len(fields) else (None, None)
        inside = plain_type(annotation_of(reading.machine, binding)[0]) if binding is not None else None
        part = Declaration(field or "", declaration.owner, call, declaration.place, "column", inside, call)
        declared = _declare(reading, mapped, part.name, part)
        if declared is None or not declared.column.name:
            return False
        column = _put(reading, mapped, declared, part)
        mapped.model.columns[column.name] = MappedColumn(column.name, column.name, part.place, column)
    return True


def _put(reading: Reading, mapped: Mapped, declared: Declared, declaration: Declaration) -> Column:
    """Put a declared column on its table, and remember what it refers to."""
    column, table = declared.column, mapped.table
    if table is None:
        return column
    existing = table.columns.get(column.name)
    if existing is not None and (existing.place == column.place or _uses_existing(declaration)):
        return existing
    reading.put(table, column)
    if declaration.column is not None:
        reading.columns.setdefault(id(declaration.column), []).append((table, column))
    add_references(reading, table, declared)
    return column


def _uses_existing(declaration: Declaration) -> bool:
    carried = declaration.mapped.columns if declaration.mapped is not None else []
    calls = [call for call in (declaration.column, *carried) if call is not None]
    return any(truth(call.kwargs.get("use_existing_column", False)) for call in calls)


def add_references(reading: Reading, table: Table, declared: Declared) -> None:
    """Remember the foreign keys and checks of a column that was put on a table."""
    for key in declared.references:
        name, by = given_name(key, key.kwargs.get("name"))
        target, place = key.arg(0, "column"), declared.column.place
        reading.references.append(Reference(table, declared.column, target, place, name, by))
    for check in declared.checks:
        add_constraint(table, check, plain_names({}, table))


def _inherit(mapped: Mapped) -> None:
    """What the mapped parent maps, the child's mapper maps too."""
    parent, model = mapped.parent, mapped.model
    if parent is None:
        return
    model.complete = model.complete and parent.model.complete
    if mapped.concrete:
        return
    model.discriminator = model.discriminator or parent.model.discriminator
    for name, column in parent.model.columns.items():
        if name not in mapped.declared or mapped.declared[name].kind == "value":
            model.columns.setdefault(name, column)
    for name, kind in parent.model.attributes.items():
        if name not in model.columns:
            model.attributes.setdefault(name, kind)
    model.methods |= parent.model.methods
