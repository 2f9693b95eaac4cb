"""`include_object` and `include_name` hide from ormlint what they hide from `compare_metadata`."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from chains import upgraded
from sqlalchemy import create_engine
from test_against_alembic import drifts, said_by_ormlint

from ormlint.graph.machine.values import Made
from ormlint.graph.migrations.hidden import Filter

MODELS = """
from sqlalchemy import Column, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Person(Base):
    __tablename__ = "people"
    id = Column(Integer, primary_key=True)
    kind = Column(Integer, nullable=False, index=True)
    name = Column(String(9))
    boss = Column(Integer, ForeignKey("people.id", name="people_boss"))
    added = Column(Integer)
    __table_args__ = (UniqueConstraint("kind", "name", name="people_kind_name"),)


class Job(Base):
    __tablename__ = "jobs"
    id = Column(Integer, primary_key=True)
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "a"
down_revision = None


def upgrade():
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Integer),
        sa.Column("name", sa.Text),
        sa.Column("boss", sa.Integer),
        sa.UniqueConstraint("name", name="people_name"),
    )
    op.create_index("people_by_name", "people", ["name", "kind"])
    op.create_index("people_by_boss", "people", ["boss"])
    op.create_table("logs", sa.Column("id", sa.Integer, primary_key=True))
"""
OBJECTS = [
    'return type_ != "index"',
    'return not (type_ == "index" and name == "people_by_name")',
    'return not (type_ == "index" and reflected)',
    'return not (type_ == "unique_constraint" and name in ["people_name", "x"])',
    'return type_ != "unique_constraint" or reflected',
    'return type_ != "foreign_key_constraint"',
    'return not (type_ == "column" and name == "added")',
    'return not (type_ == "column" and object.table.name == "people" and name == "kind")',
    'return not (type_ == "column" and compare_to is not None)',
    'return not (type_ == "table" and name in {"logs", "jobs"})',
    'return type_ != "table" or not reflected or compare_to is not None',
    'return type_ == "table" or object.table.name != "people"',
    'return not (type_ in ("index", "unique_constraint") and name.startswith("people_by"))',
    "return True",
]
NAMES = [
    'return not (type_ == "table" and name == "logs")',
    'return not (type_ == "index" and name == "people_by_name")',
    'return type_ != "unique_constraint" or parent_names["table_name"] != "people"',
    'return type_ != "table" or name in ("people", "jobs")',
    "return True",
]
ENV = """
from alembic import context
from models import Base

{function}

context.configure(target_metadata=Base.metadata, {name}={name})
"""


def compare(folder: Path, name: str, signature: str, body: str) -> None:
    engine = create_engine(f"sqlite:///{folder}/database.sqlite")
    files = {"versions/a.py": MIGRATION}
    upgraded(engine, folder / "scripts", files)
    module = types.ModuleType("models")
    exec(MODELS, module.__dict__)  # noqa: S102
    metadata = module.__dict__["Base"].metadata
    function = f"def {name}({signature}):\n    {body}"
    namespace: dict[str, Any] = {}
    exec(function, namespace)  # noqa: S102
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={name: namespace[name]})
        expected = drifts(connection, compare_metadata(context, metadata), metadata)
    engine.dispose()
    files |= {"env.py": ENV.format(function=function, name=name), "models.py": MODELS}
    assert said_by_ormlint(files, "sqlite") == expected


@pytest.mark.parametrize("body", OBJECTS)
def test_include_object(body: str, tmp_path: Path) -> None:
    compare(tmp_path, "include_object", "object, name, type_, reflected, compare_to", body)


@pytest.mark.parametrize("body", NAMES)
def test_include_name(body: str, tmp_path: Path) -> None:
    compare(tmp_path, "include_name", "name, type_, parent_names", body)


def test_what_is_about_tables_alone_is_not_asked_of_each_column(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    hides_object = Filter.hides_object

    def counted(self: Filter, made: Made, kind: str, reflected: Made | None = None) -> bool:
        asked.append(kind)
        return hides_object(self, made, kind, reflected)

    monkeypatch.setattr(Filter, "hides_object", counted)
    function = "def include_object(object, name, type_, *rest):\n"
    function += '    return not (type_ == "table" and object.name == "logs")'
    env = ENV.format(function=function, name="include_object")
    said_by_ormlint({"versions/a.py": MIGRATION, "env.py": env, "models.py": MODELS}, "sqlite")
    assert set(asked) == {"table"}
