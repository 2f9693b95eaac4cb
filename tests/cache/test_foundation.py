"""Models are read again exactly where something that they rest on changed."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest
from msgspec import ValidationError
from work_tree import MODELS, WorkTree

from ormlint import pipeline
from ormlint.graph import founding, refounding
from ormlint.graph.migrations import anew
from ormlint.runs import Caching

ENTRY = """\
from app.models import Person


class Entry(Person):
    pass
"""


@pytest.fixture
def reads(tree: WorkTree) -> Iterator[mock.Mock]:
    """Counts how often models are read; the project was checked once."""
    tree.check()
    with mock.patch.object(founding, "read", side_effect=founding.read) as counted:
        yield counted


def agrees(tree: WorkTree, reads: mock.Mock) -> int:
    """How often a check with the cache reads the models; it says what one without says."""
    count = len(tree.noted(reads.mock_calls))
    assert pipeline.graph(tree.root, caching=Caching()) == pipeline.graph(tree.root)
    return count


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/schemas.py", "age: int", "aged: int"),
        ("app/schemas.py", "class PersonRead", "class Other(BaseModel):\n    pass\n\n\nclass PersonRead"),
        ("app/api.py", "model_validate", "model_construct"),
        ("app/api.py", "def shown", "import app.sums\n\n\ndef shown"),
    ],
)
def test_what_no_model_leads_to(tree: WorkTree, reads: mock.Mock, path: str, old: str, new: str) -> None:
    tree.replace(path, old, new)
    assert agrees(tree, reads) == 0


@pytest.mark.parametrize("path", ["app/api.py", "app/schemas.py"])
def test_a_file_that_no_model_leads_to_goes(tree: WorkTree, reads: mock.Mock, path: str) -> None:
    (tree.root / path).unlink()
    assert agrees(tree, reads) == 0


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/models.py", "email: Mapped[str]", "email: Mapped[str]\n    phone: Mapped[str]"),
        ("app/base.py", "    pass", "    __abstract__ = True"),
        ("alembic/env.py", "Base.metadata", "Base.metadata, version_table='versions'"),
        ("pyproject.toml", "psycopg", "asyncmy"),
        ("alembic.ini", "location = alembic", "location = alembic\nfile_template = %%(rev)s"),
    ],
)
def test_what_they_rest_on(tree: WorkTree, reads: mock.Mock, path: str, old: str, new: str) -> None:
    tree.replace(path, old, new)
    assert agrees(tree, reads) == 1


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("alembic/versions/0001.py", "sa.Integer", "sa.Text"),
        ("alembic/versions/0001.py", '"people"', '"visits"'),
        ("alembic/versions/0002.sql", "email", "phone"),
        ("alembic/versions/0002.py", "0002.sql", "missing.sql"),
        ("alembic/versions/0002.py", "import op", "import op\nfrom app.models import Person"),
    ],
)
def test_migrations_are_replayed_beside_models_that_are_kept(
    tree: WorkTree, reads: mock.Mock, path: str, old: str, new: str
) -> None:
    tree.replace(path, old, new)
    assert agrees(tree, reads) == 0
    tree.replace("app/schemas.py", "age: int", "aged: int")
    assert agrees(tree, reads) == 0
    tree.replace("app/models.py", "email: Mapped[str]", "email: Mapped[str]\n    phone: Mapped[str]")
    assert agrees(tree, reads) == 1


REVISION = """\
import sqlalchemy as sa
from alembic import op
from app.models import Visit

revision = "0003"
down_revision = "0002"


def upgrade():
    op.create_table(Visit.__tablename__, sa.Column("id", sa.Integer), sa.Column("note", sa.Text))
"""


def test_a_migration_that_comes_and_goes(tree: WorkTree, reads: mock.Mock) -> None:
    tree.write("ormlint.toml", 'select = ["ALL"]\n')
    tree.check()
    tree.write("alembic/versions/0003.py", REVISION)
    assert agrees(tree, reads) == 0
    tree.replace("alembic/versions/0003.py", "sa.Text", "sa.Integer")
    assert agrees(tree, reads) == 0
    (tree.root / "alembic/versions/0002.py").unlink()
    assert agrees(tree, reads) == 0
    tree.replace("app/models.py", "email: Mapped[str]", "email: Mapped[str]\n    phone: Mapped[str]")
    assert agrees(tree, reads) == 1


FILTERED = """\
from alembic import context
from app.models import Base, Person


def include_object(object, name, type_, reflected, compare_to):
    return FILTER


context.configure(target_metadata=Base.metadata, include_object=include_object)
context.run_migrations()
"""


@pytest.mark.parametrize(
    ("filter_", "table", "read"),
    [
        ("name != Person.__tablename__", "", 0),
        ("not object.info.get('hidden')", "", 0),
        ("not object.info.get('hidden')", "__table_args__ = {'info': {'hidden': True}}", 1),
        ("True", "__table_args__ = {'info': unknown}", 1),
        ("not object.info.get('is_view')", "__table_args__ = {'info': {'is_view': True}}", 0),
    ],
)
def test_what_env_hides(tree: WorkTree, reads: mock.Mock, filter_: str, table: str, read: int) -> None:
    text = FILTERED.replace("FILTER", filter_)
    tree.write("alembic/env.py", text)
    tree.replace("app/models.py", '"visits"\n', f'"visits"\n    {table}\n')
    assert agrees(tree, reads) == 1
    tree.replace("alembic/versions/0001.py", "sa.Integer", "sa.Text")
    assert agrees(tree, reads) == read
    tree.write("alembic/versions/0003.py", REVISION)
    assert agrees(tree, reads) == read


def test_what_is_kept_of_columns_cannot_be_read(tree: WorkTree, reads: mock.Mock) -> None:
    tree.replace("alembic/versions/0001.py", "sa.Integer", "sa.Text")
    with mock.patch.object(refounding, "decode_shown", side_effect=ValidationError):
        assert agrees(tree, reads) == 1


def test_a_migration_has_modules_ask_for_each_other(tree: WorkTree, reads: mock.Mock) -> None:
    """What each gets of the other depends on which is asked for first."""
    tree.write("app/odd.py", "from app.models import Person\n\nNAME = Person.__name__\n")
    tree.replace(
        "app/models.py",
        "\n\nclass Visit",
        "\n\ndef odd():\n    from app.odd import NAME\n    return NAME\n\n\nclass Visit",
    )
    agrees(tree, reads)
    tree.write(
        "alembic/versions/0003.py",
        REVISION.replace("Visit.__tablename__", "Visit.__tablename__ + odd()").replace(
            "import Visit", "import Visit, odd"
        ),
    )
    agrees(tree, reads)
    tree.replace("alembic/versions/0003.py", "sa.Text", "sa.Integer")
    agrees(tree, reads)


@pytest.mark.parametrize(
    "text",
    [
        MODELS.replace("people", "others").replace("visits", "more"),
        ENTRY,
        "import sqlalchemy as sa\nfrom app.base import Base\nLoose = sa.Table('loose', Base.metadata)\n",
        "from sqlalchemy import MetaData\nOTHER = MetaData(naming_convention={'ix': 'i'})\n",
    ],
)
def test_a_module_that_comes_and_goes(tree: WorkTree, reads: mock.Mock, text: str) -> None:
    tree.write("app/more.py", text)
    assert agrees(tree, reads) == 1
    tree.replace("app/schemas.py", "age: int", "aged: int")
    assert agrees(tree, reads) == 0
    (tree.root / "app/more.py").unlink()
    assert agrees(tree, reads) == 1


@pytest.mark.parametrize(
    "change",
    [
        "Person.phone = mapped_column(String)",
        "Person.__table__.append_column(Column('phone', String))",
        "event.listen(Person, 'mapper_configured', print)",
        "Base.metadata.naming_convention = {'ix': 'ix_%(column_0_label)s'}",
    ],
)
def test_a_module_of_schemas_that_begins_to_change_models(
    tree: WorkTree, reads: mock.Mock, change: str
) -> None:
    imports = "from sqlalchemy import Column, String, event\nfrom sqlalchemy.orm import mapped_column\n"
    before = (tree.root / "app/schemas.py").read_text()
    text = f"{imports}from app.models import Base, Person\n{before}"
    tree.write("app/schemas.py", text)
    assert agrees(tree, reads) == 0
    tree.write("app/schemas.py", f"{text}\n\n{change}\n")
    assert agrees(tree, reads) == 1
    tree.write("app/schemas.py", before.replace("age: int", "aged: int"))
    assert agrees(tree, reads) in (1, 2)  # at times it by itself before all of them


def test_what_it_was_made_from_is_kept(tree: WorkTree, reads: mock.Mock) -> None:
    tree.replace("app/schemas.py", "age: int", "aged: int")
    assert agrees(tree, reads) == 0
    tree.write("app/more.py", MODELS.replace("people", "others").replace("visits", "more"))
    made = mock.Mock(side_effect=AssertionError)
    with mock.patch.object(anew, "replayed", made):
        ended = tree.check()
    assert ended.status == 1, ended.err


def test_what_env_reaches_has_a_say_in_what_is_compared(tree: WorkTree, reads: mock.Mock) -> None:
    """The folders of models that `env.py` reaches are those whose tables are compared."""
    tree.write("other/more.py", MODELS.replace("people", "others").replace("visits", "more"))
    tree.write("app/start.py", "import app.sums\n")
    tree.replace("alembic/env.py", "from alembic", "import app.start\nfrom alembic")
    agrees(tree, reads)
    tree.write("app/sums.py", "import other.more\n")
    assert agrees(tree, reads) == 1


def circle(tree: WorkTree) -> None:
    tree.write("app/more.py", "from app import models\n\n\nclass Named:\n    base = models.Base\n")
    tree.replace("app/models.py", "from app.base", "from app.more import Named\nfrom app.base")
    tree.replace("app/models.py", "Person(Base)", "Person(Named, Base)")
    tree.write(
        "app/zoo.py",
        f"from app.more import Named\n{MODELS.replace('people', 'apes').replace('visits', 'zoos')}",
    )


def test_models_that_import_each_other(tree: WorkTree, reads: mock.Mock) -> None:
    circle(tree)
    agrees(tree, reads)
    tree.replace("app/schemas.py", "age: int", "aged: int")
    assert agrees(tree, reads) == 0
    tree.replace("app/schemas.py", "from pydantic", "from app.zoo import Named\nfrom pydantic")
    tree.replace("app/schemas.py", "aged: int", "aged: int\n    base = Named.base")
    agrees(tree, reads)
    tree.replace("app/models.py", "email: Mapped[str]", "email: Mapped[str]\n    phone: Mapped[str]")
    agrees(tree, reads)


@pytest.mark.parametrize("first", ["app/a.py", "app/base.py"])
def test_another_of_models_that_import_each_other_is_asked_first(
    tree: WorkTree, reads: mock.Mock, first: str
) -> None:
    """What each gets of the other depends on which of them that is."""
    circle(tree)
    tree.write("app/a.py", "from pydantic import BaseModel\n\n\nclass A(BaseModel):\n    x: int\n")
    agrees(tree, reads)
    before = (tree.root / first).read_text()
    tree.write(first, f"from app.more import Named\n{before}\n\nbase = Named.base\n")
    assert agrees(tree, reads) == 1
    agrees(tree, reads)
    tree.replace("app/schemas.py", "age: int", "aged: int")
    assert agrees(tree, reads) == 0
    tree.write(first, before)
    assert agrees(tree, reads) == 1


def test_an_env_that_cannot_be_read_is_told_of(tree: WorkTree, reads: mock.Mock) -> None:
    tree.replace("alembic/env.py", "from alembic", "object alembic")
    assert "alembic/env.py" in tree.check().out
    for old, new in (("age: int", "aged: int"), ("aged: int", "age: int")):
        tree.replace("app/schemas.py", old, new)
        agrees(tree, reads)
        assert "alembic/env.py" in tree.check().out


def test_a_module_that_cannot_be_read_is_told_of(tree: WorkTree, reads: mock.Mock) -> None:
    """It declares nothing: only because a model's module asks for it is it read."""
    tree.write("app/broken.py", "def get(:\n")
    tree.replace(
        "app/models.py", "class Person", "from app.broken import get\n\ngiven = get()\n\n\nclass Person"
    )
    assert "app/broken.py" in tree.check().out
    tree.replace("app/schemas.py", "age: int", "aged: int")
    agrees(tree, reads)
    assert "app/broken.py" in tree.check().out
    tree.write("app/broken.py", "def get(): ...\n")
    agrees(tree, reads)
    tree.replace("app/schemas.py", "aged: int", "age: int")
    assert agrees(tree, reads) == 0


SETTINGS = """\
import os
from dataclasses import dataclass


@dataclass
class Pool:
    size: int = 5


class Settings:
    prefix = "app"

    def __init__(self) -> None:
        self.names = {"person": "people"}
        self.pool = Pool()
        if os.environ.get("LONG"):
            self.prefix = "application"


settings = Settings()
"""


def settled(tree: WorkTree, reads: mock.Mock, use: str) -> int:
    """How often models are read after a schema changed, where a module beside them uses settings."""
    tree.write("app/settings.py", SETTINGS)
    tree.replace("app/models.py", "from app.base", "from app.settings import settings\nfrom app.base")
    tree.replace("app/models.py", '"people"\n', 'settings.names["person"]\n')
    tree.replace("alembic/env.py", "from alembic", "from app.settings import settings\nfrom alembic")
    tree.replace(
        "app/schemas.py", "from pydantic", f"from app.settings import settings\n{use}\nfrom pydantic"
    )
    agrees(tree, reads)
    tree.replace("app/schemas.py", "age: int", "aged: int")
    return agrees(tree, reads)


@pytest.mark.parametrize(
    "use",
    [
        "",
        "prefix = settings.prefix",
        "size = settings.pool.size",
        "if unknown:\n    size = settings.pool.size\n",
    ],
)
def test_settings_that_others_ask(tree: WorkTree, reads: mock.Mock, use: str) -> None:
    """An instance comes to be what it is when it is first asked for something; nobody changed it."""
    assert settled(tree, reads, use) == 0


@pytest.mark.parametrize(
    "use",
    [
        "settings.prefix = 'other'",
        "settings.pool.size = 6",
        "settings.names['person'] = 'persons'",
        "if unknown:\n    settings.names['person'] = 'persons'\n",
        "settings.names.update(person='persons')",
    ],
)
def test_settings_that_others_change(tree: WorkTree, reads: mock.Mock, use: str) -> None:
    assert settled(tree, reads, use) == 1


FUNCTION = """\
from pydantic import BaseModel
from sqlalchemy import String
from sqlalchemy.types import TypeDecorator


def text(length: int):
    class Text(TypeDecorator):
        impl = String(length)

    return Text


def page(name: str, item: type):
    class Page(BaseModel):
        items: list[item]

    return Page
"""


def test_a_function_makes_a_class_for_another_module(tree: WorkTree, reads: mock.Mock) -> None:
    """The class comes and goes with the module that calls it."""
    tree.write("app/making.py", FUNCTION)
    tree.replace("app/models.py", "from app.base", "from app.making import text\nfrom app.base")
    tree.replace("app/models.py", "email: Mapped[str]", "email: Mapped[str] = mapped_column(text(40))")
    tree.write("app/pages.py", "from app.making import page\nNames = page('Names', str)\n")
    agrees(tree, reads)
    tree.replace("app/schemas.py", "age: int", "aged: int")
    assert agrees(tree, reads) == 0
    (tree.root / "app/pages.py").unlink()
    assert agrees(tree, reads) == 0


def test_links_are_told_by_what_changes_settings(tree: WorkTree, reads: mock.Mock) -> None:
    """Models and migrations had been read by then."""
    tree.write("app/settings.py", SETTINGS)
    tree.replace("alembic/env.py", "from alembic", "from app.settings import settings\nfrom alembic")
    tree.replace("app/api.py", "from app.schemas", "from app.settings import settings\nfrom app.schemas")
    tree.replace("app/api.py", "    return", "    settings.names['visit'] = 'visits'\n    return")
    agrees(tree, reads)
    tree.replace("app/schemas.py", "age: int", "aged: int")
    assert agrees(tree, reads) == 0


def test_env_asks_a_package_for_another_metadata(tree: WorkTree, reads: mock.Mock) -> None:
    """What the package holds is another from then on."""
    imports = "from advanced_alchemy.base import metadata_registry\n"
    tree.replace("alembic/env.py", "from alembic", f"{imports}from alembic")
    tree.replace("alembic/env.py", "Base.metadata", "[Base.metadata, metadata_registry.get('other')]")
    agrees(tree, reads)
    tree.replace("app/schemas.py", "age: int", "aged: int")
    assert agrees(tree, reads) == 0
