"""The graph is plain data: it outlives the run that made it, with all that the rules ask of it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ormlint import pipeline
from ormlint.graph.model import Graph
from ormlint.graph.model.types import Call, Class, Either, Generic, Name
from ormlint.graph.view import view
from ormlint.rules import catalogue

EXAMPLES = Path(__file__).parents[2] / "examples"
MODELS = """\
import enum

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Kind(str, enum.Enum):
    MEMBER = "member"
    GUEST = "guest"

    @classmethod
    def first(cls):
        return cls.MEMBER


class Shape(sa.types.TypeDecorator):
    impl = sa.Text


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(sa.Enum(Kind, name="kinds"))
    shape = mapped_column(Shape)
"""
SCHEMAS = """\
from app.models import Kind
from pydantic import BaseModel, Field


class PersonRead(BaseModel):
    id: int
    kinds: list[Kind] | None = Field(default_factory=list)
"""


@pytest.mark.parametrize("example", ["clinic", "clinic-healthy"])
def test_a_graph_comes_back_as_it_was(example: str) -> None:
    graph = pipeline.linked(EXAMPLES / example)
    again = msgspec.msgpack.Decoder(Graph).decode(msgspec.msgpack.encode(graph))
    assert again == graph
    assert view(again) == view(graph)
    everything = frozenset(module.RULE.code for module in catalogue.MODULES)
    assert list(catalogue.check(again, everything)) == list(catalogue.check(graph, everything))


def test_types_tell_what_rules_ask_without_the_machine(tmp_path: Path) -> None:
    for name, text in {"pyproject.toml": "", "app/__init__.py": "", "app/models.py": MODELS}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "app/schemas.py").write_text(SCHEMAS)
    graph = pipeline.linked(tmp_path)
    columns = graph.tables[0].columns
    made = columns["kind"].kind
    assert isinstance(made, Call)
    assert made.callee == Name("sqlalchemy.Enum")
    assert made.kwargs == {"name": "kinds"}
    kind, shape = made.args[0], columns["shape"].kind
    assert isinstance(kind, Class)
    assert kind.enum is not None
    assert (kind.id, kind.enum.names) == ("app.models.Kind", {"str", "Enum"})
    assert {name: each for name, each in kind.enum.members.items() if isinstance(each, str)} == {
        "MEMBER": "member",
        "GUEST": "guest",
    }
    assert isinstance(shape, Class)
    assert (shape.roots, shape.enum) == (("sqlalchemy",), None)
    field = graph.schemas["app.schemas.PersonRead"].fields["kinds"]
    assert field.kind == Either((Generic(Name("builtins.list"), (kind,)), None))
