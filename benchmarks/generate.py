"""Realistic projects of any size: models, schemas, routes, and migrations that build just what is declared.

    python benchmarks/generate.py FOLDER [--models N] [--others N] [--revisions N] [--mixins N]

`--revisions` and `--mixins` add a long history and a long chain of classes.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

INI = "[alembic]\nscript_location = alembic\nsqlalchemy.url = {url}\n"
ENV = """\
from alembic import context
from sqlalchemy import create_engine

import app.models
from app.base import Base

config = context.config


def run() -> None:
    engine = create_engine(config.get_main_option("sqlalchemy.url"))
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()


run()
"""
BASE = '''\
"""What all models have."""

import datetime as dt

from sqlalchemy import DateTime, MetaData, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Stamped:
    created_at: Mapped[dt.datetime] = mapped_column(DateTime(), server_default=func.now())
    updated_at: Mapped[dt.datetime | None] = mapped_column(DateTime(), onupdate=func.now())
'''
MODEL = '''\
"""Thing {n}."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base, Stamped


class Thing{n}(Stamped, Base):
    """One of the things that the business keeps, numbered {n}."""

    __tablename__ = "thing_{n}"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    title: Mapped[str | None] = mapped_column(String(255))
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    notes: Mapped[str | None] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
{parent}    priority: Mapped[int | None]
{more}
    @property
    def label(self) -> str:
        """What the lists show."""
        parts = [self.name]
        if self.title:
            parts.append(self.title)
        if not self.is_active:
            parts.append("(inactive)")
        return " ".join(part.strip() for part in parts if part)

    def renamed(self, name: str) -> None:
        """Give it another name, and keep the former one in the notes."""
        former = self.name
        if former == name:
            return
        self.notes = f"{{self.notes or ''}}\\nformerly {{former}}".strip()
        self.name = name
'''
SCHEMA = '''\
"""What is said of thing {n} to the outside."""

import datetime as dt
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Thing{n}Base(BaseModel):
    name: str = Field(max_length=120, description="What it is called")
    title: str | None = Field(default=None, max_length=255)
    amount: Decimal = Field(ge=0, description="In the currency of the account")
    notes: str | None = None
    is_active: bool = True
{parent}    priority: int | None = None

    @field_validator("name")
    @classmethod
    def name_is_not_blank(cls, value: str) -> str:
        """A name has something to read."""
        stripped = value.strip()
        if not stripped:
            raise ValueError("a name is needed")
        return stripped


class Thing{n}Create(Thing{n}Base):
    pass


class Thing{n}Update(BaseModel):
    name: str | None = Field(default=None, max_length=120)
    title: str | None = Field(default=None, max_length=255)
    amount: Decimal | None = None
    notes: str | None = None
    is_active: bool | None = None
    priority: int | None = None


class Thing{n}Read(Thing{n}Base):
    model_config = ConfigDict(from_attributes=True)

    id: int
    created_at: dt.datetime
    updated_at: dt.datetime | None
{more}
'''
CREATE = '''\
"""Create thing {n}."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down}
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "thing_{n}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=True),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
{parent}        sa.Column("created_at", sa.DateTime(), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=True),
{key}        sa.PrimaryKeyConstraint("id", name=op.f("pk_thing_{n}")),
    )
    op.create_index(op.f("ix_thing_{n}_name"), "thing_{n}", ["name"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_thing_{n}_name"), table_name="thing_{n}")
    op.drop_table("thing_{n}")
'''
ADD = '''\
"""Add {column} to thing {n}."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{down}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("thing_{n}", sa.Column("{column}", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("thing_{n}", "{column}")
'''
DEEP = '''\
"""Create the table of all mixins."""

import sqlalchemy as sa
from alembic import op

revision = "deep"
down_revision = "{down}"


def upgrade() -> None:
    op.create_table(
        "deep",
        sa.Column("id", sa.Integer(), nullable=False),
{columns}        sa.PrimaryKeyConstraint("id", name=op.f("pk_deep")),
    )
'''
ROUTE = '''\
"""Routes of thing {n}."""

from fastapi import APIRouter
from sqlalchemy.orm import Session

from app.models.thing_{n} import Thing{n}
from app.schemas.thing_{n} import Thing{n}Create, Thing{n}Read

router = APIRouter()


@router.post("/things/{n}", response_model=Thing{n}Read)
def create(data: Thing{n}Create, session: Session) -> Thing{n}:
    """Make one."""
    made = Thing{n}(**data.model_dump())
    session.add(made)
    session.commit()
    return made


@router.get("/things/{n}/{{id}}")
def read(id: int, session: Session) -> Thing{n}Read:
    """Show one."""
    return Thing{n}Read.model_validate(session.get_one(Thing{n}, id))
'''
OTHER = '''\
"""Step {n} of the reckoning, which knows no tables."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Step{n}:
    """Keeps the sums of one step."""

    names: list[str] = field(default_factory=list)
    total: float = 0.0

{methods}'''
METHOD = '''\
    def rule_{m}(self, values: dict[str, float], limit: float = {m}.5) -> float:
        """Apply rule {m} to the values, as the manual has it in chapter {m}.

        Values below the limit count once, those above it by half; what has no name is left out.
        """
        found = 0.0
        for name, value in sorted(values.items()):
            if not name:
                continue
            found += value if value < limit else value / 2
            self.names.append(f"{{name}} ({{value:.2f}})")
        self.total += found
        return round(found, 2)

'''


def generate(
    folder: Path,
    models: int,
    *,
    others: int = 0,
    revisions: int = 0,
    mixins: int = 0,
    url: str = "sqlite:///app.db",
) -> None:
    """Write a project: each model with its schemas, a route and two revisions.

    `others` are files that have nothing to do with tables, `revisions` further ones that add columns, and
    `mixins` are inherited one by the other, with a column each, by one more model.
    """
    further: dict[int, list[str]] = {}
    for number in range(revisions):
        further.setdefault(number % models, []).append(f"more_{number}")
    files = {
        "alembic.ini": INI.format(url=url),
        "alembic/env.py": ENV,
        "pyproject.toml": '[project]\nname = "generated"\nversion = "1"\ndependencies = ["sqlalchemy"]\n',
        "app/__init__.py": "",
        "app/base.py": BASE,
        "app/schemas/__init__.py": "",
        "app/routes/__init__.py": "",
        "app/models/__init__.py": "".join(
            f"from app.models.thing_{n} import Thing{n} as Thing{n}\n" for n in range(models)
        ),
    }
    for n in range(models):
        columns = further.get(n, [])
        files[f"app/models/thing_{n}.py"] = _model(n, columns)
        files[f"app/schemas/thing_{n}.py"] = SCHEMA.format(
            n=n,
            parent="    parent_id: int\n" if n else "",
            more="".join(f"    {column}: int | None\n" for column in columns),
        )
        files[f"app/routes/thing_{n}.py"] = ROUTE.format(n=n)
    files.update(_history(models, [(n, column) for n, some in further.items() for column in some], mixins))
    if mixins:
        files["app/models/deep.py"] = _deep(mixins)
        files["app/models/__init__.py"] += "from app.models.deep import Deep as Deep\n"
    for n in range(others):
        methods = "".join(METHOD.format(m=m) for m in range(20))
        files[f"app/steps/step_{n}.py"] = OTHER.format(n=n, methods=methods)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def _model(n: int, columns: list[str]) -> str:
    parent = f'    parent_id: Mapped[int] = mapped_column(ForeignKey("thing_{n // 2}.id"))\n' if n else ""
    more = "".join(f"    {column}: Mapped[int | None]\n" for column in columns)
    return MODEL.format(n=n, parent=parent, more=more)


def _history(models: int, further: list[tuple[int, str]], mixins: int) -> Iterator[tuple[str, str]]:
    """The path and the text of each revision, in one line from the first to the last."""
    down = "None"
    for n in range(models):
        created = f"{n:06}a"
        text = CREATE.format(
            n=n,
            revision=created,
            down=down,
            parent='        sa.Column("parent_id", sa.Integer(), nullable=False),\n' if n else "",
            key=(
                f'        sa.ForeignKeyConstraint(["parent_id"], ["thing_{n // 2}.id"], '
                f'name=op.f("fk_thing_{n}_parent_id_thing_{n // 2}")),\n'
                if n
                else ""
            ),
        )
        yield f"alembic/versions/{created}.py", text
        yield (
            f"alembic/versions/{n:06}b.py",
            ADD.format(n=n, column="priority", revision=f"{n:06}b", down=created),
        )
        down = f'"{n:06}b"'
    for index, (n, column) in enumerate(further):
        revision = f"more_{index:06}"
        yield (
            f"alembic/versions/{revision}.py",
            ADD.format(n=n, column=column, revision=revision, down=down.strip('"')),
        )
        down = f'"{revision}"'
    if mixins:
        columns = "".join(
            f'        sa.Column("mixed_{n}", sa.Integer(), nullable=True),\n' for n in range(mixins)
        )
        yield "alembic/versions/deep.py", DEEP.format(down=down.strip('"'), columns=columns)


def _deep(mixins: int) -> str:
    lines = ["from sqlalchemy.orm import Mapped, mapped_column", "", "from app.base import Base", ""]
    for n in range(mixins):
        above = f"(Mixin{n - 1})" if n else ""
        lines += ["", f"class Mixin{n}{above}:", f"    mixed_{n}: Mapped[int | None]", ""]
    lines += [
        "",
        f"class Deep(Mixin{mixins - 1}, Base):",
        '    __tablename__ = "deep"',
        "    id: Mapped[int] = mapped_column(primary_key=True)",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    for name, default in (("models", 100), ("others", 0), ("revisions", 0), ("mixins", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = vars(parser.parse_args())
    generate(options.pop("folder"), **options)
