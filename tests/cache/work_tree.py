"""A small project in a git work tree, and `ormlint check` in it: with the cache, and without."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar
from unittest import mock

from ormlint import hot, own

MODELS = """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]


class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str | None]
"""
FILES = {
    "app/__init__.py": "",
    "app/base.py": """\
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
""",
    "app/models.py": MODELS,
    "app/schemas.py": """\
from pydantic import BaseModel, ConfigDict


class PersonRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    email: str
    age: int
""",
    "app/api.py": """\
from app.models import Person
from app.schemas import PersonRead


def shown(person: Person) -> PersonRead:
    return PersonRead.model_validate(person)
""",
    "app/sums.py": "def add(a: int, b: int) -> int:\n    return a + b\n",
    "alembic.ini": "[alembic]\nscript_location = alembic\n",
    "alembic/env.py": """\
from alembic import context
from app.models import Base

context.configure(target_metadata=Base.metadata)
context.run_migrations()
""",
    "alembic/versions/0001.py": """\
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True))
""",
    "alembic/versions/0002.py": """\
from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.execute((Path(__file__).parent / "0002.sql").read_text())
""",
    "alembic/versions/0002.sql": "ALTER TABLE people ADD COLUMN email TEXT;\n",
    "pyproject.toml": '[project]\nname = "small"\ndependencies = ["sqlalchemy", "psycopg"]\n',
}
VISITS = {
    "app/more.py": """\
from pydantic import BaseModel, ConfigDict


class VisitRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    note: str | None
    length: int


class VisitCreate(BaseModel):
    person_id: int
    note: str
    length: int
""",
    "app/visits.py": """\
from app.models import Visit
from app.more import VisitCreate, VisitRead
from app.store import Store


def shown(store: Store) -> VisitRead:
    return VisitRead.model_validate(store.get_visit())


def made(given: VisitCreate) -> Visit:
    return Visit(**given.model_dump())
""",
    "app/store.py": """\
from app.models import Visit


class Store:
    def get_visit(self) -> Visit:
        return Visit(note="")
""",
}
"""Schemas of visits, what reads and makes them, and a method that returns one."""
T = TypeVar("T")
_HERE = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX")
_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


class Ended(NamedTuple):
    """How a command ended, and all that it printed."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class WorkTree:
    root: Path

    @classmethod
    def begun(cls, root: Path) -> WorkTree:
        """The small project, committed."""
        tree = cls(root)
        for path, text in FILES.items():
            tree.write(path, text)
        tree.git("init", "-q", "-b", "main")
        tree.commit()
        return tree

    def write(self, path: str, text: str | bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text()
        assert old in text
        self.write(path, text.replace(old, new))

    def git(self, *words: str) -> str:
        environment = {name: value for name, value in os.environ.items() if name not in _HERE}
        done = subprocess.run(
            ["git", "-C", str(self.root), "-c", "protocol.file.allow=always", *words],
            check=True,
            capture_output=True,
            text=True,
            env={**environment, **_GIT},
        )
        return done.stdout

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "a change")

    def check(self, *words: str, at: str = ".") -> Ended:
        """`ormlint check`, in this process, in a folder of the project."""
        return self.run("check", *words, at=at)

    def run(self, *words: str, at: str = ".") -> Ended:
        """The same of any command."""
        own.stamp.cache_clear()
        with _inside(self.root / at, ["ormlint", *words]) as (out, err):
            status = hot.main()
            return Ended(status, _text(out), _text(err))

    def fresh(self, *words: str, at: str = ".") -> Ended:
        return self.check("--no-cache", *words, at=at)

    def noted(self, noted: list[T], *words: str) -> list[T]:
        """What a check with the cache adds to a list kept elsewhere; it says what one without says."""
        noted.clear()
        ended = self.check(*words)
        found = list(noted)
        assert ended == self.fresh(*words)
        return found

    def recalled(self, *words: str, at: str = ".") -> Ended | None:
        """What a hot run prints; `None` where none is."""
        with mock.patch("ormlint.cli.main", side_effect=_NotHotError):
            try:
                return self.check(*words, at=at)
            except _NotHotError:
                return None

    def agrees(self, *words: str, at: str = ".") -> Ended:
        """Check twice with the cache (warm, then hot) and once without, which must be all the same."""
        ended = [self.check(*words, at=at), self.check(*words, at=at), self.fresh(*words, at=at)]
        assert ended[0] == ended[2]
        assert ended[1] == ended[2]
        return ended[2]


class _NotHotError(Exception):
    """The command itself was about to run."""


@contextmanager
def _inside(folder: Path, argv: Sequence[str]) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    before = Path.cwd()
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    os.chdir(folder)
    try:
        with (
            mock.patch.multiple(sys, argv=list(argv), stdout=out, stderr=err),
            mock.patch.dict(os.environ, _GIT),
        ):
            yield out, err
    finally:
        os.chdir(before)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
