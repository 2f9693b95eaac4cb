"""Random modules of models, as text: mixins, inheritance, both column styles, several modules."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

TYPES = [
    "Integer",
    "String",
    "String(20)",
    "Text",
    "Boolean",
    "DateTime(timezone=True)",
    "Numeric(8, 2)",
    "JSON",
]
ANNOTATIONS = [
    "int",
    "str",
    "bool",
    "float",
    "bytes",
    "datetime.date",
    "uuid.UUID",
    "Color",
    "Short",
    "Named",
    "Code",
    "Level",
    "decimal.Decimal",
]
HEADER = """\
import datetime
import decimal
import enum
import uuid
from typing import Annotated, Literal, NewType, Optional

from sqlalchemy import (
    JSON, Boolean, CheckConstraint, Column, Computed, DateTime, ForeignKey, ForeignKeyConstraint, Index,
    Integer, Numeric, String, Table, Text, UniqueConstraint, func,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import (
    Mapped, column_property, declared_attr, deferred, mapped_column, relationship, synonym,
)
"""
BASE = """\
{future}{header}from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

Short = Annotated[str, 8]
Named = Annotated[str, mapped_column(String(33), index=True)]
RootKey = Annotated[int, mapped_column(ForeignKey("root.id"))]
Code = NewType("Code", str)
Level = Literal["low", "high"]


class Color(enum.Enum):
    RED = "red"


class Base(DeclarativeBase):
    metadata = MetaData({metadata})
    type_annotation_map = {{Short: String(8){map}}}
"""
CONVENTION = (
    'naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s", '
    '"ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s", '
    '"pk": "pk_%(table_name)s"}'
)

ASSOCIATION = """\
links{number} = Table(
    "links{number}",
    Base.metadata,
    Column("left", ForeignKey("table{number}.id"), primary_key=True),
    Column("right", Integer, ForeignKey("root.id"), nullable=False, index=True),
    UniqueConstraint("right", "left"),
)
"""

RETURNED = ["index=True", 'ForeignKey("root.id")', "Integer"]

names = st.sampled_from(["a", "b", "c", "d", "e"])


@dataclass
class Class:
    """A class on its way into a module; what an unmapped one gives beyond columns is a `declared_attr`."""

    name: str
    bases: list[str]
    body: list[str] = field(default_factory=list)
    mapped: bool = True

    def text(self) -> str:
        body = self.body or ["pass"]
        if not self.mapped:
            body = [each for line in body for each in _declared(line)]
        return "\n".join([f"class {self.name}({', '.join(self.bases)}):", *(f"    {line}" for line in body)])


def _declared(line: str) -> list[str]:
    """`name = deferred(...)` as a function of the class."""
    name, _, value = line.partition(" = ")
    if not value.startswith(("deferred(", "column_property(", "synonym(")):
        return [line]
    return ["@declared_attr", f"def {name}(cls):", f"    return {value}"]


@st.composite
def options(draw: st.DrawFn) -> str:
    chosen = draw(
        st.lists(
            st.sampled_from(
                [
                    "index=True",
                    "unique=True",
                    "nullable=False",
                    "nullable=True",
                    "default=None",
                    'default="1"',
                    'server_default="1"',
                    'onupdate="2"',
                    'comment="x"',
                ]
            ),
            max_size=2,
            unique_by=lambda text: text.partition("=")[0],
        )
    )
    return "".join(f", {option}" for option in chosen)


@st.composite
def columns(draw: st.DrawFn, name: str) -> str:
    """A line that declares a column in one of the styles."""
    type_, more = draw(st.sampled_from(TYPES)), draw(options())
    hint = draw(st.sampled_from(ANNOTATIONS))
    form = draw(st.sampled_from(["{}", "{}", "Optional[{}]", "{} | None", '"{} | None"'])).format(hint)
    if form.startswith('"'):
        form = form if hint not in ("Short", "Named", "Code", "Level") else f"Optional[{hint}]"
    elif "|" in form and hint in ("Code", "Level"):
        form = f"Optional[{hint}]"
    return draw(
        st.sampled_from(
            [
                f"{name} = Column({type_}{more})",
                f"{name} = mapped_column({type_}{more})",
                f"{name}: Mapped[{form}]",
                f"{name}: Mapped[{form}]",
                f'{name} = Column("{name}_renamed", {type_}{more})',
                f'{name}: Mapped[int | None] = mapped_column(ForeignKey("root.id"){more})',
                f"{name}: Mapped[{form}] = mapped_column({type_}{more})",
                f'{name}: Mapped[{form}] = mapped_column("{name}_renamed", {type_}{more})',
                f"{name}: Mapped[RootKey]",
                f"{name}: Mapped[Optional[RootKey]] = mapped_column({more.lstrip(', ')})",
                f'{name} = Column(Integer, CheckConstraint("{name} > 0", name="{name}_positive"){more})',
                f"{name} = deferred(Column({type_}{more}))",
                f"{name}: Mapped[int] = mapped_column(Computed('1'))",
                f"{name} = mapped_column({type_}, deferred=True, sort_order=-1{more})",
            ]
        )
    )


@st.composite
def attributes(draw: st.DrawFn, mark: str, own: list[str]) -> list[str]:
    """Lines that declare what is no column; `own` are the attributes of columns above."""
    lines: list[str] = []
    if draw(st.booleans()):
        lines += ["@property", f"def property_{mark}(self):", "    return 1"]
    if draw(st.booleans()):
        lines += ["@hybrid_property", f"def hybrid_{mark}(self):", "    return 1"]
    if own and draw(st.booleans()):
        lines.append(f'synonym_{mark} = synonym("{draw(st.sampled_from(own))}")')
    if draw(st.booleans()):
        lines.append(f"expression_{mark} = column_property(func.now())")
    return lines


@st.composite
def relationships(draw: st.DrawFn, mark: str) -> list[str]:
    """A foreign key to `Root` under a name of its own, and relationships by it."""
    style = draw(st.sampled_from(["", "mapped", "plain", "backref"]))
    key = f'root_{mark}_id: Mapped[int | None] = mapped_column(ForeignKey("root.id"))'
    foreign = f"foreign_keys=[root_{mark}_id]"
    if style == "mapped":
        return [key, f'root_{mark}: Mapped["Root | None"] = relationship({foreign}, viewonly=True)']
    if style == "plain":
        return [key, f'root_{mark} = relationship("Root", {foreign}, viewonly=True)']
    if style == "backref":
        return [key, f'root_{mark} = relationship("Root", {foreign}, backref="many_{mark}")']
    return []


@st.composite
def bodies(draw: st.DrawFn, least: int = 0) -> list[str]:
    chosen = draw(st.lists(names, min_size=least, max_size=4, unique=True))
    return [draw(columns(name)) for name in chosen]


@st.composite
def mixins(draw: st.DrawFn, number: int, known: list[Class]) -> Class:
    above = draw(st.lists(st.sampled_from(known), max_size=1)) if known else []
    made = Class(f"Mixin{number}", [each.name for each in above] or ["object"], draw(bodies()), False)
    if draw(st.booleans()):
        made.body += [
            "@declared_attr",
            f"def f{number}(cls) -> Mapped[int]:",
            f"    return mapped_column({draw(st.sampled_from(RETURNED))})",
        ]
    if draw(st.booleans()):
        made.body += [
            "@declared_attr",
            f"def g{number}(cls):",
            "    return Column(String(len(cls.__name__)))",
        ]
    made.body += draw(attributes(f"m{number}", []))
    return made


@st.composite
def projects(draw: st.DrawFn) -> dict[str, str]:
    """The files of a project of several modules."""
    future = draw(st.sampled_from(["", "from __future__ import annotations\n\n"]))
    metadata = draw(st.sampled_from(["", "", CONVENTION]))
    map_ = draw(st.sampled_from(["", ", str: String(40)", ", int: Numeric(5, 0)"]))
    files = {"base.py": BASE.format(future=future, header=HEADER, metadata=metadata, map=map_)}
    known: list[Class] = []
    for number in range(draw(st.integers(0, 3))):
        known.append(draw(mixins(number, known)))
    imports = "from base import Base, Code, Color, Level, Named, RootKey, Short\n"
    files["mixins.py"] = "\n\n\n".join([future + HEADER + imports, *(each.text() for each in known)]) + "\n"
    root = Class(
        "Root", ["Base"], ['__tablename__ = "root"', "id: Mapped[int] = mapped_column(primary_key=True)"]
    )
    files["root.py"] = f"{future}{HEADER}{imports}\n\n{root.text()}\n"
    for number in range(draw(st.integers(1, 3))):
        some = (
            st.lists(st.sampled_from(known), max_size=2, unique_by=lambda each: each.name)
            if known
            else st.just([])
        )
        mixed = draw(some)
        files[f"module{number}.py"] = draw(modules(number, future, imports, mixed))
    return files


@st.composite
def modules(draw: st.DrawFn, number: int, future: str, imports: str, mixed: list[Class]) -> str:
    """A module with one table, perhaps with classes that inherit from its class."""
    line = [each.name for each in mixed if each.name not in {base for other in mixed for base in other.bases}]
    key = "id: Mapped[int] = mapped_column(primary_key=True)"
    first = Class(f"Model{number}", [*line, "Base"], [f'__tablename__ = "table{number}"', key])
    own = draw(bodies())
    first.body += own
    plain = [text.partition(":")[0].partition(" ")[0] for text in own if "renamed" not in text]
    first.body += draw(attributes(f"t{number}", plain)) + draw(relationships(f"t{number}"))
    if plain and draw(st.booleans()):
        first.body.append(f"__table_args__ = ({draw(constraints(number, plain))},)")
    classes = [first]
    if draw(st.booleans()):
        above = Class(f"Abstract{number}", first.bases, ["__abstract__ = True", *draw(bodies())], False)
        above.body += draw(attributes(f"a{number}", []))
        first.bases = [above.name]
        classes.insert(0, above)
    if draw(st.booleans()):
        extra = Class(f"Single{number}", [first.name], [f"only{number}: Mapped[int | None]"])
        extra.body += draw(relationships(f"s{number}"))
        classes.append(extra)
    if draw(st.booleans()):
        joined = f'id: Mapped[int] = mapped_column(ForeignKey("table{number}.id"), primary_key=True)'
        classes.append(
            Class(
                f"Joined{number}",
                [first.name],
                [f'__tablename__ = "joined{number}"', joined, f"more{number}: Mapped[str]"],
            )
        )
    more = draw(st.sampled_from(["", "", ASSOCIATION])).format(number=number)
    wanted = f"from mixins import {', '.join(line)}\n" if line else ""
    parts = [future + HEADER + imports + wanted, *(each.text() for each in classes), more]
    return "\n\n\n".join(parts) + "\n"


@st.composite
def constraints(draw: st.DrawFn, number: int, names: list[str]) -> str:
    """An item of `__table_args__` over columns of these names."""
    listed = ", ".join(f'"{name}"' for name in names)
    return draw(
        st.sampled_from(
            [
                f"UniqueConstraint({listed})",
                f"UniqueConstraint({listed}, name='uq_{number}')",
                f'Index("ix_{number}", {listed})',
                f"Index(None, {listed}, unique=True)",
                f'Index("lower_{number}", func.lower("{names[0]}"))',
                f'CheckConstraint("{names[0]} > 0", name="positive")',
                f'ForeignKeyConstraint(["{names[0]}"], ["root.id"])',
                f'{{"comment": "x", "info": {{"a": {number}}}}}',
            ]
        )
    )
