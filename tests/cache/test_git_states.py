"""Whatever state git and the files are in, the answer with the cache is the answer without."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from work_tree import FILES, MODELS, Ended, WorkTree

OTHER = MODELS.replace("email: Mapped[str]", "phone: Mapped[str]")
"""As long as the models."""
BROKEN = "from sqlalchemy.orm import mapped_column\n\nclass Broken("


def changed(tree: WorkTree, before: Ended) -> None:
    """The answer is another one, with the cache and without."""
    assert tree.agrees() != before


def test_the_second_run_is_hot(tree: WorkTree) -> None:
    first = tree.check()
    assert first.status == 1
    assert "ORM202" in first.out
    assert tree.recalled() == first
    assert tree.fresh() == first


def test_an_edit_of_the_same_size_at_the_same_time(tree: WorkTree) -> None:
    """What git calls racily clean: only the content tells."""
    before = tree.agrees()
    file = tree.root / "app/models.py"
    status = file.stat()
    with file.open("r+") as writing:
        writing.write(OTHER)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    changed(tree, before)


@pytest.mark.parametrize("setting", [("core.trustctime", "false"), ("core.checkStat", "minimal")])
def test_an_edit_of_the_same_size_that_git_is_told_not_to_see(
    tree: WorkTree, setting: tuple[str, str]
) -> None:
    file = tree.root / "app/models.py"
    old = file.stat().st_mtime_ns - 10_000_000_000
    os.utime(file, ns=(old, old))
    tree.git("config", *setting)
    tree.git("update-index", "--refresh")
    before = tree.agrees()
    time.sleep(1.1)  # git looks at whole seconds
    with file.open("r+") as writing:
        writing.write(OTHER)
    os.utime(file, ns=(old, old))
    changed(tree, before)


def test_times_without_a_change(tree: WorkTree) -> None:
    before = tree.agrees()
    for file in tree.root.rglob("*.py"):
        os.utime(file)
    assert tree.recalled() == before
    assert tree.agrees() == before


def test_the_clock_goes_back(tree: WorkTree) -> None:
    before = tree.agrees()
    tree.write("app/models.py", OTHER)
    os.utime(tree.root / "app/models.py", ns=(0, 0))
    changed(tree, before)


@pytest.mark.parametrize("bit", ["--assume-unchanged", "--skip-worktree"])
@pytest.mark.parametrize("late", [False, True])
def test_files_that_git_is_told_not_to_look_at(tree: WorkTree, bit: str, *, late: bool) -> None:
    if not late:
        tree.git("update-index", bit, "app/models.py")
    before = tree.agrees()
    if late:
        tree.git("update-index", bit, "app/models.py")
    tree.write("app/models.py", OTHER)
    changed(tree, before)


@pytest.mark.parametrize(
    "commands",
    [
        ["update-index --index-version 4"],
        ["update-index --split-index"],
        ["config core.untrackedCache true", "update-index --untracked-cache", "status"],
        ["config index.threads 4", "config core.preloadIndex true"],
        ["config feature.manyFiles true", "status"],
        ["config core.ignoreStat true", "update-index --really-refresh"],
        ["config index.skipHash true", "add -A"],
    ],
)
def test_forms_of_the_index(tree: WorkTree, commands: list[str]) -> None:
    for command in commands:
        tree.git(*command.split())
    before = tree.agrees()
    assert tree.recalled() == before
    tree.write("app/models.py", OTHER)
    changed(tree, before)
    tree.git("add", "-A")
    changed(tree, before)


def test_a_file_system_monitor_that_misses_changes(tree: WorkTree) -> None:
    monitor = tree.write("../monitor", "#!/bin/sh\nprintf 'token\\0'\n")
    monitor.chmod(0o755)
    tree.git("config", "core.fsmonitor", str(monitor))
    tree.git("update-index", "--fsmonitor")
    tree.git("status")
    before = tree.agrees()
    tree.write("app/models.py", OTHER)
    changed(tree, before)


@pytest.mark.parametrize("form", ["--no-cone", "--sparse-index"])
def test_a_sparse_checkout(tree: WorkTree, form: str) -> None:
    tree.write("other/models.py", MODELS.replace("Person", "Member").replace("people", "members"))
    tree.commit()
    before = tree.agrees()
    tree.git(
        "sparse-checkout", "set", form, *(["/*", "!/other"] if form == "--no-cone" else ["app", "alembic"])
    )
    assert not (tree.root / "other").exists()
    changed(tree, before)
    assert tree.recalled() is not None
    without = tree.agrees()
    tree.write("app/models.py", OTHER)
    changed(tree, without)


def test_names_that_differ_in_case(tree: WorkTree) -> None:
    before = tree.agrees()
    tree.git("config", "core.ignorecase", "true")
    tree.git("mv", "app/models.py", "app/Models.py")
    changed(tree, before)
    (tree.root / "app/Models.py").rename(tree.root / "app/models.py")
    tree.agrees()
    tree.git("config", "core.ignorecase", "false")
    tree.agrees()
    tree.write("app/Models.py", OTHER)
    tree.agrees()


def test_a_submodule(tree: WorkTree, tmp_path: Path) -> None:
    inner = WorkTree.begun(tmp_path / "inner")
    tree.git("submodule", "add", "-q", str(inner.root), "vendor")
    tree.commit()
    tree.agrees()
    before = tree.agrees("vendor")
    tree.write("vendor/app/models.py", OTHER)
    assert tree.agrees("vendor") != before
    tree.agrees()
    assert tree.agrees(at="vendor") != before
    tree.write("vendor/app/models.py", MODELS)
    assert tree.agrees("vendor") == before


def test_a_work_tree_in_a_work_tree(tree: WorkTree) -> None:
    inner = WorkTree.begun(tree.root / "inner")
    before = tree.agrees("inner")
    inner.write("app/models.py", OTHER)
    assert tree.agrees("inner") != before


def test_a_second_work_tree(tree: WorkTree, tmp_path: Path) -> None:
    tree.git("worktree", "add", "-q", str(tmp_path / "second"))
    second = WorkTree(tmp_path / "second")
    before = second.agrees()
    assert second.recalled() == before
    second.write("app/models.py", OTHER)
    changed(second, before)


def test_a_link_to_a_file_that_git_ignores(tree: WorkTree) -> None:
    tree.write(".gitignore", "made/\n")
    tree.git("rm", "-q", "app/models.py")
    tree.write("made/one.py", MODELS)
    tree.write("made/two.py", OTHER)
    link = tree.root / "app/models.py"
    link.symlink_to("../made/one.py")
    tree.commit()
    before = tree.agrees()
    tree.write("made/one.py", OTHER)
    changed(tree, before)
    tree.write("made/one.py", MODELS)
    assert tree.agrees() == before
    link.unlink()
    link.symlink_to("../made/two.py")
    changed(tree, before)
    tree.commit()
    changed(tree, before)


def test_a_link_to_another_file_with_the_same_content(tree: WorkTree) -> None:
    """A link adds a file only where its target is none of the project's."""
    tree.write(".gitignore", "made/\n")
    tree.write("made/one.py", BROKEN)
    tree.write("app/second.py", BROKEN)
    link = tree.root / "app/third.py"
    link.symlink_to("../made/one.py")
    tree.git("add", "-A")
    link.unlink()
    link.symlink_to("../made/../made/one.py")
    before = tree.agrees()
    link.unlink()
    link.symlink_to("second.py")
    changed(tree, before)


def test_a_link_in_a_circle_that_is_cut(tree: WorkTree) -> None:
    for path, target in (("app/one.py", "two.py"), ("app/two.py", "one.py")):
        (tree.root / path).symlink_to(target)
    tree.commit()
    before = tree.agrees()
    (tree.root / "app/two.py").unlink()
    changed(tree, before)


def test_the_same_path_in_the_project_and_above_it(tree: WorkTree) -> None:
    """Git tells of all files of the work tree when one folder of it is checked."""
    for path, text in FILES.items():
        tree.write(f"api/{path}", text)
    tree.write("api/ormlint.toml", "")
    tree.commit()
    before = tree.check("api")
    tree.replace("api/app/models.py", "email: Mapped[str]", "phone: Mapped[str]")
    tree.commit()
    after = tree.check("api")
    assert after != before
    assert after == tree.fresh("api")


def test_line_ends(tree: WorkTree) -> None:
    before = tree.agrees()
    tree.git("config", "core.autocrlf", "true")
    tree.write("app/models.py", MODELS.replace("\n", "\r\n"))
    assert tree.agrees() == before
    tree.git("add", "-A")
    assert tree.agrees() == before
    (tree.root / "app/models.py").unlink()
    tree.git("checkout", "-q", "--", ".")
    assert b"\r\n" in (tree.root / "app/models.py").read_bytes()
    assert tree.agrees() == before


@pytest.mark.parametrize("where", [".gitattributes", "app/.gitattributes", ".git/info/attributes", "global"])
def test_a_filter_changes_what_git_keeps(tree: WorkTree, where: str, tmp_path: Path) -> None:
    """With git-crypt, for one: the same blob is another file once the key is there."""
    if where == "global":
        tree.git("config", "core.attributesFile", str(tmp_path / "attributes"))
    tree.write(str(tmp_path / "attributes") if where == "global" else where, "*.py filter=phone\n")
    tree.commit()
    before = tree.agrees()
    tree.git("config", "filter.phone.smudge", "sed s/email/phone/")
    tree.git("config", "filter.phone.clean", "sed s/phone/email/")
    (tree.root / "app/models.py").unlink()
    tree.git("checkout", "-q", "--", ".")
    assert (tree.root / "app/models.py").read_text() == MODELS.replace("email", "phone")
    assert "app/models.py" not in tree.git("status", "--short")
    changed(tree, before)


def test_an_encoding_in_the_work_tree(tree: WorkTree) -> None:
    before = tree.agrees()
    tree.write(".gitattributes", "app/models.py working-tree-encoding=UTF-16\n")
    (tree.root / "app/models.py").unlink()
    tree.git("checkout", "-q", "--", ".")
    changed(tree, before)


def test_a_file_that_is_to_be_added(tree: WorkTree) -> None:
    before = tree.agrees()
    tree.write("app/more.py", MODELS.replace("people", "members").replace("visits", "stays"))
    tree.git("add", "-N", "app/more.py")
    changed(tree, before)
    wanted = tree.agrees()
    tree.write("app/more.py", "")
    changed(tree, wanted)


def test_a_merge_with_conflicts(tree: WorkTree) -> None:
    tree.git("checkout", "-q", "-b", "other")
    tree.write("app/models.py", OTHER)
    tree.commit()
    tree.git("checkout", "-q", "main")
    tree.replace("app/models.py", "email", "mail")
    tree.commit()
    before = tree.agrees()
    with pytest.raises(subprocess.CalledProcessError):
        tree.git("merge", "other")
    changed(tree, before)
    tree.write("app/models.py", OTHER)
    tree.agrees()
    tree.commit()
    tree.agrees()


def test_branches(tree: WorkTree) -> None:
    before = tree.agrees()
    tree.git("checkout", "-q", "-b", "other")
    assert tree.recalled() == before
    tree.write("app/models.py", OTHER)
    tree.commit()
    changed(tree, before)
    tree.git("checkout", "-q", "main")
    assert tree.recalled() == before
    assert tree.agrees() == before


def test_settings_that_git_ignores(tree: WorkTree) -> None:
    tree.write(".git/info/exclude", "*.toml\n")
    before = tree.agrees()
    tree.write("ormlint.toml", 'ignore = ["ORM202"]\n')
    changed(tree, before)
    ignoring = tree.agrees()
    tree.write("ormlint.toml", 'ignore = ["ORM101"]\n')
    changed(tree, ignoring)
    (tree.root / "ormlint.toml").unlink()
    assert tree.agrees() == before


def test_a_baseline_that_git_ignores(tree: WorkTree) -> None:
    tree.write(".git/info/exclude", ".ormlint-baseline.toml\n")
    before = tree.agrees()
    tree.check("--write-baseline")
    changed(tree, before)
    (tree.root / ".ormlint-baseline.toml").unlink()
    assert tree.agrees() == before


def test_a_configuration_that_git_ignores(tree: WorkTree) -> None:
    tree.write(".git/info/exclude", "local.ini\n")
    tree.write("ormlint.toml", 'alembic = ["local.ini"]\n')
    (tree.root / "alembic.ini").unlink()
    tree.write("local.ini", "[alembic]\nscript_location = alembic\n")
    (tree.root / "alembic/env.py").unlink()
    before = tree.agrees()
    tree.write("local.ini", "[alembic]\nscript_location = nowhere\n")
    changed(tree, before)
    (tree.root / "local.ini").unlink()
    changed(tree, before)


def test_what_a_migration_reads(tree: WorkTree) -> None:
    before = tree.agrees()
    tree.write("alembic/versions/0002.sql", "ALTER TABLE people ADD COLUMN mail TEXT;\n")
    changed(tree, before)


@pytest.mark.parametrize("ignored", [False, True])
def test_any_file_that_a_migration_reads(tree: WorkTree, *, ignored: bool) -> None:
    if ignored:
        tree.write(".gitignore", "*.statements\n")
    tree.replace("alembic/versions/0002.py", "0002.sql", "0002.statements")
    missing = tree.agrees()
    tree.write("alembic/versions/0002.statements", FILES["alembic/versions/0002.sql"])
    changed(tree, missing)
    tree.commit()
    before = tree.agrees()
    tree.write("alembic/versions/0002.statements", "ALTER TABLE people ADD COLUMN mail TEXT;\n")
    changed(tree, before)


def test_an_empty_folder_of_migrations(tree: WorkTree) -> None:
    """Folders without files are nothing to git, and make an Alembic environment."""
    for path in ("alembic.ini", *(path for path in FILES if path.startswith("alembic/versions/"))):
        (tree.root / path).unlink()
    tree.write("alembic/env.py", "from alembic import context\n\ncontext.configure(target_metadata=None)\n")
    before = tree.agrees()
    (tree.root / "alembic/versions").rmdir()
    changed(tree, before)
    (tree.root / "alembic/versions").mkdir()
    assert tree.agrees() == before


def test_a_root_that_is_not_there(tree: WorkTree) -> None:
    tree.write("ormlint.toml", 'roots = ["lib"]\n')
    before = tree.agrees()
    (tree.root / "lib").mkdir()
    changed(tree, before)


def test_an_ignored_folder_that_is_asked_for(tree: WorkTree) -> None:
    tree.write(".gitignore", "made/\n")
    tree.write("made/pyproject.toml", "")
    tree.write("made/models.py", MODELS)
    before = tree.agrees("made")
    tree.write("made/models.py", BROKEN)
    assert tree.agrees("made") != before


def test_a_marker_that_git_ignores(tree: WorkTree) -> None:
    tree.write(".gitignore", "app/alembic.ini\n")
    (tree.root / "app/__init__.py").unlink()
    before = tree.agrees("app")
    tree.write("app/alembic.ini", "")
    assert tree.agrees("app") != before
