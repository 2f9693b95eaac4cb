"""Models whose mappers fail to configure: what SQLAlchemy never comes to make is not in the graph."""

from __future__ import annotations

from pathlib import Path

from reading import graph_of
from test_differential import observed

MODELS = """\
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Person(Base):
    __tablename__ = "people"
    id = Column(Integer, primary_key=True)
    {}


class Alert(Base):
    __tablename__ = "alerts"
    id = Column(Integer, primary_key=True)
    person_id = Column(Integer, ForeignKey("persons.id"))
    person = relationship("Person", backref="alerts")
"""


def test_a_backref_without_a_foreign_key(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS.format("name = Column(Integer)"), encoding="utf-8")
    assert "NoForeignKeysError" in observed([tmp_path])[0]["error"]
    graph = graph_of(tmp_path)
    assert list(graph.models["models.Person"].relationships) == []
    assert list(graph.models["models.Alert"].relationships) == ["person"]


def test_a_backref_by_a_foreign_key_of_the_other_side(tmp_path: Path) -> None:
    column = 'alert_id = Column(Integer, ForeignKey("alerts.id"))'
    (tmp_path / "models.py").write_text(MODELS.format(column), encoding="utf-8")
    truth = observed([tmp_path])[0]["models"]
    relationships = {name: list(model.relationships) for name, model in graph_of(tmp_path).models.items()}
    assert relationships == {name: list(model["relationships"]) for name, model in truth.items()}
