"""What a project requires decides which Pydantic reads its classes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ormlint import pipeline

SCHEMAS = """\
from typing import Optional

from pydantic import BaseModel, ConfigDict


class Person(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Optional[str]
    nick: str = None
"""
MODELS = """\
from typing import Optional

from sqlmodel import Field, SQLModel


class Room(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str
    owner: str = None
    note: str = Field(default=None)
    city: str = "Bern"
"""


@pytest.mark.parametrize(
    ("requirement", "fields"),
    [
        ("pydantic==1.10.2", {"name": (False, True), "nick": (False, True)}),
        ("pydantic==2.5.3", {"name": (True, True), "nick": (False, False)}),
        ("pydantic", {"name": (True, True), "nick": (False, False)}),
    ],
)
def test_fields(tmp_path: Path, requirement: str, fields: dict[str, tuple[bool, bool]]) -> None:
    (tmp_path / "requirements.txt").write_text(f"{requirement}\n", encoding="utf-8")
    (tmp_path / "schemas.py").write_text(SCHEMAS, encoding="utf-8")

    found = pipeline.linked(tmp_path, isolated=True).schemas["schemas.Person"].fields

    given = {name: (each.required, each.nullable) for name, each in found.items() if name in fields}
    assert given == fields


EITHER = """\
import pydantic
from pydantic import VERSION, BaseModel

IS_2 = {asked}


class Person(BaseModel):
    if IS_2:
        model_config = pydantic.ConfigDict(from_attributes=True)
    else:

        class Config:
            orm_mode = False
"""


@pytest.mark.parametrize(
    "asked",
    [
        'pydantic.VERSION.startswith("2.")',
        'VERSION >= "2"',
        'int(pydantic.__version__.split(".")[0]) > 1',
        "tuple(map(int, pydantic.version.VERSION.split('.')[:2])) >= (2, 0)",
    ],
)
@pytest.mark.parametrize(
    ("requirement", "from_attributes"),
    [("pydantic==1.10.2", False), ("pydantic>=2.1", True), ("pydantic", None)],
)
def test_code_for_either_release(
    tmp_path: Path, asked: str, requirement: str, from_attributes: bool | None
) -> None:
    (tmp_path / "requirements.txt").write_text(f"{requirement}\n", encoding="utf-8")
    (tmp_path / "schemas.py").write_text(EITHER.format(asked=asked), encoding="utf-8")

    person = pipeline.linked(tmp_path, isolated=True).schemas["schemas.Person"]

    assert person.from_attributes is from_attributes


@pytest.mark.parametrize(
    ("requirement", "nullable"),
    [("pydantic==1.10.2", ["note", "owner"]), ("pydantic==2.5.3", [])],
)
def test_columns_of_sqlmodel(tmp_path: Path, requirement: str, nullable: list[str]) -> None:
    (tmp_path / "requirements.txt").write_text(f"{requirement}\n", encoding="utf-8")
    (tmp_path / "models.py").write_text(MODELS, encoding="utf-8")

    (table,) = pipeline.linked(tmp_path, isolated=True).tables

    assert sorted(column.name for column in table.columns.values() if column.nullable) == nullable
