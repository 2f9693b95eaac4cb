"""Comments and settings have their effect on a whole project."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ormlint import pipeline
from ormlint.select import Override
from ormlint.settings import UsageError

Project = Callable[[Mapping[str, str]], Path]

MODELS = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    language: Mapped[str]{at_column}
"""
SCHEMAS = """\
from pydantic import BaseModel, ConfigDict


{above}class PersonRead(BaseModel):{at_class}
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str
    email: str
"""
FIRST = """\
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
    )
"""
SECOND = """\
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("people", sa.Column("language", sa.String, nullable=False, server_default="en")){at_step}
    op.create_table("spatial_ref_sys", sa.Column("srid", sa.Integer, primary_key=True))
"""
ENV = """\
from alembic import context
from models import Base

target_metadata = Base.metadata
context.configure(target_metadata=target_metadata)
context.run_migrations()
"""


def files(settings: str = "", **parts: str) -> dict[str, str]:
    filled = {"at_column": "", "above": "", "at_class": "", "at_step": ""} | parts
    return {
        "ormlint.toml": settings,
        "models.py": MODELS.format_map(filled),
        "schemas.py": SCHEMAS.format_map(filled),
        "alembic/env.py": ENV,
        "alembic/versions/0001.py": FIRST,
        "alembic/versions/0002.py": SECOND.format_map(filled),
    }


def found(root: Path, *select: str, ignore_comments: bool = False) -> list[tuple[str, str, int]]:
    report = pipeline.check([root], override=Override(select=select), ignore_comments=ignore_comments)
    return [(each.code, each.place.path, each.place.line) for each in report.findings]


MISSING = ("ORM201", "schemas.py", 4)


def test_without_a_word_there_is_a_finding(project: Project) -> None:
    root = project(files())
    assert found(root, "ORM201", "ORM302") == [("ORM302", "alembic/versions/0002.py", 10), MISSING]


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("at_class", "  # ormlint: ignore[ORM201] on purpose"),
        ("at_class", "  # noqa: ORM201"),
        ("above", "# ormlint: ignore[missing-field]\n"),
        ("above", "# ormlint: file-ignore[ORM2]\n\n\n"),
        ("at_column", "  # ormlint: ignore[ORM201]"),
        ("at_step", "  # ormlint: ignore[ORM201]"),
        ("at_class", "  # ormlint: no-model"),
    ],
)
def test_a_comment_silences_at_either_end(project: Project, part: str, text: str) -> None:
    root = project(files(**{part: text}))
    assert found(root, "ORM201", "ORM0") == []


def test_comments_can_be_left_out_of_account(project: Project) -> None:
    root = project(files(at_class="  # ormlint: ignore[ORM201]"))
    assert found(root, "ORM201", "ORM0", ignore_comments=True) == [MISSING]


def test_a_comment_in_vain_is_found_in_any_file(project: Project) -> None:
    root = project(
        files() | {"main.py": "x = 1  # ormlint: ignore[ORM201]\ny = 2  # ormlint: ignore[ORM299]\n"}
    )
    assert found(root, "ORM201", "ORM0") == [("ORM003", "main.py", 1), ("ORM004", "main.py", 2), MISSING]
    assert found(root, "ORM003") == []


@pytest.mark.parametrize("target", ["false", '"NoSuchModel"'])
def test_a_setting_links_a_schema(project: Project, target: str) -> None:
    root = project(files(f"[links]\nPersonRead = {target}\n"))
    expected = [] if target == "false" else [("ORM211", "ormlint.toml", 2), MISSING]
    assert found(root, "ORM201", "ORM211") == expected


def test_a_setting_links_where_nothing_else_does(project: Project) -> None:
    contact = SCHEMAS.format(above="", at_class="").replace("PersonRead", "Contact")
    root = project(files('[links]\n"contacts.Contact" = "models.Person"\n') | {"contacts.py": contact})
    graph = pipeline.graph(root)
    links = [(each["schema"], each["model"], each["by"]) for each in graph["links"]]
    assert ("contacts.Contact", "models.Person", "config") in links


def test_a_comment_outranks_a_setting(project: Project) -> None:
    root = project(files("[links]\nPersonRead = false\n", above="# ormlint: model=Person\n"))
    assert [each["by"] for each in pipeline.graph(root)["links"]] == ["comment"]


def test_a_link_to_a_name_of_several_models_is_none(project: Project) -> None:
    other = MODELS.format(at_column="").replace("people", "others")
    root = project(files(above="# ormlint: model=Person\n") | {"others.py": other})
    report = pipeline.check([root], override=Override(select=("ORM211",)))
    assert [(each.message, each.help) for each in report.findings] == [
        ("`Person` may be any of `models.Person`, `others.Person`", "write the dotted name")
    ]


def test_a_link_at_no_class_is_told(project: Project) -> None:
    root = project(files(at_column="  # ormlint: model=Person"))
    assert found(root, "ORM211") == [("ORM211", "models.py", 13)]


@pytest.mark.parametrize(
    "pattern", ["PersonRead.language", "*.language", "schemas.PersonRead.*", "Person*.lang*"]
)
def test_a_column_may_be_missing(project: Project, pattern: str) -> None:
    assert found(project(files(f'allow-missing = ["{pattern}"]')), "ORM201") == []


def test_another_column_may_be_missing(project: Project) -> None:
    assert found(project(files('allow-missing = ["Person.language", "PersonRead.name"]')), "ORM201") == [
        MISSING
    ]


def test_a_field_may_be_extra(project: Project) -> None:
    schemas = {"schemas.py": SCHEMAS.format(above="", at_class="") + "    nickname: str\n"}
    assert [code for code, *_ in found(project(files() | schemas), "ORM202")] == ["ORM202"]
    assert found(project(files('allow-extra = ["PersonRead.nickname"]') | schemas), "ORM202") == []


def test_a_table_may_be_external(project: Project) -> None:
    assert found(project(files('external-tables = ["spatial_*"]')), "ORM302") == []


def test_an_unknown_rule_in_a_file_is_a_finding_where_it_only_silences(project: Project) -> None:
    root = project(files('ignore = ["ORM302", "ORM999"]\n[severity]\nORM998 = "info"\n'))
    assert found(root, "ORM004") == [("ORM004", "ormlint.toml", 1), ("ORM004", "ormlint.toml", 3)]
    project(files('select = ["ORM999"]'))
    with pytest.raises(UsageError, match=r"ormlint.toml:1: there is no rule `ORM999`"):
        pipeline.check([root])


def test_findings_that_were_kept_know_which_of_their_places_are_ends(project: Project) -> None:
    root = project(files())
    caching = pipeline.Caching()
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    first, second = (pipeline.check([root], caching=caching) for _ in range(2))
    assert first.findings == second.findings
