"""Which schema mirrors which model, and by what evidence."""

from __future__ import annotations

from pathlib import Path

from ormlint import pipeline

MODELS = """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "teams"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    city: Mapped[str]
    founded: Mapped[int]
    people: Mapped[list["Person"]] = relationship(back_populates="team")


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    email: Mapped[str]
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    team: Mapped[Team] = relationship(back_populates="people")


class ProcedureCredential(Base):
    __tablename__ = "credentials"
    id: Mapped[int] = mapped_column(primary_key=True)
    procedure: Mapped[str]
    granted_on: Mapped[str]
    expires_on: Mapped[str]
"""
HEAD = "from pydantic import BaseModel, ConfigDict\n\n\n"


def links(folder: Path, **files: str) -> dict[str, tuple[str, str, str]]:
    """Class name of the schema → class name of the model, evidence, role of the schema."""
    (folder / "ormlint.toml").write_text("", encoding="utf-8")
    for name, text in {"models": MODELS, **files}.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return {
        schema["id"].rpartition(".")[2]: (
            schema["model"].rpartition(".")[2],
            schema["linked_by"],
            schema["role"],
        )
        for schema in pipeline.graph(folder, isolated=True)["schemas"]
        if schema["model"] is not None
    }


def test_a_name_is_confirmed_by_the_fields(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class PersonBase(BaseModel):\n    given_name: str\n    family_name: str\n    email: str\n\n\n"
        "class PersonCreate(PersonBase):\n    team_id: int\n\n\n"
        "class UpdatePerson(PersonBase):\n    pass\n\n\n"
        "class PersonResponse(PersonBase):\n    id: int\n\n\n"
        "class Credential(BaseModel):\n    id: int\n    procedure: str\n    granted_on: str\n"
    )
    assert links(tmp_path, schemas=schemas) == {
        "PersonBase": ("Person", "name", "base"),
        "PersonCreate": ("Person", "name", "create"),
        "UpdatePerson": ("Person", "name", "update"),
        "PersonResponse": ("Person", "name", "read"),
        "Credential": ("ProcedureCredential", "fields", "other"),
    }


def test_a_name_alone_links_nothing(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class PersonStatistics(BaseModel):\n    total: int\n    active: int\n\n\n"
        "class Person(BaseModel):\n    question: str\n    answer: str\n\n\n"
        "class TeamFilter(BaseModel):\n    search: str\n    limit: int\n"
    )
    assert links(tmp_path, schemas=schemas) == {}


def test_fields_alone_link_where_they_tell_enough(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class Employee(BaseModel):\n    id: int\n    given_name: str\n"
        "    family_name: str\n    email: str\n\n\n"
        "class Common(BaseModel):\n    id: int\n"
    )
    assert links(tmp_path, schemas=schemas) == {"Employee": ("Person", "fields", "other")}


def test_three_fields_of_four_alone_link_nothing(tmp_path: Path) -> None:
    index = (
        "from models import Base\nfrom sqlalchemy.orm import Mapped, mapped_column\n\n\n"
        "class Sample(Base):\n"
        '    __tablename__ = "samples"\n'
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    gauge: Mapped[str]\n    depth: Mapped[str]\n    level: Mapped[str]\n\n\n"
        "class Buoy(Base):\n"
        '    __tablename__ = "buoys"\n'
        "    buoy_id: Mapped[int] = mapped_column(primary_key=True)\n    lamp: Mapped[str]\n"
    )
    schemas = HEAD + (
        "class Condition(BaseModel):\n    gauge: str\n    depth: str\n    level: str\n    op: str\n\n\n"
        "class Reading(BaseModel):\n    gauge: str\n    depth: str\n    level: str\n\n\n"
        "class FinishRequest(BaseModel):\n    buoy_id: int\n"
    )
    assert links(tmp_path, index=index, schemas=schemas) == {"Reading": ("Sample", "fields", "other")}


def test_a_value_that_shows_a_little_of_a_table_links_nothing(tmp_path: Path) -> None:
    store = (
        "from models import Base\nfrom sqlalchemy.orm import Mapped, mapped_column\n\n\n"
        'class Store(Base):\n    __tablename__ = "stores"\n'
        "    id: Mapped[int] = mapped_column(primary_key=True)\n    label: Mapped[str]\n"
        "    zipcode: Mapped[str]\n    street: Mapped[str]\n    latitude: Mapped[str]\n"
        "    longitude: Mapped[str]\n    opens: Mapped[str]\n    closes: Mapped[str]\n"
        "    owner: Mapped[str]\n    tax_number: Mapped[str]\n    plan: Mapped[str]\n"
        "    logo: Mapped[str]\n    banner: Mapped[str]\n    phone: Mapped[str]\n"
    )
    place = "    zipcode: str\n    street: str\n    latitude: str\n    longitude: str\n"
    attributes = "    model_config = ConfigDict(from_attributes=True)\n"
    schemas = HEAD + (
        f"class Place(BaseModel):\n{place}\n\n"
        f"class Found(BaseModel):\n{place}    score: int\n\n\n"
        f"class Counted(BaseModel):\n{attributes}{place}    count: int\n\n\n"
        f"class Marker(BaseModel):\n{attributes}{place}\n\n"
        f"class Pin(BaseModel):\n    id: int\n{place}\n\n"
        f"class MoveBase(BaseModel):\n{place}\n\n"
        f"class Branch(BaseModel):\n{place}    opens: str\n    closes: str\n    owner: str\n"
    )
    assert links(tmp_path, store=store, schemas=schemas) == {
        "Marker": ("Store", "fields", "other"),
        "Pin": ("Store", "fields", "other"),
        "MoveBase": ("Store", "fields", "base"),
        "Branch": ("Store", "fields", "other"),
    }


WIDE_AND_NARROW = """\
from models import Base
from sqlalchemy.orm import Mapped, mapped_column


class Topic(Base):
    __tablename__ = "topics"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    author_id: Mapped[int]
    subject_id: Mapped[int]
    depth: Mapped[int]
    weight: Mapped[float]
    grade: Mapped[str]
    domain: Mapped[str]
    checked_by: Mapped[str]


class Mark(Base):
    __tablename__ = "marks"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    author_id: Mapped[int]
    subject_id: Mapped[int]


class Course(Base):
    __tablename__ = "courses"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    author_id: Mapped[int]
    teacher: Mapped[str]


class CourseNote(Base):
    __tablename__ = "course_notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    pages: Mapped[int]
"""


def test_the_model_of_the_name_comes_before_one_that_has_little_else(tmp_path: Path) -> None:
    fields = "    id: int\n    label: str\n    author_id: int\n    subject_id: int\n"
    names = ("TopicResponse", "Label", "CourseResponse", "PlainCourseNote")
    schemas = [f"class {name}(BaseModel):\n{fields}" for name in names]
    assert links(tmp_path, wide=WIDE_AND_NARROW, schemas=HEAD + "\n\n".join(schemas)) == {
        "TopicResponse": ("Topic", "name", "read"),
        "Label": ("Mark", "fields", "other"),
    }


def test_envelopes_mirror_nothing(tmp_path: Path) -> None:
    schemas = (
        "from typing import Generic, TypeVar\n\n"
        + HEAD
        + 'T = TypeVar("T")\n\n\n'
        + "class PersonRead(BaseModel):\n    id: int\n    given_name: str\n"
        "    family_name: str\n    email: str\n\n\n"
        "class PersonList(BaseModel):\n    people: list[PersonRead]\n    total: int\n\n\n"
        "class Page(BaseModel, Generic[T]):\n    items: list[T]\n    total: int\n\n\n"
        "class TeamPeopleResponse(BaseModel):\n    people: list[PersonRead]\n"
    )
    assert links(tmp_path, schemas=schemas) == {"PersonRead": ("Person", "name", "read")}


def test_a_base_of_schemas_of_several_models_mirrors_none(tmp_path: Path) -> None:
    models = MODELS + (
        "\n\nclass Squad(Base):\n"
        '    __tablename__ = "squads"\n'
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    label: Mapped[str]\n    city: Mapped[str]\n    founded: Mapped[int]\n    rank: Mapped[int]\n"
    )
    schemas = HEAD + (
        "class GroupBase(BaseModel):\n    label: str\n    city: str\n    founded: int\n\n\n"
        "class TeamRead(GroupBase):\n    id: int\n\n\n"
        "class SquadRead(GroupBase):\n    id: int\n    rank: int\n"
    )
    assert links(tmp_path, models=models, schemas=schemas) == {
        "TeamRead": ("Team", "name", "read"),
        "SquadRead": ("Squad", "name", "read"),
    }


def test_a_child_with_fields_like_a_model_leaves_its_parents_theirs(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class TeamRead(BaseModel):\n    id: int\n    label: str\n    city: str\n    founded: int\n\n\n"
        "class PersonRead(BaseModel):\n    id: int\n    given_name: str\n    family_name: str\n"
        "    email: str\n    team_id: int\n\n\n"
        "class Everything(PersonRead, TeamRead):\n    pass\n"
    )
    model = (
        "\n\nclass Search(Base):\n"
        '    __tablename__ = "searches"\n'
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    label: Mapped[str]\n    city: Mapped[str]\n    founded: Mapped[int]\n"
        "    given_name: Mapped[str]\n    family_name: Mapped[str]\n    email: Mapped[str]\n"
        "    team_id: Mapped[int]\n"
    )
    found = links(tmp_path, models=MODELS + model, schemas=schemas)
    assert found["Everything"] == ("Search", "fields", "other")
    assert found["TeamRead"] == ("Team", "name", "read")
    assert found["PersonRead"] == ("Person", "name", "read")


def test_a_nested_schema_mirrors_what_the_relationship_leads_to(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class Club(BaseModel):\n    id: int\n    label: str\n\n\n"
        "class PersonRead(BaseModel):\n"
        "    id: int\n    given_name: str\n    family_name: str\n    team: Club | None = None\n"
    )
    assert links(tmp_path, schemas=schemas) == {
        "PersonRead": ("Person", "name", "read"),
        "Club": ("Team", "relationship", "other"),
    }


def test_what_inherits_from_a_base_that_stands_at_a_relationship(tmp_path: Path) -> None:
    models = MODELS + (
        "\n\nclass Squad(Base):\n"
        '    __tablename__ = "squads"\n'
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    label: Mapped[str]\n    rank: Mapped[int]\n"
    )
    schemas = HEAD + (
        "class Labelled(BaseModel):\n"
        "    model_config = ConfigDict(from_attributes=True)\n    id: int\n    label: str\n\n\n"
        "class SquadRead(Labelled):\n    rank: int\n\n\n"
        "class Colour(Labelled):\n    shade: str\n\n\n"
        "class PersonRead(BaseModel):\n"
        "    id: int\n    given_name: str\n    family_name: str\n    team: Labelled\n"
    )
    assert links(tmp_path, models=models, schemas=schemas) == {
        "SquadRead": ("Squad", "name", "read"),
        "PersonRead": ("Person", "name", "read"),
    }


def test_what_stands_at_a_relationship_and_is_called_like_an_ancestor_of_its_model(tmp_path: Path) -> None:
    models = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Entity(Base):
    __tablename__ = "entities"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    made: Mapped[str]
    owner: Mapped[str]
    license: Mapped[str]
    public: Mapped[bool]
    place: Mapped[str]
    state: Mapped[str]
    notice: Mapped[str]
    contact: Mapped[str]
    published: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "kind"}


class Dataset(Entity):
    __tablename__ = "datasets"
    id: Mapped[int] = mapped_column(ForeignKey("entities.id"), primary_key=True)
    resolution: Mapped[int]


class Mesh(Base):
    __tablename__ = "meshes"
    id: Mapped[int] = mapped_column(primary_key=True)
    level: Mapped[int]
    vertices: Mapped[int]
    dataset_id: Mapped[int] = mapped_column(ForeignKey("datasets.id"))
    dataset: Mapped[Dataset] = relationship()
"""
    attributes = "    model_config = ConfigDict(from_attributes=True)\n"
    schemas = HEAD + (
        f"class BasicEntityRead(BaseModel):\n{attributes}    id: int\n    kind: str\n\n\n"
        f"class MeshRead(BaseModel):\n{attributes}    id: int\n    level: int\n    vertices: int\n"
        "    dataset: BasicEntityRead\n"
    )
    assert links(tmp_path, models=models, schemas=schemas) == {
        "BasicEntityRead": ("Entity", "relationship", "read"),
        "MeshRead": ("Mesh", "name", "read"),
    }


def test_a_schema_that_stands_at_relationships_to_several_models_mirrors_none(tmp_path: Path) -> None:
    models = MODELS + (
        "\n\nclass Badge(Base):\n"
        '    __tablename__ = "badges"\n'
        "    id: Mapped[int] = mapped_column(primary_key=True)\n    label: Mapped[str]\n"
        "    shape: Mapped[str]\n"
        '    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))\n'
        '    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))\n'
        "    team: Mapped[Team] = relationship()\n    owner: Mapped[Person] = relationship()\n"
    )
    schemas = HEAD + (
        "class Known(BaseModel):\n    id: int\n\n\n"
        "class BadgeRead(BaseModel):\n"
        "    id: int\n    label: str\n    shape: str\n    team: Known\n    owner: Known\n"
    )
    assert links(tmp_path, models=models, schemas=schemas) == {"BadgeRead": ("Badge", "name", "read")}


def test_generics_and_calls_that_name_both(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class Removal(BaseModel):\n    id: int\n    why: str\n\n\n"
        "class Entry(BaseModel):\n    id: int\n    label: str\n"
    )
    crud = (
        "from fastcrud import FastCRUD\nfrom models import Person, Team\n"
        "from schemas import Entry, Removal\n\n"
        "CRUDPerson = FastCRUD[Person, Removal]\n\n\n"
        "class Repositories:\n    def teams(self):\n        return Repository(self.session, Team, Entry)\n"
    )
    assert links(tmp_path, schemas=schemas, crud=crud) == {
        "Removal": ("Person", "generic", "other"),
        "Entry": ("Team", "generic", "other"),
    }


def test_functions_that_turn_one_into_the_other(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class Shown(BaseModel):\n    model_config = ConfigDict(from_attributes=True)\n"
        "    id: int\n    label: str\n\n\n"
        "class Taken(BaseModel):\n    label: str\n    size: int\n\n\n"
        "class Sent(BaseModel):\n    email: str\n    greeting: str\n\n\n"
        "class Changed(BaseModel):\n    procedure: str\n    why: str\n"
    )
    routes = (
        "from fastapi import APIRouter\n"
        "from models import Person, ProcedureCredential, Team\n"
        "from schemas import Changed, Sent, Shown, Taken\n"
        "from sqlalchemy import select\n\nrouter = APIRouter()\n\n\n"
        "def show(session):\n"
        "    rows = session.scalars(select(Team)).all()\n"
        "    return [Shown.model_validate(row) for row in rows]\n\n\n"
        "def take(session, team_in: Taken):\n    session.add(Team(**team_in.model_dump()))\n\n\n"
        '@router.get("/", response_model=list[Sent])\n'
        "def send(session):\n    return session.query(Person).all()\n\n\n"
        "def change(session, key, data: Changed):\n"
        "    row = session.get(ProcedureCredential, key)\n"
        "    for field, value in data.model_dump().items():\n        setattr(row, field, value)\n"
    )
    assert links(tmp_path, schemas=schemas, routes=routes) == {
        "Shown": ("Team", "model_validate", "other"),
        "Taken": ("Team", "constructor", "other"),
        "Sent": ("Person", "response_model", "other"),
        "Changed": ("ProcedureCredential", "setattr", "other"),
    }


def test_loops_of_one_function_that_run_a_variable_of_one_name(tmp_path: Path) -> None:
    field = "class {}(BaseModel):\n    label: str\n    city: str\n    email: str\n    given_name: str\n\n\n"
    schemas = HEAD + "".join(map(field.format, ("Club", "Guest", "Crew", "Staff", "Visit")))
    routes = (
        "from models import Person, Team\nfrom schemas import Club, Crew, Guest, Staff, Visit\n\n\n"
        "def show(session, guests):\n"
        "    people = session.query(Person).all()\n"
        "    shown = [Club.model_validate(x) for x in session.query(Team).all()]\n"
        "    for x in people:\n        shown.append(Staff.model_validate(x))\n"
        "        shown += [Crew.model_validate(x.team) for x in [x]]\n"
        "    y: Person\n"
        "    for y in guests:\n        shown.append(Visit.model_validate(y))\n"
        "    return shown + [Guest.model_validate(x) for x in guests if x.label]\n"
    )
    assert {
        name: model for name, (model, _, _) in links(tmp_path, schemas=schemas, routes=routes).items()
    } == {
        "Club": "Team",
        "Staff": "Person",
        "Visit": "Person",
    }


def test_a_model_that_names_its_schema_and_the_reverse(tmp_path: Path) -> None:
    models = MODELS.replace(
        "    city: Mapped[str]\n    founded",
        "    __pydantic_model__ = Shown\n    city: Mapped[str]\n    founded",
    )
    schemas = HEAD + (
        "class Shown(BaseModel):\n    id: int\n    label: str\n    size: int\n\n\n"
        "class Wanted(BaseModel):\n    email: str | None = None\n    since: str | None = None\n"
    )
    filters = (
        "from typing import ClassVar\n\nfrom models import Person\nfrom pydantic import BaseModel\n\n\n"
        "class PersonWanted(BaseModel):\n"
        "    email: str | None = None\n    since: str | None = None\n\n"
        "    class Constants:\n        model = Person\n"
    )
    models = f"from schemas import Shown\n{models}"
    assert links(tmp_path, models=models, schemas=schemas, filters=filters) == {
        "Shown": ("Team", "attribute", "other"),
        "PersonWanted": ("Person", "attribute", "other"),
    }


def test_a_schema_that_one_row_fills_under_other_names(tmp_path: Path) -> None:
    schemas = (
        "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\n"
        + HEAD
        + "if TYPE_CHECKING:\n    from models import Person\n\n\n"
        "class Leave(BaseModel):\n    id: int\n    kind: str\n    since: str\n    owner: str\n\n\n"
        "class Report(BaseModel):\n    id: int\n    kind: str\n    average: float\n    worst: float\n\n\n"
        "class Option(BaseModel):\n    id: int\n    text: str\n    hint: str\n\n\n"
        "class Card(BaseModel):\n    id: int\n    first: str\n    last: str\n    mail: str\n\n"
        "    @classmethod\n    def of(cls, person: Person) -> Card:\n"
        "        return cls(id=person.id, first=person.given_name, last=person.family_name, mail='')\n"
    )
    routes = (
        "from models import Person, ProcedureCredential, Team\n"
        "from schemas import Leave, Option, Report\n\n\n"
        "def leave(row: ProcedureCredential, person: Person) -> Leave:\n"
        "    return Leave(id=row.id, kind=row.procedure, since=str(row.granted_on), owner=person.email)\n\n\n"
        "def report(row: ProcedureCredential) -> Report:\n"
        "    return Report(id=row.id, kind=row.procedure, average=0.5, worst=0.1)\n\n\n"
        "def team(row: Team) -> Option:\n"
        "    return Option(id=row.id, text=row.label, hint=row.city)\n\n\n"
        "def person(row: Person) -> Option:\n"
        "    return Option(id=row.id, text=row.email, hint=row.given_name)\n"
    )
    assert links(tmp_path, schemas=schemas, routes=routes) == {
        "Leave": ("ProcedureCredential", "built", "other"),
        "Card": ("Person", "built", "other"),
    }


def test_a_row_whose_first_values_come_from_elsewhere(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class Hiring(BaseModel):\n    given_name: str\n    family_name: str\n    email: str\n"
        "    salary: int\n"
    )
    service = (
        "from models import Person\nfrom schemas import Hiring\n\n\n"
        "def hire(team_id: int, data: Hiring) -> Person:\n"
        '    """What is done here goes on for so long that it is read only where the row shows it."""\n'
        "    person = Person(\n"
        "        team_id=team_id,\n"
        "        given_name=data.given_name,\n"
        "        family_name=data.family_name,\n"
        "        email=data.email,\n"
        "    )\n"
        "    return person\n\n\n"
        "def plain(data):\n    return data.model_dump()\n"
    )
    assert links(tmp_path, schemas=schemas, service=service) == {"Hiring": ("Person", "constructor", "other")}


def test_a_method_says_what_it_returns_and_a_function_imports_what_it_needs(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class Shown(BaseModel):\n    label: str\n    size: int\n\n\n"
        "class Sent(BaseModel):\n    email: str\n    size: int\n\n\n"
        "class Lost(BaseModel):\n    procedure: str\n    size: int\n"
    )
    service = (
        "from models import ProcedureCredential, Team\n\n\n"
        "class TeamService:\n"
        "    async def all_teams(\n        self, *, city: str\n    ) -> list[Team]:\n        return []\n\n"
        "    def get(self) -> ProcedureCredential: ...\n\n\n"
        "teams = TeamService()\n"
    )
    routes = (
        "from models import Team\nfrom schemas import Lost, Sent, Shown\nfrom service import teams\n\n\n"
        "async def show():\n"
        "    return [Shown.model_validate(team) for team in await teams.all_teams(city='')]\n\n\n"
        "def lose(store):\n    return Lost.model_validate(store.get())\n\n\n"
        "def send(session):\n"
        "    from models import Person\n\n"
        "    return Sent.model_validate(session.get(Person, 1))\n"
    )
    assert links(tmp_path, schemas=schemas, routes=routes, service=service) == {
        "Shown": ("Team", "model_validate", "other"),
        "Sent": ("Person", "model_validate", "other"),
    }


def test_a_function_of_a_module_is_no_method_of_its_name(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class Found(BaseModel):\n    label: str\n    size: int\n\n\n"
        "class Shown(BaseModel):\n    label: str\n    size: int\n"
    )
    service = (
        "from models import Team\n\n\n"
        "class TeamService:\n    def change_team(self, key: int) -> Team:\n        return Team()\n"
    )
    crud = "def change_team(session, key: int):\n    return session.change_team(key)\n"
    routes = (
        "import crud\nfrom models import Team\nfrom schemas import Found, Shown\n\n\n"
        "def find(session):\n    return Found.model_validate(crud.change_team(session, 1))\n\n\n"
        "def show(teams):\n    return Shown.model_validate(teams.change_team(1))\n"
    )
    assert links(tmp_path, schemas=schemas, routes=routes, service=service, crud=crud) == {
        "Shown": ("Team", "model_validate", "other"),
    }


def test_wire_formats_that_are_called_like_a_model(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class ToolPerson(BaseModel):\n    given_name: str\n    email: str\n\n\n"
        "class PersonMessage(BaseModel):\n    given_name: str\n    family_name: str\n    email: str\n"
    )
    models = MODELS.replace(
        "    email: Mapped[str]\n",
        "".join(f"    {name}: Mapped[str]\n" for name in ("email", "phone", "street", "town", "language")),
    )
    assert links(tmp_path, models=models, schemas=schemas) == {}


def test_a_result_that_reads_attributes(tmp_path: Path) -> None:
    name = f"{HEAD}class PersonResult(BaseModel):\n"
    fields = "    id: int\n    given_name: str\n    email: str\n"
    config = "    model_config = ConfigDict(from_attributes=True)\n"
    assert links(tmp_path, schemas=name + fields) == {}
    assert links(tmp_path, schemas=name + config + fields) == {"PersonResult": ("Person", "name", "read")}


def test_a_base_of_children_of_one_table_mirrors_the_parent(tmp_path: Path) -> None:
    models = MODELS + (
        "\n\nclass File(Base):\n"
        '    __tablename__ = "files"\n'
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    path: Mapped[str]\n    checksum: Mapped[str]\n    service: Mapped[str]\n"
        '    __mapper_args__ = {"polymorphic_on": "service", "polymorphic_identity": ""}\n\n\n'
        'class MediaFile(File):\n    __mapper_args__ = {"polymorphic_identity": "media"}\n\n\n'
        'class InvoiceFile(File):\n    __mapper_args__ = {"polymorphic_identity": "invoice"}\n'
    )
    schemas = HEAD + (
        "class FileReadBase(BaseModel):\n    id: int\n    path: str\n    checksum: str\n\n\n"
        "class MediaFileRead(FileReadBase):\n    service: str\n\n\n"
        "class InvoiceFileRead(FileReadBase):\n    service: str\n"
    )
    assert links(tmp_path, models=models, schemas=schemas) == {
        "FileReadBase": ("File", "name", "base"),
        "MediaFileRead": ("MediaFile", "name", "read"),
        "InvoiceFileRead": ("InvoiceFile", "name", "read"),
    }


def test_a_schema_that_shows_rows_of_each_child_mirrors_the_parent(tmp_path: Path) -> None:
    models = MODELS + (
        "\n\nclass Answer(Base):\n"
        '    __tablename__ = "answers"\n'
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    question: Mapped[str]\n    kind: Mapped[str]\n"
        '    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": ""}\n\n\n'
        "class ChoiceAnswer(Answer):\n    chosen: Mapped[bool | None]\n    rank: Mapped[int | None]\n"
        '    __mapper_args__ = {"polymorphic_identity": "choice"}\n\n\n'
        "class TextAnswer(Answer):\n    text: Mapped[str | None]\n    language: Mapped[str | None]\n"
        '    __mapper_args__ = {"polymorphic_identity": "text"}\n'
    )
    schemas = HEAD + (
        "class AnswerRead(BaseModel):\n    model_config = ConfigDict(from_attributes=True)\n"
        "    id: int\n    question: str\n    kind: str\n    chosen: bool | None = None\n"
        "    rank: int | None = None\n    text: str | None = None\n    language: str | None = None\n\n\n"
        "class TextAnswerRead(BaseModel):\n    model_config = ConfigDict(from_attributes=True)\n"
        "    id: int\n    question: str\n    text: str | None = None\n"
    )
    assert links(tmp_path, models=models, schemas=schemas) == {
        "AnswerRead": ("Answer", "name", "read"),
        "TextAnswerRead": ("TextAnswer", "name", "read"),
    }


def test_a_finding_says_why_the_schema_mirrors_the_model(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class PersonRead(BaseModel):\n    model_config = ConfigDict(from_attributes=True)\n"
        "    id: int\n    given_name: str\n    family_name: str\n    nick: str | None = None\n"
    )
    (tmp_path / "ormlint.toml").write_text("", encoding="utf-8")
    for name, text in {"models": MODELS, "schemas": schemas}.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    found = pipeline.check([tmp_path], isolated=True).findings
    assert [[each.message for each in finding.related] for finding in found if finding.code == "ORM202"] == [
        [
            "the model is declared here",
            "`PersonRead` mirrors `Person`, by name: 3 of 4 fields are attributes of `Person`",
        ]
    ]


def test_a_name_without_words_says_nothing(tmp_path: Path) -> None:
    fields = "    id: int\n    label: str\n    city: str\n    founded: int\n"
    schemas = HEAD + f"class _(BaseModel):\n{fields}\n\nclass 球隊(BaseModel):\n{fields}"
    assert links(tmp_path, schemas=schemas) == {
        "_": ("Team", "fields", "other"),
        "球隊": ("Team", "fields", "other"),
    }


def test_what_stands_at_a_place_of_a_tuple(tmp_path: Path) -> None:
    schemas = HEAD + "class Shown(BaseModel):\n    id: int\n    label: str\n    value: str = ''\n"
    routes = (
        "from fastapi import APIRouter\nfrom models import Team\nfrom schemas import Shown\n\n"
        "router = APIRouter()\n\n\n"
        '@router.get("/", response_model=Shown)\n'
        "def send(found: tuple[Team, str]):\n    return found[1]\n"
    )
    assert links(tmp_path, schemas=schemas, routes=routes) == {}


def test_the_model_names_its_schema(tmp_path: Path) -> None:
    method = "    def to_pydantic(self):\n        return Card.model_validate(self)\n"
    models = "from schemas import Card, Crew\n" + MODELS
    models = models.replace("    people: Mapped", "    __pydantic_model__ = Crew\n    people: Mapped")
    models = models.replace("\n\nclass Procedure", f"\n{method}\n\nclass Procedure")
    found = links(
        tmp_path,
        models=models,
        schemas=HEAD + "class Crew(BaseModel):\n    id: int\n    label: str\n\n\n"
        "class Card(BaseModel):\n    id: int\n    email: str\n",
    )
    assert {schema: link[:2] for schema, link in found.items()} == {
        "Crew": ("Team", "attribute"),
        "Card": ("Person", "model_validate"),
    }


def test_a_schema_whose_values_go_to_several_tables_mirrors_none(tmp_path: Path) -> None:
    models = MODELS + (
        "\n\nclass Squad(Base):\n"
        '    __tablename__ = "squads"\n'
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    label: Mapped[str]\n    city: Mapped[str]\n    founded: Mapped[int]\n    rank: Mapped[int]\n"
    )
    schemas = HEAD + (
        "class LabelChange(BaseModel):\n    label: str\n    city: str\n\n\n"
        "class SquadChange(BaseModel):\n    label: str\n    city: str\n"
    )
    service = (
        "from models import Squad, Team\nfrom schemas import LabelChange, SquadChange\n\n\n"
        "def change(team: Team, squad: Squad, data: LabelChange, more: SquadChange) -> None:\n"
        "    for name, value in data.model_dump().items():\n"
        "        setattr(team, name, value)\n        setattr(squad, name, value)\n"
        "    for name, value in more.model_dump().items():\n"
        "        setattr(team, name, value)\n        setattr(squad, name, value)\n"
    )
    assert links(tmp_path, models=models, schemas=schemas, service=service) == {
        "SquadChange": ("Squad", "setattr", "update"),
    }


def test_a_route_that_says_what_it_returns(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class Sent(BaseModel):\n    email: str\n    greeting: str\n\n\n"
        "class Shown(BaseModel):\n    label: str\n    greeting: str\n"
    )
    routes = (
        "from fastapi import APIRouter\n"
        "from models import Person, Team\n"
        "from schemas import Sent, Shown\n\nrouter = APIRouter()\n\n\n"
        '@router.get("/")\n'
        "def send(session) -> list[Sent]:\n    return session.query(Person).all()\n\n\n"
        '@router.put("/teams")\n'
        "def show(session) -> Shown:\n"
        f"    team = session.query(Team).first()\n    # {'a long body ' * 20}\n    return team\n\n\n"
        "def helper(session) -> Shown:\n    return session.query(Person).first()\n"
    )
    assert links(tmp_path, schemas=schemas, routes=routes) == {
        "Sent": ("Person", "response_model", "other"),
        "Shown": ("Team", "response_model", "other"),
    }


ORDERS = """\
from models import Base
from sqlalchemy.orm import Mapped, mapped_column


class SaleLine(Base):
    __tablename__ = "sale_lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    wording: Mapped[str]
    amount: Mapped[int]
    price: Mapped[float]
    sale_id: Mapped[int]


class Delivery(Base):
    __tablename__ = "deliveries"
    id: Mapped[int] = mapped_column(primary_key=True)
    wording: Mapped[str]
    amount: Mapped[int]
    price: Mapped[float]
    tax: Mapped[float]
    internal: Mapped[bool]


class SaleRemark(Base):
    __tablename__ = "sale_remarks"
    id: Mapped[int] = mapped_column(primary_key=True)
    wording: Mapped[str]
    internal: Mapped[bool]


class DeliveryRemark(Base):
    __tablename__ = "delivery_remarks"
    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str]
    internal: Mapped[bool]


class Voucher(Base):
    __tablename__ = "vouchers"
    id: Mapped[int] = mapped_column(primary_key=True)
    badge: Mapped[str]
    wording: Mapped[str]
    shade: Mapped[str]
    valid: Mapped[bool]
    series: Mapped[str]
"""


def test_a_name_says_more_than_one_field(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class AddLineRequest(BaseModel):\n"
        "    wording: str\n    amount: int\n    price: float\n    tax: float\n\n\n"
        "class AddRemarkRequest(BaseModel):\n    wording: str\n    internal: bool\n\n\n"
        "class VoucherCreate(BaseModel):\n    badge: str\n    wording: str\n    shade: str\n    valid: bool\n"
        "    people: list[int]\n    teams: list[int]\n    places: list[int]\n    sent: bool\n"
    )
    assert links(tmp_path, orders=ORDERS, schemas=schemas) == {
        "AddLineRequest": ("SaleLine", "fields", "create"),
        "VoucherCreate": ("Voucher", "name", "create"),
    }


def test_a_row_made_of_a_few_fields_of_what_another_model_gives_its_name(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class VoucherCreate(BaseModel):\n    badge: str\n    wording: str\n    shade: str\n    valid: bool\n"
        "    series: str\n    internal: bool\n\n\n"
        "class RemarkCreate(BaseModel):\n    wording: str\n    internal: bool\n    sale: int\n    by: str\n"
    )
    service = (
        "from orders import SaleRemark\nfrom schemas import RemarkCreate, VoucherCreate\n\n\n"
        "def create(data: VoucherCreate, more: RemarkCreate):\n"
        "    first = SaleRemark(wording=data.wording, internal=data.internal)\n"
        "    return first, SaleRemark(wording=more.wording, internal=more.internal)\n"
    )
    assert links(tmp_path, orders=ORDERS, schemas=schemas, service=service) == {
        "RemarkCreate": ("SaleRemark", "constructor", "create"),
        "VoucherCreate": ("Voucher", "name", "create"),
    }


def test_an_abstract_class_mirrors_nothing(tmp_path: Path) -> None:
    fields = "    id: int\n    label: str\n    city: str\n"
    schemas = (
        f"from abc import ABC\n\n{HEAD}class Team(BaseModel):\n{fields}\n\n"
        "class LocalTeam(Team, ABC):\n    pass\n\n\n"
        "class OldTeam(Team):\n    pass\n"
    )
    assert links(tmp_path, schemas=schemas) == {
        "Team": ("Team", "name", "other"),
        "OldTeam": ("Team", "fields", "other"),
    }


def test_an_input_beside_a_schema_of_its_name(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class PersonRead(BaseModel):\n    id: int\n    given_name: str\n    email: str\n\n\n"
        "class PersonUpdate(BaseModel):\n    email: str\n    team_id: int\n    word: str\n    admin: bool\n"
    )
    alone = schemas.replace("PersonRead", "Visitor").replace("    email: str\n\n", "    room: str\n\n")
    assert links(tmp_path, schemas=alone) == {}
    assert links(tmp_path, schemas=schemas) == {
        "PersonRead": ("Person", "name", "read"),
        "PersonUpdate": ("Person", "inheritance", "update"),
    }


def test_what_reads_rows_beside_an_input_of_its_name(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class Schema(BaseModel):\n    model_config = ConfigDict(from_attributes=True)\n\n\n"
        "class ClubCreate(Schema):\n    label: str\n    city: str\n    founded: int\n\n\n"
        "class ClubRead(Schema):\n    id: int\n    label: str\n\n\n"
        "class ClubReadWithCups(Schema):\n    id: int\n    label: str\n    cups: int\n\n\n"
        "class ClubResult(BaseModel):\n    id: int\n    label: str\n"
    )
    service = (
        "from models import Team\nfrom schemas import ClubCreate\n\n\n"
        "def create(data: ClubCreate) -> Team:\n    return Team(**data.model_dump())\n"
    )
    assert links(tmp_path, schemas=schemas, service=service) == {
        "ClubCreate": ("Team", "constructor", "create"),
        "ClubRead": ("Team", "inheritance", "read"),
    }


def test_what_is_called_like_a_model_beside_an_input_that_makes_another(tmp_path: Path) -> None:
    models = MODELS + (
        '\n\nclass Guest(Base):\n    __tablename__ = "guests"\n'
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    given_name: Mapped[str]\n    family_name: Mapped[str]\n    room: Mapped[str]\n"
    )
    schemas = HEAD + (
        "class GuestCreate(BaseModel):\n    given_name: str\n    family_name: str\n    email: str\n\n\n"
        "class GuestRead(BaseModel):\n    model_config = ConfigDict(from_attributes=True)\n"
        "    id: int\n    given_name: str\n    family_name: str\n    email: str\n    visits: int\n\n\n"
        "class GuestBrief(BaseModel):\n    model_config = ConfigDict(from_attributes=True)\n"
        "    id: int\n    given_name: str\n    family_name: str\n"
    )
    service = (
        "from models import Person\nfrom schemas import GuestCreate\n\n\n"
        "def create(data: GuestCreate) -> Person:\n    return Person(**data.model_dump())\n"
    )
    assert links(tmp_path, models=models, schemas=schemas, service=service) == {
        "GuestCreate": ("Person", "constructor", "create"),
        "GuestRead": ("Person", "inheritance", "read"),
        "GuestBrief": ("Guest", "name", "read"),
    }
    assert links(tmp_path, models=models, schemas=schemas, service="")["GuestRead"][0] == "Guest"


def test_a_row_made_of_a_few_fields_of_a_large_foreign_object(tmp_path: Path) -> None:
    others = "".join(f"    reading_{number}: str\n" for number in range(40))
    few = "    given_name: str\n    family_name: str\n    email: str\n"
    schemas = (
        HEAD + f"class Payload(BaseModel):\n{few}{others}\n\nclass Card(BaseModel):\n{few}    colour: str\n"
    )
    service = (
        "from models import Person\nfrom schemas import Card, Payload\n\n\n"
        "def take(data: Payload, card: Card):\n"
        "    names = {'given_name': data.given_name}\n"
        "    first = Person(given_name=data.given_name, family_name=data.family_name, email=data.email)\n"
        "    return names, first, Person(given_name=card.given_name, email=card.email)\n"
    )
    found = links(tmp_path, schemas=schemas, service=service)
    assert found == {"Card": ("Person", "constructor", "other")}


def test_a_row_that_takes_half_of_something_with_another_name(tmp_path: Path) -> None:
    schemas = HEAD + (
        "class Claims(BaseModel):\n"
        "    email: str\n    given_name: str\n    issuer: str\n    subject: str\n\n\n"
        "class AddStaff(BaseModel):\n"
        "    email: str\n    given_name: str\n    password: str\n    invited_by: str\n"
    )
    service = (
        "from models import Person\nfrom schemas import AddStaff, Claims\n\n\n"
        "def sign_up(claims: Claims) -> Person:\n"
        "    return Person(email=claims.email, given_name=claims.given_name, family_name='')\n\n\n"
        "def add(data: AddStaff) -> Person:\n"
        "    return Person(email=data.email, given_name=data.given_name, family_name='')\n"
    )
    assert links(tmp_path, schemas=schemas, service=service) == {
        "AddStaff": ("Person", "constructor", "create")
    }


def test_of_models_of_one_name_the_one_of_the_same_service(tmp_path: Path) -> None:
    (tmp_path / "ormlint.toml").write_text("", encoding="utf-8")
    fields = "    id: int\n    given_name: str\n    family_name: str\n    email: str\n"
    people = f"{HEAD}class PersonRead(BaseModel):\n{fields}"
    for service in ("shop", "mail"):
        folder = tmp_path / "services" / service
        folder.mkdir(parents=True)
        (folder / f"{service}_models.py").write_text(MODELS, encoding="utf-8")
        (folder / f"{service}_schemas.py").write_text(people, encoding="utf-8")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "schemas.py").write_text(people, encoding="utf-8")

    def found() -> dict[str, str | None]:
        graph = pipeline.graph(tmp_path, isolated=True)
        paths = {model["id"]: model["path"] for model in graph["models"]}
        return {each["path"]: paths.get(each["model"]) for each in graph["schemas"]}

    both = found()
    (tmp_path / "services" / "shop").rename(tmp_path / "shared" / "shop")

    assert both == {
        "services/mail/mail_schemas.py": "services/mail/mail_models.py",
        "services/shop/shop_schemas.py": "services/shop/shop_models.py",
        "shared/schemas.py": None,
    }
    assert found() == {
        "services/mail/mail_schemas.py": "services/mail/mail_models.py",
        "shared/shop/shop_schemas.py": "shared/shop/shop_models.py",
        "shared/schemas.py": "shared/shop/shop_models.py",
    }
