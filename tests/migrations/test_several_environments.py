"""Several environments of one project, each upgraded on a database of its own and replayed."""

from __future__ import annotations

from pathlib import Path

import shapes
from alembic import command
from alembic.config import Config
from chains import ENV
from sqlalchemy import create_engine

from ormlint import pipeline

INI = """
[alembic]
sqlalchemy.url = sqlite://
script_location = %(here)s/core
path_separator = os
version_locations = %(here)s/core/versions:%(here)s/plugins/billing

[tenants]
sqlalchemy.url = sqlite://
script_location = %(here)s/tenants
path_separator = os
"""
REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision = {down}
depends_on = {needs}


def upgrade():
    {step}
"""


def revision(key: str, step: str, down: str | None = None, needs: str | None = None) -> str:
    return REVISION.format(id=key, down=repr(down), needs=repr(needs), step=step)


def table(name: str) -> str:
    return f'op.create_table("{name}", sa.Column("id", sa.Integer, primary_key=True))'


FILES = {
    "alembic.ini": INI,
    "core/env.py": ENV,
    "core/versions/1.py": revision("1", table("people")),
    "core/versions/2.py": revision("2", 'op.add_column("people", sa.Column("name", sa.Text))', "1"),
    # A base of its own in another folder, which needs what the first branch makes.
    "plugins/billing/b1.py": revision("b1", 'op.rename_table("people", "payers")', needs="2"),
    "plugins/billing/b2.py": revision("b2", table("bills"), "b1"),
    "tenants/env.py": ENV,
    # The same ids say something else here.
    "tenants/versions/1.py": revision("1", table("tenants")),
    "tenants/versions/2.py": revision("2", 'op.add_column("tenants", sa.Column("plan", sa.Text))', "1"),
}


def test_each_environment_has_the_database_that_its_revisions_leave(tmp_path: Path) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    found = {each.path: each for each in pipeline.linked(tmp_path).environments}
    assert sorted(found) == ["core", "tenants"]
    for section, path in (("alembic", "core"), ("tenants", "tenants")):
        engine = create_engine(f"sqlite:///{tmp_path / path}.sqlite")
        config = Config(tmp_path / "alembic.ini", ini_section=section)
        config.set_main_option("sqlalchemy.url", str(engine.url))
        command.upgrade(config, "heads")
        environment = found[path]
        assert (environment.opaque, environment.problems) == ([], [])
        with engine.connect() as connection:
            replayed = shapes.replayed(connection, environment.tables, environment.enums, environment.views)
            assert replayed == shapes.reflected(connection)
        engine.dispose()
