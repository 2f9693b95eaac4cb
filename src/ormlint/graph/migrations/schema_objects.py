"""Objects of SQLAlchemy that migrations create and drop themselves, and operations of other packages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ormlint.findings import Place
from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.values import ClassValue, Made, Member, Value
from ormlint.graph.migrations.arguments import Arguments
from ormlint.graph.migrations.asking import Mentioned
from ormlint.graph.migrations.enums import ENUMS, enum_of
from ormlint.graph.migrations.operations import (
    CreateEnum,
    CreateTable,
    CreateView,
    DropEnum,
    DropTable,
    DropView,
    MakeModels,
    Opaque,
    Step,
)
from ormlint.graph.migrations.reading import UnsettledError, table_name
from ormlint.graph.migrations.specs import TableName
from ormlint.graph.migrations.table_parts import table_parts

if TYPE_CHECKING:
    from ormlint.graph.migrations.interpreter import Interpreter

CREATE_ALL = "it makes the models of today, whatever they are"
_ENTITIES = ("PGView", "PGMaterializedView")


def steps_of(
    machine: Interpreter, callee: Member, args: list[Value], kwargs: dict[str, Value], place: Place
) -> list[Step] | None:
    """The steps of `enum.create(bind)`, `table.create(bind)`, `metadata.create_all(bind)` and their like."""
    owner, name = callee.owner, callee.name
    if made_by(owner, *ENUMS):
        return list(_enum_steps(machine, owner, name, args, kwargs, place))
    if made_by(owner, "Table"):
        return list(_table_steps(machine, owner, name, kwargs, place))
    if name in ("create_all", "drop_all"):
        if name == "create_all" and not _is_of_migration(machine, owner, place):
            machine.perform([MakeModels("create_all()", place)])
        return [Opaque(f"{name}(): {CREATE_ALL}", place, _named_tables(machine, kwargs.get("tables")))]
    if isinstance(owner, Member) and owner.name == "__table__":
        named = _table_of_model(machine, owner.owner)
        if name == "create" and not _is_of_migration(machine, owner.owner, place):
            machine.perform([MakeModels("__table__.create()", place, named)])
        return [Opaque(f"__table__.{name}(): {CREATE_ALL}", place, frozenset((named,)) if named else None)]
    return None


def _is_of_migration(machine: Interpreter, owner: Value, place: Place) -> bool:
    """Whether the MetaData or the class is the migration's own, which does not change with the models."""
    if isinstance(owner, Member) and owner.name == "metadata":
        owner = owner.owner
    if isinstance(owner, (Made, ClassValue)):
        return owner.place.path == place.path
    return False


def empties(statement: Value) -> bool:
    """Whether an executed construct takes rows out of a table: `delete(table)`, `table.delete()`."""
    while isinstance(statement, Made):
        if symbol(statement.callee) == "delete":
            return True
        statement = statement.callee.owner if isinstance(statement.callee, Member) else None
    return False


def _enum_steps(
    machine: Interpreter, made: Made, name: str, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Iterator[Step]:
    enum = enum_of(machine, made)
    if enum is None or machine.dialogue.dialect != "postgresql":
        return
    if enum.name is None:
        yield Opaque("the name of the enumerated type is computed at run time", place, frozenset())
        return
    default = symbol(made.callee) == "ENUM"
    check_first = truth(kwargs.get("checkfirst", args[1] if len(args) > 1 else default)) is not False
    if name == "create":
        yield CreateEnum(enum.name, enum.members, place, if_not_exists=check_first)
    elif name == "drop":
        yield DropEnum(enum.name, place, if_exists=check_first)


def _table_steps(
    machine: Interpreter, made: Made, name: str, kwargs: dict[str, Value], place: Place
) -> Iterator[Step]:
    check_first = truth(kwargs.get("checkfirst", True)) is not False
    try:
        table = table_name(made.arg(0, "name"), made.kwargs.get("schema"))
    except UnsettledError as problem:
        yield Opaque(f"Table.{name}(): {problem}", place)
        return
    if name == "drop":
        yield DropTable(table, place, if_exists=check_first)
    elif name == "create":
        dialect = machine.dialogue.dialect
        parts = table_parts(machine, table, made.args[2:], machine.convention, dialect)
        yield CreateTable(
            table,
            tuple(parts.columns),
            place,
            tuple(parts.constraints),
            tuple(parts.indexes),
            if_not_exists=check_first,
            complete=parts.complete and bool(parts.columns) and not made.open_keywords,  # appended, reflected
        )


def _named_tables(machine: Interpreter, tables: Value) -> frozenset[str] | None:
    """The tables that `create_all(tables=[...])` is told."""
    if not isinstance(tables, (list, tuple)):
        return None
    named = [
        _table_of_model(machine, t.owner) for t in tables if isinstance(t, Member) and t.name == "__table__"
    ]
    found = frozenset(name for name in named if name)
    return found if len(found) == len(tables) else None


def _table_of_model(machine: Interpreter, model: Value) -> str | None:
    if not isinstance(model, ClassValue):
        return None
    name = machine.get(model, "__tablename__")
    return name if isinstance(name, str) else None


def ddl_steps(machine: Interpreter, statement: Value, place: Place) -> list[Step]:
    """The steps of an executed construct: `CreateTable(table)`, `DropTable(table)`; data is nothing."""
    if not made_by(statement, "CreateTable", "DropTable") or not statement.args:
        return []
    table = statement.args[0]
    name = "create" if made_by(statement, "CreateTable") else "drop"
    if made_by(table, "Table"):
        kwargs = {
            "checkfirst": bool(statement.kwargs.get("if_not_exists", statement.kwargs.get("if_exists")))
        }
        return list(_table_steps(machine, table, name, kwargs, place))
    model = _table_of_model(machine, table.owner) if isinstance(table, Member) else None
    return [
        Opaque(f"{symbol(statement.callee)}: {CREATE_ALL}", place, frozenset((model,)) if model else None)
    ]


def custom_operation(machine: Interpreter, name: str, arguments: Arguments) -> list[Step]:
    """An operation of another package: known where it is well known, else not settled for what it names."""
    place = arguments.place
    if name in ("create_entity", "replace_entity", "drop_entity"):
        return list(_entity_steps(name, arguments))
    if name == "sync_enum_values":
        return list(_synchronised(arguments))
    if name == "invoke":
        return [Opaque("op.invoke: the operation is not followed", place)]
    named = frozenset(_texts([*arguments.named.values(), *arguments.rest]))
    touched = frozenset(machine.dialogue.ask(Mentioned(tuple(sorted(named)))))
    if "view" in name:
        touched |= named
    return [Opaque(f"op.{name} is not an operation of Alembic's", place, touched)]


def _synchronised(arguments: Arguments) -> Iterator[Step]:
    """https://pypi.org/project/alembic-postgresql-enum/: `op.sync_enum_values(schema, name, values, …)`."""
    given = dict(zip(("enum_schema", "enum_name", "new_values"), arguments.rest, strict=False))
    given.update(arguments.named)
    name, values = given.get("enum_name"), given.get("new_values")
    if isinstance(name, str):
        known = isinstance(values, (list, tuple)) and all(isinstance(value, str) for value in values)
        yield DropEnum(name, arguments.place, if_exists=True)
        yield CreateEnum(name, tuple(values or ()) if known else None, arguments.place)


def _entity_steps(name: str, arguments: Arguments) -> Iterator[Step]:
    """https://olirice.github.io/alembic_utils/: views matter, functions and triggers do not."""
    entity = arguments.rest[0] if arguments.rest else arguments.get("target")
    if not made_by(entity, *_ENTITIES):
        return
    schema, signature = entity.arg(0, "schema"), entity.arg(1, "signature")
    if not isinstance(signature, str):
        return
    view = TableName(signature, schema if isinstance(schema, str) and schema != "public" else None)
    if name == "drop_entity":
        yield DropView(view, arguments.place)
    else:
        yield CreateView(view, arguments.place)


def _texts(values: list[Value]) -> Iterator[str]:
    """Names among the arguments, those of objects that are built in place included."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _texts(list(value))
        elif isinstance(value, Made):
            yield from _texts([*value.args, *value.kwargs.values()])
