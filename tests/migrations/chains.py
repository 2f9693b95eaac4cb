"""Chains of migrations: really upgraded on SQLite and reflected, and replayed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Inspector, create_engine, inspect

from ormlint.extract import extract
from ormlint.graph.build import build
from ormlint.graph.model import Environment, MigratedTable
from ormlint.graph.sources import EnvironmentSource, Sources

ENV = """
from alembic import context
from sqlalchemy import NullPool, create_engine

url = context.config.get_main_option("sqlalchemy.url")
with create_engine(url, poolclass=NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=None, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""

Shape = dict[str, dict[str, Any]]


def upgraded(folder: Path, files: Mapping[str, str]) -> Shape:
    """The tables of a SQLite database after `alembic upgrade heads`."""
    for path, text in {"env.py": ENV, **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "versions").mkdir(exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    url = f"sqlite:///{folder / 'database.sqlite'}"
    config.set_main_option("sqlalchemy.url", url)
    sys.path.insert(0, str(folder))
    try:
        command.upgrade(config, "heads")
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if f"{name}.py" in files]:
            del sys.modules[name]
    engine = create_engine(url)
    try:
        inspector = inspect(engine)
        names = [name for name in inspector.get_table_names() if name != "alembic_version"]
        return {name: _reflected(inspector, name) for name in names}
    finally:
        engine.dispose()


def _reflected(inspector: Inspector, name: str) -> dict[str, Any]:
    referring = inspector.get_foreign_keys(name)
    return {
        "columns": {column["name"]: column["nullable"] for column in inspector.get_columns(name)},
        "defaults": sorted(c["name"] for c in inspector.get_columns(name) if c["default"] is not None),
        "primary key": inspector.get_pk_constraint(name)["constrained_columns"],
        "indexes": sorted(
            (str(i["name"]), [c or "expression" for c in i["column_names"]], bool(i["unique"]))
            for i in inspector.get_indexes(name)
        ),
        "uniques": sorted(unique["column_names"] for unique in inspector.get_unique_constraints(name)),
        "foreign keys": sorted(
            (fk["constrained_columns"], [f"{fk['referred_table']}.{c}" for c in fk["referred_columns"]])
            for fk in referring
        ),
    }


def replay(files: Mapping[str, str], dialect: str = "sqlite", declaring: tuple[str, ...] = ()) -> Environment:
    """The environment as the replay has it."""
    texts = {"env.py": ENV, **files}
    modules = {path.removesuffix(".py").replace("/", "."): path for path in texts}
    revisions = tuple(sorted(path for path in texts if path.startswith("versions/") and path.endswith(".py")))

    def load(path: str) -> Any:
        return extract(texts[path].encode(), whole=True) if path in texts else None

    sources = Sources(
        declaring=declaring,
        environments=(EnvironmentSource(".", "env.py", revisions, dialect),),
        load=load,
        load_whole=load,
        read=lambda path: texts[path].encode() if path in texts else None,
        find=lambda name, _: modules.get(name),
        module_name=lambda path: path.removesuffix(".py").replace("/", "."),
    )
    return build(sources).environments[0]


def replayed(files: Mapping[str, str]) -> Shape:
    environment = replay(files)
    assert not environment.opaque, environment.opaque
    return {key: _replayed(table) for key, table in environment.tables.items()}


def _replayed(table: MigratedTable) -> dict[str, Any]:
    assert (table.opaque, table.uncertain, table.keys_uncertain) == (False, False, False), table
    return {
        "columns": {column.name: column.nullable for column in table.columns.values()},
        "defaults": sorted(c.name for c in table.columns.values() if c.server_default),
        "primary key": list(table.primary_key or ()),
        "indexes": sorted(
            (str(i.name), ["expression" if "(" in c else c for c in i.columns], bool(i.unique))
            for i in table.indexes
        ),
        "uniques": sorted(list(unique.columns) for unique in table.uniques),
        "foreign keys": sorted((list(fk.columns), list(fk.target)) for fk in table.foreign_keys),
    }
