"""A hot run prints what the last one printed, loads next to nothing, and notices every change."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "clinic"
HEAVY = (
    "libcst",
    "pydantic",
    "sqlalchemy",
    "sqlglot",
    "rich",
    "argparse",
    "ormlint.facts",
    "ormlint.rules",
    "ormlint.cli",
)
RUN = """
import sys
before = {*sys.modules}
from ormlint.hot import main
status = main()
sys.stderr.write(repr(sorted({*sys.modules} - before)))
sys.exit(status)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The example in a git work tree of its own, committed."""
    root = tmp_path / "clinic"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__", "*.db", ".ormlint_cache"))
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "all")
    return root


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True)


def check(root: Path, *words: str) -> tuple[int, str, list[str]]:
    """How `ormlint check` ends, what it prints, and the modules it loaded."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "ORMLINT_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN, "check", *words],
        cwd=root,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    return done.returncode, done.stdout, eval(done.stderr) if done.stderr else []  # noqa: S307 - our own repr


def test_a_hot_run_prints_the_same_and_loads_nothing_heavy(tree: Path) -> None:
    cold = check(tree)
    hot = check(tree)
    assert hot[:2] == cold[:2]
    assert hot[0] == 1
    assert "ormlint.facts" in cold[2]
    assert [name for name in HEAVY if name in hot[2]] == []


def test_a_command_does_not_look_for_garbage(tree: Path) -> None:
    code = (
        "import gc, os, sys; from ormlint.hot import run; times = []; gc.collect(); os._exit = id; "
        "gc.callbacks.append(lambda phase, info: times.append(info['generation'])); run(); "
        "sys.exit(f'{times} {gc.get_freeze_count() > 10_000}')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "--no-cache"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "[] True\n"


def test_a_pool_that_ends_is_waited_for() -> None:
    """To end beside the thread that ends it may print a traceback."""
    code = """\
import threading, time
from ormlint import hot

def later():
    time.sleep(0.2)
    print("ended")

def main():
    threading.Thread(target=later).start()
    return 3

hot.main = main
hot.run()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (3, "ended\n", "")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_streams_that_are_closed(tree: Path, closed: str) -> None:
    printed = check(tree)[1]
    for more in ("--no-cache", ""):
        command = f"{sys.executable} -m ormlint check {more} {closed}"
        done = subprocess.run(["bash", "-c", command], cwd=tree, capture_output=True, text=True, check=False)
        wanted = printed if closed == "2>&-" else ""
        assert (done.returncode, done.stdout, done.stderr) == (1, wanted, "")


@pytest.mark.parametrize("end", ["", " | head -c 9; echo ${PIPESTATUS[0]}"])
def test_the_process_ends_at_once(tree: Path, end: str) -> None:
    """All is printed, and the status is that of the command, whoever reads it."""
    command = f"{sys.executable} -m ormlint check"
    for _ in ("cold", "hot"):
        done = subprocess.run(
            ["bash", "-c", command + end], cwd=tree, capture_output=True, text=True, check=False
        )
        if "head" in end:
            assert (done.stdout[-2:], done.stderr) == ("1\n", "")
        else:
            assert (done.returncode, done.stdout, done.stderr) == (1, check(tree)[1], "")


@pytest.mark.parametrize("staged", [False, True])
def test_every_change_is_noticed(tree: Path, *, staged: bool) -> None:
    check(tree)
    for path in ("app/models/patient.py", "app/extra.py", "pyproject.toml"):
        file = tree / path
        file.write_text((file.read_text() if file.exists() else "") + "\n")
        if staged:
            git(tree, "add", "-A")
        assert "ormlint.cli" in check(tree)[2], path
        assert "ormlint.cli" not in check(tree)[2], path


def test_a_deleted_file_is_noticed_and_a_restored_one_is_known(tree: Path) -> None:
    before = check(tree, "--output-format", "json")
    model = next(tree.glob("app/models/p*.py"))
    text = model.read_bytes()
    model.unlink()
    assert check(tree, "--output-format", "json")[1] != before[1]
    model.write_bytes(text)
    assert check(tree, "--output-format", "json")[:2] == before[:2]


def test_other_options_are_other_answers(tree: Path) -> None:
    full, concise = check(tree), check(tree, "--output-format", "concise")
    assert full[1] != concise[1]
    assert check(tree, "--exit-zero")[:2] == (0, full[1])
    assert check(tree)[:2] == full[:2]


def test_without_a_cache_nothing_is_kept(tree: Path) -> None:
    check(tree, "--no-cache")
    assert not (tree / ".ormlint_cache").exists()


def test_a_named_folder_is_used(tree: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    check(tree, "--cache-dir", str(folder))
    assert "ormlint.cli" not in check(tree, "--cache-dir", str(folder))[2]
    assert (
        sorted(p.name for p in folder.iterdir() if "-" not in p.name),
        (tree / ".ormlint_cache").exists(),
    ) == (
        [".gitignore", "CACHEDIR.TAG"],
        False,
    )


@pytest.mark.parametrize("damage", [b"", b"x", b"ormlint-cache-1\n" + b"0" * 40])
def test_a_damaged_record_is_a_miss(tree: Path, damage: bytes) -> None:
    before = check(tree, "--output-format", "json")
    for record in (tree / ".ormlint_cache").glob("*-*"):
        record.write_bytes(damage)
    after = check(tree, "--output-format", "json")
    assert after[:2] == before[:2]
    assert json.loads(after[1])["summary"]["models"] > 0


def retype(tree: Path) -> None:
    """Give a column a type that SQLAlchemy is asked about."""
    model = tree / "app/models/patient.py"
    text = model.read_text().replace("import Index, String", "import Index, LargeBinary, String")
    model.write_text(text.replace("String(254)", "LargeBinary(254)"))


def test_a_warm_run_reads_only_what_changed(tree: Path) -> None:
    retype(tree)
    first = check(tree)
    assert "sqlalchemy" in first[2]
    (tree / "pyproject.toml").write_text(
        (tree / "pyproject.toml").read_text() + "\n[tool.ormlint]\nignore = ['ORM101']\n"
    )
    status, out, modules = check(tree)
    assert (status, "error[ORM101" in out) == (1, False)
    assert "libcst" not in modules
    assert "sqlalchemy" not in modules


def test_another_file_asks_the_libraries_only_what_is_new(tree: Path) -> None:
    check(tree)
    model = tree / "app/models/patient.py"
    model.write_text(model.read_text() + "\n\ndef shown() -> str:\n    return ''\n")
    assert {"dataclasses", "libcst", "sqlalchemy", "unicodedata"} & set(check(tree)[2]) == set()
    retype(tree)
    assert "sqlalchemy" in check(tree)[2]
