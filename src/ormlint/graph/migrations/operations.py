"""Schema operations as plain data: the one vocabulary of `op.*` calls and of raw SQL.

`None` is "not known" wherever a value may be `None` and is not described otherwise.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.migrations.asking import Question
from ormlint.graph.migrations.specs import ColumnSpec, ConstraintSpec, CopiedColumns, IndexSpec, TableName


class Keep(Enum):
    """What `AlterColumn` says of an aspect that it leaves alone."""

    KEEP = 0


KEEP = Keep.KEEP


class _Step(Struct, frozen=True, array_like=True, tag=True, tag_field="step"):
    """Told apart by the name of its class where it is kept."""


class CreateTable(_Step, frozen=True):
    """`complete=False` says that it has columns or constraints that are not known."""

    table: TableName
    columns: tuple[ColumnSpec, ...]
    place: Place
    constraints: tuple[ConstraintSpec, ...] = ()
    indexes: tuple[IndexSpec, ...] = ()
    copied: tuple[CopiedColumns, ...] = ()
    if_not_exists: bool = False
    temporary: bool = False
    complete: bool = True


class DropTable(_Step, frozen=True):
    table: TableName
    place: Place
    if_exists: bool = False
    cascade: bool = False


class RenameTable(_Step, frozen=True):
    """Also a move into another schema."""

    table: TableName
    to: TableName
    place: Place
    if_exists: bool = False


class AddColumn(_Step, frozen=True):
    table: TableName
    column: ColumnSpec
    place: Place
    constraints: tuple[ConstraintSpec, ...] = ()
    indexes: tuple[IndexSpec, ...] = ()
    if_not_exists: bool = False
    if_table_exists: bool = False


class DropColumn(_Step, frozen=True):
    table: TableName
    column: str
    place: Place
    if_exists: bool = False
    if_table_exists: bool = False


class AlterColumn(_Step, frozen=True):
    table: TableName
    column: str
    place: Place
    nullable: bool | Keep | None = KEEP
    type: str | Keep | None = KEEP
    type_value: object = None
    enum: str | None = None
    server_default: bool | Keep | None = KEEP
    new_name: str | None = None
    if_table_exists: bool = False
    if_exists: bool = False
    is_standard: bool = True
    """As `ColumnSpec` has it, of a type that is given."""


class CreateIndex(_Step, frozen=True):
    table: TableName
    index: IndexSpec
    place: Place
    if_not_exists: bool = False


class DropIndex(_Step, frozen=True):
    """`table` is `None` where the operation does not say it."""

    name: str
    place: Place
    table: TableName | None = None
    schema: str | None = None
    if_exists: bool = False


class RenameIndex(_Step, frozen=True):
    name: str
    to: str
    place: Place
    table: TableName | None = None
    if_exists: bool = False


class AddConstraint(_Step, frozen=True):
    table: TableName
    constraint: ConstraintSpec
    place: Place
    if_table_exists: bool = False


ConstraintKind = Literal["primary", "unique", "foreignkey", "check"]


class DropConstraint(_Step, frozen=True):
    """`kind` narrows what the name may mean; `name` is `None` for MySQL's DROP PRIMARY KEY.

    `convention` names the constraints that have no name, as batch mode is told to.
    """

    table: TableName
    name: str | None
    place: Place
    kind: ConstraintKind | None = None
    if_exists: bool = False
    if_table_exists: bool = False
    convention: tuple[tuple[str, str], ...] = ()


class RenameConstraint(_Step, frozen=True):
    table: TableName
    name: str
    to: str
    place: Place


class CreateEnum(_Step, frozen=True):
    name: str
    members: tuple[str, ...] | None
    place: Place
    if_not_exists: bool = False


class DropEnum(_Step, frozen=True):
    name: str
    place: Place
    if_exists: bool = False
    cascade: bool = False


class RenameEnum(_Step, frozen=True):
    name: str
    to: str
    place: Place


class AddEnumValue(_Step, frozen=True):
    """`value=None`: a value that is not known."""

    name: str
    value: str | None
    place: Place
    if_not_exists: bool = False


class RenameEnumValue(_Step, frozen=True):
    name: str
    value: str
    to: str
    place: Place


class CreateView(_Step, frozen=True):
    view: TableName
    place: Place


class DropView(_Step, frozen=True):
    view: TableName
    place: Place
    if_exists: bool = False


class SetPragma(_Step, frozen=True):
    """A setting of a connection to SQLite is switched on or off."""

    name: str
    on: bool
    place: Place


class Opaque(_Step, frozen=True):
    """A step that cannot be settled; `tables` are the keys it touches, `None` = any.

    `keys_only` says that it can only concern indexes and constraints, `drops_constraint` that all it can do
    is to drop one of these.
    """

    reason: str
    place: Place
    tables: frozenset[str] | None = None
    keys_only: bool = False
    drops_constraint: bool = False


Change = (
    DropTable
    | RenameTable
    | AddColumn
    | DropColumn
    | AlterColumn
    | CreateIndex
    | DropIndex
    | RenameIndex
    | AddConstraint
    | DropConstraint
    | RenameConstraint
)
"""What is done to a table that is there."""
Operation = (
    CreateTable
    | Change
    | CreateEnum
    | DropEnum
    | RenameEnum
    | AddEnumValue
    | RenameEnumValue
    | CreateView
    | DropView
    | SetPragma
    | Opaque
)


class Choice(_Step, frozen=True):
    """Steps that depend on a question to the database, an SQL expression that is true or false."""

    question: str
    then: tuple[Step, ...]
    otherwise: tuple[Step, ...]


class Guarded(_Step, frozen=True):
    """A block with `EXCEPTION WHEN`: handlers as (PostgreSQL's condition names, steps)."""

    body: tuple[Step, ...]
    handlers: tuple[tuple[tuple[str, ...], tuple[Step, ...]], ...]


class Abort(_Step, frozen=True):
    """`RAISE EXCEPTION`: an upgrade that succeeds does not come by here."""


class Perhaps(_Step, frozen=True):
    """Steps that happen or not, all together: nobody knows whether the migration comes by them."""

    steps: tuple[Step, ...]


class Emptying(_Step, frozen=True):
    """All rows of a table go."""


class MakeModels(_Step, frozen=True):
    """`what` makes tables of models as they are today, one table where it is known."""

    what: str
    place: Place
    table: str | None = None


class Asked(_Step, frozen=True):
    """The migration asked the database, and goes by the answer, of which `digest` tells."""

    question: Question
    digest: str


Step = Operation | Choice | Guarded | Abort | Perhaps | Emptying | MakeModels | Asked
