"""What a model's column is stored as is worked out again where its model or its type changed."""

from collections.abc import Iterator, Sequence
from unittest import mock

import pytest
from work_tree import WorkTree

from ormlint.graph import stored
from ormlint.graph.machine import Machine
from ormlint.graph.model import Column
from ormlint.graph.stored_keeping import Shown

FILES = {
    "app/kinds.py": """\
from sqlalchemy import Numeric
from sqlalchemy.types import TypeDecorator


class Money(TypeDecorator):
    impl = Numeric(10, 2)
""",
    "app/models.py": """\
from sqlalchemy import BigInteger, Column, Integer, Text

from app.base import Base
from app.kinds import Money


class Person(Base):
    __tablename__ = "people"
    id = Column(Integer, primary_key=True)
    email = Column(Text)
    owed = Column(Money)
""",
    "app/visits.py": """\
from sqlalchemy import Column, ForeignKey, Integer, String

from app.base import Base


class Visit(Base):
    __tablename__ = "visits"
    id = Column(Integer, primary_key=True)
    person_id = Column(ForeignKey("people.id"))
    note = Column(String(20))
""",
    "alembic/versions/0001.py": """\
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "people", sa.Column("id", sa.Integer, primary_key=True), sa.Column("owed", sa.Numeric(10, 2))
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id")),
        sa.Column("note", sa.String(20)),
    )
""",
}
PEOPLE = ["app/models.py email", "app/models.py id", "app/models.py owed"]
VISITS = ["app/visits.py id", "app/visits.py note", "app/visits.py person_id"]


@pytest.fixture
def made(tree: WorkTree) -> Iterator[list[str]]:
    """The columns that are looked at from now on; the project was checked once."""
    for path, text in FILES.items():
        tree.write(path, text)
    tree.replace("alembic/env.py", "from app.models", "import app.visits\nfrom app.models")
    tree.commit()
    tree.check()
    columns: list[str] = []
    make = stored._shown

    def shown(machine: Machine, dialect: str, dialects: Sequence[str], column: Column) -> Shown:
        columns.append(f"{column.place.path} {column.name}")
        return make(machine, dialect, dialects, column)

    with mock.patch.object(stored, "_shown", shown):
        yield columns


def made_by(tree: WorkTree, made: list[str]) -> list[str]:
    """The columns that a check with the cache looks at; it says what one without says."""
    return sorted(tree.noted(made))


@pytest.mark.parametrize(
    ("path", "old", "new", "columns"),
    [
        ("app/visits.py", "String(20)", "String(30)", VISITS),
        (
            "app/visits.py",
            "class Visit",
            "class More(Base):\n    __tablename__ = 'm'\n\n\nclass Visit",
            VISITS,
        ),
        ("app/kinds.py", "10, 2", "12, 4", PEOPLE),
        # A foreign key has the type of the column that it refers to.
        (
            "app/models.py",
            "id = Column(Integer",
            "id = Column(BigInteger",
            [*PEOPLE, "app/visits.py person_id"],
        ),
        # What migrations leave is worked out beside it.
        ("alembic/versions/0001.py", "sa.String(20)", "sa.String(30)", []),
        ("alembic/versions/0002.sql", "email TEXT", "email VARCHAR(9)", []),
    ],
)
def test_columns_of_what_changed(
    tree: WorkTree, made: list[str], path: str, old: str, new: str, columns: list[str]
) -> None:
    before = tree.fresh()
    tree.replace(path, old, new)
    assert made_by(tree, made) == columns
    assert tree.fresh() != before


def test_a_type_that_another_module_maps(tree: WorkTree, made: list[str]) -> None:
    """No name of the model's module leads to where the type is given."""
    tree.replace("app/models.py", "    email = Column(Text)", "    email: Mapped[str]")
    tree.replace("app/models.py", "from app.base", "from sqlalchemy.orm import Mapped\n\nfrom app.base")
    tree.replace(
        "app/visits.py", "\n\nclass", "\nBase.registry.update_type_annotation_map({str: Text})\n\n\nclass"
    )
    tree.replace("app/visits.py", "String\n", "String, Text\n")
    made_by(tree, made)
    tree.replace("app/visits.py", "str: Text", "str: String(40)")
    assert made_by(tree, made) == ["app/models.py email", *VISITS]


def test_a_type_of_the_project_in_a_migration(tree: WorkTree, made: list[str]) -> None:
    """Its migration says the same when the type becomes another."""
    tree.write("app/former.py", FILES["app/kinds.py"])
    tree.replace("alembic/versions/0001.py", "sa.Numeric(10, 2)", "Money")
    tree.replace("alembic/versions/0001.py", "from alembic", "from app.former import Money\nfrom alembic")
    assert made_by(tree, made) == []
    before = tree.fresh()
    tree.replace("app/former.py", "10, 2", "12, 4")
    assert made_by(tree, made) == []
    assert tree.fresh() != before


def test_an_enumeration_that_another_migration_changes(tree: WorkTree, made: list[str]) -> None:
    tree.replace("app/models.py", "email = Column(Text)", 'email = Column(Enum("a", "b", name="kinds"))')
    tree.replace("app/models.py", "Integer, Text", "Enum, Integer")
    create = "CREATE TYPE kinds AS ENUM ('a');\nALTER TABLE people ADD COLUMN email kinds;\n"
    tree.write("alembic/versions/0002.sql", create)
    made_by(tree, made)
    before = tree.fresh()
    tree.write(
        "alembic/versions/0003.py",
        """\
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    op.execute("ALTER TYPE kinds ADD VALUE 'b'")
""",
    )
    assert made_by(tree, made) == []
    assert tree.fresh() != before


def test_another_database(tree: WorkTree, made: list[str]) -> None:
    tree.replace("pyproject.toml", "psycopg", "asyncmy")
    assert made_by(tree, made) == PEOPLE + VISITS
