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
]
HEADER = """\
import datetime
import enum
import uuid
from typing import Annotated, Optional

from sqlalchemy import (
    JSON, Boolean, CheckConstraint, Column, DateTime, ForeignKey, Index, Integer, Numeric, String, Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship, synonym
"""
BASE = """\
{future}{header}from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

Short = Annotated[str, 8]
Named = Annotated[str, mapped_column(String(33), index=True)]


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

names = st.sampled_from(["a", "b", "c", "d", "e"])


@dataclass
class Class:
    """A class on its way into a module."""

    name: str
    bases: list[str]
    body: list[str] = field(default_factory=list)
    module: str = ""

    def text(self) -> str:
        body = self.body or ["pass"]
        return "\n".join([f"class {self.name}({', '.join(self.bases)}):", *(f"    {line}" for line in body)])


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
                    'server_default="1"',
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
    style = draw(st.sampled_from(["Column", "mapped", "annotated", "annotated", "both", "renamed", "key"]))
    type_, more = draw(st.sampled_from(TYPES)), draw(options())
    hint = draw(st.sampled_from(ANNOTATIONS))
    form = draw(st.sampled_from(["{}", "{}", "Optional[{}]", "{} | None", '"{} | None"'])).format(hint)
    if form.startswith('"'):
        form = form if "Short" not in form and "Named" not in form else f"Optional[{hint}]"
    if style == "Column":
        return f"{name} = Column({type_}{more})"
    if style == "mapped":
        return f"{name} = mapped_column({type_}{more})"
    if style == "annotated":
        return f"{name}: Mapped[{form}]"
    if style == "renamed":
        return f'{name} = Column("{name}_renamed", {type_}{more})'
    if style == "key":
        return f'{name}: Mapped[int | None] = mapped_column(ForeignKey("root.id"){more})'
    return f"{name}: Mapped[{form}] = mapped_column({type_}{more})"


@st.composite
def bodies(draw: st.DrawFn, least: int = 0) -> list[str]:
    chosen = draw(st.lists(names, min_size=least, max_size=4, unique=True))
    return [draw(columns(name)) for name in chosen]


@st.composite
def mixins(draw: st.DrawFn, number: int, known: list[Class]) -> Class:
    above = draw(st.lists(st.sampled_from(known), max_size=1)) if known else []
    made = Class(f"Mixin{number}", [each.name for each in above] or ["object"], draw(bodies()))
    if draw(st.booleans()):
        made.body += [
            "@declared_attr",
            f"def f{number}(cls) -> Mapped[int]:",
            "    return mapped_column(index=True)",
        ]
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
    imports = "from base import Base, Color, Named, Short\n"
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
    if plain and draw(st.booleans()):
        listed = ", ".join(f'"{name}"' for name in plain)
        kind = draw(st.sampled_from([f"UniqueConstraint({listed})", f'Index("ix_{number}", {listed})']))
        first.body.append(f"__table_args__ = ({kind},)")
    classes = [first]
    if draw(st.booleans()):
        extra = Class(f"Single{number}", [first.name], [f"only{number}: Mapped[int | None]"])
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
    wanted = f"from mixins import {', '.join(line)}\n" if line else ""
    return "\n\n\n".join([future + HEADER + imports + wanted, *(each.text() for each in classes)]) + "\n"
