"""What other processes read is what this one would have read, and nothing depends on them."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from unittest import mock

import msgspec
import pytest
from work_tree import MODELS, WorkTree

from ormlint import ahead, helpers
from ormlint.ahead import Ahead
from ormlint.extract import extract
from ormlint.graph import judged, sqltype
from ormlint.graph.models import names
from ormlint.helpers import Helpers, Kind
from ormlint.relevance import heading
from ormlint.spawned import Spawned

if hasattr(os, "memfd_create"):
    from ormlint.forks import Forks

    POOLS: tuple[type, ...] = (Forks, Spawned)
else:
    POOLS = (Spawned,)
OTHER = MODELS.replace("email: Mapped[str]", "phone: Mapped[str]")


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes are started for the least file."""
    monkeypatch.setattr(ahead, "_cores", lambda: 2)
    monkeypatch.setattr(ahead, "PAYS_FROM", {"heading": 1, "words": 1, "facts": 1})


@pytest.fixture(params=POOLS)
def pool(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type:
    """The one that is taken where nothing else runs in this process, and the other."""
    monkeypatch.setattr(threading, "active_count", lambda: 1 if request.param is not Spawned else 2)
    taken: type = request.param
    return taken


@pytest.mark.usefixtures("eager", "pool")
def test_what_they_say(tmp_path: Path) -> None:
    file = tmp_path / "models.py"
    file.write_text(MODELS)
    asked = Ahead(tmp_path, {})
    asked.ask("heading", ["models.py", "missing.py"])
    asked.ask("facts", ["models.py"])
    said = asked.said("heading", "models.py")
    assert said == (msgspec.msgpack.encode(heading(file.read_bytes())), False)
    assert asked.said("heading", "models.py") is None
    assert asked.said("heading", "missing.py") is None
    said = asked.said("facts", "models.py")
    assert said == (msgspec.msgpack.encode(extract(file.read_bytes())), False)
    asked.leave()


def test_large_files_are_asked_for_few_at_a_time(tmp_path: Path) -> None:
    """What is asked for first is soon there."""
    sizes = [1, *[30_000] * 3, 70_000, *[1] * 18]
    files = [(str(tmp_path / f"{number}.py"), "") for number in range(len(sizes))]
    for (file, _), size in zip(files, sizes, strict=True):
        Path(file).write_bytes(b"#" * size)
    files.append((str(tmp_path / "missing.py"), ""))
    facts, words = (list(helpers._in_one_go(kind, files)) for kind in ("facts", "words"))
    assert [each for chunk in facts for each in chunk] == files == [each for chunk in words for each in chunk]
    assert [len(chunk) for chunk in facts] == [3, 2, 16, 3]
    assert [len(chunk) for chunk in words] == [16, 8]


@pytest.mark.usefixtures("eager", "pool")
def test_the_same_answer_with_them(tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.write("app/broken.py", "class A(Base:\n")
    wanted = tree.agrees()
    tree.write("app/models.py", OTHER)
    found = tree.agrees()
    monkeypatch.setattr(ahead, "_cores", lambda: 1)
    assert tree.fresh() == found != wanted


@pytest.mark.usefixtures("pool")
def test_an_interrupt_is_for_the_first_process() -> None:
    """The others would each print where they were."""
    others = Helpers(1)
    assert others._pool.submit(signal.getsignal, signal.SIGINT)() == signal.SIG_IGN
    others.leave()


@pytest.mark.usefixtures("pool")
@pytest.mark.skipif(not hasattr(os, "nice"), reason="elsewhere all processes are alike")
def test_others_stand_back() -> None:
    others = Helpers(1)
    assert others._pool.submit(os.nice, 0)() == min(os.nice(0) + 10, 19)
    others.leave()


def test_a_small_project_starts_none(tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_cores", lambda: 2)
    with mock.patch("ormlint.helpers.Helpers", side_effect=AssertionError):
        assert tree.check().status == 1


def _killed(*_: object) -> Callable[[], object]:
    return mock.Mock(side_effect=OSError("it was killed"))


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("submit", [mock.Mock(side_effect=OSError("no more processes")), _killed])
def test_none_are_needed(
    tree: WorkTree, monkeypatch: pytest.MonkeyPatch, pool: type, submit: Callable[..., object]
) -> None:
    wanted = tree.fresh()
    monkeypatch.setattr(pool, "submit", submit)
    assert tree.agrees() == wanted


def _dying() -> None:
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


@pytest.mark.usefixtures("eager")
def test_one_that_is_killed_while_it_reads(
    tree: WorkTree, monkeypatch: pytest.MonkeyPatch, pool: type
) -> None:
    wanted = tree.fresh()
    submit, calls = pool.submit, itertools.count()

    def killing(self: object, work: Callable[..., object], *given: object) -> object:
        return submit(self, _dying) if next(calls) == 2 else submit(self, work, *given)

    monkeypatch.setattr(pool, "submit", killing)
    assert tree.agrees() == wanted


@pytest.mark.usefixtures("eager")
def test_a_file_that_changes_before_they_read_it(tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """What they read is not remembered as what git listed."""
    before = tree.fresh()
    ask = Ahead.ask

    def changed(self: Ahead, kind: Kind, paths: Iterable[str]) -> None:
        if kind == "facts":
            tree.write("app/models.py", OTHER)
        ask(self, kind, paths)

    with monkeypatch.context() as patched:
        patched.setattr(Ahead, "ask", changed)
        assert tree.check() != before
    tree.write("app/models.py", MODELS)
    assert tree.check() == before


CONVENTION = """\
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={"ix": "i_%(column_0_label)s", "uq": "u_%(column_0_N_name)s"})
"""


@pytest.fixture
def libraries(tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What this process asks SQLAlchemy, in a project whose names and types it has to be asked for."""
    monkeypatch.setattr(judged, "known", {})
    monkeypatch.setattr(judged, "given", {})
    sqltype._ddl.cache_clear()
    tree.write("app/base.py", CONVENTION)
    tree.replace("alembic/versions/0001.py", "sa.Integer", "sa.Double")
    tree.replace("app/models.py", "email: Mapped[str]", "email: Mapped[str] = mapped_column(unique=True)")
    asked: list[str] = []
    for module, function in ((names, names.named), (sqltype, sqltype.ddl)):
        monkeypatch.setattr(module, function.__name__, _noting(function, asked))
    return asked


def _noting(function: Callable[..., judged.Answer], asked: list[str]) -> Callable[..., judged.Answer]:
    @wraps(function)  # so that other processes find it
    def noting(*question: object) -> judged.Answer:
        asked.append(function.__name__)
        return function(*question)

    return noting


def _forget(asked: list[str]) -> None:
    sqltype._ddl.cache_clear()
    for each in (asked, judged.known, judged.given):
        each.clear()


def test_a_library_is_asked_by_others(
    tree: WorkTree, libraries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = tree.fresh()
    assert libraries == ["named", "ddl"]
    _forget(libraries)
    monkeypatch.setattr(ahead, "_cores", lambda: 2)
    monkeypatch.setattr(ahead, "PAYS_FROM", {"heading": 1, "words": 1, "facts": 1})
    assert tree.fresh() == wanted
    assert libraries == []
    _forget(libraries)
    monkeypatch.setattr(Helpers, "judge", lambda *_: None)
    assert tree.fresh() == wanted
    assert libraries == ["named", "ddl"]


def test_a_library_is_asked_of_what_names_and_types_rest_on_alone(
    tree: WorkTree, libraries: list[str]
) -> None:
    tree.check()
    _forget(libraries)
    tree.replace("app/models.py", "email: Mapped[str]", "phone: Mapped[str]\n    email: Mapped[str]")
    ended = tree.check()
    assert libraries == []
    assert ended == tree.fresh()
    _forget(libraries)
    tree.replace("app/models.py", "phone: Mapped[str]\n", "phone: Mapped[str] = mapped_column(unique=True)\n")
    tree.check()
    assert libraries == ["named"]


def test_a_library_is_not_asked_by_a_process_that_is_no_more() -> None:
    others = Helpers(1)
    with mock.patch.object(others._pool, "submit", _killed):
        wait = others.judge(sqltype.ddl, [(sqltype.SqlType("Text"), "sqlite")])
    assert wait is not None
    assert wait() is None
    others.leave()
