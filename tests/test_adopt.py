from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ormlint import cli
from ormlint.init import add_hook
from ormlint.settings import UsageError

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
SCHEMAS = """\
from pydantic import BaseModel


class PersonRead(BaseModel):  # ormlint: model=Person
    id: int
    email: str


class Health(BaseModel):
    ok: bool
"""
LOCAL = """\
- repo: local
  hooks:
    - id: ormlint
      name: ormlint
      entry: ormlint check
      language: system
      always_run: true
      pass_filenames: false
      require_serial: true
"""


def indented(width: int) -> str:
    return "".join(f"{' ' * width}{line}\n" for line in LOCAL.splitlines())


@pytest.fixture
def root(project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    root = project({"models.py": MODELS, "schemas.py": SCHEMAS})
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "# ours\nrepos:\n  # first\n  - repo: meta  # of its own\n    hooks: [{id: identity}]\n",
            "# ours\nrepos:\n  # first\n  - repo: meta  # of its own\n    hooks: [{id: identity}]\n"
            + indented(2),
        ),
        (
            "repos:\n- repo: meta\n  hooks:\n  - id: 'identity'\n\n# then\nci:\n  skip: []",
            "repos:\n- repo: meta\n  hooks:\n  - id: 'identity'\n" + LOCAL + "\n# then\nci:\n  skip: []",
        ),
        ("fail_fast: true\nrepos: []\n", "fail_fast: true\nrepos:\n" + indented(2)),
        ("repos:\r\n- repo: meta\r\n  hooks: []\r\n", None),
    ],
)
def test_the_hook_is_added_and_the_rest_stays(tmp_path: Path, before: str, after: str | None) -> None:
    file = tmp_path / ".pre-commit-config.yaml"
    file.write_bytes(before.encode())
    assert add_hook(tmp_path) == "Added the hook to .pre-commit-config.yaml."
    expected = before + LOCAL.replace("\n", "\r\n") if after is None else after
    assert file.read_bytes().decode() == expected
    assert add_hook(tmp_path) == ".pre-commit-config.yaml has the hook already."
    assert file.read_bytes().decode() == expected


def test_a_hook_from_a_repository(tmp_path: Path) -> None:
    add_hook(tmp_path, "https://example.org/ormlint", "v1.0.0")
    assert (tmp_path / ".pre-commit-config.yaml").read_text() == (
        "repos:\n  - repo: https://example.org/ormlint\n    rev: v1.0.0\n    hooks:\n      - id: ormlint\n"
    )
    with pytest.raises(UsageError, match="go together"):
        add_hook(tmp_path, "https://example.org/ormlint")


def test_a_link_out_of_the_repository_is_left_alone(tmp_path: Path) -> None:
    outside, top = tmp_path / "outside.yaml", tmp_path / "top"
    outside.write_text("repos: []\n")
    top.mkdir()
    (top / ".pre-commit-config.yaml").symlink_to(outside)
    with pytest.raises(UsageError, match="a link out of the repository"):
        add_hook(top)
    assert outside.read_text() == "repos: []\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("repos: [{repo: meta, hooks: []}]\n", "cannot be added to"),
        ("repos: 1\n", "no list `repos`"),
        ("- a\n", "no list `repos`"),
        ("repos: [\n", r"\.yaml:2: not valid YAML"),
    ],
)
def test_what_cannot_be_added_to_stays(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / ".pre-commit-config.yaml"
    file.write_text(text)
    with pytest.raises(UsageError, match=said):
        add_hook(tmp_path)
    assert file.read_text() == text


def test_init_says_what_it_found(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["init"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Found 1 model, 2 schemas and 0 migrations in {root.resolve()}.",
        "No settings are needed.",
        "Wrote .pre-commit-config.yaml with the hook. `pre-commit install` or `prek install` switches it on.",
        "There is 1 finding: `ormlint check` shows it, `ormlint check --write-baseline` holds it back.",
    ]
    assert cli.main(["init", "--baseline"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        ".pre-commit-config.yaml has the hook already.",
        f"Wrote 1 finding to {root.resolve() / '.ormlint-baseline.toml'}. Only what is new is reported now.",
    ]
    assert cli.main(["init"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "The baseline holds back 1 finding; there is nothing new."
    )


@pytest.mark.usefixtures("root")
def test_what_mirrors_what(capsys: pytest.CaptureFixture[str]) -> None:
    why = "by comment: a comment says so (schemas.py:4)"
    for name, expected in {
        "PersonRead": f"schemas.PersonRead (schemas.py:4) mirrors models.Person (models.py:8):\n  {why}\n",
        "models.Person": (
            f"models.Person (models.py:8) is mirrored by:\n  schemas.PersonRead (schemas.py:4), read: {why}\n"
        ),
        "Health": "schemas.Health (schemas.py:9) mirrors no model: nothing in the source says so.\n",
    }.items():
        assert cli.main(["linked", name]) == 0
        assert capsys.readouterr().out == expected
    assert cli.main(["linked", "Persn"]) == 2
    assert (
        capsys.readouterr().err
        == "ormlint: there is no schema and no model `Persn`. Did you mean `Person`?\n"
    )


@pytest.mark.usefixtures("root")
def test_what_mirrors_what_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["linked", "Person", "--output-format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "schema": "schemas.PersonRead",
            "model": "models.Person",
            "role": "read",
            "by": "comment",
            "evidence": "a comment says so",
            "path": "schemas.py",
            "line": 4,
        }
    ]
