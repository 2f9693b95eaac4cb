"""What a run keeps of the graph is used again exactly as long as what it rests on is the same."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from work_tree import MODELS, WorkTree

from ormlint import pipeline
from ormlint.cache import Cache
from ormlint.graph.link.evidence import Evidence
from ormlint.graph.link.gather import Reading
from ormlint.graph.link.known import Asked
from ormlint.graph.machine.values import ModuleValue
from ormlint.graph.migrations import anew
from ormlint.graph.model import Schema
from ormlint.graph.schemas.reading import Schemas
from ormlint.runs import Caching

HELPER = """\
import sqlalchemy as sa


def size():
    return 20
"""
REVISION = """\
import sqlalchemy as sa
from alembic import op
from app.helper import size

revision = "0003"
down_revision = "0002"


def upgrade():
    op.add_column("people", sa.Column("name", sa.String(size())))
"""


@pytest.fixture
def replays(tree: WorkTree) -> Iterator[mock.Mock]:
    """Counts the replays; the project, whose last migration calls a function of it, was checked once."""
    tree.write("app/helper.py", HELPER)
    tree.write("alembic/versions/0003.py", REVISION)
    tree.commit()
    tree.check()
    with mock.patch.object(anew, "replayed", side_effect=anew.replayed) as counted:
        yield counted


def agrees(tree: WorkTree, replays: mock.Mock) -> int:
    """How many replays a check with the cache took; it says what one without says."""
    return len(tree.noted(replays.mock_calls))


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/models.py", "note: Mapped[str | None]", "note: Mapped[str | None]\n    more: Mapped[int]"),
        ("app/models.py", "Visit", "Visited"),
        ("app/schemas.py", "age: int", "aged: int"),
        ("app/api.py", "model_validate", "model_construct"),
        ("alembic/env.py", "Base.metadata", "Base.metadata, include_object=lambda *_: False"),
    ],
)
def test_what_no_migration_leads_to_brings_no_replay(
    tree: WorkTree, replays: mock.Mock, path: str, old: str, new: str
) -> None:
    tree.replace(path, old, new)
    assert agrees(tree, replays) == 0


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("alembic/versions/0001.py", "sa.Integer", "sa.Text"),
        ("alembic/versions/0002.sql", "email", "phone"),
        ("alembic/env.py", "Base.metadata", "Base.metadata, version_table='versions'"),
        ("app/helper.py", "20", "30"),
        ("pyproject.toml", "psycopg", "asyncmy"),
        (
            "app/base.py",
            "    pass",
            "    from sqlalchemy import MetaData\n    metadata = MetaData(naming_convention={'pk': 'p'})",
        ),
    ],
)
def test_what_a_replay_rests_on_brings_a_new_one(
    tree: WorkTree, replays: mock.Mock, path: str, old: str, new: str
) -> None:
    tree.replace(path, old, new)
    assert agrees(tree, replays) == 1


def test_a_file_that_takes_the_place_of_another(tree: WorkTree, replays: mock.Mock) -> None:
    tree.write("app/helper/__init__.py", HELPER.replace("20", "30"))
    assert agrees(tree, replays) == 1


def test_a_file_that_goes(tree: WorkTree, replays: mock.Mock) -> None:
    (tree.root / "app/helper.py").unlink()
    assert agrees(tree, replays) == 1


def test_a_file_that_comes_and_goes_again(tree: WorkTree, replays: mock.Mock) -> None:
    tree.write(
        "app/more.py", MODELS.replace("people", "others").replace("visits", "more").replace("Visit", "V")
    )
    assert agrees(tree, replays) == 0
    tree.write("app/plain.py", "NUMBER = 1\n")
    assert agrees(tree, replays) == 0
    (tree.root / "app/plain.py").unlink()
    assert agrees(tree, replays) == 0


def test_a_run_that_looks_at_revisions_alone(tree: WorkTree, replays: mock.Mock) -> None:
    """It leaves what the graph rests on to the run after it."""
    tree.replace("app/schemas.py", "age: int", "aged: int")
    assert tree.check("--select", "ORM401").status == 0
    tree.replace("app/api.py", "model_validate", "model_construct")
    assert agrees(tree, replays) == 0


MAPPED = """\
import sqlalchemy as sa
from sqlalchemy.orm import registry

from app.odd import Odd

mapper_registry = registry()
odd = sa.Table("odd", mapper_registry.metadata, sa.Column("id", sa.Integer, primary_key=True))
mapper_registry.map_imperatively(Odd, odd)
"""


def test_a_class_that_a_migration_imports_and_another_module_maps(tree: WorkTree, replays: mock.Mock) -> None:
    tree.write("app/odd.py", "class Odd:\n    pass\n")
    tree.replace("alembic/versions/0003.py", "from app.helper", "from app.odd import Odd\nfrom app.helper")
    tree.write("ormlint.toml", 'select = ["ALL"]\n')
    assert agrees(tree, replays) == 1
    before = tree.fresh()
    tree.write("app/mapped.py", MAPPED)
    assert agrees(tree, replays) == 1
    assert tree.fresh() != before
    tree.write("app/mapped.py", MAPPED + "\n\nclass Other:\n    pass\n")
    assert agrees(tree, replays) == 0
    (tree.root / "app/mapped.py").unlink()
    tree.replace("app/schemas.py", "age: int", "aged: int")
    assert agrees(tree, replays) == 1


def test_a_missing_file_is_told_of_by_every_run(tree: WorkTree, replays: mock.Mock) -> None:
    (tree.root / "alembic/versions/0002.sql").unlink()
    agrees(tree, replays)
    tree.replace("app/schemas.py", "age: int", "aged: int")
    assert agrees(tree, replays) == 1


SCHEMAS = {
    "app/fields.py": """\
from pydantic import BaseModel

NAMES = ["first"]
MORE = {"inner": {"second": (int, ...)}}


class Shape(BaseModel):
    pass
""",
    "app/made.py": """\
from pydantic import create_model

from app.fields import MORE, NAMES

Made = create_model("Made", **{name: (str, ...) for name in NAMES}, **MORE["inner"])
""",
    "app/based.py": """\
from app.schemas import PersonRead


class PersonDetail(PersonRead):
    phone: str
""",
    "app/apart.py": """\
from enum import Enum

from pydantic import BaseModel


class Kind(str, Enum):
    old = "old"


def later() -> list[Kind]:
    return []


class Apart(BaseModel):
    kind: Kind | None = Kind.old
    kinds: list[Kind] = later()
""",
}


@pytest.fixture
def reading(tree: WorkTree) -> Iterator[list[str]]:
    """The files whose schemas are read from now on; the project was checked once."""
    for path, text in SCHEMAS.items():
        tree.write(path, text)
    tree.commit()
    tree.check()
    paths: list[str] = []
    read = Schemas.of

    def of(schemas: Schemas, module: ModuleValue) -> dict[str, Schema]:
        if not module.is_stub:
            paths.append(module.path)
        return read(schemas, module)

    with mock.patch.object(Schemas, "of", of):
        yield paths


def read_by(tree: WorkTree, reading: list[str]) -> list[str]:
    """The files whose schemas a check with the cache reads; it says what one without says."""
    return tree.noted(reading)


@pytest.mark.parametrize(
    ("path", "old", "new", "read"),
    [
        ("app/models.py", "email: Mapped[str]", "phone: Mapped[str]", []),
        ("app/schemas.py", "age: int", "name: str", ["app/based.py", "app/schemas.py"]),
        ("app/based.py", "phone: str", "email: int", ["app/based.py"]),
        ("app/apart.py", "old", "new", ["app/apart.py"]),
        ("app/fields.py", "first", "email", ["app/fields.py", "app/made.py"]),
        ("app/api.py", "model_validate", "model_construct", []),
    ],
)
def test_only_schemas_that_lead_to_a_change_are_read_anew(
    tree: WorkTree, reading: list[str], path: str, old: str, new: str, read: list[str]
) -> None:
    tree.replace(path, old, new)
    assert read_by(tree, reading) == read


@pytest.mark.parametrize(
    "change",
    [
        "from app.fields import NAMES\nNAMES.append('third')",
        "from app.fields import NAMES\nNAMES[0] = 'third'",
        "from app import fields\nfields.MORE['inner']['third'] = (int, ...)",
        "from app import fields\nfields.NAMES = []",
        "from app import fields\nfields.ANOTHER = 1",
    ],
)
def test_what_one_module_puts_into_another(tree: WorkTree, reading: list[str], change: str) -> None:
    others = "from pydantic import BaseModel\nclass Other(BaseModel):\n    pass\n"
    tree.write("app/early.py", f"{others}{change}\n")
    led_there = ["app/early.py", "app/fields.py", "app/made.py"]
    assert read_by(tree, reading) == led_there
    tree.replace("app/api.py", "model_validate", "model_construct")
    assert read_by(tree, reading) == led_there
    tree.write("app/early.py", others)
    assert read_by(tree, reading) == led_there
    tree.replace("app/api.py", "model_construct", "model_validate")
    assert read_by(tree, reading) == []


def test_another_release_of_pydantic(tree: WorkTree, reading: list[str]) -> None:
    tree.write("pyproject.toml", '[project]\nname = "small"\ndependencies = ["pydantic<2"]\n')
    assert set(read_by(tree, reading)) == {*SCHEMAS, "app/schemas.py"}


def test_a_folder_that_comes_and_goes(tree: WorkTree, reading: list[str]) -> None:
    """It is for the release that the others are for."""
    tree.write("more/schemas.py", "from pydantic import BaseModel\nclass More(BaseModel):\n    email: str\n")
    assert read_by(tree, reading) == ["more/schemas.py"]
    (tree.root / "more/schemas.py").unlink()
    tree.replace("app/api.py", "model_validate", "model_construct")
    assert read_by(tree, reading) == []


PACKAGE = """\
from pydantic import BaseModel


class Packed(BaseModel):
    email: str
"""


@pytest.mark.parametrize("place", [".venv", "other"])
def test_a_package_that_changes_when_its_file_was_not_read_again(tree: WorkTree, place: str) -> None:
    module = f"{place}/lib/python3.11/site-packages/packed.py"
    tree.write(".gitignore", f"{place}\n")
    tree.write("ormlint.toml", f'python-path = ["{place}"]\n')
    tree.write(f"{place}/pyvenv.cfg", "")
    tree.write(module, PACKAGE)
    tree.replace("app/schemas.py", "BaseModel, ConfigDict", "ConfigDict\nfrom packed import Packed")
    tree.replace("app/schemas.py", "(BaseModel)", "(Packed)")
    first = tree.agrees()
    tree.replace("app/sums.py", "a + b", "a - b")
    assert tree.agrees() == first
    tree.write(module, PACKAGE.replace("email", "phone"))
    assert tree.agrees() != first
    tree.write("ormlint.toml", 'python-path = ["elsewhere"]\n')
    tree.agrees()


EVIDENCE = {
    "app/visits.py": """\
from pydantic import BaseModel

from app.models import Visit


class VisitRead(BaseModel):
    id: int


def shown(visit: Visit) -> VisitRead:
    return VisitRead(id=visit.id, who=visit.person.email)
""",
    "app/more.py": """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from app.base import Base
from app.models import Person


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(backref=backref("notes"))
""",
    "app/notes.py": """\
from pydantic import BaseModel

from app.models import Person


class NotesRead(BaseModel):
    id: int
    notes: list[str] | None


def listed(person: Person) -> NotesRead:
    return NotesRead(id=person.id, notes=getattr(person, "notes", None))
""",
}


@pytest.fixture
def telling(tree: WorkTree) -> Iterator[list[str]]:
    """The files that evidence is read in from now on; the project was checked once."""
    for path, text in EVIDENCE.items():
        tree.write(path, text)
    tree.commit()
    tree.check()
    paths: list[str] = []
    read = Reading.of

    def of(reading: Reading, path: str) -> tuple[list[Evidence], Asked]:
        paths.append(path)
        return read(reading, path)

    with mock.patch.object(Reading, "of", of):
        yield paths


@pytest.mark.parametrize(
    ("path", "old", "new", "read"),
    [
        ("app/schemas.py", "age: int", "aged: int", []),
        ("app/schemas.py", "class PersonRead(", "class Read(", []),  # which nothing names
        ("app/models.py", "email: Mapped[str]", "email: Mapped[str]\n    a: Mapped[int]", ["app/notes.py"]),
        ("app/notes.py", "None))", "0))", ["app/notes.py"]),
        # Whether a model lacks a name is asked of its whole class.
        ("app/base.py", "    pass", "    x = 1", ["app/notes.py"]),
        # What another module puts on the model is looked at in one file alone.
        ("app/more.py", 'backref("notes")', 'backref("others")', ["app/notes.py"]),
        ("app/more.py", "class Note(", "class Remark(", ["app/notes.py"]),
        ("alembic/versions/0001.py", "sa.Integer", "sa.Text", []),
    ],
)
def test_evidence_is_read_anew_where_it_may_be_another(
    tree: WorkTree, telling: list[str], path: str, old: str, new: str, read: list[str]
) -> None:
    tree.replace(path, old, new)
    assert tree.noted(telling) == read


def test_what_a_migration_runs_tells_links_nothing(tree: WorkTree, replays: mock.Mock) -> None:
    """Else a run that recalls the replay would see less than one that makes it."""
    tree.write("app/found.py", "from app.models import Visit\n\nSIZE = 20\nOther = Visit\n")
    tree.replace("alembic/versions/0003.py", "app.helper import size", "app.found import SIZE")
    tree.replace("alembic/versions/0003.py", "size()", "SIZE")
    tree.write(
        "app/visits.py",
        """\
from pydantic import BaseModel

from app import found
from app.models import Visit


class Shown(BaseModel):
    id: int
    note: str | None
    missing: int


def shown(row):
    return Shown.model_validate(found.Other(), from_attributes=True)
""",
    )
    tree.check()
    tree.replace("app/visits.py", "missing", "lacking")
    read, found = Reading.of, []

    def of(reading: Reading, path: str) -> tuple[list[Evidence], Asked]:
        evidence = read(reading, path)
        if path == "app/visits.py":
            found.append(evidence[0])
        return evidence

    with mock.patch.object(Reading, "of", of):
        assert agrees(tree, replays) == 0
    assert found[0] == found[1]


def test_what_cannot_be_written_down_is_not_kept(tree: WorkTree) -> None:
    tree.write("app/large.py", "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int = 2**70\n")
    tree.write("app/half.py", "from pydantic import BaseModel\nclass B(BaseModel):\n    x: str = '\\ud800'\n")
    tree.agrees()
    tree.replace("app/api.py", "model_validate", "model_construct")
    tree.agrees()


def test_a_name_that_no_convention_changes(tree: WorkTree) -> None:
    named = 'sa.CheckConstraint("1 = 1", name=conv("ck_final"))'
    tree.write(
        "app/rooms.py",
        f"""\
import sqlalchemy as sa
from sqlalchemy.sql.elements import conv

from app.base import Base

rooms = sa.Table("rooms", Base.metadata, sa.Column("id", sa.Integer, primary_key=True), {named})
""",
    )
    tree.agrees()
    tree.replace(
        "app/base.py",
        "    pass",
        "    metadata = MetaData(naming_convention={'ck': 'c_%(constraint_name)s'})",
    )
    tree.replace("app/base.py", "from sqlalchemy.orm", "from sqlalchemy import MetaData\nfrom sqlalchemy.orm")
    tree.agrees()
    assert '"ck_final"' in tree.run("graph")[1]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all names of files are characters")
def test_a_name_of_a_file_that_is_no_text(tree: WorkTree) -> None:
    Path(os.fsdecode(os.fsencode(tree.root) + b"/app/caf\xe9.py")).write_text("from app.models import Base\n")
    tree.agrees()
    tree.replace("app/api.py", "model_validate", "model_construct")
    tree.agrees()


def test_nothing_is_written_where_all_is_as_it_was(tree: WorkTree) -> None:
    tree.check()
    with mock.patch.object(Cache, "remember", autospec=True) as written:
        pipeline.linked(tree.root, caching=Caching())
    assert not written.mock_calls
