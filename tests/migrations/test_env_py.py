"""What `env.py` says, in the forms that projects give it."""

from __future__ import annotations

import pytest
from chains import replay

from ormlint.graph.model import Environment

MODELS = """
from sqlalchemy import Column, Integer, MetaData
from sqlalchemy.orm import declarative_base

Base = declarative_base()
other = MetaData()


class Person(Base):
    __tablename__ = "people"
    id = Column(Integer, primary_key=True)
    shown = Column(Integer)
    hidden = Column(Integer)
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "a"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True), sa.Column("old", sa.Text))
    op.create_table("logs", sa.Column("id", sa.Integer), schema="audit")
    op.create_table("jobs", sa.Column("id", sa.Integer))
"""
ONLINE = """
from alembic import context
from models import Base, other
{before}

def run(connection):
    context.configure(connection=connection, {arguments})
    with context.begin_transaction():
        context.run_migrations()

if context.is_offline_mode():
    context.configure(url="sqlite://", target_metadata=None)
else:
    run(None)
"""


def read(env: str) -> Environment:
    files = {"models.py": MODELS, "versions/a.py": MIGRATION, "env.py": env}
    return replay(files, "postgresql", declaring=("models.py",))


def configured(arguments: str, before: str = "") -> Environment:
    return read(ONLINE.format(arguments=arguments, before=before))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("target_metadata=Base.metadata", ("models.Base in models.py",)),
        ("target_metadata=[Base.metadata, other]", ("models.Base in models.py", "models.other in models.py")),
        ("target_metadata=None", ()),
        ("", ()),
        ("target_metadata=find_metadata()", None),
    ],
)
def test_target_metadata(arguments: str, expected: tuple[str, ...] | None) -> None:
    assert configured(arguments, "from vendor import find_metadata").target_metadata == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("**vendor_settings()", None),
        ("**settings", None),
        ("target_metadata=Base.metadata, **vendor_settings()", ("models.Base in models.py",)),
    ],
)
def test_keywords_that_are_not_known(arguments: str, expected: tuple[str, ...] | None) -> None:
    before = """
from vendor import vendor_settings

settings = {"compare_type": True}
if vendor_settings():
    settings.update({"target_metadata": Base.metadata})
"""
    assert configured(arguments, before).target_metadata == expected


def test_without_a_call_that_is_reached() -> None:
    env = "from models import Base\nfrom vendor import run\n\ntarget_metadata = Base.metadata\nrun()\n"
    assert read(env).target_metadata == ("models.Base in models.py",)


def test_flask_migrate_template() -> None:
    env = """
from alembic import context
from flask import current_app

target_db = current_app.extensions['migrate'].db

def get_metadata():
    if hasattr(target_db, 'metadatas'):
        return target_db.metadatas[None]
    return target_db.metadata

context.configure(target_metadata=get_metadata())
"""
    assert read(env).target_metadata is None


def test_async_template() -> None:
    env = """
import asyncio
from alembic import context
from models import Base
from sqlalchemy.ext.asyncio import async_engine_from_config

config = context.config
target_metadata = Base.metadata

def do_run_migrations(connection):
    context.configure(connection=connection, target_metadata=target_metadata, version_table="steps")
    with context.begin_transaction():
        context.run_migrations()

async def run_async_migrations():
    section = config.get_section(config.config_ini_section, {})
    connectable = async_engine_from_config(section, prefix="sqlalchemy.")
    async with connectable.connect() as connection:
        await connection.run_sync(do_run_migrations)
    await connectable.dispose()

def run_migrations_online():
    asyncio.run(run_async_migrations())

if context.is_offline_mode():
    pass
else:
    run_migrations_online()
"""
    done = read(env)
    assert (done.target_metadata, done.version_table) == (("models.Base in models.py",), "steps")


@pytest.mark.parametrize(
    ("function", "tables", "models"),
    [
        ("return True", set(), set()),
        ("return not (type_ == 'table' and name == 'jobs')", {"jobs"}, set()),
        ("return name not in HIDDEN", {"jobs", "people"}, {"people"}),
        ("return not name.startswith('pe') if type_ == 'table' else True", {"people"}, {"people"}),
        ("return type_ != 'table' or object.schema is None", {"audit.logs"}, set()),
        (
            "return not (type_ == 'table' and reflected and compare_to is None)",
            {"audit.logs", "jobs"},  # a model has the other
            set(),
        ),
        ("return not object.info.get('skip_autogenerate', False)", set(), set()),  # it has no `info`
        ("return vendor_decides(object)", {"people", "audit.logs", "jobs"}, {"people"}),
        (
            "if type_ == 'table' and name in HIDDEN:\n        return False\n    else:\n        return True",
            {"people", "jobs"},
            {"people"},
        ),
    ],
)
def test_include_object(function: str, tables: set[str], models: set[str]) -> None:
    before = (
        "from vendor import vendor_decides\nHIDDEN = ['people', 'jobs']\n\n"
        f"def include_object(object, name, type_, reflected, compare_to):\n    {function}\n"
    )
    done = configured("target_metadata=Base.metadata, include_object=include_object", before)
    assert (done.excluded_tables, done.excluded_models) == (tables, models)


def test_include_object_hides_columns() -> None:
    before = """
def include_object(object, name, type_, reflected, compare_to):
    if type_ == "column" and object.table.name == "people" and name in ("hidden", "old"):
        return False
    return True
"""
    done = configured("target_metadata=Base.metadata, include_object=include_object", before)
    assert done.excluded_columns == {("people", "hidden"), ("people", "old")}


def test_include_name_is_asked_of_the_database_alone() -> None:
    before = """
def include_name(name, type_, parent_names):
    if type_ == "table":
        return parent_names["schema_name"] == "audit"
    return True
"""
    done = configured("target_metadata=Base.metadata, include_name=include_name", before)
    assert (done.excluded_tables, done.excluded_models) == ({"people", "jobs"}, set())


def test_a_filter_in_another_module() -> None:
    env = ONLINE.format(
        before="from filters import Filter\n",
        arguments='target_metadata=Base.metadata, include_object=Filter(["jobs"])',
    )
    filters = """
class Filter:
    def __init__(self, names):
        self.names = set(names)

    def __call__(self, object, name, type_, reflected, compare_to):
        return not (type_ == "table" and name in self.names)
"""
    files = {"models.py": MODELS, "versions/a.py": MIGRATION, "env.py": env, "filters.py": filters}
    assert replay(files, "postgresql", declaring=("models.py",)).excluded_tables == {"jobs"}


@pytest.mark.parametrize(
    "env", ["", "raise SystemExit", "1 / 0", "import nothing_there\nnothing_there.run()", "def f(:"]
)
def test_nonsense_is_no_crash(env: str) -> None:
    assert sorted(read(env).tables) == ["audit.logs", "jobs", "people"]
