"""A declarative class → its model and its table."""

from __future__ import annotations

from ormlint.graph.machine.classes import lookup, mro, project_classes
from ormlint.graph.machine.definitions import announce
from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.origins import made_by, root, symbol
from ormlint.graph.machine.values import ClassValue, External, Function, Made, Member, Unknown, Value
from ormlint.graph.model import Model, Table
from ormlint.graph.models.attributes import map_attributes
from ormlint.graph.models.collect import declarations
from ormlint.graph.models.columns import column_call
from ormlint.graph.models.constraints import plain_names
from ormlint.graph.models.core import table_value
from ormlint.graph.models.declarative import HARMLESS_ROOTS, Root, declarative_root, is_extension, is_root
from ormlint.graph.models.naming import TableArgs, own_attribute, table_args, table_name
from ormlint.graph.models.reading import Mapped, Reading
from ormlint.graph.models.scan import Declaration
from ormlint.graph.models.sqlmodel import field_declarations
from ormlint.graph.models.stores import schema_of

REFLECTING = frozenset({"DeferredReflection", "automap_base"})
"""Bases that read the tables of the classes below them from the database."""


def map_class(reading: Reading, cls: ClassValue) -> Mapped | None:
    """Put a class into the reading if it is mapped; its parents come first."""
    if id(cls) in reading.mapped:
        return reading.mapped[id(cls)]
    machine = reading.machine
    above = list(project_classes(machine, cls))[1:]
    if above:
        hooks = (each.namespace.get("__init_subclass__") for each in above)
        announce(machine, cls, next((hook for hook in hooks if hook is not None), None))
    declarative = declarative_root(machine, cls)
    if (
        declarative is None
        or is_root(cls, declarative)
        or truth(cls.namespace.get("__abstract__", False)) is True
    ):
        return None
    if cls.module.is_stub and not cls.module.is_installed:
        return None
    if declarative.kind == "SQLModel" and not _is_table(cls):
        return None
    if declarative.kind == "SQLModel":
        reading.stores.first_use.setdefault("sqlmodel.SQLModel", cls.place)
    parents = [map_class(reading, each) for each in above]
    parent = next((each for each in parents if each is not None), None)
    for each in project_classes(machine, cls):
        _follow_calls(reading, each)
    declared = _declarations(reading, cls, declarative, parent)
    name, args = _table_of(reading, cls, declarative, declared, parent)
    complete = _complete(reading, cls)
    if name is None and parent is None and complete:
        return None
    model = Model(cls.id, cls.name, cls.place, None, tuple(_base_id(base) for base in cls.bases))
    model.complete = complete
    model.versioned = lookup(reading.machine, cls, "__versioned__") is not None
    mapped = Mapped(cls, model, declared, None, parent, declarative)
    reading.mapped[id(cls)] = mapped
    if parent is not None:
        model.inherits = parent.model.id
    _give_table(reading, mapped, name, args)
    map_attributes(reading, mapped, mapper_args(reading, cls))
    _apply_args(reading, mapped, args)
    return mapped


def _follow_calls(reading: Reading, cls: ClassValue) -> None:
    """Calls of a package's functions in a class body give what they return, where their source is at hand."""
    machine = reading.machine
    for name, value in cls.namespace.items():
        if isinstance(value, Made) and isinstance(value.callee, External):
            function = machine.opened(value.callee, cls.module)
            if isinstance(function, Function) and not value.open_keywords:
                cls.namespace[name] = machine.invoke(function, list(value.args), dict(value.kwargs))


def mapper_args(reading: Reading, cls: ClassValue) -> Value:
    """`__mapper_args__` as the mapper gets it: a dict, or `Unknown`."""
    return own_attribute(reading.machine, cls, "__mapper_args__", reading.mapped.keys()) or {}


def _declarations(
    reading: Reading, cls: ClassValue, declarative: Root, parent: Mapped | None
) -> dict[str, Declaration]:
    if declarative.kind == "SQLModel":
        return field_declarations(reading.machine, cls)
    inherited: set[str] = set()
    while parent is not None:
        declared = (
            name for name, each in parent.declared.items() if each.kind in ("relationship", "unknown")
        )
        inherited |= {*parent.model.columns, *declared, *_mapped_attributes(parent)}
        parent = parent.parent
    fixed = "__table__" in cls.namespace
    return declarations(reading.machine, cls, reading.mapped.keys(), frozenset(inherited), fixed_table=fixed)


def _mapped_attributes(parent: Mapped) -> set[str]:
    kinds = ("synonym", "composite", "column_property")
    return {name for name, kind in parent.model.attributes.items() if kind in kinds}


def _is_table(cls: ClassValue) -> bool:
    return truth(cls.keywords.get("table", False)) is True


def _base_id(base: Value) -> str:
    if isinstance(base, ClassValue):
        return base.id
    if isinstance(base, External):
        return base.path
    return symbol(base) or "?"


def _complete(reading: Reading, cls: ClassValue) -> bool:
    """Whether the source shows every base that could add a column."""
    for base in mro(reading.machine, cls):
        if isinstance(base, ClassValue) or made_by(base, "declarative_base", "generate_base"):
            continue
        if isinstance(base, Member) and base.name == "Model" and is_extension(reading.machine, base.owner):
            continue
        if not isinstance(base, External) or base.root not in HARMLESS_ROOTS or base.name in REFLECTING:
            return False
    return not any(
        isinstance(value, Unknown) and "unknown key" in value.reason for value in cls.namespace.values()
    )


def _table_of(
    reading: Reading,
    cls: ClassValue,
    declarative: Root,
    declared: dict[str, Declaration],
    parent: Mapped | None,
) -> tuple[Value, TableArgs]:
    """The class's own table (its name, or a `Table(...)` call) and its arguments."""
    mapped = reading.mapped.keys()
    table = cls.namespace.get("__table__") or _declared_table(reading, cls)
    if table is not None:
        return table, TableArgs()
    if lookup(reading.machine, cls, "__table_cls__") is not None:
        return Unknown("`__table_cls__` makes the table", cls.place), TableArgs()
    args = table_args(reading.machine, cls, mapped)
    has_key = any(_is_key(each) for each in declared.values()) or any(
        made_by(item, "PrimaryKeyConstraint") for item in args.items
    )
    has_parent = parent is not None
    name = table_name(reading.machine, cls, declarative.kind, mapped, has_key=has_key, has_parent=has_parent)
    return name, args


def _declared_table(reading: Reading, cls: ClassValue) -> Value:
    """`__table__` by a `declared_attr` of a class above."""
    found = lookup(reading.machine, cls, "__table__")
    if found is None or not isinstance(found[1], Function):
        return None
    return reading.machine.invoke(found[1], [cls])


def _is_key(declaration: Declaration) -> bool:
    carried = declaration.mapped.columns if declaration.mapped is not None else []
    calls = [call for call in (declaration.column, *carried) if call is not None]
    return any(truth(call.kwargs.get("primary_key", False)) for call in calls)


def _give_table(reading: Reading, mapped: Mapped, name: Value, args: TableArgs) -> None:
    cls, model = mapped.cls, mapped.model
    existing = _existing(reading, name)
    if existing is not None:
        mapped.table = existing
    elif isinstance(name, str):
        info = reading.stores.of_class(cls)
        schema, schema_known = schema_of(args.keywords.get("schema"), info)
        place = cls.places.get("__tablename__", cls.place)
        if info is not None:
            reading.stores.use(info.id, cls.place)
        mapped.table = Table(name, schema, info.id if info else "", place, "model")
        mapped.table.schema_known = schema_known and args.keywords_known
        mapped.table.complete = model.complete and args.complete and schema_known
        mapped.table.reflected = _reflected(reading, cls)
        known = mapped.table.schema_known
        same = reading.table_of(mapped.table.key, mapped.table.metadata) if known else None
        if same is not None and (_extends(args) or same.place.path == place.path):
            mapped.table = same
        else:
            reading.add(mapped.table)
    elif name is None and mapped.parent is not None and mapped.parent.table is not None:
        mapped.table = mapped.parent.table
    else:
        model.complete = False
        model.on_select = (
            isinstance(name, Made) and root(name) == "sqlalchemy" and symbol(name.callee) != "Table"
        )
    model.table = mapped.table.key if mapped.table is not None else None


def _extends(args: TableArgs) -> bool:
    """Whether a class may be on a table that is there; else it is one of another program.

    In one file, the two classes are of branches of which one is taken.
    """
    extends = truth(args.keywords.get("extend_existing", False)) is not False
    return extends or not args.keywords_known


def _existing(reading: Reading, value: Value) -> Table | None:
    """The table of `__table__ = Table(...)` or `__table__ = Other.__table__`."""
    if isinstance(value, Member) and value.name == "__table__" and isinstance(value.owner, ClassValue):
        map_class(reading, value.owner)
    return table_value(reading, value)


def _reflected(reading: Reading, cls: ClassValue) -> bool:
    symbols = {symbol(base.callee if isinstance(base, Made) else base) for base in mro(reading.machine, cls)}
    return bool(symbols & REFLECTING) or cls.namespace.get("__autoload_with__") is not None


def _apply_args(reading: Reading, mapped: Mapped, args: TableArgs) -> None:
    if mapped.table is None:
        return
    names = {name: each.column for name, each in mapped.model.columns.items()}
    by_call = {
        id(each.column): names[name]
        for name, each in mapped.declared.items()
        if each.column and name in names
    }
    plain = plain_names(names, mapped.table)

    def name_of(value: Value) -> str | None:
        call = column_call(value)
        return by_call[id(call)] if call is not None and id(call) in by_call else plain(value)

    for item in args.items:
        reading.add_constraint(mapped.table, item, name_of)
    unknown = None if args.keywords_known else Unknown("the `info` of a table", mapped.table.place)
    mapped.table.info = args.keywords.get("info", unknown or mapped.table.info)
