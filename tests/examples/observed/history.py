"""The migrations, run for real by Alembic on SQLite."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Enum, MetaData, Table, create_engine, event, inspect, select
from sqlalchemy.exc import IntegrityError

from observed import samples

Observation = tuple[str, str, str]

NULL_REFUSED = re.compile(r"NOT NULL constraint failed: (?:_alembic_tmp_)?(\w+\.\w+)")


@dataclass
class Migrated:
    """The database after all revisions.

    `origins` says which file first brought each `table` and `table.column`, `enums` the members of each enum
    column.
    """

    database: Path
    origins: dict[str, str] = field(default_factory=dict)
    enums: dict[str, list[str]] = field(default_factory=dict)


def config_for(database: Path) -> Config:
    config = Config("alembic.ini", stdout=io.StringIO())
    config.set_main_option("sqlalchemy.url", f"sqlite:///{database}")
    return config


def revisions_in_order(config: Config) -> list[Script]:
    return list(ScriptDirectory.from_config(config).walk_revisions())[::-1]


def upgrade_step_by_step(database: Path) -> Migrated:
    config, migrated = config_for(database), Migrated(database)

    # SQLite has no enum types and keeps no trace of the members, so they are noted on their way to it.
    def note_enums(table: Table, _connection: Connection, **_: Any) -> None:
        for column in table.columns:
            if isinstance(column.type, Enum):
                migrated.enums[f"{table.name}.{column.name}"] = column.type.enums

    event.listen(Table, "before_create", note_enums)
    for revision in revisions_in_order(config):
        command.upgrade(config, revision.revision)
        for table in tables_of(database).values():
            for subject in (table.name, *(f"{table.name}.{column.name}" for column in table.columns)):
                migrated.origins.setdefault(subject, revision.path)
    event.remove(Table, "before_create", note_enums)
    return migrated


def tables_of(database: Path) -> dict[str, Table]:
    metadata = MetaData()
    engine = create_engine(f"sqlite:///{database}")
    metadata.reflect(engine)
    engine.dispose()
    return {name: table for name, table in metadata.tables.items() if name != "alembic_version"}


def differences_as_env_sees_them(database: Path) -> list[Any]:
    """What `alembic check` compares: only what `env.py` imports is known to it."""
    config, found = config_for(database), []
    script = ScriptDirectory.from_config(config)

    def compare(_revision: object, context: MigrationContext) -> list[Any]:
        found.extend(compare_metadata(context, context.opts["target_metadata"]))
        return []

    with EnvironmentContext(config, script, fn=compare):
        script.run_env()
    return found


def drift(scratch: Path) -> Iterator[Observation]:
    config = config_for(scratch)
    script = ScriptDirectory.from_config(config)
    if len(heads := sorted(script.get_heads())) > 1:
        for head in heads:
            yield "ORM401", script.get_revision(head).path, ", ".join(heads)
    for revision in revisions_in_order(config):
        if len(revision.revision) > 32:
            yield "ORM404", revision.path, revision.revision
    yield from refused_by_rows(config, scratch)


def refused_by_rows(config: Config, database: Path) -> Iterator[Observation]:
    """Run the history again with a row in every table; the way back as well, if all went well."""
    for revision in revisions_in_order(config):
        fill_empty_tables(database)
        try:
            command.upgrade(config, revision.revision)
        except IntegrityError as refused:
            column = NULL_REFUSED.fullmatch(str(refused.orig))
            yield "ORM407", revision.path, column[1] if column else str(refused.orig)
            return
    command.downgrade(config, "base")


def fill_empty_tables(database: Path) -> None:
    engine = create_engine(f"sqlite:///{database}")
    tables = tables_of(database)
    with engine.begin() as connection:
        for table in tables.values():
            if connection.execute(select(table)).first() is None:
                row = {column.name: samples.value(column) for column in table.columns}
                connection.execute(table.insert().values(row))
    engine.dispose()


def primary_keys(database: Path) -> dict[str, list[str]]:
    engine = create_engine(f"sqlite:///{database}")
    inspector = inspect(engine)
    keys = inspector.get_multi_pk_constraint()
    engine.dispose()
    return {table: key["constrained_columns"] for (_schema, table), key in keys.items()}
