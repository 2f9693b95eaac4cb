from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest

from ormlint import cli, pipeline
from ormlint.report.cells import At
from ormlint.report.document import (
    Alignment,
    Convention,
    Document,
    History,
    Lacking,
    Layer,
    ModelRow,
    Orphan,
    Style,
    Versioned,
    WithoutFromAttributes,
)
from ormlint.report.matrix import DATABASE
from ormlint.report.write import code, escaped, schema, write

Reported = Callable[[Mapping[str, str]], Document]

ROOT = Path(__file__).parents[2]
CLINIC = ROOT / "examples" / "clinic"
GOLDEN = Path(__file__).parent / "clinic.md"
SCHEMA = ROOT / "src" / "ormlint" / "report" / "schema.json"

MODELS = """
from sqlalchemy import Enum, ForeignKey, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s"})


class Person(Base):
    __tablename__ = "people"
    __versioned__ = {}
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    phoneNumber: Mapped[str]
    badge_metadata: Mapped[str]
    kind: Mapped[str] = mapped_column(Enum("Staff", "guest", name="kind"))
    visits: Mapped[list["Visit"]] = relationship(back_populates="person")


class Visit(Base):
    __tablename__ = "visits"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(back_populates="visits")
"""
SCHEMAS = """
from pydantic import BaseModel, ConfigDict, Field


class PersonRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str
    phoneNumber: str
    greeting: str


class PersonPage(BaseModel):
    items: list[PersonRead]
    total: int


class DoorRead(BaseModel):
    opened: int = Field(alias="openedTimes")
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("phoneNumber", sa.String, nullable=False),
        sa.Column("metadata", sa.String, nullable=False, server_default=""),
        sa.Column("kind", sa.Enum("Staff", "robot", name="kind"), nullable=False),
    )
    op.create_table(
        "person_version",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String),
        sa.Column("transaction_id", sa.BigInteger, primary_key=True),
        sa.Column("end_transaction_id", sa.BigInteger),
        sa.Column("operation_type", sa.SmallInteger, nullable=False),
    )
    op.create_table("celery_taskmeta", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "people_old",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String),
        sa.Column("phoneNumber", sa.String),
    )
"""
LATER = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.alter_column("people", "name", type_=sa.Text())
"""
ENV = """
from alembic import context
from models import Base

context.configure(target_metadata=Base.metadata)
"""
FILES = {
    "models.py": MODELS,
    "schemas.py": SCHEMAS,
    "alembic/env.py": ENV,
    "alembic/versions/0001.py": MIGRATION,
    "alembic/versions/0002.py": LATER,
}


def test_the_summary_counts_what_is_in_step(reported: Reported) -> None:
    summary = reported(FILES).summary
    rows = {row.name: (row.total, row.in_step, row.drifted, row.beyond) for row in summary.layers}
    assert rows == {
        "Models ↔ migrations (tables)": (2, 0, 2, 3),
        "Models ↔ schemas (linked schemas)": (1, 0, 1, 0),
        "Naming conventions (MetaData)": (1, 0, 1, 0),
        "Migration history (revisions)": (2, 2, 0, 0),
    }
    assert summary.risk.level == "high"


def test_what_the_source_does_not_settle_is_not_in_step(reported: Reported) -> None:
    later = LATER.replace("op.alter_column", "op.drop_column(input(), input())\n    op.alter_column")
    row = reported({**FILES, "alembic/versions/0002.py": later}).summary.layers[0]
    assert row == Layer(
        "Models ↔ migrations (tables)",
        total=2,
        in_step=0,
        drifted=0,
        note="without a migration: 0; with columns, indexes or keys that differ: 0; "
        "tables of the database without a model: 0; not settled: 2",
    )


def test_orphan_tables_come_with_a_guess_and_its_evidence(reported: Reported) -> None:
    rows = {row.table: row for row in reported(FILES).orphan_tables}
    assert {table: (row.guess, row.expected) for table, row in rows.items()} == {
        "alembic_version": ("alembic", True),
        "celery_taskmeta": ("library", False),
        "people_old": ("legacy", False),
        "person_version": ("version-table", False),
    }
    assert rows["celery_taskmeta"] == Orphan(
        table="celery_taskmeta",
        column=None,
        revision="0001",
        at=At("alembic/versions/0001.py", 26),
        guess="library",
        evidence="Celery's result backend gives its table this name",
    )
    assert rows["people_old"].evidence == "3 of its 3 columns are those of `people`"


def test_an_orphan_column_may_be_the_old_name_of_a_missing_one(reported: Reported) -> None:
    document = reported(FILES)
    assert [(row.column, row.guess, row.evidence) for row in document.orphan_columns] == [
        ("metadata", "renamed", "the model has `badge_metadata`, which no migration adds, in its stead")
    ]
    assert [(row.table, row.column, row.name) for row in document.column_drift][:1] == [
        ("people", "badge_metadata", "missing-column")
    ]


def test_each_linked_schema_is_laid_beside_its_model(reported: Reported) -> None:
    document = reported(FILES)
    (row,) = document.alignment
    assert row == Alignment(
        schema="schemas.PersonRead",
        model="models.Person",
        role="read",
        by="name",
        evidence="3 of 4 fields are attributes of `Person`",
        at=At("schemas.py", 5),
        matched=3,
        columns=5,
        missing=[Lacking("kind", False, "left out"), Lacking("badge_metadata", False, "left out")],
        extra=["greeting"],
        status="drift",
        rules=["extra-field"],
        findings=[found.fingerprint for found in document.findings if found.name == "extra-field"],
    )


def test_schemas_that_read_no_attributes_come_with_the_reason(reported: Reported) -> None:
    computed = "computed: no model has its fields; uses aliases"
    wraps = "an envelope: wraps other schemas"
    assert reported(FILES).without_from_attributes == [
        WithoutFromAttributes("schemas.DoorRead", None, At("schemas.py", 18), "low", computed),
        WithoutFromAttributes("schemas.PersonPage", None, At("schemas.py", 13), "low", wraps),
    ]


def test_naming_conventions_and_style(reported: Reported) -> None:
    document = reported(FILES)
    assert document.conventions == [
        Convention(
            metadata="models.Base",
            declared_by="MetaData",
            at=At("models.py", 7),
            tables=2,
            convention={"pk": "pk_%(table_name)s"},
            known=True,
            lacks=["ix", "uq", "ck", "fk"],
        )
    ]
    styles = {row.aspect: row for row in document.styles}
    assert [outlier.name for outlier in styles["columns"].outliers] == ["people.phoneNumber"]
    assert styles["list fields of envelopes"] == Style(
        "list fields of envelopes", 1, {"items": 1}, "items", []
    )


def test_a_style_leads_with_the_words_that_fit_it(reported: Reported) -> None:
    models = """
from enum import Enum

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Kind(str, Enum):
    COVER = "cover"
    LOGO = "logo"
    SIDE = "side_view"
    PNG = "image/png"
    GIF = "image/gif"


class Media(Base):
    __tablename__ = "media"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(sa.Enum(Kind, values_callable=lambda kinds: [k.value for k in kinds]))
"""
    styles = {row.aspect: row for row in reported({"models.py": models}).styles}
    values = styles["enum values"]
    assert (values.leading, values.shares) == ("snake_case", {"lowercase": 2, "other": 2, "snake_case": 1})
    assert [outlier.name for outlier in values.outliers] == ["Kind: image/gif", "Kind: image/png"]


def test_enumerated_types_that_differ(reported: Reported) -> None:
    assert [(row.subject, row.only_here, row.only_there) for row in reported(FILES).enums] == [
        ("people.kind", ["guest"], ["robot"])
    ]


def test_versioned_models_and_the_history(reported: Reported) -> None:
    document = reported(FILES)
    assert document.versioned == [
        Versioned("models.Person", "people", "people_version", False, At("models.py", 10))
    ]
    assert document.histories == [
        History("alembic", "postgresql", 2, ["0002"], ["0001"], [], [], [], [])
    ]  # fmt: skip


def test_the_appendix_has_every_model(reported: Reported) -> None:
    schemas = ["schemas.PersonRead"]
    assert reported(FILES).models == [
        ModelRow("models.Person", "Person", "people", At("models.py", 10), 5, 1, schemas, "0001", "0002"),
        ModelRow("models.Visit", "Visit", "visits", At("models.py", 21), 2, 1, [], None, None),
    ]


def test_a_backref_that_cannot_be_configured_is_none(reported: Reported) -> None:
    models = """
from sqlalchemy import Column, ForeignKey, Integer
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Person(Base):
    __tablename__ = "people"
    id = Column(Integer, primary_key=True)


class Badge(Base):
    __tablename__ = "badges"
    id = Column(Integer, primary_key=True)
    person_id = Column(ForeignKey("persons.id"))
    person = relationship("Person", backref="badges")


class Stamp(Base):
    __tablename__ = "stamps"
    id = Column(Integer, primary_key=True)
    badge_id = Column(ForeignKey("badges.id"))
    badge = relationship("Badge", backref="stamps")
"""
    rows = {row.name: (row.relationships, row.note) for row in reported({"models.py": models}).models}
    assert rows == {"Badge": (2, ""), "Person": (0, "1 backref not configured"), "Stamp": (1, "")}


def test_the_plan_groups_findings_by_what_is_touched(reported: Reported) -> None:
    document = reported(FILES)
    item = next(row for row in document.plan if row.codes == ["ORM302"])
    assert (item.title, item.files, len(item.findings)) == (
        "Decide about tables that no model maps",
        ["alembic/versions/ (new revision)"],
        3,
    )
    order = ["error", "warning", "info"]
    assert [row.severity for row in document.plan] == sorted(
        (r.severity for r in document.plan), key=order.index
    )
    assert sorted(f for row in document.plan for f in row.findings) == sorted(
        found.fingerprint for found in document.findings
    )


def test_one_work_item_settles_the_drift_of_a_file(reported: Reported) -> None:
    models = """
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    metadata = MetaData()


class Person(Base):
    __tablename__ = "people"
    id = Column(Integer, primary_key=True)
    name = Column(String, nullable=False, index=True)
    phoneNumber = Column(String, nullable=True)
    kind = Column(String, nullable=False)
"""
    document = reported({**FILES, "models.py": models})
    item = next(row for row in document.plan if "ORM305" in row.codes)
    assert (item.codes, item.files) == (
        ["ORM305", "ORM307"],
        ["alembic/versions/ (new revision)", "models.py"],
    )
    grid = next(each for each in document.matrix if each.name == "Person")
    codes = {found.fingerprint: found.code for found in document.findings}
    assert [codes[each] for each in grid.findings] == ["ORM307"]


def test_the_matrix_has_a_cell_for_each_name_and_layer(reported: Reported) -> None:
    grid = next(each for each in reported(FILES).matrix if each.name == "Person")
    assert grid.layers == ["database, as migrated", "model", "PersonRead"]
    states = {row.name: [cell.state for cell in row.cells] for row in grid.rows}
    assert states == {
        "id": ["present", "present", "present"],
        "name": [states["name"][0], "present", "present"],
        "phoneNumber": ["present", "present", "present"],
        "badge_metadata": ["missing", "present", "left-out"],
        "kind": [states["kind"][0], "present", "left-out"],
        "metadata": ["extra", "missing", "none"],
        "greeting": ["none", "none", "extra"],
    }
    name = next(row for row in grid.rows if row.name == "name")
    assert name.cells[0].at == At("alembic/versions/0002.py", 10)


def test_every_cell_that_is_out_of_step_tells_the_line_that_says_so(clinic: Document) -> None:
    cells = [
        (grid.name, row.name, layer, cell)
        for grid in clinic.matrix
        for row in grid.rows
        for layer, cell in zip(grid.layers, row.cells, strict=True)
        if cell.state in ("missing", "extra", "differs")
    ]
    assert {cell.state for *_, cell in cells} == {"missing", "extra", "differs"}
    assert [cell for cell in cells if cell[-1].at is None or not cell[-1].note] == []
    (lost,) = [cell for *where, cell in cells if where == ["Prescription", "refills_left", DATABASE]]
    assert lost.at == At("app/models/prescription.py", 28)


def test_a_project_without_findings_says_so() -> None:
    document, _ = pipeline.report(ROOT / "examples" / "clinic-healthy")
    assert document.summary.risk.level == "none"
    assert (document.plan, document.missing_tables, document.orphan_columns, document.findings) == (
        [],
        [],
        [],
        [],
    )
    assert "Nothing to do." in write(document, "markdown", lambda path: ())


def test_the_markdown_of_the_example_is_the_one_kept(clinic: Document) -> None:
    """After a change that is meant: `ormlint report examples/clinic -o tests/report/clinic.md`."""
    assert write(clinic, "markdown", lambda path: ()) == GOLDEN.read_text(encoding="utf-8")


def test_the_json_is_as_its_schema_says(clinic: Document) -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema()
    assert msgspec.json.decode(write(clinic, "json", lambda path: ()), type=Document, strict=True) == clinic


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a `b|c` d|e", "a `b\\|c` d\\|e"),
        ("<script>", "&lt;script&gt;"),
        ("*bold* _it_ snake_case", "\\*bold\\* \\_it\\_ snake_case"),
        ("two\nlines", "two lines"),
        (3, 3),
    ],
)
def test_markdown_is_escaped(text: object, shown: object) -> None:
    assert escaped(text) == shown


def test_a_code_span_holds_anything() -> None:
    assert [code("a"), code("a`b"), code("`a"), code("")] == ["`a`", "``a`b``", "`` `a ``", ""]


def test_names_of_a_project_do_no_harm_in_html(reported: Reported) -> None:
    models = MODELS.replace('"visits"', '"</script><script>alert(1)</script>"')
    html = write(
        reported({**FILES, "models.py": models}), "html", lambda path: ('<img src=x onerror="1">',) * 99
    )
    assert "alert(1)" in html
    assert "<script>alert" not in html
    assert "<img" not in html


def test_the_command_writes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "audit.md"
    arguments = ["report", str(CLINIC), "--isolated", "-n", "-o", str(target)]
    assert cli.main(arguments) == 0
    assert capsys.readouterr().out == ""
    assert target.read_text(encoding="utf-8") == GOLDEN.read_text(encoding="utf-8")
    assert cli.main([*arguments[:-1], str(tmp_path / "no" / "folder.md")]) == 2


def test_an_empty_folder_is_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ormlint.toml").touch()
    assert cli.main(["report", str(tmp_path)]) == 2
    assert "nothing to check" in capsys.readouterr().err


def test_a_second_run_reads_the_report_that_was_kept(
    project: Callable[[Mapping[str, str]], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, caching = project(FILES), pipeline.Caching(tmp_path / "cache")
    first = pipeline.report(root, caching=caching)
    from ormlint import analysis  # noqa: PLC0415 - to be taken away

    monkeypatch.delattr(analysis, "linked")
    assert pipeline.report(root, caching=caching) == first
