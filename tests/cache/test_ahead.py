"""What other processes read is what this one would have read, and nothing depends on them."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from unittest import mock

import msgspec
import pytest
from work_tree import MODELS, WorkTree

from ormlint import ahead
from ormlint.ahead import Ahead
from ormlint.extract import extract
from ormlint.helpers import Helpers, Kind
from ormlint.relevance import heading

OTHER = MODELS.replace("email: Mapped[str]", "phone: Mapped[str]")


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes are started for the least file."""
    monkeypatch.setattr(ahead, "_cores", lambda: 2)
    monkeypatch.setattr(ahead, "PAYS_FROM", {"heading": 1, "words": 1, "facts": 1})


@pytest.mark.usefixtures("eager")
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


@pytest.mark.usefixtures("eager")
def test_the_same_answer_with_them(tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.write("app/broken.py", "class A(Base:\n")
    wanted = tree.agrees()
    tree.write("app/models.py", OTHER)
    found = tree.agrees()
    monkeypatch.setattr(ahead, "_cores", lambda: 1)
    assert tree.fresh() == found != wanted


def test_an_interrupt_is_for_the_first_process() -> None:
    """The others would each print where they were."""
    others = Helpers(1)
    assert others._pool.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN
    others.leave()


def test_a_small_project_starts_none(tree: WorkTree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_cores", lambda: 2)
    with mock.patch("ormlint.helpers.Helpers", side_effect=AssertionError):
        assert tree.check().status == 1


def _killed(*_: object) -> Future[object]:
    future: Future[object] = Future()
    future.set_exception(BrokenProcessPool("it was killed"))
    return future


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("submit", [mock.Mock(side_effect=OSError("no more processes")), _killed])
def test_none_are_needed(
    tree: WorkTree, monkeypatch: pytest.MonkeyPatch, submit: Callable[..., Future[object]]
) -> None:
    wanted = tree.fresh()
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor.submit", submit)
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
