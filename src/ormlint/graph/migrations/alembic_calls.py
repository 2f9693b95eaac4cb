"""Calls of Alembic, of the migration's connection and of what hangs on them, answered on the replay."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ormlint.findings import Place
from ormlint.graph.machine.origins import made_by
from ormlint.graph.machine.signals import Raised
from ormlint.graph.machine.values import NOWHERE, External, Made, Member, NativeMethod, Unknown, Value
from ormlint.graph.migrations import connection, files, op_calls, schema_objects
from ormlint.graph.migrations.arguments import Arguments, Context, bound
from ormlint.graph.migrations.asking import NO_SUCH_TABLE, IndexNamed, Query, Reflection
from ormlint.graph.migrations.inspector import METHODS
from ormlint.graph.migrations.names import truncated
from ormlint.graph.migrations.operations import Emptying
from ormlint.graph.migrations.reading import FinalName
from ormlint.graph.migrations.registered import OP, perform_registered
from ormlint.graph.migrations.results import (
    NOT_KNOWN,
    Row,
    Rows,
    call_on_rows,
    member_of_row,
    parameters,
)
from ormlint.graph.migrations.sql import questions
from ormlint.graph.migrations.sql.statements import steps

if TYPE_CHECKING:
    from ormlint.graph.migrations.interpreter import Interpreter

_OPERATIONS = frozenset(
    f"alembic.operations.{path}" for path in ("Operations", "base.Operations", "Operations.context")
)
"""What makes the object that `alembic.op` stands for."""
_TABLE = External("sqlalchemy.Table")
_IN_PLACE = frozenset({"add_column", "create_index", "drop_index"})
"""What SQLite does without making the table anew."""
_EXECUTES = frozenset({"execute", "exec_driver_sql", "scalar", "scalars", "executescript", "stream"})
_EMPTIES = re.compile(r"\b(?:DELETE\s+FROM|TRUNCATE)\b", re.IGNORECASE)
_SYMBOLIC = frozenset({"get_bind", "get_context", "batch_alter_table", "inline_literal", "run_async"})


def answer_call(
    machine: Interpreter, callee: Value, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Value:
    """Answer calls of Alembic, of the connection and of what hangs on them."""
    if isinstance(callee, NativeMethod):
        if isinstance(callee.receiver, Rows):
            return call_on_rows(callee.receiver, callee.name, args)
        if isinstance(callee.receiver, (PurePosixPath, files.OpenFile)):
            return files.call_method(callee.receiver, callee.name, args, machine.dialogue.read)
        return NotImplemented
    if isinstance(callee, External):
        return _call_external(machine, callee, args, kwargs, place)
    if isinstance(callee, Member):
        return _call_member(machine, callee, args, kwargs, place)
    return NotImplemented


def _call_external(
    machine: Interpreter, callee: External, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Value:
    if callee.path == "alembic.context.is_offline_mode":
        return False
    if callee.path == "builtins.str" and len(args) == 1 and connection.is_url(args[0]):
        return connection.address(machine.dialogue.dialect, place)
    if callee.path in _OPERATIONS:
        return OP
    if callee.module != "alembic.op":
        return files.call_function(callee, args, machine.dialogue.read)
    if callee.name == "f":
        return _final(machine, args)
    if callee.name == "execute":
        return _execute(machine, args, kwargs, place)
    if callee.name in ("get_bind", "get_context", "batch_alter_table", "inline_literal", "run_async"):
        return NotImplemented
    if not op_calls.is_operation(callee.name) and perform_registered(
        machine, callee.name, args, kwargs, place
    ):
        return None
    name = _plain(callee.name)
    _operation(machine, name, bound(name, args, kwargs, place, open_=machine.open_arguments))
    if name == "create_table" and args:  # it gives the table
        return Made(_TABLE, (args[0], None, *args[1:]), kwargs, place)
    return None


def _plain(name: str) -> str:
    """Alembic's operation behind one of https://geoalchemy-2.readthedocs.io/en/latest/alembic.html."""
    return name.replace("_geospatial_", "_")


def _final(machine: Interpreter, args: list[Value]) -> Value:
    """`op.f(name)`."""
    if not args or not isinstance(args[0], str):
        return NotImplemented
    return FinalName(truncated(machine.dialogue.dialect, args[0]))


def _operation(machine: Interpreter, name: str, arguments: Arguments) -> None:
    context = Context(machine, machine.dialogue.dialect, machine.convention)
    if op_calls.is_operation(name):
        machine.perform(op_calls.operations(name, arguments, context))
    else:
        machine.perform(schema_objects.custom_operation(machine, name, arguments))


def _call_member(
    machine: Interpreter, callee: Member, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Value:
    owner, name = callee.owner, callee.name
    if made_by(owner, "batch_alter_table"):
        return _batch_operation(machine, owner, name, args, kwargs, place)
    if connection.is_url(owner) and name in ("render_as_string", "get_backend_name"):
        dialect = machine.dialogue.dialect
        return dialect if name == "get_backend_name" else connection.address(dialect, place)
    if connection.is_inspector(owner):
        return _ask(machine, owner, name, args, kwargs)
    if name in ("create", "drop", "create_all", "drop_all", "alter"):
        found = schema_objects.steps_of(machine, callee, args, kwargs, place)
        if found is not None:
            machine.perform(found)
            return None
    if name in _EXECUTES and connection.is_connection(owner):
        result = _execute(machine, args, kwargs, place)
        return (
            call_on_rows(result, name, ())
            if name.startswith("scalar") and isinstance(result, Rows)
            else result
        )
    return NotImplemented


def _batch_operation(
    machine: Interpreter, batch: Made, name: str, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Value:
    """`batch_op.<name>(…)` is `op.<name>(…)` on the table of the batch."""
    name = _plain(name)
    if name == "f":
        return _final(machine, args)
    if name == "execute":
        return _execute(machine, args, kwargs, place)
    if name in ("get_bind", "get_context"):
        return Made(External(f"alembic.op.{name}"), (), {}, place)
    of = bound("batch_alter_table", batch.args, batch.kwargs, place, open_=batch.open_keywords)
    table, schema = of.get("table_name"), of.get("schema")
    key = "source_table" if name == "create_foreign_key" else "table_name"
    first = 1 if name.startswith(("create_", "drop_constraint", "drop_index")) else 0
    if name in ("create_table_comment", "drop_table_comment"):
        return None
    filled = [*args[:first], table, *args[first:]] if first <= len(args) else list(args)
    given = {**kwargs} if first <= len(args) else {**kwargs, key: table}
    if schema is not None:
        given["source_schema" if name == "create_foreign_key" else "schema"] = schema
    if name not in _IN_PLACE and machine.dialogue.dialect == "sqlite":
        _reflect_as(machine, of, place)
    if name == "drop_constraint":
        given["naming_convention"] = of.get("naming_convention")
    _operation(machine, name, bound(name, filled, given, place, open_=machine.open_arguments))
    return None


def _reflect_as(machine: Interpreter, batch: Arguments, place: Place) -> None:
    """SQLite's table is made anew, with columns of the types that `reflect_args` gives them."""
    columns = batch.get("reflect_args")
    for column in columns if isinstance(columns, (list, tuple)) else ():
        if made_by(column, "Column") and len(column.args) > 1:
            names = {"schema": batch.get("schema"), "type_": column.args[1]}
            given = [batch.get("table_name"), column.args[0]]
            _operation(machine, "alter_column", bound("alter_column", given, names, place, open_=False))


def _ask(
    machine: Interpreter, inspector: Value, name: str, args: list[Value], kwargs: dict[str, Value]
) -> Value:
    """What the inspector answers; the dialect's own methods take the connection first."""
    if isinstance(inspector, Member):
        args = args[1:]
    table = args[0] if args else kwargs.get("table_name")
    if name == "has_index":
        return machine.dialogue.ask(IndexNamed(table, args[1] if len(args) > 1 else kwargs.get("index_name")))
    if name not in METHODS:
        return NotImplemented
    schema = kwargs.get("schema", args[1] if len(args) > 1 else None)
    answer = machine.dialogue.ask(Reflection(name, table, schema))
    if answer is NO_SUCH_TABLE:
        raise Raised(answer)
    return answer


def _execute(machine: Interpreter, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """Run SQL: schema statements on the replayed database, questions to its catalogue are answered."""
    statement = args[0] if args else kwargs.get("sqltext", kwargs.get("statement"))
    sql = connection.sql_of(statement)
    if sql is None:
        found = schema_objects.ddl_steps(machine, statement, place)
        machine.perform([Emptying(), *found] if schema_objects.empties(statement) else found)
        return Unknown(NOT_KNOWN)
    found = steps(sql, machine.dialogue.dialect, place)
    machine.perform([Emptying(), *found] if _EMPTIES.search(sql) else found)
    if found or not _asks(sql):
        return Unknown("what a statement gives")
    given = args[1] if len(args) > 1 else kwargs.get("parameters", kwargs.get("params", {}))
    params = parameters(given)
    bound_before = parameters(connection.bound_parameters(statement))
    if isinstance(params, Mapping) and isinstance(bound_before, Mapping):
        params = {**bound_before, **params}
    return machine.dialogue.ask(Query(sql, params)) if questions.is_answered(sql) else Unknown(NOT_KNOWN)


def _asks(sql: str) -> bool:
    return sql.lstrip(" \n\t(").upper().startswith(("SELECT", "PRAGMA", "WITH", "SHOW"))


def answer_member(machine: Interpreter, value: Value, name: str) -> Value:
    """Answer members of the connection: the dialect's name, rows' values."""
    if isinstance(value, Row):
        answer = member_of_row(value, name)
        return NativeMethod(value, name) if answer is NotImplemented else answer
    if isinstance(value, (PurePosixPath, files.OpenFile)):
        return files.member_of(value, name)
    if isinstance(value, Rows):
        unknown = name in ("rowcount", "returns_rows", "lastrowid")
        return Unknown(NOT_KNOWN) if unknown else NativeMethod(value, name)
    if isinstance(value, FinalName):
        return NativeMethod(value, name)
    if connection.names_dialect(value, name):
        return machine.dialogue.dialect
    if name == "drivername" and connection.is_url(value):
        return connection.address(machine.dialogue.dialect, NOWHERE)
    if name == "as_sql" and connection.is_connection(value):
        return False
    return NotImplemented
