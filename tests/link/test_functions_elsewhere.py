"""Functions of modules that are not run: what they say they return is read where their text may say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ormlint import pipeline
from ormlint.graph.link import told

MODELS = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str]
"""
SCHEMAS = """\
from pydantic import BaseModel


class Shown(BaseModel):
    given_name: str
"""
API = """\
from app import services
from app.models import Person
from app.schemas import Shown


def show():
    return Shown.model_validate(services.{name}())
"""
SAID = "def {name}() -> Person:\n    ...\n"


def _linked(folder: Path, name: str, services: str, **more: str) -> bool:
    app = folder / "app"
    app.mkdir()
    (folder / "ormlint.toml").touch()
    files = {"__init__": "", "models": MODELS, "schemas": SCHEMAS, "api": API.format(name=name), **more}
    for file, text in {**files, "services": services}.items():
        (app / f"{file}.py").write_text(text, encoding="utf-8")
    return pipeline.graph(folder, isolated=True)["schemas"][0]["model"] == "app.models.Person"


@pytest.mark.parametrize(
    "services",
    [
        f"from app.models import Person\n{SAID.format(name='newest')}",
        f"from app.models import Person\nasync {SAID.format(name='newest')}",
        "from app.models import Person\ndef \\\n  newest() -> Person:\n    ...\n",
        "from app.models import Person\nfrom app.other import newest\n",
        "from app.models import Person\nfrom app.other import oldest as newest\n",
        "from app.models import Person\nfrom app.other import (  # of (all)\n    oldest,\n    newest,\n)\n",
        "from app.models import Person\nfrom app.other import oldest, \\\n    newest\n",
        "from app.models import Person\nif True:\n    from app.other import newest\n",
        "from app.models import Person; from app.other import newest\n",
    ],
)
def test_a_function_is_found(tmp_path: Path, services: str) -> None:
    other = f"from app.models import Person\n{SAID.format(name='newest')}{SAID.format(name='oldest')}"
    assert _linked(tmp_path, "newest", services, other=other)


def test_a_name_with_other_letters(tmp_path: Path) -> None:
    assert _linked(tmp_path, "älteste", f"from app.models import Person\n{SAID.format(name='älteste')}")


@pytest.mark.parametrize(
    ("services", "reads"),
    [
        ("from app.models import Person\nclass Newest:\n    def keep(self) -> Person: ...\n", False),
        ("from app.models import Person\nclass Newest: ...\ndef Newest_() -> Person: ...\n", False),
        ("class Newest: ...\ndef Newest() -> int: ...\n", False),
        ("from app.models import Person\ndef Newest() -> int: ...\n", True),
    ],
)
def test_a_file_is_read_only_for_what_it_may_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, services: str, reads: bool
) -> None:
    read: list[str] = []
    whole = told.Told.of_file

    def of_file(self: told.Told, path: str, body: object) -> object:
        read.append(path)
        return whole(self, path, body)  # type: ignore[arg-type]

    monkeypatch.setattr(told.Told, "of_file", of_file)
    assert not _linked(tmp_path, "Newest", services)
    assert read == (["app/api.py", "app/services.py"] if reads else ["app/api.py"])
