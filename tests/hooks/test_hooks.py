"""The hooks, installed from this checkout by the real tools, in real repositories."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from scratch import COLUMN, MODEL, ROOT, VERSIONS, Clinic, Commit, Hook, Run, migration

pytestmark = pytest.mark.hooks

MISSING = "error[ORM303 missing-column]"
BROKEN = "error[ORM402 broken-down-revision]"
HEADS = "error[ORM401 multiple-heads]"


def add_column(clinic: Path) -> None:
    with (clinic / MODEL).open("a") as file:
        file.write(COLUMN)


def newest(clinic: Path) -> str:
    return max((clinic / VERSIONS).glob("0*.py")).stem


def test_drift_is_refused_and_shown_until_it_is_mended(
    clinic_at: Clinic, commit: Commit, run: Run, tool: str
) -> None:
    clinic = clinic_at()
    healthy = (clinic / MODEL).read_text()
    add_column(clinic)
    said = commit(clinic, "-a")
    assert MISSING in said
    assert f"{MODEL}:{len(healthy.splitlines()) + 1}:" in said

    (clinic / MODEL).write_text(
        f'{healthy}\n    @property\n    def shelf(self) -> str:\n        return "A"\n'
    )
    assert commit(clinic, "-a") == ""
    assert run(clinic, "git", "log", "--format=%s") == (0, "Change\nBegin\n")
    status, said = run(clinic, tool, "run", "--all-files")
    assert (status, "Passed" in said) == (0, True), said


def test_a_migration_that_a_commit_deletes_is_missed(clinic_at: Clinic, commit: Commit, run: Run) -> None:
    """Though the commit holds no file to look at."""
    clinic = clinic_at()
    *_, older, last = sorted((clinic / VERSIONS).glob("0*.py"))
    assert run(clinic, "git", "rm", "-q", str(older))[0] == 0
    said = commit(clinic)
    assert BROKEN in said
    assert str(last.relative_to(clinic)) in said
    assert run(clinic, "git", "reset", "-q", "--hard")[0] == 0

    # So is one that stays in the folder but not in the commit.
    assert run(clinic, "git", "rm", "-q", "--cached", str(older))[0] == 0
    assert BROKEN in commit(clinic)


def test_only_what_is_staged_counts(clinic_at: Clinic, commit: Commit, run: Run) -> None:
    """Of two changes to one file `git add -p` takes the one that is asked for."""
    clinic = clinic_at()
    healthy = (clinic / MODEL).read_text()
    (clinic / MODEL).write_text(f'"""Medication."""\n{healthy}{COLUMN}')

    status, said = run(clinic, "git", "add", "-p", given="y\nn\n")
    assert (status, said.count("Stage this hunk")) == (0, 2)
    assert commit(clinic) == ""
    assert (clinic / MODEL).read_text() == f'"""Medication."""\n{healthy}{COLUMN}'

    (clinic / MODEL).write_text(f'"""Medications."""\n{healthy}{COLUMN}')
    assert run(clinic, "git", "add", "-p", given="n\ny\n")[0] == 0
    assert MISSING in commit(clinic)
    assert (clinic / MODEL).read_text() == f'"""Medications."""\n{healthy}{COLUMN}'


def test_untracked_models_do_not_count(clinic_at: Clinic, commit: Commit, run: Run) -> None:
    clinic = clinic_at()
    (clinic / "app/models/shelf.py").write_text(
        "from sqlalchemy import Column, Integer\n\nfrom app.db import Base\n\n\n"
        'class Shelf(Base):\n    __tablename__ = "shelves"\n\n    id = Column(Integer, primary_key=True)\n'
    )
    (clinic / "README.md").write_text("A clinic.\n")
    assert run(clinic, "git", "add", "README.md")[0] == 0
    assert commit(clinic) == ""

    # By hand, it does.
    status, said = run(clinic, sys.executable, "-m", "ormlint", "check")
    assert (status, "`shelves`" in said) == (1, True), said
    assert run(clinic, "git", "add", "-A")[0] == 0
    assert "`shelves`" in commit(clinic)


def test_two_branches_that_are_healthy_alone(clinic_at: Clinic, commit: Commit, run: Run) -> None:
    clinic = clinic_at(stages=("pre-commit", "pre-merge-commit"))
    last = newest(clinic)
    for branch in ("left", "right"):
        assert run(clinic, "git", "checkout", "-q", "-b", branch, "main")[0] == 0
        (clinic / VERSIONS / f"0011_{branch}.py").write_text(migration(f"0011_{branch}", last))
        assert run(clinic, "git", "add", "-A")[0] == 0
        assert commit(clinic) == ""
    status, said = run(clinic, "git", "merge", "left")
    assert (status != 0, HEADS in said) == (True, True), said


def test_what_slipped_through_is_not_pushed(
    clinic_at: Clinic, commit: Commit, run: Run, tmp_path: Path
) -> None:
    clinic = clinic_at(stages=("pre-push",))
    assert run(tmp_path, "git", "init", "-q", "--bare", "origin.git")[0] == 0
    assert run(clinic, "git", "remote", "add", "origin", str(tmp_path / "origin.git"))[0] == 0
    status, said = run(clinic, "git", "push", "-q", "origin", "main")
    assert status == 0, said

    add_column(clinic)
    assert commit(clinic, "-a") == ""
    status, said = run(clinic, "git", "push", "-q", "origin", "main")
    assert (status != 0, MISSING in said) == (True, True), said


def test_by_hand(clinic_at: Clinic, run: Run, tool: str) -> None:
    clinic = clinic_at()
    by_hand = [tool, "run", "--all-files", "--hook-stage", "manual", "ormlint"]
    assert run(clinic, *by_hand)[0] == 0
    add_column(clinic)
    status, said = run(clinic, *by_hand)
    assert (status, MISSING in said) == (1, True), said


def test_a_second_work_tree(clinic_at: Clinic, commit: Commit, run: Run, tmp_path: Path) -> None:
    clinic = clinic_at()
    assert run(clinic, "git", "worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))[0] == 0
    add_column(tmp_path / "other")
    assert MISSING in commit(tmp_path / "other", "-a")

    # The first one's state is its own.
    (clinic / "README.md").write_text("A clinic.\n")
    assert run(clinic, "git", "add", "-A")[0] == 0
    assert commit(clinic) == ""


def test_a_submodule(clinic_at: Clinic, commit: Commit, run: Run, tool: str, tmp_path: Path) -> None:
    inner, outer = clinic_at("inner"), clinic_at("outer")
    add = ["git", "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner), "vendor/inner"]
    status, said = run(outer, *add)
    assert status == 0, said
    assert commit(outer) == ""

    # In the submodule its own hook is asked,
    assert run(outer / "vendor/inner", tool, "install")[0] == 0
    add_column(outer / "vendor/inner")
    assert MISSING in commit(outer / "vendor/inner", "-a")
    assert commit(outer / "vendor/inner", "-a", "--no-verify") == ""

    # and around it what it holds is none of the project's.
    assert commit(outer, "-a") == ""


def test_a_path_with_spaces_and_other_letters(clinic_at: Clinic, commit: Commit, run: Run) -> None:
    clinic = clinic_at("Größere Projekte/клиника № 1")
    model = clinic / "app/models/médicament à part.py"
    model.write_text(
        "from sqlalchemy import Column, Integer\n\nfrom app.db import Base\n\n\n"
        'class Étagère(Base):\n    __tablename__ = "étagères"\n\n    id = Column(Integer, primary_key=True)\n'
    )
    assert run(clinic, "git", "add", "-A")[0] == 0
    said = commit(clinic)
    assert "app/models/médicament à part.py:6:" in said
    assert "`étagères`" in said
    assert run(clinic, "git", "rm", "-q", "-f", str(model))[0] == 0
    (clinic / "LISEZ-MOI à part.md").write_text("Une clinique.\n")
    assert run(clinic, "git", "add", "-A")[0] == 0
    assert commit(clinic) == ""


def test_skip(clinic_at: Clinic, commit: Commit) -> None:
    clinic = clinic_at("clinic", "ormlint", "ormlint-heads")  # prek refuses to skip all there are
    add_column(clinic)
    assert commit(clinic, "-a", SKIP="ormlint") == ""


def test_hooks_beside_each_other(clinic_at: Clinic, hook: Hook, commit: Commit, run: Run, tool: str) -> None:
    """Both hooks in one run, and several runs at once, share a cache."""
    clinic = clinic_at("clinic", "ormlint", "ormlint-heads")
    command = [tool, "run", "--all-files"]
    pipe = subprocess.PIPE
    some = [
        subprocess.Popen(command, cwd=clinic, env=hook.environment, stdout=pipe, stderr=pipe, text=True)
        for _ in range(4)
    ]
    ended = [(*each.communicate(), each.returncode) for each in some]
    assert [status for *_, status in ended] == [0] * 4, ended
    assert all(said.count("Passed") == 2 for said, *_ in ended), ended

    add_column(clinic)
    said = commit(clinic, "-a")
    assert said.count("Failed") == 1
    assert said.count("Passed") == 1


def test_heads_alone(clinic_at: Clinic, commit: Commit, run: Run) -> None:
    """The revision graph is looked at in every commit, and nothing else."""
    clinic = clinic_at("clinic", "ormlint-heads")
    add_column(clinic)
    assert commit(clinic, "-a") == ""
    before, last = sorted((clinic / VERSIONS).glob("0*.py"))[-2:]
    (clinic / VERSIONS / "0011_other.py").write_text(migration("0011_other", before.stem))
    assert run(clinic, "git", "add", "-A")[0] == 0
    assert HEADS in commit(clinic)
    assert run(clinic, "git", "rm", "-q", "-f", str(VERSIONS / "0011_other.py"))[0] == 0
    assert run(clinic, "git", "rm", "-q", str(before))[0] == 0
    said = commit(clinic)
    assert (BROKEN in said, last.name in said) == (True, True), said


def test_what_can_be_mended(clinic_at: Clinic, commit: Commit, run: Run) -> None:
    """The commit is refused once; with the mended file it passes."""
    clinic = clinic_at("clinic", "ormlint-fix")
    healthy = (clinic / MODEL).read_text()
    (clinic / MODEL).write_text(f"{healthy}\n\n# ormlint: ignore[ORM201]\nSHELVES = 3\n")
    assert f"fixed 1 finding in {MODEL}" in commit(clinic, "-a")
    assert (clinic / MODEL).read_text() == f"{healthy}\n\nSHELVES = 3\n"
    assert commit(clinic, "-a") == ""


def test_a_second_run_needs_no_network(clinic_at: Clinic, commit: Commit, run: Run) -> None:
    clinic = clinic_at()
    nowhere = "http://127.0.0.1:9"
    offline = {
        **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "PIP_INDEX_URL"), nowhere),
        "PIP_NO_INDEX": "1",
        "UV_OFFLINE": "1",
        "GIT_ALLOW_PROTOCOL": "none",
    }
    add_column(clinic)
    assert MISSING in commit(clinic, "-a", **offline)
    assert run(clinic, "git", "checkout", "-q", "HEAD", "--", str(MODEL))[0] == 0
    (clinic / "README.md").write_text("A clinic.\n")
    assert run(clinic, "git", "add", "-A")[0] == 0
    assert commit(clinic, **offline) == ""


def test_every_hook_that_is_offered_is_tested() -> None:
    offered = [
        line.split()[-1]
        for line in (ROOT / ".pre-commit-hooks.yaml").read_text().splitlines()
        if "- id:" in line
    ]
    assert offered == ["ormlint", "ormlint-fix", "ormlint-heads"]
