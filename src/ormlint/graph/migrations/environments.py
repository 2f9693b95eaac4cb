"""Alembic environments → their revisions, and the database that replaying them gives."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from ormlint.findings import Place
from ormlint.graph.machine import Machine
from ormlint.graph.machine.modules import Modules
from ormlint.graph.machine.values import Made, Member, ModuleValue, Value, root
from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.environment import EnvPy, read_env
from ormlint.graph.migrations.files import FileName, Read
from ormlint.graph.migrations.hidden import hide
from ormlint.graph.migrations.history import History, history_of
from ormlint.graph.migrations.imported import import_remarks
from ormlint.graph.migrations.interpreter import Interpreter
from ormlint.graph.migrations.problems import cycle_problems, explained
from ormlint.graph.migrations.replay import Replay
from ormlint.graph.migrations.revisions import revision_of
from ormlint.graph.migrations.session import Session
from ormlint.graph.migrations.written import written_remarks
from ormlint.graph.model import (
    Environment,
    MetaDataInfo,
    MigratedColumn,
    MigratedTable,
    OpaqueStep,
    Revision,
    Table,
)
from ormlint.graph.sources import EnvironmentSource

_MAKERS = ("", "sqlalchemy", "sqlmodel", "flask_sqlalchemy")
"""Packages whose calls make a MetaData, a registry or a base."""
MetaDataOf = Callable[[Value], MetaDataInfo | None]


@dataclass(frozen=True, slots=True)
class Known:
    """What the models say and the replay needs: their tables, and which MetaData a value is."""

    tables: Iterable[Table]
    metadata_of: MetaDataOf
    dialect: str | None = None
    models: Collection[str] = ()
    """Ids of the mapped classes."""
    read: Read = lambda _: None
    """The bytes of a file, for the SQL files that migrations read."""


def read_environment(modules: Modules, source: EnvironmentSource, known: Known) -> Environment:
    """Replay an environment's revisions on an empty database."""
    env = read_env(modules, source.env_py)
    targets = [known.metadata_of(value) if _is_settled(value) else None for value in env.targets]
    conventions = [info.convention for info in targets if info is not None and info.convention]
    convention = {key: text for key, text in (conventions or [{}])[0].items() if text is not None}
    database = Database(source.dialect or known.dialect or "postgresql")
    version_table = _add_version_table(database, env)
    interpreter = Interpreter(modules, Session(database), convention, known.read)
    interpreter.env_py = source.env_py
    found = [_revision(interpreter, path) for path in source.revision_files]
    history = history_of(revision for revision, _ in found)
    replay = Replay(interpreter, history, {revision.id: module for revision, module in found})
    replay.run()
    environment = _environment(source.path, history, replay)
    version_table = environment.tables.pop(version_table.key, version_table)
    environment.remarks = tuple(interpreter.session.remarks)
    known_convention = convention if _are_settled(targets) else None
    for revision, module in found:
        remarks = [
            *written_remarks(modules, module, revision, known_convention, database.dialect),
            *import_remarks(interpreter, module, revision, known.models),
        ]
        environment.remarks += tuple(
            each for each in remarks if each.kind != "no-downgrade" or revision.id in replay.changing
        )
    environment.revisions = [revision for revision, _ in found]
    environment.opaque += [_unread(revision) for revision, module in found if _is_unread(modules, module)]
    environment.opaque += [_nameless(revision) for revision, _ in found if not revision.known]
    environment.version_table = env.version_table
    environment.dialect_known = bool(source.dialect or known.dialect)
    environment.compares_types = all(value is True for value in env.values("compare_type"))
    environment.long_ids = _takes_long_ids(version_table) or _speaks_of_ids(known, source.env_py)
    environment.env_place = env.place
    environment.target_metadata = _metadata_ids(env, targets)
    hide(environment, modules, env, known.tables)
    if source.env_py is not None and env.place is None:
        environment.excluded_tables = None
    return environment


def read_revisions(machine: Machine, source: EnvironmentSource) -> Environment:
    """An environment's revision graph alone, without replaying it."""
    revisions = [_revision(machine, path)[0] for path in source.revision_files]
    history = history_of(revisions)
    return Environment(source.path, revisions, history.heads, history.roots, problems=cycle_problems(history))


def _is_settled(value: Value) -> bool:
    """What a function of another package gives may be any MetaData (`current_app.extensions[…]`)."""
    owner = value.owner if isinstance(value, Member) else value
    return not isinstance(owner, Made) or root(owner) in _MAKERS


def _are_settled(targets: list[MetaDataInfo | None]) -> bool:
    """Whether it is known which conventions the MetaData have that `env.py` names."""
    return None not in targets and all(info is None or info.convention_known for info in targets)


def _add_version_table(database: Database, env: EnvPy) -> MigratedTable:
    """Alembic's own table is there before the first revision."""
    place = env.place or Place("", 0)
    table = MigratedTable(
        env.version_table,
        env.version_table_schema,
        "",
        place,
        primary_key=("version_num",),
        primary_key_name=f"{env.version_table}_pkc",
    )
    table.columns["version_num"] = MigratedColumn(
        "version_num", "", place, type="VARCHAR(32)", nullable=False, primary_key=True
    )
    database.tables[table.key] = table
    return table


def _takes_long_ids(version_table: MigratedTable) -> bool:
    """Whether a revision changes the column that holds the revision, or may."""
    column = version_table.columns.get("version_num")
    return column is None or bool(column.changed_in) or version_table.opaque


def _speaks_of_ids(known: Known, path: str | None) -> bool:
    """Whether `env.py` names the column, or Alembic's function that makes its table."""
    text = known.read(path) if path is not None else None
    return text is not None and (b"version_num" in text or b"version_table_impl" in text)


def _revision(machine: Machine, path: str) -> tuple[Revision, ModuleValue]:
    module = machine.modules.at(path)
    module.namespace["__file__"] = FileName(path)
    machine.execute(module)
    return revision_of(module), module


def _is_unread(modules: Modules, module: ModuleValue) -> bool:
    facts = modules.facts(module)
    return facts is None or facts.problem is not None


def _unread(revision: Revision) -> OpaqueStep:
    return OpaqueStep(revision.id, revision.place, "the file cannot be read")


def _nameless(revision: Revision) -> OpaqueStep:
    reason = "its `revision` or `down_revision` is missing or computed at run time"
    return OpaqueStep(revision.id, revision.place, reason)


def _environment(path: str, history: History, replay: Replay) -> Environment:
    session = replay.interpreter.session
    database = session.database
    has_past = bool(session.assumed) and _starts_late(history, replay)
    tables = {
        table.key: table
        for key, table in database.tables.items()
        if key not in database.temporary and key not in database.assumed
    }
    return Environment(
        path=path,
        heads=history.heads,
        roots=history.roots,
        tables=tables,
        opaque=replay.opaque,
        operations=session.operations,
        operations_known=session.known,
        dropped=dict(database.dropped),
        problems=explained(replay, keep_assuming=not has_past) + cycle_problems(history),
        starts_empty=not has_past,
        assumed_tables=frozenset(session.assumed),
        dialect=database.dialect,
        enums=dict(database.enums),
        views=frozenset(database.views),
    )


def _starts_late(history: History, replay: Replay) -> bool:
    """Whether the history begins with a database that is there already.

    A first revision that leaves no table, or whose own operations need tables that nothing creates.
    """
    assumed = replay.interpreter.session.assumed
    return replay.starts_late or any(
        problem.revision in history.roots for problem in replay.problems if problem.table in assumed
    )


def _metadata_ids(env: EnvPy, targets: list[MetaDataInfo | None]) -> tuple[str, ...] | None:
    if env.place is None or None in targets or not env.targets_known:
        return None
    return tuple(info.id for info in targets if info is not None)
