"""Mapped classes and tables of the project.

`read` goes through the classes in an order that has parents first, gives each its table and columns, and
afterwards settles what needs all of them: references between columns, relationship targets, backrefs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ormlint.graph.machine.classes import mro, project_classes
from ormlint.graph.machine.operators import truth
from ormlint.graph.machine.values import (
    ClassValue,
    External,
    Made,
    ModuleValue,
    Unknown,
    Value,
    made_by,
    symbol,
)  # fmt: skip
from ormlint.graph.model import Column, MappedColumn, Model, Table, Unresolved
from ormlint.graph.models import core, references, relationships
from ormlint.graph.models.collect import Declaration, declarations
from ormlint.graph.models.columns import Declared, column_call, declare, explicit_name
from ormlint.graph.models.constraints import add_column_constraints, add_constraint, plain_names
from ormlint.graph.models.declarative import Root, Stores, declarative_root, is_root, refused
from ormlint.graph.models.naming import TableArgs, table_args, table_name
from ormlint.graph.models.sqlmodel import field_declaration

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

HARMLESS_ROOTS = frozenset({
    "builtins", "typing", "typing_extensions", "abc", "collections", "enum", "sqlalchemy", "sqlmodel",
    "pydantic", "dataclasses",
})  # fmt: skip
"""Packages whose base classes add no column that is not read otherwise."""


@dataclass
class Mapped:
    """A mapped class on its way into the graph."""

    cls: ClassValue
    model: Model
    declared: dict[str, Declaration]
    table: Table | None
    parent: Mapped | None
    root: Root


@dataclass
class Reading:
    """Everything that is known while the models are read."""

    machine: Machine
    stores: Stores
    mapped: dict[int, Mapped] = field(default_factory=dict)
    """By identity of the class."""
    tables: list[Table] = field(default_factory=list)
    by_call: dict[int, Table] = field(default_factory=dict)
    """Tables by identity of their `Table(...)` call."""
    columns: dict[int, list[tuple[Table, Column]]] = field(default_factory=dict)
    """Columns by identity of their call."""
    references: list[references.Reference] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)


def read(machine: Machine, modules: list[ModuleValue]) -> Reading:
    """Read every mapped class and `Table` of the modules that were executed."""
    stores = Stores(machine)
    stores.name_values(modules)
    reading = Reading(machine, stores)
    for _, made in machine.made:
        if symbol(made.callee) == "Table":
            core.add_table(reading, made)
    for module in modules:
        for cls in module.classes:
            if _refused(reading, cls):
                break  # the module fails to import here: nothing below comes into being
            _map(reading, cls)
    core.add_late_indexes(reading)
    references.settle(reading)
    relationships.settle(reading)
    for table in reading.tables:
        add_column_constraints(table)
    return reading


def _refused(reading: Reading, cls: ClassValue) -> bool:
    name = refused(cls)
    if name is None or declarative_root(reading.machine, cls) is None:
        return False
    reason = f"SQLAlchemy refuses the class: the attribute name `{name}` is reserved, so the module fails to import"
    reading.unresolved.append(Unresolved(cls.places.get(name, cls.place), cls.id, reason, "name"))
    return True


def _map(reading: Reading, cls: ClassValue) -> Mapped | None:
    """Put a class into the reading if it is mapped; its parents come first."""
    if id(cls) in reading.mapped:
        return reading.mapped[id(cls)]
    machine = reading.machine
    declarative = declarative_root(machine, cls)
    if (
        declarative is None
        or is_root(machine, cls)
        or truth(cls.namespace.get("__abstract__", False)) is True
    ):
        return None
    if cls.module.is_stub or (declarative.kind == "SQLModel" and not _is_table(cls)):
        return None
    if declarative.kind == "SQLModel":
        reading.stores.first_use.setdefault("sqlmodel.SQLModel", cls.place)
    parents = [_map(reading, each) for each in list(project_classes(machine, cls))[1:]]
    parent = next((each for each in parents if each is not None), None)
    declared = declarations(machine, cls)
    if declarative.kind == "SQLModel":
        declared = {name: field_declaration(machine, each) for name, each in declared.items()}
    name, args = _table_of(reading, cls, declarative, declared)
    if name is None and parent is None:
        return None
    model = Model(cls.id, cls.name, cls.place, None, tuple(_base_id(base) for base in cls.bases))
    model.complete = _complete(machine, cls)
    mapped = Mapped(cls, model, declared, None, parent, declarative)
    reading.mapped[id(cls)] = mapped
    if parent is not None:
        model.inherits = parent.model.id
    _give_table(reading, mapped, name, args)
    _map_attributes(reading, mapped)
    _apply_args(reading, mapped, args)
    return mapped


def _is_table(cls: ClassValue) -> bool:
    return truth(cls.keywords.get("table", False)) is True


def _base_id(base: Value) -> str:
    if isinstance(base, ClassValue):
        return base.id
    if isinstance(base, External):
        return base.path
    return symbol(base) or "?"


def _complete(machine: Machine, cls: ClassValue) -> bool:
    """Whether the source shows every base that could add a column."""
    for base in mro(machine, cls):
        if isinstance(base, ClassValue) or made_by(base, "declarative_base", "generate_base"):
            continue
        if isinstance(base, Unknown) or (isinstance(base, External) and base.root not in HARMLESS_ROOTS):
            return False
    return True


def _table_of(
    reading: Reading, cls: ClassValue, declarative: Root, declared: dict[str, Declaration]
) -> tuple[Value, TableArgs]:
    """The class's own table (its name, or a `Table(...)` call) and its arguments."""
    mapped = set(reading.mapped)
    table = cls.namespace.get("__table__")
    if table is not None:
        return table, TableArgs()
    has_key = any(
        each.column is not None and truth(each.column.kwargs.get("primary_key", False))
        for each in declared.values()
    )
    return table_name(reading.machine, cls, declarative.kind, mapped, has_key), table_args(
        reading.machine, cls, mapped
    )


def _give_table(reading: Reading, mapped: Mapped, name: Value, args: TableArgs) -> None:
    cls, model = mapped.cls, mapped.model
    if isinstance(name, Made) and id(name) in reading.by_call:
        mapped.table = reading.by_call[id(name)]
    elif isinstance(name, str):
        info = reading.stores.of_class(cls)
        schema = args.keywords.get("schema", info.schema if info is not None else None)
        place = cls.places.get("__tablename__", cls.place)
        mapped.table = Table(
            name, schema if isinstance(schema, str) else None, info.id if info else "", place, "model"
        )
        mapped.table.complete = model.complete and args.complete and not isinstance(schema, Unknown)
        same = _same_table(reading, mapped.table)
        if same is not None:  # two classes on one table (`extend_existing`), or one class of two branches
            mapped.table = same
        else:
            reading.tables.append(mapped.table)
    elif name is None and mapped.parent is not None and mapped.parent.table is not None:
        mapped.table = mapped.parent.table
    else:
        model.complete = False
    model.table = mapped.table.key if mapped.table is not None else None


def _same_table(reading: Reading, table: Table) -> Table | None:
    return next((t for t in reading.tables if t.key == table.key and t.metadata == table.metadata), None)


def _map_attributes(reading: Reading, mapped: Mapped) -> None:
    """Give the model its columns and other attributes, and its table the columns declared here."""
    model, table = mapped.model, mapped.table
    core.map_table_columns(mapped)
    for name, declaration in mapped.declared.items():
        if declaration.kind == "column":
            if _from_parent(reading, mapped, declaration):
                _inherit(mapped, name)
                continue
            declared = _declare(reading, mapped, name, declaration)
            if declared is None:
                model.complete = False
                continue
            column = declared.column
            model.columns[name] = MappedColumn(name, column.name, declaration.place, column)
            if table is not None:
                _put(reading, table, declared, declaration)
        elif declaration.kind == "unknown":
            model.complete = False
        elif declaration.kind != "relationship":
            model.attributes[name] = declaration.kind
    if mapped.parent is not None:
        for name in mapped.parent.model.columns:
            if name not in model.columns and name not in mapped.declared:
                _inherit(mapped, name)


def _from_parent(reading: Reading, mapped: Mapped, declaration: Declaration) -> bool:
    """Whether a mapped parent already has the attribute that a class above it declares."""
    parent = mapped.parent
    if parent is None or declaration.owner is mapped.cls or declaration.name not in parent.model.columns:
        return False
    concrete = truth(_mapper_args(reading, mapped.cls).get("concrete", False)) is True
    return not concrete


def _mapper_args(reading: Reading, cls: ClassValue) -> dict[str, Value]:
    value = cls.namespace.get("__mapper_args__")
    return value if isinstance(value, dict) else {}


def _inherit(mapped: Mapped, name: str) -> None:
    if mapped.parent is not None and name in mapped.parent.model.columns:
        mapped.model.columns[name] = mapped.parent.model.columns[name]


def _declare(reading: Reading, mapped: Mapped, name: str, declaration: Declaration) -> Declared | None:
    call = declaration.column
    place = declaration.place
    if call is None:
        call = Made(External("sqlalchemy.orm.mapped_column"), (), {}, place)
    explicit = explicit_name(call)
    if explicit is None and declaration.mapped is not None:
        names = [explicit_name(each) for each in declaration.mapped.columns]
        explicit = next((each for each in names if each is not None), None)
    if isinstance(explicit, Unknown):
        return None
    column_name = explicit if isinstance(explicit, str) else name
    type_map = _type_map(reading, mapped)
    return declare(reading.machine, call, column_name, place, declaration.mapped, type_map)


def _type_map(reading: Reading, mapped: Mapped) -> dict[Value, Value] | None:
    """`type_annotation_map` of the base or its registry."""
    for each in mro(reading.machine, mapped.cls):
        value = None
        if isinstance(each, ClassValue):
            value = each.namespace.get("type_annotation_map")
            registry = each.namespace.get("registry")
            if value is None and made_by(registry, "registry"):
                value = registry.kwargs.get("type_annotation_map")
        elif isinstance(each, Made):
            value = each.kwargs.get("type_annotation_map")
        if isinstance(value, dict):
            return value
        if isinstance(value, Unknown):
            return None
    return {}


def _put(reading: Reading, table: Table, declared: Declared, declaration: Declaration) -> None:
    """Put a declared column on its table and remember what it refers to."""
    column = declared.column
    if column.name in table.columns and declaration.owner.id != table.metadata:
        existing = table.columns[column.name]
        if (
            truth(declaration.column.kwargs.get("use_existing_column", False))
            if declaration.column
            else False
        ):
            return
        if existing.place == column.place:
            return
    table.columns[column.name] = column
    if declaration.column is not None:
        reading.columns.setdefault(id(declaration.column), []).append((table, column))
    for reference in declared.references:
        reading.references.append(references.Reference(table, column, reference, declaration.place))
    for check in declared.checks:
        add_constraint(table, check, plain_names({}))


def _apply_args(reading: Reading, mapped: Mapped, args: TableArgs) -> None:
    if mapped.table is None:
        return
    names = {name: each.column for name, each in mapped.model.columns.items()}
    by_call = {
        id(each.column): names[name]
        for name, each in mapped.declared.items()
        if each.column and name in names
    }
    plain = plain_names(names)

    def name_of(value: Value) -> str | None:
        call = column_call(value)
        return by_call[id(call)] if call is not None and id(call) in by_call else plain(value)

    for item in args.items:
        add_constraint(mapped.table, item, name_of)
    mapped.table.is_view = _is_view(args)


def _is_view(args: TableArgs) -> bool:
    info = args.keywords.get("info")
    return isinstance(info, dict) and truth(info.get("is_view", False)) is True
