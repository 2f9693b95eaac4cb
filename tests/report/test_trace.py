from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ormlint import cli, pipeline
from ormlint.findings import Place
from ormlint.graph.diagram import around, dot, mermaid
from ormlint.graph.trace import Step, order_of, trace
from ormlint.settings import UsageError

Project = Callable[[Mapping[str, str]], Path]

FILES = {
    "models.py": """
from enum import Enum

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Role(str, Enum):
    GUEST = "guest"
    STAFF = "staff"


class Team(Base):
    __tablename__ = "teams"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    mail: Mapped[str] = mapped_column("email", sa.String(80))
    role: Mapped[Role] = mapped_column(sa.Enum(Role, name="role"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
""",
    "schemas.py": """
from pydantic import BaseModel, ConfigDict

from models import Role


class UserRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    mail: str
    role: Role


class UserUpdate(BaseModel):
    mail: str | None = None
    team_id: int | None = None
""",
    "alembic/env.py": """
from alembic import context
from models import Base

context.configure(target_metadata=Base.metadata)
""",
    "alembic/versions/b.py": """
import sqlalchemy as sa
from alembic import op

revision = "a2"
down_revision = "z1"


def upgrade():
    op.alter_column("users", "email", type_=sa.String(80), existing_nullable=False)
    op.create_index("ix_users_email", "users", ["email"], unique=True)
    op.add_column("users", sa.Column("team_id", sa.Integer, sa.ForeignKey("teams.id")))
    op.add_column("users", sa.Column("legacy", sa.Integer))
""",
    "alembic/versions/a.py": """
import sqlalchemy as sa
from alembic import op

revision = "z1"
down_revision = None


def upgrade():
    op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True), sa.Column("title", sa.String))
    op.create_table(
        "users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(40), nullable=False),
        sa.Column("role", sa.Enum("GUEST", "STAFF", name="role"), nullable=False),
    )
""",
}
DATABASE = "database, as alembic leaves it"
FIRST, SECOND = "alembic/versions/a.py", "alembic/versions/b.py"


@pytest.fixture
def root(project: Callable[[Mapping[str, str]], Path]) -> Path:
    return project(FILES)


def steps(root: Path, name: str) -> list[Step]:
    return [
        Step(step.layer, step.by, step.says, Place(step.place.path, step.place.line))
        for step in trace(pipeline.linked(root), name).steps
    ]


def test_a_column_is_told_from_its_first_revision_to_its_fields(root: Path) -> None:
    assert steps(root, "users.email") == [
        Step(DATABASE, "z1", "creates the table with it", Place(FIRST, 14)),
        Step(DATABASE, "a2", "changes it: String(80), NOT NULL", Place(SECOND, 10)),
        Step(DATABASE, "a2", "unique index `ix_users_email`", Place(SECOND, 11)),
        Step("model", "User", "String(80), NOT NULL, attribute `mail`", Place("models.py", 27)),
        Step("schema", "UserRead", "str, required", Place("schemas.py", 10)),
        Step("schema", "UserUpdate", "str | None, optional", Place("schemas.py", 15)),
    ]
    assert steps(root, "User.mail") == steps(root, "users.email") == steps(root, "models.User.mail")


def test_an_enumerated_type_is_part_of_it(root: Path) -> None:
    told = [(step.layer, step.by, step.says) for step in steps(root, "users.role")]
    assert told == [
        (DATABASE, "z1", "type `role`: GUEST, STAFF"),
        (DATABASE, "z1", "creates the table with it: Enum('GUEST', 'STAFF', name='role'), NOT NULL"),
        ("model", "User", "Enum(Role, name='role'), NOT NULL"),
        ("model", "Role", "allows guest, staff"),
        ("schema", "UserRead", "Role, required"),
        ("schema", "UserUpdate", "leaves it out"),
    ]


def test_a_foreign_key_and_a_column_without_a_model(root: Path) -> None:
    assert [(step.by, step.says) for step in steps(root, "users.team_id")][:2] == [
        ("a2", "adds it: Integer, may be NULL"),
        ("a2", "foreign key to teams.id"),
    ]
    assert steps(root, "users.legacy") == [
        Step(DATABASE, "a2", "adds it: Integer, may be NULL", Place(SECOND, 13))
    ]


@pytest.mark.parametrize(
    ("name", "near"),
    [("users.emial", "users.email"), ("user.email", "users.email"), ("User.rol", "User.role")],
)
def test_an_unknown_column_is_answered_with_the_nearest(root: Path, name: str, near: str) -> None:
    with pytest.raises(UsageError, match=rf"there is no column `{name}`\. Did you mean `{near}`\?"):
        steps(root, name)


def test_the_command_prints_text_and_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["trace", "teams.title", str(root)]) == 0
    assert capsys.readouterr().out == (
        "teams.title\n"
        "\n"
        "database, as alembic leaves it\n"
        "  z1    creates the table with it: String, may be NULL\n"
        "        alembic/versions/a.py:10\n"
        "\n"
        "model\n"
        "  Team  String, NOT NULL\n"
        "        models.py:21\n"
    )
    assert cli.main(["trace", "--format", "json", "teams.title", str(root)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["version"], document["table"], document["column"]) == (1, "teams", "title")
    assert document["steps"][1] == {
        "layer": "model",
        "by": "Team",
        "says": "String, NOT NULL",
        "path": "models.py",
        "line": 21,
    }
    assert cli.main(["trace", "teams.titel", str(root)]) == 2
    assert (
        capsys.readouterr().err == "ormlint: there is no column `teams.titel`. Did you mean `teams.title`?\n"
    )


def test_the_text_names_a_layer_that_says_nothing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    lone = FILES | {
        "models.py": FILES["models.py"].replace("    title", "    slogan: Mapped[str]\n    title")
    }
    assert cli.main(["trace", "teams.slogan", str(project(lone))]) == 0
    assert capsys.readouterr().out == (
        "teams.slogan\n"
        "\n"
        "model\n"
        "  Team  String, NOT NULL\n"
        "        models.py:21\n"
        "\n"
        "database\n"
        "  no migration is seen to make it\n"
    )


def test_revisions_are_ordered_parents_first(root: Path) -> None:
    (environment,) = pipeline.linked(root).environments
    assert order_of(environment) == {"z1": 0, "a2": 1}


def test_a_diagram_shows_the_columns_that_are_asked_for(root: Path) -> None:
    assert mermaid(pipeline.linked(root), {"users"}, {"users": ["email"]}) == (
        "erDiagram\n"
        '    users["users"] {\n'
        "        Integer id PK\n"
        "        String email\n"
        '        Integer team_id FK "may be NULL"\n'
        "    }\n"
    )


def test_a_diagram_too_long_for_mermaid_shows_keys(project: Project) -> None:
    wide = "".join(f"    a_name_of_thirty_letters_{n:05}: Mapped[str]\n" for n in range(1200))
    models = FILES["models.py"].replace("    title: Mapped[str]\n", wide)
    graph = pipeline.linked(project({"models.py": models}))
    keys = '        Integer id PK\n    }\n    users["users"] {\n        Integer id PK\n'
    assert keys in mermaid(graph, ["teams", "users"])
    assert "String email" in mermaid(graph, ["users"])


def test_a_diagram_joins_tables_in_the_schema_of_their_metadata(project: Project) -> None:
    models = FILES["models.py"].replace("    pass\n", '    metadata = sa.MetaData(schema="club")\n', 1)
    graph = pipeline.linked(project({"models.py": models}))
    assert around(graph, "club.teams") == {"club.teams", "club.users"}


def test_diagrams_of_a_model_and_its_neighbours(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph = pipeline.linked(root)
    assert around(graph, "teams") == {"teams", "users"}
    assert mermaid(graph, {"teams", "users"}) == (
        "erDiagram\n"
        '    teams["teams"] {\n'
        "        Integer id PK\n"
        "        String title\n"
        "    }\n"
        '    users["users"] {\n'
        "        Integer id PK\n"
        "        String email\n"
        "        Enum role\n"
        '        Integer team_id FK "may be NULL"\n'
        "    }\n"
        '    teams |o--o{ users : "team_id"\n'
    )
    assert dot(graph, {"teams"}) == (
        "digraph tables {\n"
        "    rankdir=LR;\n"
        "    node [shape=record, fontname=monospace];\n"
        '    "teams" [label="{teams|id\\ :\\ Integer()\\ PK\\ltitle\\ :\\ String()\\l}"];\n'
        "}\n"
    ).replace("\\ :\\ ", " : ").replace("()\\ PK", "() PK")
    assert cli.main(["graph", "--format", "dot", "--model", "Team", str(root)]) == 0
    assert '"users" -> "teams" [label="team_id", style=dashed];' in capsys.readouterr().out
    assert cli.main(["graph", "--format", "mermaid", "--model", "Teem", str(root)]) == 2
    assert cli.main(["graph", "--model", "Team", str(root)]) == 2
