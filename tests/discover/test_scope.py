from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ormlint.discover import Scope, discover, find_scope
from ormlint.settings import UsageError

Git = Callable[..., None]


@pytest.fixture
def monorepo(tmp_path: Path, git: Git) -> Path:
    """A git repository with a project of its own in `backend` and loose folders beside it."""
    root = tmp_path / "monorepo"
    for path in (
        "backend/pyproject.toml",
        "backend/app/__init__.py",
        "backend/app/models/user.py",
        "packages/alembic.ini",
        "packages/__init__.py",
        "scripts/seed.py",
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    git(root, "init", "-q")
    return root


@pytest.mark.parametrize(
    ("given", "root", "under"),
    [
        pytest.param(["."], ".", (), id="the repository"),
        pytest.param(["backend"], "backend", (), id="a project of its own"),
        pytest.param(["backend/app"], ".", ("backend/app",), id="a part of a project"),
        pytest.param(["backend/app/models/user.py"], ".", ("backend/app/models/user.py",), id="a file"),
        pytest.param(["scripts"], ".", ("scripts",), id="a folder without a project"),
        pytest.param(["packages"], ".", ("packages",), id="a package is no project"),
        pytest.param(["backend", "scripts"], ".", ("backend", "scripts"), id="two folders"),
        pytest.param(["backend/app", "."], ".", (), id="a part and the whole"),
    ],
)
def test_in_git(monorepo: Path, given: list[str], root: str, under: tuple[str, ...]) -> None:
    assert find_scope([monorepo / path for path in given]) == Scope(str(monorepo / root), under)


def test_the_current_folder_is_the_default(monorepo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(monorepo / "backend")

    assert find_scope([]) == Scope(str(monorepo / "backend"), ())
    assert find_scope([Path("app")]) == Scope(str(monorepo), ("backend/app",))


def test_findings_are_wanted_below_the_given_paths_only(monorepo: Path) -> None:
    project = discover([monorepo / "backend" / "app", monorepo / "scripts" / "seed.py"])

    wanted = ["backend/app/models/user.py", "scripts/seed.py", "backend/application.py", "backend/x.py"]
    assert [project.reports(path) for path in wanted] == [True, True, False, False]
    assert "packages/__init__.py" in project.paths


def test_outside_git_the_closest_project_above(tmp_path: Path) -> None:
    (tmp_path / "site/backend/app/models").mkdir(parents=True)
    (tmp_path / "site/alembic.ini").touch()

    assert find_scope([tmp_path / "site/backend/app"]) == Scope(str(tmp_path / "site"), ("backend/app",))


def test_outside_git_and_without_any_project_the_folder_itself(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/models.py").touch()

    assert find_scope([tmp_path / "app"]) == Scope(str(tmp_path / "app"), ())
    assert find_scope([tmp_path / "app/models.py"]) == Scope(str(tmp_path / "app"), ("models.py",))


def test_a_package_is_read_from_the_folder_that_it_is_imported_from(tmp_path: Path) -> None:
    (tmp_path / "src/app/models").mkdir(parents=True)
    (tmp_path / "src/app/__init__.py").touch()
    (tmp_path / "src/app/models/__init__.py").touch()

    assert find_scope([tmp_path / "src/app/models"]) == Scope(str(tmp_path / "src"), ("app/models",))


def test_a_stray_file_at_home_makes_no_project_of_all_that_lies_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "code/app").mkdir(parents=True)

    assert find_scope([tmp_path / "code/app"]) == Scope(str(tmp_path / "code/app"), ())


def test_a_home_kept_in_git_makes_no_project_either(
    tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    git(tmp_path, "init", "-q")
    (tmp_path / "code/app").mkdir(parents=True)

    assert find_scope([tmp_path / "code/app"]) == Scope(str(tmp_path / "code/app"), ())


def test_an_ignored_copy_is_no_part_of_the_repository_around_it(monorepo: Path, git: Git) -> None:
    (monorepo / ".gitignore").write_text("/copies\n", encoding="utf-8")
    (monorepo / "copies/one/backend/app").mkdir(parents=True)
    (monorepo / "copies/one/backend/pyproject.toml").touch()
    git(monorepo, "add", ".gitignore")

    backend = str(monorepo / "copies/one/backend")
    assert find_scope([monorepo / "copies/one/backend/app"]) == Scope(backend, ("app",))
    assert find_scope([monorepo / "copies/one"]) == Scope(str(monorepo / "copies/one"), ())


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere: no such file or folder$"):
        discover([tmp_path, tmp_path / "nowhere"])
