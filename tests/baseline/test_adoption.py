"""The baseline and ignore comments through the command line."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ormlint import cli, pipeline
from ormlint.adoption import Holding
from ormlint.cache import state

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
ENV = """\
from alembic import context
from models import Base

context.configure(target_metadata=Base.metadata)
context.run_migrations()
"""
FIRST = """\
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True))
"""
FILES = {
    "ormlint.toml": 'select = ["ORM101", "ORM303"]\n',
    "models.py": MODELS,
    "alembic/env.py": ENV,
    "alembic/versions/0001.py": FIRST,
}


@pytest.fixture
def root(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(project(FILES))
    return Path()


def run(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, Any]:
    status = cli.main(["check", "--no-cache", "--output-format", "json", *options])
    out = capsys.readouterr().out
    return status, [each["code"] for each in json.loads(out)["findings"]] if out.startswith("{") else out


def test_a_baseline_holds_back_what_was_there(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys) == (1, ["ORM101", "ORM303"])
    status, said = run(capsys, "--write-baseline", ".")
    assert (status, said) == (0, f"Wrote 2 findings to {root.resolve() / '.ormlint-baseline.toml'}.\n")
    assert run(capsys) == (0, [])
    assert run(capsys, "--isolated", "--select", "ORM303") == (1, ["ORM303"])
    shutil.move("models.py", "people.py")
    Path("alembic/env.py").write_text(ENV.replace("models", "people"))
    assert run(capsys) == (0, [])
    Path("people.py").write_text(MODELS + "    name: Mapped[str]\n")
    assert run(capsys) == (1, ["ORM303"])


def test_the_closing_lines_say_what_is_held_back(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "--write-baseline")
    assert cli.main(["check", "--no-cache"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "Nothing new in 1 model and 1 revision.",
        "The baseline holds back 2 more.",
    ]


def test_what_is_gone_is_taken_out_locally(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "--write-baseline")
    Path("models.py").write_text(MODELS.replace("    email: Mapped[str]\n", ""))
    before = Path(".ormlint-baseline.toml").read_text()
    assert run(capsys, "--select", "ORM101") == (0, [])
    assert run(capsys, "alembic") == (0, [])
    assert Path(".ormlint-baseline.toml").read_text() == before
    assert cli.main(["check", "--no-cache"]) == 0
    assert capsys.readouterr().out.splitlines()[1:3] == [
        "The baseline holds back 1 more.",
        "1 of its findings is gone, and no longer in it: commit it.",
    ]
    assert Path(".ormlint-baseline.toml").read_text() == before[: before.rindex("\n[[")]


@pytest.mark.parametrize("by", ["CI", "--baseline-mode"])
def test_what_is_gone_fails_where_the_baseline_is_locked(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    run(capsys, "--write-baseline")
    Path("models.py").write_text(MODELS.replace("    email: Mapped[str]\n", ""))
    before = Path(".ormlint-baseline.toml").read_text()
    if by == "CI":
        monkeypatch.setenv("CI", "true")
    options = ["--baseline-mode", "lock"] if by == "--baseline-mode" else []
    assert cli.main(["check", "--no-cache", "--output-format", "concise", "-q", *options]) == 1
    assert capsys.readouterr().out == (
        ".ormlint-baseline.toml:8:1: ORM003 "
        "the baseline holds back ORM303 of `people.email`, and it is gone\n"
    )
    assert Path(".ormlint-baseline.toml").read_text() == before


@pytest.mark.parametrize("ignored", ["", ".ormlint-*.toml\n"])
def test_an_answer_lasts_as_long_as_the_baseline_is_the_same(root: Path, ignored: str) -> None:
    Path(".gitignore").write_text(ignored)
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], check=True)
    assert pipeline.check([root], holding=Holding(write=True)).lasting is False
    report = pipeline.check([root], holding=Holding())
    baseline = str(root.resolve() / ".ormlint-baseline.toml")
    settings = str(root.resolve() / "ormlint.toml")
    rests_on = {each: state(each) for each in (baseline, settings)}
    assert (report.lasting, report.besides) == (True, rests_on)
    with Path(".ormlint-baseline.toml").open("a") as file:
        file.write("until = 2999-01-01\n")
    assert pipeline.check([root], holding=Holding()).lasting is False


def test_a_baseline_may_be_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--baseline", "known.toml")[0] == 2
    assert run(capsys, "--write-baseline", "known.toml")[0] == 0
    assert run(capsys) == (1, ["ORM101", "ORM303"])
    assert run(capsys, "--baseline", "known.toml") == (0, [])
    Path("ormlint.toml").write_text(FILES["ormlint.toml"] + 'baseline = "known.toml"\n')
    assert run(capsys) == (0, [])
    Path("known.toml").unlink()
    assert run(capsys)[0] == 2


@pytest.mark.parametrize("setting", ["", 'baseline = "../b.toml"\n'])
def test_a_baseline_outside_the_project_is_named_or_left_alone(
    root: Path, capsys: pytest.CaptureFixture[str], setting: str
) -> None:
    """What a checkout says must neither read nor write files elsewhere."""
    outside = root.resolve().parent / "b.toml"
    outside.write_text('[[finding]]\ncode = "ORM303"\nsubject = "gone.gone"\n')
    before = outside.read_text()
    Path("ormlint.toml").write_text(setting)
    if not setting:
        Path(".ormlint-baseline.toml").symlink_to(outside)
    for words in ([], ["--write-baseline"]):
        assert cli.main(["check", "--no-cache", *words]) == 2
        assert "the baseline lies outside the project" in capsys.readouterr().err
    assert outside.read_text() == before
    assert run(capsys, "--baseline-mode", "lock", "--baseline", str(outside))[0] == 1


def test_a_reason_stays_in_a_baseline_written_anew(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "--write-baseline")
    file = Path(".ormlint-baseline.toml")
    file.write_text(file.read_text() + 'reason = "in May"\nuntil = 2020-01-01\n')
    assert run(capsys) == (1, ["ORM303"])
    before = file.read_text()
    run(capsys, "--write-baseline")
    assert file.read_text() == before


def test_comments_are_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--add-ignore=old", ".") == (0, "Wrote 2 comments into 1 file.\n")
    assert "email: Mapped[str]  # ormlint: ignore[ORM303] old\n" in Path("models.py").read_text()
    assert run(capsys, "--extend-select", "ORM003") == (0, [])
    assert run(capsys, "--ignore-comments") == (1, ["ORM101", "ORM303"])


@pytest.mark.parametrize(
    ("options", "settings", "status"),
    [
        (["--fail-on", "error"], "", 0),
        (["--fail-on", "warning"], "", 1),
        ([], "", 1),
        ([], 'fail-on = "error"\n', 0),
        (["--fail-on", "info"], 'fail-on = "error"\n', 1),
    ],
)
def test_the_severity_that_fails(
    root: Path, capsys: pytest.CaptureFixture[str], options: list[str], settings: str, status: int
) -> None:
    text = f'{settings}select = ["ORM303"]\n[severity]\nORM303 = "warning"\n'
    Path("ormlint.toml").write_text(text)
    assert run(capsys, *options) == (status, ["ORM303"])
