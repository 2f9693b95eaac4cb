"""What the text of files says is asked of files that changed alone, and answered as if all were asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from work_tree import VISITS, WorkTree

from ormlint.cache import Cache
from ormlint.discover.contents import digest
from ormlint.facts.find_words import words_in
from ormlint.graph import questions, texts
from ormlint.graph.layout import Layout
from ormlint.graph.memo import Memo, Now, Record, Watch
from ormlint.graph.questions import Files
from ormlint.graph.texts import Texts
from ormlint.intake import Intake

SETS = "def fill(row):\n    row.length = 1\n"
CALLS = "from app.more import VisitRead\n\n\ndef empty():\n    return VisitRead(id=1, note=None, length=1)\n"
KEEPS = "class Other:\n    def get_visit(self):\n        return None\n"
READS = "def size(given):\n    return given.length\n"


@pytest.fixture
def asked(visits: WorkTree) -> Iterator[list[str]]:
    """The files that are asked something from now on; the project was checked once."""
    visits.write("app/sets.py", SETS)
    visits.commit()
    visits.check()
    paths: list[str] = []

    def text(path: str, files: Files) -> questions.Text:
        paths.append(path)
        return questions.Text(path, files)

    with mock.patch.object(texts, "Text", side_effect=text):
        yield paths


def agree(tree: WorkTree, asked: list[str]) -> set[str]:
    """The files that a check with the cache asked something; it says what one without says."""
    return {*tree.noted(asked, "--output-format", "json")}


def test_a_revision_goes_that_another_names(visits: WorkTree, asked: list[str]) -> None:
    (visits.root / "alembic/versions/0001.py").unlink()
    assert agree(visits, asked) == set()


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/models.py", "note: Mapped[str | None]", "note: Mapped[str | None]\n    begun: Mapped[int]"),
        ("app/models.py", "note: Mapped[str | None]", "note: Mapped[int]"),
        ("app/visits.py", "VisitRead.model_validate", "VisitRead.model_construct"),
        ("app/store.py", 'note=""', 'note="", length=1'),
        ("app/sums.py", "a + b", "a - b"),
    ],
)
def test_files_that_are_as_they_were_are_not_asked(
    tree: WorkTree, asked: list[str], path: str, old: str, new: str
) -> None:
    tree.replace(path, old, new)
    assert agree(tree, asked) <= {path}


def test_files_that_go_leave_what_others_say(tree: WorkTree, asked: list[str]) -> None:
    (tree.root / "app/sums.py").unlink()
    assert not agree(tree, asked)
    (tree.root / "app/visits.py").unlink()
    (tree.root / "app/store.py").unlink()
    assert "app/base.py" not in agree(tree, asked)


def test_classes_that_go_leave_what_others_say(tree: WorkTree, asked: list[str]) -> None:
    tree.write(
        "app/least.py", "from pydantic import BaseModel\n\n\nclass VisitLeast(BaseModel):\n    id: int\n"
    )
    agree(tree, asked)
    (tree.root / "app/least.py").unlink()
    assert not agree(tree, asked)
    tree.replace("app/schemas.py", "class PersonRead", "class PeopleRead")
    tree.replace("app/api.py", "PersonRead", "PeopleRead")
    assert "app/visits.py" in agree(tree, asked)


@pytest.mark.parametrize("text", [SETS, CALLS, KEEPS, READS, VISITS["app/store.py"], VISITS["app/visits.py"]])
def test_whatever_files_say_as_they_come_change_and_go(tree: WorkTree, asked: list[str], text: str) -> None:
    for path in ("app/new.py", "app/newer.py"):
        tree.write(path, text)
        agree(tree, asked)
    tree.replace("app/new.py", "def", "# nothing\ndef")
    agree(tree, asked)
    tree.write("app/sets.py", "")
    agree(tree, asked)
    tree.write("app/new.py", "")
    agree(tree, asked)
    (tree.root / "app/newer.py").rename(tree.root / "app/newest.py")
    agree(tree, asked)
    (tree.root / "tests").mkdir()
    (tree.root / "app/newest.py").rename(tree.root / "tests/test_new.py")
    agree(tree, asked)


def test_files_that_settings_leave_out_and_take_back(tree: WorkTree, asked: list[str]) -> None:
    tree.write("ormlint.toml", 'exclude = ["app/sets.py", "app/store.py"]\n')
    agree(tree, asked)
    tree.replace("app/models.py", "Mapped[str | None]", "Mapped[str]")
    agree(tree, asked)
    (tree.root / "ormlint.toml").unlink()
    agree(tree, asked)


def test_a_file_that_is_another_by_now(tmp_path: Path) -> None:
    """What it says is not held for what the listed one says."""
    (tmp_path / "a.py").write_bytes(b"new")
    (tmp_path / "b.py").write_bytes(b"same")
    ids = {"a.py": digest(b"old"), "b.py": digest(b"same")}
    intake = Intake(tmp_path, Cache(None), ids, "", "", {})
    assert (intake.text_of("a.py"), intake.text_of("b.py")) == (b"new", b"same")
    assert (intake.content("a.py"), intake.content("b.py")) == ("", ids["b.py"])
    before = Record(texts={"a.py": "", "b.py": ids["b.py"]})
    memo = Memo(before, Now(Layout(), intake.content, str, lambda *_: None), mock.Mock())
    assert memo.compare(["a.py", "b.py"]) == {"a.py"}
    assert not intake.is_as_listed


LINES = (
    "class Note(Base): ...",
    "from notes import Note",
    "def get_note(self) -> Note: ...",
    "    def get_note(self) -> Note: ...",
    "    def get_note(self): ...",
    "note = Note(size=1)",
    "def shown(note: Note, other: _Note): ...",
    "    if hasattr(row, 'size'):",
    "    row.size = 1",
    "setattr(row, 'size', 1)",
    "Field(alias='the-size')",
    "size = row.size",
    "row.name",
    "_Note()",
    "execute('CREATE VIEW notes AS SELECT 1')",
)
PATHS = ("a.py", "b.py", "c.py", "d.py")
STATES = st.lists(
    st.dictionaries(st.sampled_from(PATHS), st.lists(st.sampled_from(LINES), max_size=4).map("\n".join)),
    min_size=2,
    max_size=4,
)


def ask(project: dict[str, str], before: Watch, changed: set[str], classes: Sequence[str]) -> Watch:
    """What the files of a project say to questions of every kind, some of which are about classes."""
    data = {path: text.encode() for path, text in project.items()}
    files = Files(
        tuple(data), lambda path: words_in(data[path]), data.get, lambda path: "def" in project[path], {}
    )
    now = Watch()
    found = Texts(files, before, changed, now)
    for name in ("size", "name", "the-size"):
        for but in ("", "a.py"):
            found.have(name, "read", "keywords", "texts", "aliases", elsewhere_than=but)
        found.have(name, "assigned")
        found.say("sets", name)
        found.say("sets", name, "Note")
    for name in ("Note", "_Note"):
        found.have(name, "called")
        for kind in ("annotated", "used", "calls"):
            found.say(kind, name)
    found.say("defines", "get_note")
    found.say("defines", " ".join(["get_note", *classes]))
    found.say("returns", " ".join(classes))
    found.say("gives", " ".join(classes))
    found.say("views")
    found.say("links", " ".join(classes[:2]), " ".join(classes[1:]), "")
    found.say("links", " ".join(classes[:2]), " ".join(classes[1:]), "get_note")
    return now


CLASSES = st.lists(st.sampled_from(["Note", "Other", "Base", "Gone"]), max_size=4, unique=True).map(sorted)


@given(STATES, st.lists(CLASSES, min_size=4, max_size=4))
@example(
    [{"a.py": "def get_note(self) -> Note: ...\nBase"}] * 2, [["Base", "Gone", "Note"], ["Base", "Note"]]
)
def test_what_is_told_again_is_what_would_be_told(
    states: list[dict[str, str]], classes: list[list[str]]
) -> None:
    before, was = Watch(), dict[str, str]()
    for project, named in zip(states, classes, strict=False):
        changed = {path for path in {*project, *was} if project.get(path) != was.get(path)}
        now, fresh = ask(project, before, changed, named), ask(project, Watch(), set(), named)
        assert now.told == fresh.told
        assert {each for each, path in now.having.items() if path} == {
            each for each, path in fresh.having.items() if path
        }
        assert {path for path in now.having.values() if path} <= project.keys()
        before, was = now, project
