"""Types that one release of SQLAlchemy derives otherwise than another."""

from __future__ import annotations

from pathlib import Path

import pytest

from ormlint import pipeline

MODELS = """\
from sqlalchemy import Numeric
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Field, SQLModel


class Base(DeclarativeBase):
    pass


class Stated(DeclarativeBase):
    type_annotation_map = {float: Numeric(5, 2)}


class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[float]
    paid: Mapped[float | None]


class Bill(Stated):
    __tablename__ = "bills"
    id: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[float]


class Pet(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    weight: float
"""


@pytest.mark.parametrize(
    ("requirement", "derived"),
    [
        ("sqlalchemy==2.0.45", "Float()"),
        ("sqlalchemy>=2.0", "Float()"),
        ("sqlalchemy[asyncio]~=2.1.3", "Double()"),
        ("SQLAlchemy>=2.1,<3", "Double()"),
    ],
)
def test_floats(tmp_path: Path, requirement: str, derived: str) -> None:
    (tmp_path / "requirements.txt").write_text(f"{requirement}\n", encoding="utf-8")
    (tmp_path / "models.py").write_text(MODELS, encoding="utf-8")

    tables = pipeline.linked(tmp_path, isolated=True).tables

    types = {
        f"{table.name}.{name}": str(column.type) for table in tables for name, column in table.columns.items()
    }
    assert types == {
        "visits.id": "Integer()",
        "visits.price": derived,
        "visits.paid": derived,
        "bills.id": "Integer()",
        "bills.price": "Numeric(5, 2)",
        "pet.id": "Integer()",
        "pet.weight": "Float()",
    }
