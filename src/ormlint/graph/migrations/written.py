"""What a migration file says that running `upgrade()` does not show: nameless constraints, `downgrade()`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from ormlint.facts.code import (
    Attr,
    Call,
    Const,
    Do,
    Expr,
    For,
    FunctionDef,
    If,
    Name,
    Return,
    Stmt,
    Try,
    While,
    With,
)
from ormlint.findings import Place
from ormlint.graph.machine.modules import Modules
from ormlint.graph.machine.values import External, ImportRef, ModuleValue
from ormlint.graph.migrations.names import Convention
from ormlint.graph.model import Remark, Revision

_KINDS = {
    "create_foreign_key": "fk",
    "create_unique_constraint": "uq",
    "create_check_constraint": "ck",
    "create_primary_key": "pk",
}
_MYSQL = ("mysql", "mariadb")
Batches = Mapping[str, Expr | None]
"""The names that `with op.batch_alter_table(…) as name` binds, and the tables that they stand for."""


def written_remarks(
    modules: Modules, module: ModuleValue, revision: Revision, convention: Convention | None, dialect: str
) -> Iterator[Remark]:
    """Remarks on a file; `convention` is `None` where it is not known."""
    facts = modules.facts(module)
    functions = [each for each in (facts.body if facts is not None else ()) if isinstance(each, FunctionDef)]
    calls = [(each, *found) for each in functions for found in _calls(each.body, {})]
    named = {
        table
        for function, call, batches in calls
        for operation, table in [_operation(module, call, batches)]
        if function.name == "downgrade" and operation == "drop_constraint" and not _is_nameless(call)
    }
    for function, call, batches in calls:
        operation, table = _operation(module, call, batches)
        kind = _kind(operation, call, convention, dialect, in_batch=bool(batches))
        if kind is None or not _is_nameless(call):
            continue
        if kind == "nameless" and table in named and dialect != "sqlite":
            continue  # the name that the database gives is known
        what = f"`{operation}(None)` in `{function.name}()`"
        yield Remark(kind, revision.id, Place(module.path, call.line), what, table)
    downgrade = next((each for each in functions if each.name == "downgrade"), None)
    if downgrade is not None and not downgrade.left_out and all(map(_is_nothing, downgrade.body)):
        place = Place(module.path, downgrade.line, downgrade.column, downgrade.end)
        yield Remark("no-downgrade", revision.id, place, "`downgrade()` does nothing")


def _calls(body: Sequence[Stmt], batches: Batches) -> Iterator[tuple[Call, Batches]]:
    """The calls that stand as statements, unless an exception that they raise is caught."""
    for statement in body:
        if isinstance(statement, Do) and isinstance(statement.value, Call):
            yield statement.value, batches
        elif isinstance(statement, With):
            yield from _calls(statement.body, {**batches, **dict(_batches(statement))})
        elif isinstance(statement, (If, For, While)):
            yield from _calls([*statement.body, *statement.orelse], batches)
        elif isinstance(statement, Try) and not statement.handlers:
            yield from _calls([*statement.body, *statement.final], batches)


def _batches(statement: With) -> Iterator[tuple[str, Expr | None]]:
    for item in statement.items:
        call, target = item.value, item.target
        function = call.func if isinstance(call, Call) else None
        is_batch = isinstance(function, Attr) and function.attr == "batch_alter_table"
        if is_batch and isinstance(call, Call) and isinstance(target, Name):
            yield target.id, _argument(call, 0, "table_name")


def _operation(module: ModuleValue, call: Call, batches: Batches) -> tuple[str, str | None]:
    """The operation of Alembic that a call is, and the table that it names; empty for another call."""
    owner = call.func.value if isinstance(call.func, Attr) else None
    if not isinstance(owner, Name) or not isinstance(call.func, Attr):
        return "", None
    if owner.id in batches:
        return call.func.attr, _text(batches[owner.id])
    value = module.namespace.get(owner.id)
    is_op = value == External("alembic.op") or (
        isinstance(value, ImportRef) and (value.module, value.attr) == ("alembic", "op")
    )
    key = "source_table" if call.func.attr == "create_foreign_key" else "table_name"
    return (call.func.attr, _text(_argument(call, 1, key))) if is_op else ("", None)


def _argument(call: Call, position: int, name: str) -> Expr | None:
    given = next((each.value for each in call.keywords if each.name == name), None)
    return call.args[position] if position < len(call.args) else given


def _text(expr: Expr | None) -> str | None:
    return expr.value if isinstance(expr, Const) and isinstance(expr.value, str) else None


def _is_nameless(call: Call) -> bool:
    name = _argument(call, 0, "constraint_name")
    return isinstance(name, Const) and name.value is None


def _works_nameless(call: Call, convention: Convention | None, dialect: str, *, in_batch: bool) -> bool:
    """MySQL has one primary key to drop; a convention may name it, and nothing that goes by its columns.

    Where the convention is not known, only what no convention can name is certain to fail.
    """
    kind = _text(_argument(call, 1 if in_batch else 2, "type_"))
    if kind == "primary":
        return dialect in _MYSQL or convention is None or "pk" in convention
    return convention is None and kind not in ("foreignkey", "check")


def _kind(
    operation: str, call: Call, convention: Convention | None, dialect: str, *, in_batch: bool
) -> Literal["nameless", "nameless-stops"] | None:
    """What is wrong with the operation if it gives no name."""
    if operation == "drop_constraint":
        works = _works_nameless(call, convention, dialect, in_batch=in_batch)
        return None if works else "nameless-stops"
    if operation not in _KINDS or convention is None or _KINDS[operation] in convention:
        return None
    return "nameless-stops" if in_batch and dialect == "sqlite" else "nameless"


def _is_nothing(statement: Stmt) -> bool:
    """A docstring, `...` or a bare `return`; `pass` leaves no statement at all."""
    if isinstance(statement, Do):
        return isinstance(statement.value, Const)
    return isinstance(statement, Return) and statement.value is None
