from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from scratch import ROOT, Clinic, Commit, Hook, Run


@pytest.fixture(scope="session", params=["pre-commit", "prek"])
def tool(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def hook(tmp_path_factory: pytest.TempPathFactory) -> Hook:
    """What the tools install is kept for all tests: that takes most of the time."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    shared = shared / "hooks"
    shared.mkdir(exist_ok=True)
    of_a_hook = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE", "PRE_COMMIT", "CI")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in of_a_hook},
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        # Those of a user without any configuration:
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "Example",
        "GIT_AUTHOR_EMAIL": "example@example.org",
        "GIT_COMMITTER_NAME": "Example",
        "GIT_COMMITTER_EMAIL": "example@example.org",
        "GIT_MERGE_AUTOEDIT": "no",
        "PRE_COMMIT_HOME": str(shared / "pre-commit"),
        "PREK_HOME": str(shared / "prek"),
        "PRE_COMMIT_COLOR": "never",
    }
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "rev").exists():
            copied(shared / "ormlint", environment)
            words = ["git", "rev-parse", "HEAD"]
            rev = subprocess.run(words, cwd=shared / "ormlint", capture_output=True, text=True, check=True)
            (shared / "rev").write_text(rev.stdout.strip())
    return Hook(shared / "ormlint", (shared / "rev").read_text(), environment)


def copied(copy: Path, environment: Mapping[str, str]) -> None:
    """Make a repository of this checkout as it stands."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    for name in os.fsdecode(listed).split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "Copy")):
        subprocess.run(["git", *words], cwd=copy, env=environment, check=True)


@pytest.fixture
def run(tmp_path: Path, hook: Hook) -> Run:
    def run(folder: Path | str, *words: str, given: str = "", **environment: str) -> tuple[int, str]:
        ran = subprocess.run(
            words,
            cwd=tmp_path / folder,
            env={**hook.environment, **environment},
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return ran.returncode, ran.stdout

    return run


@pytest.fixture
def clinic_at(tmp_path: Path, run: Run, hook: Hook, tool: str) -> Clinic:
    def clinic_at(path: str = "clinic", *ids: str, stages: tuple[str, ...] = ("pre-commit",)) -> Path:
        clinic = tmp_path / path
        ignored = shutil.ignore_patterns("__pycache__", "*.db", ".ormlint_cache")
        shutil.copytree(ROOT / "examples" / "clinic-healthy", clinic, ignore=ignored)
        (clinic / ".gitignore").write_text("__pycache__/\n")
        (clinic / ".pre-commit-config.yaml").write_text(hook.config(*(ids or ("ormlint",))))
        for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "Begin")):
            assert run(clinic, "git", *words) == (0, "")
        types = [word for stage in stages for word in ("--hook-type", stage)]
        with (hook.repo.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # the first of all tests installs for the others
            status, said = run(clinic, tool, "install", "--install-hooks", *types)
        assert status == 0, said
        return clinic

    return clinic_at


@pytest.fixture
def commit(run: Run) -> Commit:
    """Commits; what is said where that is refused, and nothing where it passes."""

    def commit(folder: Path, *words: str, **environment: str) -> str:
        status, said = run(folder, "git", "commit", "-m", "Change", *words, **environment)
        return said if status else ""

    return commit
