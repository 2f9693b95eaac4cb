"""An environment's revisions, run one after another: the database that they give, and what is odd in them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.machine.modules import Modules
from ormlint.graph.migrations.configured import Configured
from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.files import Read
from ormlint.graph.migrations.history import History, cycle_problems, history_of
from ormlint.graph.migrations.problems import explained
from ormlint.graph.migrations.programs import Programs
from ormlint.graph.migrations.replay import Replay
from ormlint.graph.migrations.scripts import Script, Told
from ormlint.graph.migrations.session import Session
from ormlint.graph.migrations.sql.parse import Queries
from ormlint.graph.model import Environment, MigratedColumn, MigratedTable, OpaqueStep, Revision
from ormlint.graph.sources import EnvironmentSource


class Ground(Struct, frozen=True):
    """What a replay stands on besides the migrations' own files."""

    dialect: str
    configured: Configured
    models: frozenset[str]
    """Ids of the mapped classes."""
    read: Read
    """The bytes of a file, for the SQL files that migrations read."""

    @property
    def told_by(self) -> object:
        """All of it that has a say in what a migration comes to by itself."""
        configured = self.configured
        return self.dialect, sorted(configured.convention.items()), configured.convention_known


class Known(Struct, frozen=True):
    """What the last run tells: of some migration files, by path, and of queries."""

    told: Mapping[str, Told]
    queries: Queries


class Replayed(Struct, frozen=True):
    """The environment as its migrations alone tell of it, and what they are."""

    environment: Environment
    scripts: list[Script]
    told: list[Told]
    """What there is to tell of each."""
    programs: Programs
    queries: Queries


def replayed(modules: Modules, source: EnvironmentSource, ground: Ground, known: Known) -> Replayed:
    """Replay the migrations of an environment."""
    session = Session(Database(ground.dialect, queries=known.queries))
    version_table = _add_version_table(session.database, ground.configured)
    programs = Programs(modules, session, ground.configured.convention, ground.read, source.env_py)
    scripts = [Script(programs, path, known.told.get(path)) for path in source.revision_files]
    history = history_of(script.revision for script in scripts)
    replay = Replay(programs, session, history, {script.revision.id: script for script in scripts})
    replay.run()
    environment = _environment(source.path, history, replay)
    version_table = environment.tables.pop(version_table.key, version_table)
    environment.remarks = tuple(session.remarks)
    configured = ground.configured
    convention = configured.convention if configured.convention_known else None
    all_told = [script.tell(convention, ground.dialect, ground.models) for script in scripts]
    for each in all_told:
        environment.remarks += tuple(
            remark
            for remark in each.remarks
            if remark.kind != "no-downgrade" or each.revision.id in replay.changing
        )
    environment.revisions = [each.revision for each in all_told]
    environment.opaque += [_unread(each.revision) for each in all_told if each.is_unread]
    environment.opaque += [_nameless(each.revision) for each in all_told if not each.revision.known]
    environment.opaque += [_beyond(path) for path in source.continued_in]
    environment.long_ids = _takes_long_ids(version_table)
    return Replayed(environment, scripts, all_told, programs, known.queries)


def _add_version_table(database: Database, env: Configured) -> MigratedTable:
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


def _unread(revision: Revision) -> OpaqueStep:
    return OpaqueStep(revision.id, revision.place, "the file cannot be read")


def _nameless(revision: Revision) -> OpaqueStep:
    reason = "its `revision` or `down_revision` is missing or computed at run time"
    return OpaqueStep(revision.id, revision.place, reason)


def _beyond(path: str) -> OpaqueStep:
    name = path.rpartition("/")[2].removesuffix(".py")
    return OpaqueStep(name, Place(path, 1), "it lies in a folder that no configuration names")


def _environment(path: str, history: History, replay: Replay) -> Environment:
    session = replay.session
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
    assumed = replay.session.assumed
    return replay.starts_late or any(
        problem.revision in history.roots for problem in replay.problems if problem.table in assumed
    )
