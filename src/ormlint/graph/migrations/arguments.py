"""The arguments of an `op.*` call by name, whether they are given by position or by keyword."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.machine.values import Value
from ormlint.graph.migrations.names import Convention
from ormlint.graph.migrations.reading import table_name
from ormlint.graph.migrations.specs import TableName

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

SIGNATURES: dict[str, tuple[str, ...]] = {
    "add_column": ("table_name", "column"),
    "alter_column": ("table_name", "column_name"),
    "batch_alter_table": ("table_name", "schema"),
    "create_check_constraint": ("constraint_name", "table_name", "condition"),
    "create_exclude_constraint": ("constraint_name", "table_name"),
    "create_foreign_key": ("constraint_name", "source_table", "referent_table", "local_cols", "remote_cols"),
    "create_index": ("index_name", "table_name", "columns"),
    "create_primary_key": ("constraint_name", "table_name", "columns"),
    "create_table": ("table_name",),
    "create_table_comment": ("table_name", "comment"),
    "create_unique_constraint": ("constraint_name", "table_name", "columns"),
    "drop_column": ("table_name", "column_name"),
    "drop_constraint": ("constraint_name", "table_name", "type_"),
    "drop_index": ("index_name", "table_name"),
    "drop_table": ("table_name",),
    "drop_table_comment": ("table_name",),
    "execute": ("sqltext",),
    "rename_table": ("old_table_name", "new_table_name"),
}
"""https://alembic.sqlalchemy.org/en/latest/ops.html"""


class Arguments(Struct, frozen=True):
    """`rest` are the positional arguments beyond those that have a name; `open_` says some are not known."""

    named: dict[str, Value]
    rest: tuple[Value, ...]
    place: Place
    open_: bool = False

    def get(self, name: str, default: Value = None) -> Value:
        return self.named.get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self.named


def bound(
    operation: str, args: Sequence[Value], kwargs: dict[str, Value], place: Place, *, open_: bool
) -> Arguments:
    """Bind the arguments of `op.<operation>`."""
    names = SIGNATURES.get(operation, ())
    named = dict(zip(names, args, strict=False))
    return Arguments({**named, **kwargs}, tuple(args[len(names) :]), place, open_)


def table_of(arguments: Arguments) -> TableName:
    """The table that `table_name` and `schema` mean."""
    return table_name(arguments.get("table_name"), arguments.get("schema"))


class Context(Struct, frozen=True):
    """What reading a call needs to know besides its arguments."""

    machine: Machine
    dialect: str
    convention: Convention
