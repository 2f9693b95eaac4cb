"""Services of one repository that share SQLModel's MetaData, and no table."""

from __future__ import annotations

from pathlib import Path

from reading import graph_of

CRATES = """\
import uuid

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field, SQLModel


class Crate(SQLModel, table=True):
    __tablename__ = "crates"
    id: uuid.UUID = Field(primary_key=True)


class Label(SQLModel, table=True):
    __tablename__ = "labels"
    crate_id: uuid.UUID = Field(sa_column=Column(ForeignKey("crates.id"), primary_key=True))
"""
DOCKS = """\
from sqlalchemy import Column, ForeignKey
from sqlmodel import Field, SQLModel


class Crate(SQLModel, table=True):
    __tablename__ = "crates"
    id: int = Field(primary_key=True)


class Berth(SQLModel, table=True):
    __tablename__ = "berths"
    crate_id: int = Field(sa_column=Column(ForeignKey("crates.id"), primary_key=True))
"""


def test_a_foreign_key_takes_the_type_of_the_column_of_its_own_service(tmp_path: Path) -> None:
    for name, text in {"crates/crates_app/models.py": CRATES, "docks/docks_app/models.py": DOCKS}.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = {
        (table.place.path, table.key, column.name): column.type
        for table in graph_of(tmp_path).tables
        for column in table.columns.values()
    }
    assert found == {
        ("crates/crates_app/models.py", "crates", "id"): "Uuid()",
        ("crates/crates_app/models.py", "labels", "crate_id"): "Uuid()",
        ("docks/docks_app/models.py", "berths", "crate_id"): "Integer()",
        ("docks/docks_app/models.py", "crates", "id"): "Integer()",
    }
