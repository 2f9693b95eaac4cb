"""Whatever is wrong with the cache, the answer is right and no traceback is seen."""

from __future__ import annotations

import builtins
import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from work_tree import FILES, MODELS, WorkTree

from ormlint import cache, cli, contents, own
from ormlint.cache import Cache

KEY = "0" * 64
KINDS = ["answer", "facts", "graph", "linked", "pack", "pack", "raw", "run", "watch"]
"""Of the records that a check writes."""
OTHER = MODELS.replace("email: Mapped[str]", "phone: Mapped[str]")


def records(tree: WorkTree) -> list[Path]:
    return sorted((tree.root / ".ormlint_cache").glob("*-*"))


def test_the_records_of_a_project(tree: WorkTree) -> None:
    tree.check()
    assert sorted(each.name for each in (tree.root / ".ormlint_cache").iterdir() if "-" not in each.name) == [
        ".gitignore",
        "CACHEDIR.TAG",
    ]
    assert [record.name.partition("-")[0] for record in records(tree)] == KINDS
    assert tree.git("status", "--short") == ""


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"x",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data + b"\n",
        lambda data: data[:60] + bytes([data[60] ^ 1]) + data[61:],
        lambda data: bytes(len(data)),
        lambda data: b"ormlint-cache-1\n" + data[16:],
    ],
    ids=["empty", "short", "half", "less", "more", "a bit", "zeros", "old"],
)
@pytest.mark.parametrize("kind", sorted({*KINDS, ""}))
def test_damaged_records(tree: WorkTree, kind: str, damage: Callable[[bytes], bytes]) -> None:
    before = tree.check()
    for record in records(tree):
        if record.name.startswith(kind):
            record.write_bytes(damage(record.read_bytes()))
    assert tree.check() == before
    tree.write("app/models.py", OTHER)
    tree.agrees()


@pytest.mark.parametrize("kind", sorted({*KINDS}))
@pytest.mark.parametrize(
    "content", [b"", b"\n", b"{}", b"[1", b"1\n\xff", b'{"findings": [{}], "summary": 1}', b"\x80"]
)
def test_foreign_content_in_whole_records(tree: WorkTree, kind: str, content: bytes) -> None:
    before = tree.check()
    for record in records(tree):
        name, _, key = record.name.partition("-")
        if name in ("answer", "run", kind):
            record.unlink()
        if name == kind:
            Cache(str(record.parent)).remember(kind, key, content)
    assert tree.check() == before


def test_records_that_are_something_else(tree: WorkTree, tmp_path: Path) -> None:
    before = tree.check()
    answer, facts, graph, linked, pack, other, raw, run, watch = records(tree)
    answer.unlink()
    answer.mkdir()
    graph.unlink()
    graph.mkdir()
    linked.write_bytes(b"")
    pack.unlink()
    pack.mkdir()
    other.write_bytes(b"")
    raw.unlink()
    raw.mkdir()
    watch.write_bytes(b"of nobody")
    facts.unlink()
    facts.symlink_to("/nowhere")
    run.unlink()
    run.symlink_to(tmp_path)
    assert tree.agrees() == before


@pytest.mark.parametrize("what", ["a file", "a link to nothing", "a link in a circle"])
def test_a_folder_that_is_something_else(tree: WorkTree, what: str) -> None:
    folder = tree.root / ".ormlint_cache"
    tree.write(".gitignore", ".ormlint_cache\n")
    if what == "a file":
        folder.write_text("")
    else:
        folder.symlink_to("/nowhere/at/all" if what == "a link to nothing" else ".ormlint_cache")
    tree.agrees()
    assert folder.is_symlink() or folder.read_text() == ""


@pytest.mark.parametrize("problem", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("late", [False, True])
def test_a_disk_that_cannot_be_written(
    tree: WorkTree, monkeypatch: pytest.MonkeyPatch, problem: int, *, late: bool
) -> None:
    before = tree.check() if late else None

    def opened(path: Any, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if "w" in mode and ".ormlint_cache" in str(path):
            with builtins_open(path, mode, *rest, **more) as file:
                file.write(b"half")
            raise OSError(problem, os.strerror(problem))
        return builtins_open(path, mode, *rest, **more)

    builtins_open = builtins.open
    monkeypatch.setattr(cache, "open", opened, raising=False)
    tree.write("app/models.py", OTHER if late else MODELS)
    assert tree.agrees() != before
    assert [each.name for each in records(tree) if each.name.startswith("tmp-")] == []


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 kB, where one may be mounted; elsewhere a folder that ends the test."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    mounted = (
        sys.platform == "linux" and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    )
    yield folder
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_cache_that_is_a_link_is_left_alone(tmp_path: Path) -> None:
    """A checkout may bring it, and lead anywhere."""
    (tmp_path / "outside").mkdir()
    (tmp_path / ".ormlint_cache").symlink_to(tmp_path / "outside")
    cache = Cache(str(tmp_path / ".ormlint_cache"))
    cache.remember("run", "0" * 32, b"found")
    assert (cache.holds, cache.recall("run", "0" * 32)) == (False, None)
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_disk_that_is_full(tree: WorkTree, tiny: Path) -> None:
    folder = str(tiny / "cache")
    tree.agrees("--cache-dir", folder)
    tree.write("app/models.py", OTHER)
    tree.agrees("--cache-dir", folder)
    used = sum(each.stat().st_blocks for each in tiny.rglob("*")) * 512
    assert not os.path.ismount(tiny) or used <= 16_384


def test_a_cache_of_somebody_else(tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read, and neither written nor removed."""
    before = tree.check()
    monkeypatch.setattr(cache, "_touch", lambda path: None)
    monkeypatch.setattr(cache.os, "replace", _refused)
    assert tree.recalled() == before
    tree.write("app/models.py", OTHER)
    assert tree.agrees() != before


def _refused(*_: str) -> None:
    raise PermissionError(errno.EACCES, "not yours")


def test_eight_processes_at_once(tree: WorkTree) -> None:
    wanted = tree.fresh()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "ORMLINT_"))
    }
    for _ in range(2):
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "ormlint", "check"],
                cwd=tree.root,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
            )
            for _ in range(8)
        ]
        for each in running:
            out, err = each.communicate()
            assert (each.returncode, out, err) == wanted
    assert {record.name.partition("-")[0] for record in records(tree)} == set(KINDS)


def test_a_file_that_changes_while_it_is_read(tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read is not remembered as what git listed."""
    before = tree.fresh()
    read = contents.Contents.read

    def changed(self: contents.Contents, path: str) -> bytes | None:
        tree.write("app/models.py", OTHER)
        return read(self, path)

    with monkeypatch.context() as patch:
        patch.setattr(contents.Contents, "read", changed)
        assert tree.check() != before
    assert tree.agrees() != before
    tree.write("app/models.py", MODELS)
    assert tree.agrees() == before


@pytest.mark.parametrize("name", ["__version__", "_installed"])
def test_another_release(tree: WorkTree, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = tree.agrees()
    monkeypatch.setattr(
        own, name, "999" if name == "__version__" else lambda: iter(["sqlglot-999.dist-info"])
    )
    assert tree.recalled() is None
    assert tree.agrees() == before
    assert tree.recalled() == before


def test_releases_are_told_from_what_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "SQLAlchemy-2.0.1.dist-info").mkdir()
    (tmp_path / "unheard_of-1.0.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "nowhere"), str(tmp_path)])
    assert list(own._installed()) == ["sqlalchemy-2.0.1.dist-info"]


def test_the_cache_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "cache"
    for number in range(40):
        Cache(str(folder)).remember("run", f"{number:064x}", b"x" * 1000)
        os.utime(folder / f"run-{number:064x}", (number, number))
    kept = Cache(str(folder))
    assert len(list(folder.glob("run-*"))) == cache.KEPT
    assert kept.recall("run", f"{39:064x}") is not None
    monkeypatch.setattr(cache, "MOST", 5_000)
    kept.remember("facts", KEY, b"x" * 1000)
    assert sum(each.stat().st_size for each in folder.glob("*-*")) <= 5_000
    assert kept.recall("facts", KEY) is not None


def test_what_was_left_half_written_goes_in_the_end(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    for number in range(40):
        (folder / f"tmp-{number}-run-{KEY}").write_bytes(b"")
        os.utime(folder / f"tmp-{number}-run-{KEY}", (number, number))
    Cache(str(folder)).remember("run", KEY, b"")
    assert len(list(folder.glob("tmp-*"))) == cache.KEPT


def test_cleaning(
    tree: WorkTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tree.root)
    tree.check()
    assert cli.main(["clean"]) == 0
    assert capsys.readouterr().out == "Removed 11 files of the cache.\n"
    assert not (tree.root / ".ormlint_cache").exists()
    assert cli.main(["clean"]) == 0
    assert capsys.readouterr().out == "Removed 0 files of the cache.\n"


@pytest.mark.parametrize("by", ["--cache-dir", "ORMLINT_CACHE_DIR"])
def test_a_folder_of_somebody_elses_files(
    tree: WorkTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], by: str
) -> None:
    """They stay as they are, git's view of them included."""
    theirs = {
        ".gitignore": "*.log\n",
        "CACHEDIR.TAG": "of another tool",
        "run-1": "",
        "facts-of-life.txt": "42",
    }
    for name, text in theirs.items():
        tree.write(f"shared/{name}", text)
    tree.commit()
    monkeypatch.chdir(tree.root)
    words = ["--cache-dir", "shared"] if by == "--cache-dir" else []
    if not words:
        monkeypatch.setenv("ORMLINT_CACHE_DIR", "shared")
    before = tree.agrees(*words)
    assert tree.recalled(*words) == before
    assert not (tree.root / ".ormlint_cache").exists()
    assert len(list((tree.root / "shared").iterdir())) == len(theirs) + len(KINDS)
    assert cli.main(["clean", *words]) == 0
    assert capsys.readouterr().out == "Removed 9 files of the cache.\n"
    assert {each.name: each.read_text() for each in (tree.root / "shared").iterdir()} == theirs


def test_a_named_folder_is_used_from_everywhere(tree: WorkTree, tmp_path: Path) -> None:
    folder = str(tmp_path / "cache")
    before = tree.agrees(f"--cache-dir={folder}")
    assert tree.recalled(f"--cache-dir={folder}") == before
    assert tree.agrees("--cache-dir", folder, at="app") == tree.fresh(at="app")


def test_two_projects_in_one_cache(tmp_path: Path) -> None:
    """The same files mean the same only where nothing names their place."""
    folder = str(tmp_path / "cache")
    trees = [WorkTree.begun(tmp_path / name) for name in ("one", "two")]
    for tree in trees:
        tree.write("alembic.ini", f"[alembic]\nscript_location = {trees[0].root}/alembic\n")
        tree.write("alembic/env.py", "from app.models import Base\n\ntarget_metadata = Base.metadata\n")
    assert trees[0].agrees("--cache-dir", folder) != trees[1].agrees("--cache-dir", folder)


@pytest.mark.parametrize("flag", ["-n", "--no-cache"])
def test_nothing_is_kept_and_nothing_recalled(tree: WorkTree, flag: str) -> None:
    before = tree.check(flag)
    assert not (tree.root / ".ormlint_cache").exists()
    tree.check()
    assert tree.recalled(flag) is None
    assert tree.check(flag) == before


def test_a_part_is_reported_and_the_whole_is_known(tree: WorkTree) -> None:
    """The model alone cannot tell that no migration makes its table, nor the schema what its model lacks."""
    whole = tree.agrees("--output-format", "concise", "-q").out.splitlines()
    parts = ["app/models.py", "app/schemas.py", "app/base.py", "app/api.py", "alembic", "alembic.ini"]
    found = {part: tree.agrees("--output-format", "concise", "-q", part).out.splitlines() for part in parts}
    assert {line.split(" ")[1] for line in found["app/models.py"]} == {"ORM301", "ORM305", "ORM306"}
    assert {line.split(" ")[1] for line in found["app/schemas.py"]} == {"ORM202"}
    assert found["app/api.py"] == []
    assert sorted(line for lines in found.values() for line in lines) == sorted(whole)
    both = tree.agrees("--output-format", "concise", "-q", "app/models.py", "app/schemas.py").out.splitlines()
    assert sorted(both) == sorted(found["app/models.py"] + found["app/schemas.py"])
    assert tree.agrees("models.py", at="app").status == 1


def test_a_part_notices_what_happens_elsewhere(tree: WorkTree) -> None:
    before = tree.agrees("app/models.py")
    tree.write(
        "alembic/versions/0002.sql",
        FILES["alembic/versions/0002.sql"] + "CREATE TABLE visits (id INTEGER PRIMARY KEY);\n",
    )
    assert tree.agrees("app/models.py") != before


def test_a_folder_that_is_gone(tree: WorkTree, capfd: pytest.CaptureFixture[str]) -> None:
    (tree.root / "gone").mkdir()
    code = """if True:
        import os, sys
        os.rmdir(os.getcwd())
        from ormlint.hot import main
        sys.argv[1:] = ["check"]
        sys.exit(main())
    """
    done = subprocess.run([sys.executable, "-c", code], cwd=tree.root / "gone", check=False)
    assert done.returncode == 2
    assert capfd.readouterr().err == "ormlint: the current folder is gone; change to one that is there\n"
