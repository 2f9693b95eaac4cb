"""Git says which files there are once before any is read, and once more after the last."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from work_tree import MODELS, WorkTree

from ormlint import adoption, looking, output, temperatures, worktree

OTHER = MODELS.replace("Mapped[str | None]", "Mapped[int]").replace("class Visit", "\n\nclass Visit")
ORDER = """
import os, sys
sys.argv = ["ormlint", "check", *sys.argv[1:]]
root, seen = os.getcwd(), []

def hook(event, given):
    if event == "subprocess.Popen" and "ls-files" in given[1]:
        seen.append("git")
    elif event == "open" and isinstance(given[0], (str, bytes, os.PathLike)):
        path = os.path.relpath(os.path.realpath(os.fsdecode(given[0])), root)
        if not path.startswith(("..", ".ormlint_cache", ".git" + os.sep)) and os.path.isfile(path):
            seen.append(path)

sys.addaudithook(hook)
from ormlint import hot
sys.stdout = open(os.devnull, "w")
hot.main()
sys.stdout = sys.__stdout__
print(*seen, sep="\\n")
"""


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git has looked again before anything else happens."""
    look_again = worktree.Watched.look_again

    def looked(self: worktree.Watched) -> None:
        look_again(self)
        assert self.is_unchanged is not None

    monkeypatch.setattr(worktree.Watched, "look_again", looked)


def order(tree: WorkTree, *words: str) -> list[str]:
    """The files of the project that `check` opens, and where it asks git for a listing."""
    done = subprocess.run(
        [sys.executable, "-c", ORDER, *words], cwd=tree.root, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_git_is_asked_twice(tree: WorkTree) -> None:
    tree.check()
    tree.write("app/models.py", OTHER)
    assert order(tree, "--output-format", "concise").count("git") == 2
    assert order(tree, "--output-format", "concise").count("git") == 1  # hot
    tree.write("app/sums.py", "")
    assert order(tree, "--output-format", "concise").count("git") == 2


@pytest.mark.parametrize("path", ["app/models.py", "app/sums.py", "alembic/versions/0001.py"])
@pytest.mark.parametrize("cached", [False, True])
def test_nothing_of_the_project_is_read_after_git_looked_again(
    tree: WorkTree, path: str, *, cached: bool
) -> None:
    """What was changed is read at the end, to tell whether it changed again, and what tells of parts."""
    if cached:
        tree.check()
    tree.write(path, (tree.root / path).read_text() + "\n# changed\n")
    seen = order(tree, "--output-format", "concise")
    last = len(seen) - seen[::-1].index("git")
    assert path in seen[:last]
    assert set(seen[last:]) <= {path, "alembic.ini", "pyproject.toml", "app/__init__.py"}


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("module", "name"),
    [(temperatures, "_of_files"), (looking, "look"), (adoption, "held_back"), (output, "writer")],
)
@pytest.mark.parametrize("cached", [False, True])
def test_a_file_that_changes_late(
    tree: WorkTree, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, cached: bool
) -> None:
    """Excerpts show it as it is then, and no later run takes them for those of the former content."""
    if cached:
        tree.check()
    tree.write("app/schemas.py", (tree.root / "app/schemas.py").read_text().replace("age", "years"))
    before = tree.fresh()
    run = getattr(module, name)

    def changed(*given: Any, **named: Any) -> Any:
        tree.write("app/schemas.py", "\n# moved\n" + (tree.root / "app/schemas.py").read_text())
        return run(*given, **named)

    text = (tree.root / "app/schemas.py").read_text()
    with monkeypatch.context() as patch:
        patch.setattr(module, name, changed)
        tree.check()
    tree.agrees()
    tree.write("app/schemas.py", text)
    assert tree.agrees() == before


@pytest.mark.usefixtures("at_once")
def test_a_baseline_that_changes_while_it_is_read(tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> None:
    concise = ("--output-format", "concise")  # it shows no lines of the baseline
    monkeypatch.setenv("CI", "1")  # the baseline stays as it is
    tree.check("--write-baseline")
    baseline = next(tree.root.glob(".ormlint-baseline.toml"))
    text = baseline.read_text()
    baseline.write_text("")
    tree.replace("app/schemas.py", "age", "years")
    tree.commit()
    before = tree.fresh(*concise)
    run: Callable[..., Any] = adoption._held_back

    def changed(*given: Any, **named: Any) -> Any:
        baseline.write_text(text)
        return run(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(adoption, "_held_back", changed)
        assert tree.check(*concise) != before
    baseline.write_text("")
    assert tree.agrees(*concise) == before


def test_git_prints_more_than_a_pipe_holds(tree: WorkTree) -> None:
    for number in range(3_000):
        tree.write(f"app/many/a_module_with_a_rather_long_name_{number}.py", "")
    tree.commit()
    watched = worktree.Watched(str(tree.root))
    watched.look_again()
    assert watched.first is not None
    assert len(watched.first.entries) > 3_000
    assert watched.is_unchanged
    tree.write("app/many/another.py", "")
    watched.look_again()
    assert not watched.is_unchanged


@pytest.mark.parametrize("name", ["GIT_LITERAL_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_GLOB_PATHSPECS"])
def test_patterns_mean_what_they_mean(tree: WorkTree, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = tree.agrees()
    monkeypatch.setenv(name, "1")
    assert tree.agrees() == before
    tree.write("app/models.py", OTHER)
    assert tree.agrees() != before


def test_without_git(tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree.fresh()
    monkeypatch.setenv("PATH", os.devnull)
    assert tree.agrees() == before
