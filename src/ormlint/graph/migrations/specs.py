"""Tables, columns, indexes and constraints to be, as operations specify them.

`None` is "not known" wherever a value may be `None` and is not described otherwise.
"""

from __future__ import annotations

from msgspec import Struct

from ormlint.findings import Place


class TableName(Struct, frozen=True, array_like=True):
    name: str
    schema: str | None = None

    @property
    def key(self) -> str:
        """The key of `MetaData.tables`."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


class ColumnSpec(Struct, frozen=True, array_like=True):
    """A column to be; `enum` names the enumerated type that it uses, where it uses one."""

    name: str
    place: Place
    type: str | None = None
    type_value: object = None
    nullable: bool | None = True
    server_default: bool | None = False
    computed: bool = False
    enum: str | None = None
    is_standard: bool = True
    """Its type is one of SQLAlchemy's own without variants, or stands in raw SQL."""


class PrimaryKeySpec(Struct, frozen=True, array_like=True, tag=True, tag_field="kind"):
    """`using_index` names the index that becomes the key, and then gives the columns."""

    columns: tuple[str, ...]
    place: Place
    name: str | None = None
    using_index: str | None = None


class UniqueSpec(Struct, frozen=True, array_like=True, tag=True, tag_field="kind"):
    """`using_index` names the index that becomes the constraint, and then gives the columns."""

    columns: tuple[str, ...] | None
    place: Place
    name: str | None = None
    using_index: str | None = None


class ForeignKeySpec(Struct, frozen=True, array_like=True, tag=True, tag_field="kind"):
    """Without `referred_columns` the primary key of `referred` is meant."""

    columns: tuple[str, ...] | None
    referred: TableName | None
    place: Place
    referred_columns: tuple[str, ...] = ()
    name: str | None = None


class CheckSpec(Struct, frozen=True, array_like=True, tag=True, tag_field="kind"):
    """`column` is set where the check stands at a column, for PostgreSQL names it after that."""

    place: Place
    sqltext: str | None = None
    name: str | None = None
    column: str | None = None


class IndexSpec(Struct, frozen=True, array_like=True):
    """`columns` holds column names, and the text of expressions."""

    columns: tuple[str, ...] | None
    place: Place
    name: str | None = None
    unique: bool | None = False


ConstraintSpec = PrimaryKeySpec | UniqueSpec | ForeignKeySpec | CheckSpec


class CopiedColumns(Struct, frozen=True, array_like=True):
    """Columns that a new table takes from `source`, as (new name, name there); `columns=None` = all.

    Without a `source` they come from a query that has no one table. `LIKE` and `PARTITION OF` keep NOT
    NULL, `AS SELECT` does not; `keys` says that indexes and constraints come along.
    """

    source: TableName | None
    columns: tuple[tuple[str, str], ...] | None = None
    keep_not_null: bool = True
    defaults: bool = False
    generated: bool = False
    keys: bool = False
