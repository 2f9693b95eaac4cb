from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ormlint import cli

Project = Callable[[Mapping[str, str]], Path]

MODELS = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
"""
FILES = {
    "ormlint.toml": 'select = ["ORM101", "ORM303"]\n',
    "app/build/models.py": MODELS,
    "alembic/env.py": """\
from alembic import context
from app.build.models import Base

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
}


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def root(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CI", raising=False)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    root = project(FILES)
    monkeypatch.chdir(root)
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "first")
    return root


def run(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, Any]:
    status = cli.main(["check", "--output-format", "json", *options])
    out, err = capsys.readouterr()
    return status, [each["message"] for each in json.loads(out)["findings"]] if out else err


@pytest.mark.parametrize("cache", [[], ["--no-cache"]])
def test_only_what_the_base_does_not_have(
    root: Path, capsys: pytest.CaptureFixture[str], cache: list[str]
) -> None:
    assert len(run(capsys, *cache)[1]) == 2
    assert run(capsys, "--diff-base", "main", *cache) == (0, [])
    moved = root / "app" / "people.py"
    (root / "app/build/models.py").rename(moved)
    (root / "alembic/env.py").write_text(FILES["alembic/env.py"].replace("build.models", "people"))
    moved.write_text("import uuid\n\n" + MODELS + "    name: Mapped[str]\n")
    for _ in range(2):
        status, messages = run(capsys, "--diff-base", "main", *cache)
        assert (status, len(messages)) == (1, 1)
        assert "name" in messages[0]
    git("add", "-A")
    git("commit", "-qm", "second")
    assert run(capsys, "--diff-base", "HEAD", *cache) == (0, [])
    assert len(run(capsys, "--diff-base", "HEAD~1", *cache)[1]) == 1


def test_the_work_tree_and_the_index_stay_as_they_are(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "alembic/versions/0001.py").unlink()
    before = subprocess.run(["git", "status", "--porcelain"], check=True, capture_output=True).stdout
    run(capsys, "--no-cache", "--diff-base", "main")
    assert subprocess.run(["git", "status", "--porcelain"], check=True, capture_output=True).stdout == before


def test_a_base_without_anything_to_check(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git("checkout", "-q", "--orphan", "empty")
    git("rm", "-rqf", "--cached", ".")
    git("commit", "-qm", "empty", "--allow-empty")
    git("add", ".")
    git("checkout", "-q", "-b", "next")
    assert len(run(capsys, "--diff-base", "empty")[1]) == 2


@pytest.mark.parametrize("ref", ["nowhere", "--all", "main:app"])
@pytest.mark.usefixtures("root")
def test_a_ref_that_is_not_there(capsys: pytest.CaptureFixture[str], ref: str) -> None:
    status, said = run(capsys, f"--diff-base={ref}")
    assert (status, said.splitlines()) == (
        2,
        [
            f"ormlint: --diff-base: `{ref}`: there is no such commit here; for a branch, "
            f"`git fetch --depth=1 origin {ref}:refs/remotes/origin/{ref}` brings it"
        ],
    )


def test_a_shallow_clone_says_what_to_fetch(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    git("branch", "other")
    git("commit", "-qm", "second", "--allow-empty")
    git("clone", "-q", "--depth=1", f"file://{root}", str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    status, said = run(capsys, "--diff-base", "origin/other")
    assert status == 2
    assert "this shallow clone does not have it" in said
    assert "`git fetch --unshallow` brings the whole history" in run(capsys, "--diff-base", "HEAD~1")[1]
    git("fetch", "-q", "--depth=1", "origin", "other:refs/remotes/origin/other")
    assert run(capsys, "--diff-base", "origin/other") == (0, [])


def test_outside_git(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(FILES)
    monkeypatch.chdir(root)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(root.parent))
    assert run(capsys, "--diff-base", "main") == (2, f"ormlint: --diff-base: {root} is in no git work tree\n")


@pytest.mark.parametrize("cache", [[], ["--no-cache"]])
def test_revisions_are_compared_with_the_base(
    root: Path, capsys: pytest.CaptureFixture[str], cache: list[str]
) -> None:
    first, second = root / "alembic/versions/0001.py", root / "alembic/versions/0002.py"
    git("checkout", "-q", "-b", "feature")
    git("checkout", "-q", "main")
    second.write_text('revision = "0002_main"\ndown_revision = "0001"\n')
    git("add", ".")
    git("commit", "-qm", "second on main")
    git("checkout", "-q", "feature")
    (root / "ormlint.toml").write_text('select = ["ORM003", "ORM4"]\n')
    second.write_text('revision = "0002_feature"\ndown_revision = "0001"\n')
    first.write_text(first.read_text().replace("sa.Integer", "sa.BigInteger"))
    edited = (
        "revision `0001` is on `main`, and what it does was changed here: what ran it does not run it again"
    )
    heads = (
        "`0002_feature` is the head here and `0002_main` on `main`: after the merge there are two, "
        "and `alembic upgrade head` stops"
    )
    for _ in range(2):
        assert run(capsys, "--diff-base", "main", *cache) == (1, [edited, heads])
    first.write_text(first.read_text().replace('"0001"', '"0001"  # ormlint: ignore[ORM412] never ran'))
    assert run(capsys, "--diff-base", "main", *cache) == (1, [heads])
    assert run(capsys, *cache) == (0, [])


def test_what_compares_with_a_base_is_not_gone_without_one(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline = '[[finding]]\ncode = "ORM412"\nsubject = "revision 0001"\n'
    (root / ".ormlint-baseline.toml").write_text(baseline)
    run(capsys)
    assert (root / ".ormlint-baseline.toml").read_text() == baseline
