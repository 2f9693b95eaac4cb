"""The hook, installed from this checkout by the real tools into a real repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODEL = Path("app/models/medication.py")
VERSIONS = Path("alembic/versions")

pytestmark = pytest.mark.hooks

Run = Callable[..., tuple[int, str]]
"""Runs a command: its exit status, and what it printed."""


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    """That of a user without any configuration; the tools keep what they install in the test's folder."""
    of_a_hook = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE")
    return {
        **{name: value for name, value in os.environ.items() if name not in of_a_hook},
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "Example",
        "GIT_AUTHOR_EMAIL": "example@example.org",
        "GIT_COMMITTER_NAME": "Example",
        "GIT_COMMITTER_EMAIL": "example@example.org",
        "GIT_MERGE_AUTOEDIT": "no",
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "PREK_HOME": str(tmp_path / "prek"),
        "PRE_COMMIT_COLOR": "never",
    }


@pytest.fixture
def run(tmp_path: Path, environment: Mapping[str, str]) -> Run:
    def run(folder: str, *words: str) -> tuple[int, str]:
        ran = subprocess.run(
            words,
            cwd=tmp_path / folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return ran.returncode, ran.stdout

    return run


@pytest.fixture
def checkout(tmp_path: Path, run: Run) -> str:
    """The revision of a repository `ormlint` that holds this checkout as it stands."""
    copy = tmp_path / "ormlint"
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    for name in os.fsdecode(listed).split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "Copy")):
        assert run("ormlint", "git", *words) == (0, "")
    return run("ormlint", "git", "rev-parse", "HEAD")[1].strip()


@pytest.fixture
def clinic(tmp_path: Path, run: Run, checkout: str) -> Path:
    """The healthy example in a repository of its own that asks for the hook; nothing installs it yet."""
    clinic = tmp_path / "clinic"
    shutil.copytree(
        ROOT / "examples" / "clinic-healthy", clinic, ignore=shutil.ignore_patterns("__pycache__", "*.db")
    )
    (clinic / ".gitignore").write_text("__pycache__/\n")
    (clinic / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {tmp_path / 'ormlint'}\n  rev: {checkout}\n  hooks:\n  - id: ormlint\n"
    )
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "Begin")):
        assert run("clinic", "git", *words) == (0, "")
    return clinic


@pytest.mark.parametrize("tool", ["pre-commit", "prek"])
def test_the_hook(tool: str, clinic: Path, run: Run) -> None:
    """One story, because installing the hook's environment takes most of the time."""
    install = [tool, "install", "--hook-type", "pre-commit", "--hook-type", "pre-merge-commit"]
    assert run("clinic", *install)[0] == 0

    def commit(*words: str) -> str:
        """What is said of a commit that is refused; empty text where it passes."""
        status, said = run("clinic", "git", "commit", *words)
        return said if status else ""

    # A column that no migration adds is refused, with the finding on the screen.
    healthy = (clinic / MODEL).read_text()
    (clinic / MODEL).write_text(f"{healthy}    shelf = Column(String(20))\n")
    said = commit("-a", "-m", "Add a column")
    assert "error[ORM303 missing-column]" in said
    assert f"{MODEL}:{len(healthy.splitlines()) + 1}:" in said

    # Mended, it passes.
    (clinic / MODEL).write_text(
        f'{healthy}\n    @property\n    def shelf(self) -> str:\n        return "A"\n'
    )
    assert commit("-a", "-m", "Add a property") == ""
    assert run("clinic", "git", "log", "--format=%s") == (0, "Add a property\nBegin\n")
    status, said = run("clinic", tool, "run", "--all-files")
    assert (status, "Passed" in said) == (0, True), said

    # A migration that a commit deletes is missed, though the commit holds no file to look at,
    *_, older, newest = sorted((clinic / VERSIONS).glob("0*.py"))
    assert run("clinic", "git", "rm", "-q", str(older))[0] == 0
    said = commit("-m", "Delete a migration")
    assert "error[ORM402 broken-down-revision]" in said
    assert str(newest.relative_to(clinic)) in said
    assert run("clinic", "git", "reset", "-q", "--hard")[0] == 0

    # and so is one that stays in the folder but not in the commit.
    assert run("clinic", "git", "rm", "-q", "--cached", str(older))[0] == 0
    assert "error[ORM402 broken-down-revision]" in commit("-m", "Forget a migration")
    assert run("clinic", "git", "reset", "-q", "--hard")[0] == 0

    # Two branches that are healthy alone can be two heads together.
    for branch in ("left", "right"):
        assert run("clinic", "git", "checkout", "-q", "-b", branch, "main")[0] == 0
        (clinic / VERSIONS / f"0011_{branch}.py").write_text(
            f'revision = "0011_{branch}"\ndown_revision = "{newest.stem}"\n\n\n'
            "def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    pass\n"
        )
        assert run("clinic", "git", "add", "-A")[0] == 0
        assert commit("-m", f"Go {branch}") == ""
    status, said = run("clinic", "git", "merge", "left")
    assert (status != 0, "error[ORM401 multiple-heads]" in said) == (True, True), said
