"""Chains of migrations: really upgraded and reflected, and replayed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapes
from alembic import command
from alembic.config import Config

from ormlint.extract import extract
from ormlint.graph.build import build
from ormlint.graph.model import Environment, Graph
from ormlint.graph.reach import calls_of, imports_of
from ormlint.graph.sources import EnvironmentSource, Sources

if TYPE_CHECKING:
    from sqlalchemy import Engine

ENV = """
from alembic import context
from sqlalchemy import NullPool, create_engine

url = context.config.get_main_option("sqlalchemy.url")
with create_engine(url, poolclass=NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=None, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""


def upgraded(engine: Engine, folder: Path, files: Mapping[str, str]) -> shapes.Shape:
    """The database after `alembic upgrade heads`."""
    for path, text in {"env.py": ENV, **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "versions").mkdir(exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    url = engine.url.render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    sys.path.insert(0, str(folder))
    try:
        command.upgrade(config, "heads")
    finally:
        sys.path.remove(str(folder))
        modules = {path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in files}
        for name in modules & set(sys.modules):
            del sys.modules[name]
    with engine.connect() as connection:
        return shapes.reflected(connection)


def replay(files: Mapping[str, str], dialect: str = "sqlite", declaring: tuple[str, ...] = ()) -> Environment:
    """The environment as the replay has it."""
    return graph(files, dialect, declaring).environments[0]


def graph(files: Mapping[str, str], dialect: str, declaring: tuple[str, ...] = ()) -> Graph:
    """Everything, with the models that `declaring` hold."""
    texts = {"env.py": ENV, **files}
    modules = {path.removesuffix(".py").replace("/", "."): path for path in texts}
    revisions = tuple(sorted(path for path in texts if path.startswith("versions/") and path.endswith(".py")))

    def load(path: str) -> Any:
        return extract(texts[path].encode(), whole=True) if path in texts else None

    return build(
        Sources(
            declaring=declaring,
            environments=(EnvironmentSource(".", "env.py", revisions, dialect),),
            load=load,
            load_whole=load,
            read=lambda path: texts[path].encode() if path in texts else None,
            imports=lambda path: imports_of(texts[path].encode()),
            calls=lambda path: calls_of(texts[path].encode()),
            find=lambda name, _: modules.get(name),
            module_name=lambda path: path.removesuffix(".py").replace("/", "."),
        )
    )


def replayed(engine: Engine, files: Mapping[str, str]) -> shapes.Shape:
    """The database as the replay has it, every step of it settled."""
    environment = replay(files, engine.dialect.name)
    assert (environment.opaque, environment.problems) == ([], [])
    with engine.connect() as connection:
        return shapes.replayed(connection, environment.tables, environment.enums, environment.views)
