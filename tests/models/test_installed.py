"""Base classes and functions of packages, read from their source where the environment is at hand."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from comparing import differences
from reading import graph_of, read
from test_differential import observed, runnable, written
from test_stubs import EXPECTED, MODELS, draw

from ormlint import pipeline
from ormlint.graph.model import Graph
from ormlint.settings import UsageError

Write = Callable[[Mapping[str, str]], Path]

PACKAGE = {
    "__init__.py": "from .base import CorpBase\n",
    "base.py": """\
import re

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, declared_attr


class CorpBase(DeclarativeBase):
    __abstract__ = True
    metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s"})

    @declared_attr.directive
    def __tablename__(cls):
        return re.sub("(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
""",
    "mixins.py": """\
import datetime

from sqlalchemy import Column, ForeignKey, Integer, func
from sqlalchemy.orm import Mapped, mapped_column

from corp.base import CorpBase


class Stamped:
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())


class CorpUser(CorpBase):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


def author(nullable=True):
    return Column(Integer, ForeignKey("corp_user.id"), nullable=nullable)
""",
    "schemas.py": """\
from pydantic import BaseModel


class CorpModel(BaseModel):
    model_config = {"from_attributes": True}
    id: int
""",
}
PROJECT = {
    "app/__init__.py": "",
    "app/models.py": """\
from corp import CorpBase
from corp.mixins import CorpUser, Stamped, author
from sqlalchemy import Column, Integer


class WorkItem(Stamped, CorpBase):
    id = Column(Integer, primary_key=True)
    author_id = author(nullable=False)


class Admin(CorpUser):
    id = Column(Integer, primary_key=True)
    rank = Column(Integer)
""",
    "app/schemas.py": """\
from corp.schemas import CorpModel


class WorkItemOut(CorpModel):
    author_id: int
""",
}
SEEN = {
    "work_item": {
        "id Integer() NOT NULL pk",
        "author_id Integer() NOT NULL -> corp_user.id",
        "created_at DateTime() NOT NULL",
    },
    "admin": {"id Integer() NOT NULL pk", "rank Integer() NULL"},
}


def environment(folder: Path, package: Mapping[str, str] = PACKAGE) -> Path:
    """A virtual environment, as far as it matters here, with the package."""
    site = folder / "lib" / "python3.12" / "site-packages" / "corp"
    site.mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("home = /usr/bin\n", encoding="utf-8")
    for name, text in package.items():
        (site / name).write_text(text, encoding="utf-8")
    return folder


def drawn(graph: Graph) -> dict[str, set[str]]:
    return {table.key: {draw(column) for column in table.columns.values()} for table in graph.tables}


@pytest.mark.parametrize("place", [".venv", "venv", "app/.venv", "active", "stated", "stated folder"])
def test_the_source_is_read(
    project: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    files = {"app/pyproject.toml": "", **PROJECT} if place.startswith("app/") else PROJECT
    root = project(files)
    config: tuple[str, ...] = ()
    if place in ("active", "stated", "stated folder"):
        folder = environment(tmp_path / "elsewhere")
        if place == "active":
            monkeypatch.setenv("VIRTUAL_ENV", str(folder))
        else:
            site = folder / "lib" / "python3.12" / "site-packages"
            config = (f"python-path = ['{folder if place == 'stated' else site}']",)
    else:
        environment(root / place)
    graph = graph_of(root, config)
    assert drawn(graph) == SEEN
    assert {model.id: (model.complete, model.inherits) for model in graph.models.values()} == {
        "app.models.WorkItem": (True, None),
        "app.models.Admin": (True, "corp.mixins.CorpUser"),
    }
    assert [(info.id, info.place.path, info.shared) for info in graph.metadatas.values()] == [
        ("corp.base.CorpBase", "app/models.py", True)
    ]
    schema = graph.schemas["app.schemas.WorkItemOut"]
    assert {name: field.place for name, field in schema.fields.items()}.keys() == {"id", "author_id"}
    places = [*(c.place for t in graph.tables for c in t.columns.values())]
    places += [field.place for field in schema.fields.values()]
    assert {place.path for place in places} == {"app/models.py", "app/schemas.py"}


def test_without_an_environment_nothing_is_known(project: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    # The environment that ormlint runs in is not the project's.
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    text = PROJECT["app/models.py"].replace("CorpBase):", 'CorpBase):\n    __tablename__ = "work_items"')
    graph = graph_of(project({**PROJECT, "app/models.py": text}))
    assert drawn(graph) == {"work_items": {"id Integer() NOT NULL pk"}}
    assert [(model.id, model.complete) for model in graph.models.values()] == [("app.models.WorkItem", False)]
    assert [table.complete for table in graph.tables] == [False]


def test_the_project_comes_first(project: Write) -> None:
    root = project({**PROJECT, "corp/__init__.py": "", "corp/mixins.py": "class Stamped: ...\n"})
    environment(root / ".venv")
    assert drawn(graph_of(root)) == {}


def test_sources_of_packages_with_stubs(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS, encoding="utf-8")
    graph = graph_of(tmp_path, (f"python-path = ['{sysconfig.get_path('purelib')}']",))
    assert {table.key: sorted(map(draw, table.columns.values())) for table in graph.tables} == {
        key: sorted(columns) for key, columns in EXPECTED.items()
    }


def test_the_source_says_what_run_time_says(tmp_path: Path) -> None:
    document = Path(__file__).with_name("cases") / "packages.md"
    found = list(runnable(document))
    folders = [written(tmp_path / f"case{number}", case) for number, case in enumerate(found)]
    config = (f"python-path = ['{sysconfig.get_path('purelib')}']",)
    problems = [
        f"{case.title}: {line}"
        for case, folder, truth in zip(found, folders, observed(folders), strict=True)
        for line in differences(truth, read(folder, config), unknown=True)
    ]
    assert problems == []


def test_a_changed_package_is_noticed(project: Write) -> None:
    root = project({**PROJECT, "app/alembic.ini": ""})
    folder = environment(root / ".venv")
    caching = pipeline.Caching()

    def findings() -> list[str]:
        report = pipeline.check([root], config=("select = ['ORM101']",), caching=caching)
        return [finding.message.partition(":")[0] for finding in report.findings]

    before = findings()
    assert findings() == before == []
    base = folder / "lib" / "python3.12" / "site-packages" / "corp" / "base.py"
    base.write_text(PACKAGE["base.py"].replace('naming_convention={"pk": "pk_%(table_name)s"}', ""))
    assert findings() == ["the MetaData of `CorpBase` has no naming convention"]
    (folder / "pyvenv.cfg").unlink()
    with pytest.raises(UsageError, match="nothing to check"):
        findings()


def test_a_hot_answer_rests_on_the_package(project: Write) -> None:
    root = project({**PROJECT, ".gitignore": ".venv\n"})
    folder = environment(root / ".venv")
    git = ["git", "-C", str(root)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)

    def modules() -> str:
        code = "import sys; from ormlint.hot import main; main(); sys.stderr.write(repr(list(sys.modules)))"
        done = subprocess.run(
            [sys.executable, "-c", code, "check"], cwd=root, capture_output=True, text=True, check=False
        )
        return done.stderr

    assert "ormlint.cli" in modules()
    assert "ormlint.cli" not in modules()
    base = folder / "lib" / "python3.12" / "site-packages" / "corp" / "base.py"
    base.write_text(PACKAGE["base.py"] + "\n\nMORE = 1\n")
    assert "ormlint.cli" in modules()
    assert "ormlint.cli" not in modules()
