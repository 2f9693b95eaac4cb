"""A database schema that the source does not settle: no key is told, and no two tables are taken for one."""

from __future__ import annotations

from pathlib import Path

from ormlint import pipeline

MODELS = """\
import os

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

STORE, LOGS = os.environ["STORE"], os.environ["LOGS"]


class Base(DeclarativeBase):
    pass


class Entry(Base):
    __tablename__ = "entries"
    __table_args__ = {"schema": STORE}
    id: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int]


class LogEntry(Base):
    __tablename__ = "entries"
    __table_args__ = {"schema": LOGS}
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


def test_unsettled_schemas(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS, encoding="utf-8")

    graph = pipeline.graph(tmp_path, isolated=True)

    columns = {model["id"]: [each["column"] for each in model["columns"]] for model in graph["models"]}
    assert columns == {
        "models.Entry": ["id", "size"],
        "models.LogEntry": ["id", "text"],
        "models.Person": ["id"],
    }
    assert {model["id"]: model["table"] for model in graph["models"]} == {
        "models.Entry": None,
        "models.LogEntry": None,
        "models.Person": "people",
    }
