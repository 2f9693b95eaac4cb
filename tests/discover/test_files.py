from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ormlint.discover import Choice, Problem, discover
from ormlint.discover.contents import content_ids

Write = Callable[[Mapping[str, str]], Path]
Git = Callable[..., None]


def paths(root: Path, **patterns: list[str]) -> list[str]:
    choice = Choice(**{key: tuple(value) for key, value in patterns.items()})
    return list(discover([root], choices=[choice]).paths)


@pytest.fixture
def repository(project: Write, git: Git) -> Write:
    """Writes files into a git repository that has committed nothing."""

    def write(files: Mapping[str, str]) -> Path:
        root = project(files)
        git(root, "init", "-q")
        return root

    return write


def test_outside_git_all_python_files_and_the_configuration(project: Write) -> None:
    root = project(
        {
            "a.py": "",
            "stubs.pyi": "",
            "backend/app/b.py": "",
            "backend/alembic.ini": "",
            "backend/pyproject.toml": "",
            "backend/poetry.toml": "",
            "backend/requirements.txt": "",
            "backend/requirements/dev.txt": "",
            "backend/notes.txt": "",
        }
    )

    found = discover([root])

    assert found.paths == ("a.py", "backend/app/b.py")
    assert found.config_files == (
        "backend/alembic.ini",
        "backend/pyproject.toml",
        "backend/requirements.txt",
        "backend/requirements/dev.txt",
    )
    assert found.problems == ()


def test_outside_git_the_folders_of_tools_are_left_out(project: Write) -> None:
    root = project(
        {
            "app/build/__init__.py": "",
            "app/build/of_cars.py": "",
            "app/__init__.py": "",
            "app/dist/of_parts.py": "",
            "app/node_modules/x.py": "",
            "web/dist/x.py": "",
            "build/lib/app.py": "",
            "node_modules/gyp/x.py": "",
            ".venv/lib/x.py": "",
            "sandbox/pyvenv.cfg": "",
            "sandbox/lib/x.py": "",
            "app/__pycache__/x.py": "",
        }
    )

    assert paths(root) == [
        "app/__init__.py",
        "app/build/__init__.py",
        "app/build/of_cars.py",
        "app/dist/of_parts.py",
    ]


def test_include_leaves_out_the_other_sources(project: Write) -> None:
    root = project(
        {"app/a.py": "", "app/old/b.py": "", "tests/c.py": "", "d.py": "", "alembic.ini": "", "e.sql": ""}
    )
    assert paths(root, include=["app", "/d.py"]) == ["app/a.py", "app/old/b.py", "d.py"]
    assert paths(root, include=["app"], extend_exclude=["old"]) == ["app/a.py"]
    found = discover([root], choices=[Choice(include=("app",))])
    assert (found.config_files, found.sql_files) == (("alembic.ini",), ())


def test_the_patterns_of_the_closest_folder_hold(project: Write) -> None:
    root = project({f"{folder}{name}.py": "" for folder in ("", "one/", "one/two/") for name in "abc"})
    choices = [
        Choice("one/two/", include=("one/two/c.py",)),
        Choice("one/", extend_exclude=("one/**/b.py",)),
        Choice("", extend_exclude=("/a.py",)),
    ]
    found = discover([root], choices=choices)
    assert found.paths == ("b.py", "c.py", "one/a.py", "one/c.py", "one/two/c.py")


def test_exclude_stands_in_for_the_usual_folders_and_extend_exclude_adds(project: Write) -> None:
    root = project({"a.py": "", "build/b.py": "", "old/c.py": "", "app/old/d.py": "", "app/e_test.py": ""})

    assert paths(root, exclude=["old"]) == ["a.py", "app/e_test.py", "build/b.py"]
    assert paths(root, extend_exclude=["/old", "*_test.py"]) == ["a.py", "app/old/d.py"]
    assert paths(root, extend_exclude=["app/**/d.py"]) == ["a.py", "app/e_test.py", "old/c.py"]


def test_a_template_of_a_project_is_not_python_yet(project: Write) -> None:
    root = project(
        {"{{cookiecutter.name}}/models.py": "{% if sql %}", "{{cookiecutter.name}}/alembic.ini": "{%"}
    )

    found = discover([root])

    assert (found.paths, found.config_files, found.problems) == ((), (), ())


def test_git_tells_what_is_tracked_and_what_is_new(repository: Write, git: Git) -> None:
    root = repository({"tracked.py": "", "new.py": "", "ignored.py": "", ".gitignore": "ignored.py\n"})
    git(root, "add", "tracked.py")

    assert paths(root) == ["new.py", "tracked.py"]


def test_in_a_hook_only_what_is_tracked_counts(
    repository: Write, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository({"staged.py": "", "new.py": ""})
    git(root, "add", "staged.py")
    monkeypatch.setenv("PRE_COMMIT", "1")

    assert paths(root) == ["staged.py"]


def test_in_a_hook_with_nothing_tracked_there_is_nothing(
    repository: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository({"new.py": ""})
    monkeypatch.setenv("PRE_COMMIT", "1")

    assert paths(root) == []


def test_the_variables_that_git_exports_to_its_hooks_do_not_mislead(
    repository: Write, git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = repository({"backend/pyproject.toml": "", "backend/a.py": "", "ignored.py": ""})
    git(root, "add", "backend")
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock")
    monkeypatch.chdir(root)

    assert paths(Path("backend")) == ["a.py"]


def test_a_tracked_file_that_is_deleted_here_is_left_out(repository: Write, git: Git) -> None:
    root = repository({"a.py": "", "b.py": ""})
    git(root, "add", ".")
    (root / "a.py").unlink()

    assert paths(root) == ["b.py"]


def test_a_file_in_conflict_comes_once(repository: Write, git: Git) -> None:
    root = repository({"a.py": "x = 0\n"})
    git(root, "add", ".")
    git(root, "commit", "-qm", "base")
    git(root, "branch", "other")
    (root / "a.py").write_text("x = 1\n", encoding="utf-8")
    git(root, "commit", "-qam", "ours")
    git(root, "checkout", "-q", "other")
    (root / "a.py").write_text("x = 2\n", encoding="utf-8")
    git(root, "commit", "-qam", "theirs")
    with pytest.raises(Exception, match="merge"):
        git(root, "merge", "-q", "-")

    assert paths(root) == ["a.py"]


def test_tool_folders_that_git_does_not_ignore_count_where_it_tracks_them(
    repository: Write, git: Git
) -> None:
    root = repository(
        {
            "a.py": "",
            "dist/b.py": "",
            "node_modules/c.py": "",
            "sandbox/pyvenv.cfg": "",
            "sandbox/lib/d.py": "",
        }
    )
    git(root, "add", "a.py", "dist")

    assert paths(root) == ["a.py", "dist/b.py"]


def test_submodules_and_repositories_inside_are_left_out(repository: Write, git: Git, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    git(library, "init", "-q")
    (library / "models.py").touch()
    git(library, "add", ".")
    git(library, "commit", "-qm", "x")
    root = repository({"a.py": "", "inner/b.py": ""})
    git(root, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(library), "vendored")
    git(root / "inner", "init", "-q")

    assert paths(root) == ["a.py"]


def test_a_folder_that_git_ignores_as_a_whole_is_walked(repository: Write, git: Git) -> None:
    root = repository({"a.py": "", "corpus/one/b.py": "", "corpus/two/c.py": "", ".gitignore": "corpus/\n"})
    git(root, "add", ".")

    found = discover([root / "corpus" / "one"])

    assert (found.root, found.paths) == (root / "corpus" / "one", ("b.py",))


def test_a_force_added_file_in_an_ignored_folder_belongs_to_the_repository(
    repository: Write, git: Git
) -> None:
    root = repository({"a.py": "", "gen/b.py": "", "gen/c.py": "", ".gitignore": "gen/\n"})
    git(root, "add", "-f", "a.py", "gen/b.py")

    found = discover([root / "gen"])

    assert (found.root, found.paths, found.report_under) == (root, ("a.py", "gen/b.py"), ("gen",))


def test_without_git_on_the_path_all_files_are_taken(
    repository: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository({"a.py": "", "b.py": "", ".gitignore": "b.py\n"})
    monkeypatch.setenv("PATH", "")

    assert paths(root) == ["a.py", "b.py"]


def test_links_out_of_the_project_and_second_names_are_not_followed(project: Write, tmp_path: Path) -> None:
    (tmp_path / "outside.py").touch()
    root = project({"real.py": "", "generated/models.txt": ""})
    (root / "out.py").symlink_to(tmp_path / "outside.py")
    (root / "again.py").symlink_to("real.py")
    (root / "dangling.py").symlink_to("gone.py")
    (root / "models.py").symlink_to("generated/models.txt")
    (root / "generated" / "up").symlink_to(root, target_is_directory=True)

    found = discover([root])

    assert found.paths == ("models.py", "real.py")
    assert found.problems == ()


def test_a_link_to_itself_is_a_problem(project: Write) -> None:
    root = project({"a.py": ""})
    (root / "loop.py").symlink_to("loop.py")

    found = discover([root])

    assert found.paths == ("a.py",)
    assert [(problem.path, problem.what_to_do) for problem in found.problems] == [
        ("loop.py", "remove the link, or point it at a file")
    ]


@pytest.mark.parametrize("mode", [0o000, 0o300])
def test_a_folder_that_may_not_be_read_is_a_problem_and_the_rest_goes_on(
    ordinary_user: Path, mode: int
) -> None:
    (ordinary_user / "secret").mkdir()
    (ordinary_user / "secret" / "a.py").touch()
    (ordinary_user / "b.py").touch()
    (ordinary_user / "secret").chmod(mode)

    found = discover([ordinary_user])
    (ordinary_user / "secret").chmod(0o700)

    assert found.paths == ("b.py",)
    assert found.problems == (
        Problem(
            "secret",
            0,
            "the folder cannot be read: Permission denied",
            "give read permission, or exclude the folder",
        ),
    )


@pytest.mark.parametrize("tracked", [True, False])
def test_git_knows_a_folder_that_may_not_be_read(ordinary_user: Path, git: Git, *, tracked: bool) -> None:
    (ordinary_user / "secret").mkdir()
    (ordinary_user / "secret" / "a.py").touch()
    (ordinary_user / "b.py").touch()
    git(ordinary_user, "init", "-q")
    if tracked:
        git(ordinary_user, "add", ".")
    (ordinary_user / "secret").chmod(0o000)

    found = discover([ordinary_user])
    (ordinary_user / "secret").chmod(0o700)

    assert found.paths == ("b.py",)
    assert [problem.path for problem in found.problems] == ["secret"]
    assert found.problems[0].reason == "the folder cannot be read: Permission denied"


def test_a_name_that_is_not_utf8_is_a_problem(project: Write) -> None:
    root = project({"a.py": ""})
    (root / os.fsdecode(b"caf\xe9.py")).touch()

    found = discover([root])

    assert found.paths == ("a.py",)
    assert found.problems == (
        Problem("caf\\xe9.py", 0, "the name of the file is not UTF-8", "rename the file"),
    )


def test_the_order_does_not_depend_on_the_file_system(project: Write) -> None:
    root = project({f"{name}.py": "" for name in ("b", "a/z", "a", "Z", "é", "_")})

    assert paths(root) == ["Z.py", "_.py", "a.py", "a/z.py", "b.py", "é.py"]


def test_git_names_the_content_of_what_is_as_the_index_has_it(repository: Write, git: Git) -> None:
    names = ("same", "edited", "edited and added", "not looked at", "not checked out", "new")
    root = repository({f"{name}.py": "x = 0\n" for name in names})
    git(root, "add", ".")
    git(root, "rm", "-q", "--cached", "new.py")
    git(root, "update-index", "--assume-unchanged", "not looked at.py")
    git(root, "update-index", "--skip-worktree", "not checked out.py")
    for name in ("edited", "edited and added", "not looked at", "not checked out"):
        (root / f"{name}.py").write_text("x = 1\n", encoding="utf-8")
    git(root, "add", "edited and added.py")

    found = discover([root])

    assert sorted(found.paths) == sorted(f"{name}.py" for name in names)
    contents = content_ids(found)
    assert contents["same.py"] == found.ids["same.py"]
    assert found.ids.keys() & set(found.paths) == {"same.py", "edited and added.py"}
    assert contents["edited.py"] == contents["not looked at.py"] == contents["not checked out.py"]
    assert len({contents[f"{name}.py"] for name in ("same", "edited", "edited and added", "new")}) == 4


def test_outside_git_contents_are_named_by_their_bytes(project: Write) -> None:
    root = project(
        {"a.py": "x = 0\n", "b.py": "x = 0\n", "c.py": "", "setup.cfg": "", "uv.lock": "", "yarn.lock": ""}
    )

    contents = content_ids(discover([root]))

    assert list(contents) == ["a.py", "b.py", "c.py", "setup.cfg", "uv.lock"]
    assert contents["a.py"] == contents["b.py"] != contents["c.py"] == contents["setup.cfg"]
