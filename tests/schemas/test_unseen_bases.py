"""Schemas with a base class of a package that is not at hand."""

from __future__ import annotations

from pathlib import Path

from ormlint import pipeline

SCHEMAS = """\
from typing import Generic, TypeVar

from elsewhere import Configured
from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Plain(BaseModel, Generic[T]):
    id: int


class Mixed(Configured, BaseModel):
    id: int


class Child(Mixed, Plain):
    name: str


class Stated(Mixed):
    model_config = ConfigDict(from_attributes=True)
"""


def test_nobody_knows_what_it_configures(tmp_path: Path) -> None:
    (tmp_path / "schemas.py").write_text(SCHEMAS, encoding="utf-8")

    graph = pipeline.graph(tmp_path, isolated=True)

    assert {schema["id"]: schema["from_attributes"] for schema in graph["schemas"]} == {
        "schemas.Plain": False,
        "schemas.Mixed": None,
        "schemas.Child": None,
        "schemas.Stated": True,
    }
