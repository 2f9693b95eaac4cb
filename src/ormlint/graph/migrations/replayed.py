"""An environment's revisions, run one after another: the database that they give, and what is odd in them."""

from __future__ import annotations

from collections.abc import Container

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.machine.modules import Modules
from ormlint.graph.machine.values import ModuleValue
from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.environment import EnvPy
from ormlint.graph.migrations.files import Read
from ormlint.graph.migrations.history import History, cycle_problems, history_of
from ormlint.graph.migrations.imported import import_remarks
from ormlint.graph.migrations.interpreter import Interpreter
from ormlint.graph.migrations.names import Convention
from ormlint.graph.migrations.problems import explained
from ormlint.graph.migrations.replay import Replay
from ormlint.graph.migrations.revisions import revision_at
from ormlint.graph.migrations.session import Session
from ormlint.graph.migrations.written import written_remarks
from ormlint.graph.model import Environment, MigratedColumn, MigratedTable, OpaqueStep, Revision
from ormlint.graph.sources import EnvironmentSource


class Ground(Struct, frozen=True):
    """What a replay stands on besides the migrations' own files."""

    dialect: str
    convention: Convention
    convention_known: bool
    models: Container[str]
    """Ids of the mapped classes."""
    read: Read
    """The bytes of a file, for the SQL files that migrations read."""


def replayed(
    modules: Modules, source: EnvironmentSource, env: EnvPy, ground: Ground
) -> tuple[Environment, bool]:
    """The environment as its migrations alone tell of it, and whether one of them may rest on any module."""
    database = Database(ground.dialect)
    version_table = _add_version_table(database, env)
    interpreter = Interpreter(modules, Session(database), ground.convention, ground.read)
    interpreter.env_py = source.env_py
    found = [revision_at(interpreter, path) for path in source.revision_files]
    history = history_of(revision for revision, _ in found)
    replay = Replay(interpreter, history, {revision.id: module for revision, module in found})
    replay.run()
    environment = _environment(source.path, history, replay)
    version_table = environment.tables.pop(version_table.key, version_table)
    environment.remarks = tuple(interpreter.session.remarks)
    convention = ground.convention if ground.convention_known else None
    for revision, module in found:
        remarks = [
            *written_remarks(modules, module, revision, convention, database.dialect),
            *import_remarks(interpreter, module, revision, ground.models),
        ]
        environment.remarks += tuple(
            each for each in remarks if each.kind != "no-downgrade" or revision.id in replay.changing
        )
    environment.revisions = [revision for revision, _ in found]
    environment.opaque += [_unread(revision) for revision, module in found if _is_unread(modules, module)]
    environment.opaque += [_nameless(revision) for revision, _ in found if not revision.known]
    environment.long_ids = _takes_long_ids(version_table)
    return environment, interpreter.looked_everywhere


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
    database.add(table)
    return table


def _takes_long_ids(version_table: MigratedTable) -> bool:
    """Whether a revision changes the column that holds the revision, or may."""
    column = version_table.columns.get("version_num")
    return column is None or bool(column.changed_in) or version_table.opaque


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
