"""Evidence in a file is kept as long as whatever was asked for it is told again, and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from ormlint.graph import build
from ormlint.graph.link.gather import Reading

if TYPE_CHECKING:
    from work_tree import WorkTree

    from ormlint.graph.link.evidence import Evidence, Gathered
    from ormlint.graph.link.known import Asked

SHOWN = """\
from pydantic import BaseModel, ConfigDict


class VisitShown(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    person_id: int
    place: str


class PersonShown(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    email: str
    place: str
"""
FILES = {
    "app/shown.py": SHOWN,
    "app/names.py": "from app.models import Person\nfrom app.shown import PersonShown\n",
    "app/passed.py": "from app.names import Person\nfrom app.names import PersonShown\n",
    "app/finding.py": """\
from app.models import Person


def find(session) -> Person:
    return session.get(1)
""",
    "app/keeper.py": """\
from app.models import Person


class Keeper:
    def kept_person(self) -> Person:
        return self.one()
""",
    # What they are served is asked for by an import, by an import of an import, and by annotations.
    "app/by_name.py": """\
from app.passed import Person, PersonShown


def serve(row: Person):
    return PersonShown.model_validate(row)
""",
    "app/by_module.py": """\
from app import passed


def serve(row: passed.Person):
    return passed.PersonShown.model_validate(row)
""",
    "app/by_function.py": """\
from app.finding import find
from app.models import Person
from app.shown import PersonShown


def serve(session):
    return PersonShown.model_validate(find(session))
""",
    "app/by_own.py": """\
from app import passed
from app.shown import PersonShown


def found(session, like: PersonShown) -> list[passed.Person]:
    return session.get(1)


def serve(session, like: PersonShown):
    return PersonShown.model_validate(found(session, like))
""",
    "app/by_method.py": """\
from app.shown import PersonShown
from app.models import Person


def serve(keeper):
    return PersonShown.model_validate(keeper.kept_person())
""",
    "app/inside.py": """\
from app.shown import PersonShown
from app.models import Visit


def serve(session):
    from app.passed import Person

    return PersonShown.model_validate(session.get(Person, 1))
""",
    "app/run.py": """\
from pydantic import BaseModel

from app.passed import Person, PersonShown


class Page(BaseModel):
    rows: list[PersonShown]


def serve(row: Person):
    return PersonShown.model_validate(row)
""",
    "app/sizes.py": "LARGE = True\n",
    "app/choosing.py": """\
from pydantic import BaseModel

from app import sizes

if sizes.LARGE:
    from app.names import Person
else:
    from app.models import Visit as Person
from app.shown import PersonShown


class Chosen(BaseModel):
    rows: list[PersonShown]


def serve(row: Person):
    return PersonShown.model_validate(row)
""",
    "app/taking.py": """\
from app.passed import *


def serve(row: Person):
    return PersonShown.model_validate(row)
""",
    "app/leading.py": """\
from app.passed import Person, PersonShown


class Leading(PersonShown):
    place: str
""",
    "app/plain.py": "def nothing():\n    return None\n",
}
SERVING = sorted(path for path in FILES if "serve" in FILES[path])


class Telling:
    """The files that evidence is read in, and the evidence that each run links by."""

    def __init__(self, tree: WorkTree) -> None:
        self.tree = tree
        self.paths: list[str] = []
        self.found: list[list[Evidence]] = []

    def read(self) -> list[str]:
        """The files that a check with the cache reads; it links by what one without links by."""
        self.paths.clear()
        self.found.clear()
        ended = self.tree.check()
        read = sorted(self.paths)
        assert ended == self.tree.fresh()
        assert self.found[0] == self.found[-1]
        return read


@pytest.fixture
def telling(tree: WorkTree) -> Iterator[Telling]:
    """From now on; the project was checked once."""
    for path, text in FILES.items():
        tree.write(path, text)
    tree.commit()
    tree.check()
    telling = Telling(tree)
    read, gather = Reading.of, build.gather

    def of(reading: Reading, path: str) -> tuple[list[Evidence], Asked]:
        telling.paths.append(path)
        return read(reading, path)

    def gathered(*given: Any) -> Gathered:
        found = gather(*given)
        telling.found.append([*found.evidence])
        return found

    with mock.patch.object(Reading, "of", of), mock.patch.object(build, "gather", gathered):
        yield telling


def test_a_column_more_brings_nothing_anew(tree: WorkTree, telling: Telling) -> None:
    tree.replace("app/models.py", "email: Mapped[str]", "email: Mapped[str]\n    phone: Mapped[str]")
    assert telling.read() == ["app/taking.py"]  # what `import *` gives is not noted


CHANGES = [
    ("app/names.py", "import Person\n", "import Visit as Person\n"),
    ("app/names.py", "import PersonShown", "import VisitShown as PersonShown"),
    ("app/names.py", "from app.models import Person\n", "import app.models\n"),
    ("app/passed.py", "from app.names import Person\n", "from app.models import Visit as Person\n"),
    ("app/passed.py", "from app.names import Person\n", "class Person:\n    pass\n"),
    ("app/sizes.py", "True", "False"),
    ("app/finding.py", "-> Person", "-> list[int]"),
    ("app/keeper.py", "-> Person", "-> int"),
    ("app/keeper.py", "def kept_person", "def held_person"),
    ("app/shown.py", "class PersonShown(BaseModel)", "class PersonShown"),
    ("app/shown.py", "email: str\n    place: str\n", "email: str\n\n\nPersonShown = VisitShown\n"),
    ("app/models.py", "class Person(Base)", "class Person"),
    ("app/base.py", "DeclarativeBase", "Other"),
    ("app/models.py", "class Person(", "class Persona("),
]


@pytest.mark.parametrize(("path", "old", "new"), CHANGES)
def test_another_answer_is_heard(tree: WorkTree, telling: Telling, path: str, old: str, new: str) -> None:
    tree.fresh()
    before = telling.found[-1]
    tree.replace(path, old, new)
    telling.read()
    assert telling.found[-1] != before


@pytest.mark.parametrize(("path", "old", "new"), CHANGES)
@pytest.mark.parametrize("first", ["a column", "a file that comes", "a file that goes", "a class that comes"])
def test_another_answer_is_heard_after_one_that_was_the_same(
    tree: WorkTree, telling: Telling, first: str, path: str, old: str, new: str
) -> None:
    """Where names lead is known still of files that were not read in between."""
    if first == "a column":
        tree.replace("app/models.py", "email: Mapped[str]", "email: Mapped[str]\n    phone: Mapped[str]")
    elif first == "a file that comes":
        tree.write("app/more.py", "from app.models import Person\n")
    elif first == "a file that goes":
        (tree.root / "app/plain.py").unlink()
    else:
        tree.write("app/other.py", SHOWN.replace("Shown", "Other"))
    telling.read()
    tree.replace(path, old, new)
    telling.read()


@pytest.mark.parametrize("path", ["app/names.py", "app/passed.py", "app/finding.py", "app/shown.py"])
def test_a_file_that_names_led_to_goes(tree: WorkTree, telling: Telling, path: str) -> None:
    (tree.root / path).unlink()
    assert telling.read()
    tree.write(path, f"{FILES[path]}\n")
    assert telling.read()


def test_a_file_that_names_led_to_is_gone_for_long(tree: WorkTree, telling: Telling) -> None:
    """It is not looked for, and not told as one that cannot be read."""
    tree.write("app/mail.py", "def sent(row):\n    return row\n")
    tree.replace("app/by_name.py", "\n\ndef serve", "\nfrom app.mail import sent\n\n\ndef serve")
    tree.replace("app/by_name.py", "model_validate(row)", "model_validate(sent(row))")
    telling.read()
    (tree.root / "app/mail.py").unlink()
    telling.read()
    for name in ("app/base.py", "app/models.py"):
        before = (tree.root / name).read_text()
        tree.write(name, f"import app.sums\n{before}")
        telling.read()
        assert "app/mail.py" not in tree.check().out


def test_a_file_that_names_lead_to_cannot_be_read(tree: WorkTree, telling: Telling) -> None:
    """Every run says so, whatever else changed."""
    tree.write("app/finding.py", FILES["app/finding.py"] + "\n\ndef broken(:\n")
    telling.read()
    assert "--> app/finding.py:9" in tree.check().out
    for name in ("app/base.py", "app/models.py"):
        before = (tree.root / name).read_text()
        tree.write(name, f"import app.sums\n{before}")
        assert telling.read() == ["app/by_function.py", "app/taking.py"]
        assert "--> app/finding.py:9" in tree.check().out
    tree.write("app/finding.py", FILES["app/finding.py"])
    assert telling.read() == ["app/by_function.py"]
    tree.write("app/more.py", "A = 1\n")
    assert telling.read() == []


def test_a_module_that_is_led_to_no_more(tree: WorkTree, telling: Telling) -> None:
    """A module that declares nothing is run, and its names are known, where one that declares leads to it."""
    (tree.root / "app/run.py").unlink()
    telling.read()
    before = telling.found[-1]
    tree.write(
        "app/leading.py", "from pydantic import BaseModel\n\n\nclass Leading(BaseModel):\n    a: int\n"
    )
    telling.read()
    assert telling.found[-1] != before


def test_a_method_of_the_same_name(tree: WorkTree, telling: Telling) -> None:
    tree.write("app/second.py", FILES["app/keeper.py"].replace("Person", "Visit"))
    assert telling.read() == ["app/by_method.py"]


def test_files_that_are_served_are_read_where_they_change(tree: WorkTree, telling: Telling) -> None:
    for path in SERVING:
        tree.write(path, f"{FILES[path]}\n\ndef more():\n    return 1\n")
    assert telling.read() == SERVING


def test_a_class_that_a_function_returns_becomes_a_model(tree: WorkTree, telling: Telling) -> None:
    tree.write("app/things.py", "from app.base import Base\n\n\nclass Thing:\n    pass\n")
    tree.write(
        "app/newest.py", "from app.things import Thing\n\n\ndef newest() -> Thing:\n    return Thing()\n"
    )
    tree.write(
        "app/by_newest.py",
        "from app import newest\nfrom app.models import Person\nfrom app.shown import PersonShown\n\n\n"
        "def serve(row: Person):\n    return PersonShown.model_validate(newest.newest())\n",
    )
    telling.read()
    before = telling.found[-1]
    tree.write(
        "app/things.py",
        "from sqlalchemy.orm import Mapped, mapped_column\n\nfrom app.base import Base\n\n\n"
        'class Thing(Base):\n    __tablename__ = "things"\n'
        "    id: Mapped[int] = mapped_column(primary_key=True)\n",
    )
    telling.read()
    assert telling.found[-1] != before
