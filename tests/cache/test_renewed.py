"""A changed model is read beside those that it has to do with; others stay where nothing shows in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from ormlint import pipeline
from ormlint.graph.machine.machine import Machine
from ormlint.graph.machine.values import ModuleValue
from ormlint.runs import Caching

if TYPE_CHECKING:
    from work_tree import WorkTree

HEAD = """\
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship
"""
FILES = {
    "app/base.py": """\
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "fk": "fk_%(column_0_N_name)s_%(referred_column_0_name)s",
        }
    )
""",
    "app/mixins.py": f"""\
{HEAD}

class Named:
    name: Mapped[str] = mapped_column(String(20), index=True)
""",
    "app/team.py": f"""\
{HEAD}from app.base import Base
from app.mixins import Named


class Team(Named, Base):
    __tablename__ = "teams"
    id: Mapped[int] = mapped_column(primary_key=True)
    city: Mapped[str]
    members = relationship("Member", back_populates="team")
""",
    "app/member.py": f"""\
{HEAD}from app.base import Base


class Member(Base):
    __tablename__ = "members"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id = mapped_column(ForeignKey("teams.id"))
    email: Mapped[str]
    team: Mapped["Team"] = relationship(back_populates="members")
""",
    "app/guest.py": f"""\
{HEAD}from app.member import Member


class Guest(Member):
    __tablename__ = "guests"
    id = mapped_column(ForeignKey("members.id"), primary_key=True)
    host: Mapped[str]
""",
    "app/pet.py": f"""\
{HEAD}from app.base import Base


class Pet(Base):
    __tablename__ = "pets"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id = mapped_column(ForeignKey("members.id"))
    owner = relationship("Member", backref="pets")
    collar: Mapped[str]
""",
    "app/toy.py": f"""\
{HEAD}from app.base import Base


class Toy(Base):
    __tablename__ = "toys"
    id: Mapped[int] = mapped_column(primary_key=True)
    pet_id = mapped_column(ForeignKey("pets.id"))
""",
    "app/room.py": f"""\
{HEAD}from app.base import Base


class Room(Base):
    __tablename__ = "rooms"
    id: Mapped[int] = mapped_column(primary_key=True)
    floor: Mapped[int]
    __table_args__ = (Index(None, "floor"),)
""",
}


@pytest.fixture
def ran(tree: WorkTree) -> Iterator[list[str]]:
    """The modules that are run from now on; the project was checked once."""
    (tree.root / "app/models.py").unlink()
    (tree.root / "app/api.py").unlink()
    for path, text in FILES.items():
        tree.write(path, text)
    names = [path.removeprefix("app/").removesuffix(".py") for path in FILES]
    tree.write("app/models.py", "".join(f"from app import {name}\n" for name in names))
    tree.commit()
    pipeline.graph(tree.root, caching=Caching())
    paths: list[str] = []
    execute = Machine.execute

    def executed(machine: Machine, module: ModuleValue) -> ModuleValue:
        if module.state == "new" and module.path in FILES:
            paths.append(module.path.removeprefix("app/").removesuffix(".py"))
        return execute(machine, module)

    with mock.patch.object(Machine, "execute", executed):
        yield paths


def run_by(tree: WorkTree, ran: list[str]) -> list[str]:
    """The modules that are run for a graph with the cache; it is the graph without."""
    ran.clear()
    graph = pipeline.graph(tree.root, caching=Caching())
    found = sorted(ran)
    assert graph == pipeline.graph(tree.root)
    assert tree.check() == tree.fresh()
    return found


ROOM, PET = ["base", "room"], ["base", "guest", "member", "pet", "toy"]
TEAM = ["base", "guest", "member", "mixins", "team"]
MEMBER = sorted({*TEAM, "pet"})


@pytest.mark.parametrize(
    ("path", "old", "new", "modules"),
    [
        ("app/room.py", "    floor", "    wing: Mapped[str]\n    floor", ROOM),
        ("app/room.py", "    floor", "\n    floor", ROOM),
        ("app/room.py", "Mapped[int]\n", "Mapped[int | None]\n", ROOM),
        ("app/room.py", '"floor")', '"id")', ROOM),
        ("app/pet.py", "    collar", "    size: Mapped[str]\n    collar", PET),
        ("app/pet.py", "    owner_id", "\n    owner_id", PET),
        ("app/pet.py", "    collar: Mapped[str]\n", "", PET),
        ("app/team.py", "    city", "    land: Mapped[str]\n    city", TEAM),
        ("app/member.py", "    email", "    mail: Mapped[str]\n    email", MEMBER),
        ("app/guest.py", "    host", "    by: Mapped[str]\n    host", MEMBER),
        ("app/mixins.py", "20", "30", TEAM),
    ],
)
def test_what_no_other_model_sees(
    tree: WorkTree, ran: list[str], path: str, old: str, new: str, modules: list[str]
) -> None:
    tree.replace(path, old, new)
    assert run_by(tree, ran) == modules
    tree.replace("app/room.py", "floor: ", "level: Mapped[int]\n    floor: ")
    assert run_by(tree, ran) == ROOM


HALL = "class Hall(Base):\n    __tablename__ = 'halls'\n    id: Mapped[int]\n\n\n"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/room.py", "class Room", "class Chamber"),
        ("app/room.py", '"rooms"', '"chambers"'),
        ("app/room.py", "class Room", "class Member"),
        ("app/room.py", "    floor", '    pets = relationship("Pet", foreign_keys="Pet.room_id")\n    floor'),
        ("app/room.py", "    floor: Mapped[int]", '    floor = mapped_column(ForeignKey("teams.id"))'),
        ("app/room.py", "class Room", f"{HALL}class Room"),
        ("app/room.py", "from app.base", "from app.pet import Pet\nfrom app.base"),
        ("app/room.py", "    __table_args__", "    Base.metadata.schema = 'hr'\n    __table_args__"),
        ("app/room.py", "    __table_args__", "    __mapper_args__ = {'concrete': True}\n    __table_args__"),
        ("app/pet.py", 'backref="pets"', 'backref="animals"'),
        ("app/pet.py", ', backref="pets"', ""),
        ("app/pet.py", '"members.id"', '"teams.id"'),
        ("app/pet.py", "id: Mapped[int]", "id: Mapped[str]"),
        ("app/pet.py", "id: Mapped[int]", "number: Mapped[int]"),
        ("app/pet.py", "collar: Mapped[str]", "collar: Mapped[Unheard]"),
        ("app/team.py", "id: Mapped[int] = mapped_column(", "id: Mapped[str] = mapped_column(String(9), "),
        ("app/team.py", '    members = relationship("Member", back_populates="team")\n', ""),
        ("app/team.py", '"Member", back', '"Member", uselist=False, back'),
        ("app/member.py", "email: Mapped[str]", "email: Mapped[str]\n    pets = None"),
        ("app/member.py", "(Base)", "(Base, Mixed)"),
        ("app/member.py", "class Member", "class Person"),
        ("app/guest.py", "host: Mapped[str]", "email: Mapped[int]"),
        ("app/mixins.py", "class Named:", "class Other:\n    pass\n\n\nclass Named(Other):"),
        ("app/mixins.py", ", index=True", ""),
        ("app/base.py", "ix_%(column_0_label)s", "i_%(column_0_label)s"),
        ("app/base.py", "class Base", "class Odd:\n    pass\n\n\nclass Base"),
    ],
)  # fmt: skip
def test_what_others_may_see(tree: WorkTree, ran: list[str], path: str, old: str, new: str) -> None:
    before = (tree.root / path).read_text()
    tree.replace(path, old, new)
    run_by(tree, ran)
    tree.replace("app/toy.py", "    pet_id", "    name: Mapped[int]\n    pet_id")
    run_by(tree, ran)
    tree.write(path, before)
    run_by(tree, ran)


TIER = """\
from sqlalchemy.orm import Mapped, mapped_column
from app.base import Base


class Tier(Base):
    __tablename__ = "tiers"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
USER = """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column
from app.base import Base


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    tier_id: Mapped[int | None] = mapped_column(ForeignKey("tiers.id"), index=True)
"""


@pytest.mark.parametrize("body", ["pass", 'metadata = MetaData(schema="club")'])
def test_a_foreign_key_has_the_type_of_a_column_that_is_known_no_more(
    tree: WorkTree, ran: list[str], body: str
) -> None:
    imports = "from sqlalchemy import MetaData\nfrom sqlalchemy.orm import DeclarativeBase\n"
    tree.write("app/base.py", f"{imports}\n\nclass Base(DeclarativeBase):\n    {body}\n")
    tree.write("app/tier.py", TIER)
    tree.write("app/user.py", USER)
    run_by(tree, ran)
    tree.replace("app/tier.py", "from sqlalchemy.orm import Mapped, mapped_column\n", "")
    run_by(tree, ran)


EVENTS = """\
from sqlalchemy import event
from sqlalchemy.orm import Mapper
from sqlalchemy import Index

from app.base import Base


def add(mapper, cls):
    if "floor" in mapper.local_table.c:
        mapper.local_table.append_constraint(Index("ix_heard", mapper.local_table.c.floor))


event.listen(Mapper, "instrument_class", add)


class Heard(Base):
    __abstract__ = True
"""


def test_a_listener_hears_of_models_that_are_read(tree: WorkTree, ran: list[str]) -> None:
    tree.write("app/base.py", f"{FILES['app/base.py']}\n\n{EVENTS.partition('from app.base import Base')[0]}")
    tree.write("app/aloud.py", EVENTS)
    run_by(tree, ran)
    tree.replace("app/room.py", "    floor", "    wing: Mapped[str]\n    floor")
    assert run_by(tree, ran) == sorted(path.removeprefix("app/").removesuffix(".py") for path in FILES)


def test_migrations_and_a_model_change_at_once(tree: WorkTree, ran: list[str]) -> None:
    tree.replace("app/room.py", "    floor", "    wing: Mapped[str]\n    floor")
    tree.replace("alembic/versions/0001.py", "sa.Integer", "sa.Text")
    run_by(tree, ran)


REVISION = """\
from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"


def upgrade():
    op.create_table("rooms", sa.Column("id", sa.Integer, primary_key=True), sa.Column("floor", sa.Integer))
"""
PLAIN = "from pydantic import BaseModel\n\n\nclass Shown(BaseModel):\n    floor: int\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("alembic/versions/0003.py", REVISION),
        ("app/shown.py", PLAIN),
        ("app/aaa.py", f"from app import toy, room\n{PLAIN}"),
        ("app/room/__init__.py", "Room = None\n"),
        ("app/hall.py", FILES["app/room.py"].replace("Room", "Hall").replace("rooms", "halls")),
        ("app/also.py", FILES["app/room.py"].replace("rooms", "others")),
        ("app/late.py", "from sqlalchemy import Index\nfrom app.toy import Toy\nIndex('late', Toy.pet_id)\n"),
    ],
)
def test_a_file_comes_and_goes_with_a_change(tree: WorkTree, ran: list[str], path: str, text: str) -> None:
    tree.replace("app/room.py", "    floor", "    wing: Mapped[str]\n    floor")
    tree.write(path, text)
    modules = run_by(tree, ran)
    if path in ("alembic/versions/0003.py", "app/shown.py"):
        assert modules == ROOM
    tree.replace("app/room.py", "    wing", "    door: Mapped[int]\n    wing")
    run_by(tree, ran)
    (tree.root / path).unlink()
    tree.replace("app/toy.py", "    pet_id", "    name: Mapped[str]\n    pet_id")
    run_by(tree, ran)


@pytest.mark.parametrize(
    "path", ["app/room.py", "app/pet.py", "app/guest.py", "app/mixins.py", "app/schemas.py"]
)
def test_a_file_goes_with_a_change_of_another(tree: WorkTree, ran: list[str], path: str) -> None:
    (tree.root / path).unlink()
    tree.replace("app/toy.py", "    pet_id", "    name: Mapped[str]\n    pet_id")
    run_by(tree, ran)
    tree.replace("app/toy.py", "    name", "    size: Mapped[str]\n    name")
    run_by(tree, ran)


def test_modules_that_import_each_other(tree: WorkTree, ran: list[str]) -> None:
    tree.replace("app/room.py", "from app.base", "from app import toy\nfrom app.base")
    tree.replace("app/room.py", "    floor", "    toys = relationship(lambda: toy.Toy)\n    floor")
    run_by(tree, ran)
    tree.replace("app/toy.py", "from app.base", "from app import room\nfrom app.base")
    tree.replace(
        "app/toy.py", "    pet_id", "    room_id = mapped_column(ForeignKey(room.Room.id))\n    pet_id"
    )
    run_by(tree, ran)
    tree.replace("app/room.py", "    floor", "    wing: Mapped[str]\n    floor")
    run_by(tree, ran)


SEATS = """\
from sqlalchemy import Column, ForeignKey, Table

from app.base import Base

seats = Table(
    "seats",
    Base.metadata,
    Column("room_id", ForeignKey("rooms.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), primary_key=True),
)
"""


def test_version_tables_are_those_of_now(tree: WorkTree, ran: list[str]) -> None:
    tree.write(
        "app/start.py", "from sqlalchemy_continuum import make_versioned\n\nmake_versioned(user_cls=None)\n"
    )
    tree.write("app/seats.py", SEATS)
    tree.replace("app/member.py", "    email", "    __versioned__ = {}\n    email")
    sitting = '    sitting = relationship("Member", secondary="seats", backref="rooms")\n    floor'
    tree.replace("app/room.py", "    floor", sitting)
    run_by(tree, ran)
    tree.replace("app/room.py", "    floor", "    wing: Mapped[str]\n    floor")
    assert run_by(tree, ran) == ["base", "guest", "member", "room"]
    tree.replace("app/room.py", 'backref="rooms"', 'backref="rooms", viewonly=True')
    run_by(tree, ran)
    tree.replace("app/room.py", ", viewonly=True", "")
    run_by(tree, ran)
    tree.replace("app/room.py", 'secondary="seats"', "secondary=lambda: seats")
    run_by(tree, ran)
    tree.replace("app/seats.py", '"member_id"', '"person_id"')
    run_by(tree, ran)
    tree.replace("app/member.py", "    __versioned__ = {}\n", "")
    run_by(tree, ran)
