"""The hook, installed from this checkout by the real tools into a real repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODEL = Path("app/models/medication.py")

pytestmark = pytest.mark.hooks


class Shell:
    """Runs commands in a folder, with git and the hook tools kept away from the user's own files."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self.folder = folder
        names = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.environment = {
            **names,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Example",
            "GIT_AUTHOR_EMAIL": "example@example.org",
            "GIT_COMMITTER_NAME": "Example",
            "GIT_COMMITTER_EMAIL": "example@example.org",
            "PRE_COMMIT_HOME": str(scratch / "pre-commit"),
            "PREK_HOME": str(scratch / "prek"),
            "PRE_COMMIT_COLOR": "never",
        }

    def run(self, *words: str) -> tuple[int, str]:
        ran = subprocess.run(
            words,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return ran.returncode, ran.stdout

    def do(self, *words: str) -> str:
        status, said = self.run(*words)
        assert status == 0, said
        return said.strip()


@pytest.fixture
def hook(tmp_path: Path) -> str:
    """This checkout as it stands, committed to a repository of its own; a configuration that names it."""
    copy = tmp_path / "ormlint"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    for name in os.fsdecode(listed.stdout).split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    shell = Shell(copy, tmp_path)
    shell.do("git", "init", "-q")
    shell.do("git", "add", "-A")
    shell.do("git", "commit", "-q", "-m", "Copy")
    revision = shell.do("git", "rev-parse", "HEAD")
    return f"repos:\n- repo: {copy}\n  rev: {revision}\n  hooks:\n  - id: ormlint\n"


@pytest.mark.parametrize("tool", ["pre-commit", "prek"])
def test_a_commit_is_refused_until_the_model_is_mended(tool: str, hook: str, tmp_path: Path) -> None:
    clinic = tmp_path / "clinic"
    shutil.copytree(ROOT / "examples" / "clinic-healthy", clinic)
    (clinic / ".pre-commit-config.yaml").write_text(hook)
    (clinic / ".gitignore").write_text("__pycache__/\n*.db\n")
    shell = Shell(clinic, tmp_path)
    shell.do("git", "init", "-q")
    shell.do("git", "add", "-A")
    shell.do("git", "commit", "-q", "-m", "Begin")
    shell.do(tool, "install")

    healthy = (clinic / MODEL).read_text()
    column = "    shelf = Column(String(20))\n"
    prop = '\n    @property\n    def shelf(self) -> str:\n        return "A"\n'
    (clinic / MODEL).write_text(healthy + column)
    status, said = shell.run("git", "commit", "-a", "-m", "Add a column")
    assert status != 0
    assert "error[ORM303 missing-column]" in said
    assert f"{MODEL}:{len(healthy.splitlines()) + 1}:" in said
    assert "shelf" in said

    (clinic / MODEL).write_text(healthy + prop)
    shell.do("git", "commit", "-a", "-m", "Add a property")
    assert shell.do("git", "log", "--format=%s") == "Add a property\nBegin"

    assert "Passed" in shell.do(tool, "run", "--all-files")
