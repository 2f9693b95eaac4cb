"""Random models beside a migrated database: most of what it has, and now and then something else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from shapes import Shape

_OTHER_TYPES = (
    "sa.Integer()",
    "sa.String(77)",
    "sa.Text()",
    "sa.DateTime()",
    "sa.Boolean()",
    "sa.Numeric(7, 1)",
)
_TYPES = {
    "BOOLEAN": ("sa.Boolean()", "sa.BOOLEAN"),
    "INTEGER": ("sa.Integer()", "sa.Integer"),
    "TEXT": ("sa.Text()", "sa.UnicodeText()", "sa.TEXT"),
    "NUMERIC(10, 2)": ("sa.Numeric(10, 2)", "sa.DECIMAL(10, 2)"),
    "VARCHAR(20)": ("sa.String(20)", "sa.Unicode(length=20)", "sa.VARCHAR(20)"),
    "TIMESTAMP WITH TIME ZONE": ("sa.DateTime(timezone=True)", "sa.TIMESTAMP(timezone=True)"),
    "TIMESTAMP WITHOUT TIME ZONE": ("sa.DateTime()", "sa.TIMESTAMP"),
    "TIME WITHOUT TIME ZONE": ("sa.Time()",),
    "DOUBLE PRECISION": ("sa.Float()", "sa.Double()", "sa.Float(53)"),
    "BYTEA": ("sa.LargeBinary()",),
    "INTEGER[]": ("postgresql.ARRAY(sa.Integer)", "sa.ARRAY(sa.Integer)"),
    "JSONB": ("postgresql.JSONB",),
}
_HEAD = """import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
"""


@dataclass
class _Table:
    """What a model's table is to have: expressions, and columns of each kind of key."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    """Name → the arguments of `sa.Column` after the name."""
    items: list[str] = field(default_factory=list)


@dataclass
class ModelWriter:
    draw: st.DrawFn
    shape: Shape

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == 1

    def module(self) -> str:
        tables = [key for key in self.shape if not key.startswith(("(", "copy"))]
        kept = [key for key in tables if not self.chance(8)]
        written = [self.declared(number, name, self.table(name, kept)) for number, name in enumerate(kept)]
        if self.chance(3):
            written.append(
                self.declared(len(kept), "unheard_of", _Table({"id": ["sa.Integer", "primary_key=True"]}))
            )
        return "\n\n".join([_HEAD, *written]) + "\n"

    def declared(self, number: int, name: str, table: _Table) -> str:
        columns = {
            column: f"({', '.join([repr(column), *given])})" for column, given in table.columns.items()
        }
        if self.chance(2) and any("primary_key=True" in given for given in table.columns.values()):
            lines = [f"    a{place} = sa.Column{given}" for place, given in enumerate(columns.values())]
            items = (
                f"    __table_args__ = ({' '.join(f'{item},' for item in table.items)})"
                if table.items
                else ""
            )
            return "\n".join([f"class C{number}(Base):", f"    __tablename__ = {name!r}", *lines, items])
        listed = [*(f"sa.Column{given}" for given in columns.values()), *table.items]
        return f"t{number} = sa.Table({name!r}, Base.metadata, {', '.join(listed)})"

    def table(self, name: str, kept: list[str]) -> _Table:
        shape, made = self.shape[name], _Table()
        key = shape["primary key"][1]
        for column, (nullable, type_) in shape["columns"].items():
            if column not in key and self.chance(8):
                continue
            made.columns[column] = self.column(column, nullable, type_, column in key, name)
        if self.chance(6):
            made.columns["unheard_of"] = [self.draw(st.sampled_from(_OTHER_TYPES))]
        self.add_keys(made, shape, kept)
        return made

    def column(self, column: str, nullable: bool, type_: str, key: bool, table: str) -> list[str]:
        given = [self.type(type_)]
        if key:
            return [*given, "primary_key=True"]
        if self.chance(8):
            nullable = not nullable
        if column in self.shape[table]["computed"]:
            return [*given, 'sa.Computed("1")']
        return [*given, f"nullable={nullable}"] if not nullable or self.chance(2) else given

    def type(self, shown: str) -> str:
        if self.chance(10):
            return self.draw(st.sampled_from(_OTHER_TYPES))
        enums = self.shape["(enums)"]
        name = shown.removesuffix("[]")
        if name in enums:
            written = f"postgresql.ENUM({', '.join(map(repr, enums[name]))}, name={name!r})"
            return f"postgresql.ARRAY({written})" if name != shown else written
        return self.draw(st.sampled_from(_TYPES.get(shown, (f"sa.{shown}" if shown else "sa.BLOB",))))

    def add_keys(self, made: _Table, shape: dict[str, Any], kept: list[str]) -> None:
        def usable(columns: list[str]) -> bool:
            return all(column in made.columns for column in columns) and not self.chance(6)

        for name, columns, unique in shape["indexes"]:
            if usable(columns):
                made.items.append(f"sa.Index({name!r}, {', '.join(map(repr, columns))}, unique={unique})")
        for name, columns in shape["uniques"]:
            # Alembic says nothing of a constraint that SQLite has and nobody named
            if usable(columns) or (name == "None" and columns[0] in made.columns):
                stated = None if name == "None" else name
                made.items.append(f"sa.UniqueConstraint({', '.join(map(repr, columns))}, name={stated!r})")
        for name, columns, targets in shape["foreign keys"]:
            if targets[0].rpartition(".")[0] in kept and usable(columns):
                stated = None if name == "None" else name
                made.items.append(f"sa.ForeignKeyConstraint({columns}, {targets}, name={stated!r})")
        taken = {column for _, columns, *_ in [*shape["indexes"], *shape["uniques"]] for column in columns}
        free = [column for column in made.columns if column not in {*taken, *shape["primary key"][1]}]
        if free and self.chance(6):
            column = self.draw(st.sampled_from(free))
            kind = self.draw(
                st.sampled_from(["Index('ix_more', {!r})", "UniqueConstraint({!r}, name='uq_more')"])
            )
            made.items.append("sa." + kind.format(column))


@st.composite
def models(draw: st.DrawFn, shape: Shape) -> str:
    """A module of models for the database."""
    return ModelWriter(draw, shape).module()
