"""What is known while the models are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.machine.origins import made_by
from ormlint.graph.machine.values import ClassValue, Made, Value
from ormlint.graph.model import Column, Model, NamedBy, Table, Unresolved
from ormlint.graph.models.constraints import Naming, add_constraint, add_flags
from ormlint.graph.models.declarative import Root
from ormlint.graph.models.scan import Declaration
from ormlint.graph.models.stores import Stores

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine


class Mapped(Struct):
    """A mapped class on its way into the graph."""

    cls: ClassValue
    model: Model
    declared: dict[str, Declaration]
    table: Table | None
    parent: Mapped | None
    root: Root
    concrete: bool = False


class Reference(Struct):
    """A `ForeignKey` of a column; `target` is a text or a value that stands for a column."""

    table: Table
    column: Column
    target: Value
    place: Place
    name: str | None = None
    named_by: NamedBy | None = None


class Reading(Struct):
    """Everything that is known while the models are read."""

    machine: Machine
    stores: Stores
    mapped: dict[int, Mapped] = {}
    """By identity of the class."""
    tables: list[Table] = []
    settled: dict[tuple[str, str], Table] = {}
    """The first table of each MetaData and key, of those whose schema is settled."""
    by_call: dict[int, Table] = {}
    """Tables by identity of their `Table(...)` call."""
    columns: dict[int, list[tuple[Table, Column]]] = {}
    """Columns by identity of their call."""
    references: list[Reference] = []
    keys: list[tuple[Table, Made, Naming]] = []
    """Every `ForeignKeyConstraint(...)`, to be read when what it may refer to is known."""
    unresolved: list[Unresolved] = []
    beside: Sequence[Table] = ()
    """Tables of modules that are not read."""
    is_named: bool = False
    """Whether conventions have given their names."""

    def add_constraint(self, table: Table, value: Value, name_of: Naming) -> None:
        """Put an item of `__table_args__` (or of `Table(...)`) on the table."""
        if made_by(value, "ForeignKeyConstraint"):
            self.keys.append((table, value, name_of))
        else:
            add_constraint(table, value, name_of)

    def add(self, table: Table) -> None:
        self.tables.append(table)
        if table.schema_known:
            self.settled.setdefault((table.metadata, table.key), table)

    def table_of(self, key: Value, metadata: str) -> Table | None:
        """The table of a key on a MetaData; tables of which a schema is not settled may be two."""
        return self.settled.get((metadata, key)) if isinstance(key, str) else None

    def put(self, table: Table, column: Column) -> None:
        """Put a column on a table; one of its name goes with its foreign keys, and leaves its index."""
        replaced = table.columns.get(column.name)
        table.columns[column.name] = column
        if replaced is not None and replaced is not column:
            add_flags(table, replaced)
            self.references = [each for each in self.references if each.column is not replaced]

    def made(self, *names: str) -> list[Made]:
        """The project's recorded calls of something of one of these names."""
        return [call.made for call in self.machine.made.named(*names) if not call.module.is_stub]
