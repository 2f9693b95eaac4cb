"""Functions of modules that are not run: what they say they return is read where their text may say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ormlint import pipeline
from ormlint.graph.link import told
from ormlint.graph.link.gather import Reading

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
        ("from app.models import Person\ndef Newest() -> int: ...\n", False),
        ("from app.models import Person\ndef Newest(): ...  # -> Person:\n", True),
        ("from app.models import Person as Row\ndef Newest() -> int: ...\n", True),
        ("from app.models import Person\nfrom app.other import Newest\n", True),
        ("# from app.other import Newest\nfrom app.models import Person\nclass Newest: ...\n", False),
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


@pytest.mark.parametrize(
    ("imported", "returned", "is_read"),
    [
        (
            "from app.models import Person\nfrom app.schemas import Shown",
            "Shown.model_validate(Person())",
            True,
        ),
        ("from app.models import *\nfrom app.schemas import *", "Shown.model_validate(Person())", True),
        (
            "from app import models\nfrom app.schemas import Shown",
            "Shown.model_validate(models.Person())",
            True,
        ),
        (
            "from app.services import newest\nfrom app.schemas import Shown",
            "Shown.model_validate(newest())",
            True,
        ),
        (
            "from app import services as s\nfrom app.schemas import Shown",
            "Shown.model_validate(s.newest())",
            True,
        ),
        ("from app.schemas import Shown", "Shown.model_validate(store.by_name())", True),
        ("from app.schemas import Shown", "Shown.model_validate(store.oldest())", False),
        ("from app.models import Person", "Shown.model_validate(Person())", False),
    ],
)
def test_a_file_is_read_where_it_may_come_by_rows_and_schemas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, imported: str, returned: str, is_read: bool
) -> None:
    read: list[str] = []
    whole = Reading.of

    def of(self: Reading, path: str) -> object:
        read.append(path)
        return whole(self, path)

    monkeypatch.setattr(Reading, "of", of)
    api = f"{imported}\n\n\ndef show(store):  # a `Shown` of a `Person`\n    return {returned}\n"
    services = (
        "from app.models import Person\ndef newest() -> list[\n    Person\n]: ...\n"
        "class Store:\n    def by_name(self) -> Person:\n        ...\n"
        "    def oldest(self) -> Person:\n        ...\n"
    )
    assert _linked(tmp_path, "", services, api=api) == is_read
    assert read == (["app/api.py"] if is_read else [])
