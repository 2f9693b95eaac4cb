"""Alembic environments → their revisions, and the database that replaying them gives.

What a replay gives is kept for the next run, and most runs find it unchanged: what it takes to replay is
imported late.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from ormlint.graph.machine import Machine
from ormlint.graph.machine.modules import Modules
from ormlint.graph.machine.origins import root
from ormlint.graph.machine.values import Made, Member, Value
from ormlint.graph.memo import Memo
from ormlint.graph.migrations import keeping
from ormlint.graph.migrations.configured import Configured
from ormlint.graph.migrations.environment import EnvPy, read_env
from ormlint.graph.migrations.files import Read
from ormlint.graph.migrations.history import cycle_problems, history_of
from ormlint.graph.migrations.revisions import revision_at
from ormlint.graph.model import Environment, MetaDataInfo, Table
from ormlint.graph.reach import imports_of
from ormlint.graph.sources import EnvironmentSource

_MAKERS = ("", "sqlalchemy", "sqlmodel", "flask_sqlalchemy")
"""Packages whose calls make a MetaData, a registry or a base."""
MetaDataOf = Callable[[Value], MetaDataInfo | None]


class Known(Struct, frozen=True):
    """What the replay needs besides migrations and `env.py`."""

    dialect: str | None = None
    models: frozenset[str] = frozenset()
    """Ids of the mapped classes."""
    read: Read = lambda _: None
    """The bytes of a file, for the SQL files that migrations read."""
    find: Callable[[str, str], str | None] = lambda *_: None
    """The file of a module that another one imports, in the project."""


def read_environment(
    modules: Modules,
    source: EnvironmentSource,
    known: Known,
    metadata_of: MetaDataOf,
    tables: Callable[[], Iterable[Table]],
    memo: Memo | None = None,
) -> tuple[Environment, Configured]:
    """Read `env.py` and replay an environment's revisions; `tables` are those of the models."""
    env = read_env(modules, source.env_py)
    targets = [metadata_of(value) if _is_settled(value) else None for value in env.targets]
    configured = _configured(env, targets)
    environment = _environment(modules, source, configured, known, memo)
    if configured.hides:
        _hide(environment, modules, env, tables())
    return environment, configured


def read_again(
    modules: Modules,
    source: EnvironmentSource,
    configured: Configured,
    known: Known,
    tables: Iterable[Table],
    memo: Memo | None = None,
) -> Environment:
    """The same where it is known what `env.py` says, but for what its filter answers."""
    environment = _environment(modules, source, configured, known, memo)
    if configured.hides:
        _hide(environment, modules, read_env(modules, source.env_py), tables)
    return environment


def _hide(environment: Environment, modules: Modules, env: EnvPy, tables: Iterable[Table]) -> None:
    from ormlint.graph.migrations.hidden import hide  # noqa: PLC0415 - few projects hide anything

    hide(environment, modules, env, tables)


def _environment(
    modules: Modules, source: EnvironmentSource, configured: Configured, known: Known, memo: Memo | None
) -> Environment:
    """Replay an environment's revisions on an empty database, unless the last run's replay still holds."""
    environment = _replayed(modules, source, configured, known, memo)
    environment.version_table = configured.version_table
    environment.dialect_known = bool(source.dialect or known.dialect)
    environment.compares_types = configured.compares_types
    environment.long_ids |= _speaks_of_ids(known, source.env_py)
    environment.imports_models = configured.plugs_in or _imports_models(known, source.env_py)
    environment.env_place = configured.place
    environment.target_metadata = configured.target_metadata
    environment.names_constraints = configured.names
    if source.env_py is not None and configured.place is None:
        environment.excluded_tables = None
    return environment


def _configured(env: EnvPy, targets: list[MetaDataInfo | None]) -> Configured:
    conventions = [info.convention for info in targets if info is not None and info.convention]
    stated = [each for each in env.conventions if isinstance(each, dict)]
    conventions = [*stated, *conventions]
    return Configured(
        env.place,
        env.version_table,
        env.version_table_schema,
        all(value is True for value in env.values("compare_type")),
        {key: text for key, text in (conventions or [{}])[0].items() if isinstance(text, str)},
        _are_settled(targets) and len(stated) == len(env.conventions),
        _metadata_ids(env, targets),
        bool(env.values("include_object") or env.values("include_name")),
        bool(env.conventions),
        env.plugs_in,
    )


def _replayed(
    modules: Modules, source: EnvironmentSource, configured: Configured, known: Known, memo: Memo | None
) -> Environment:
    dialect = source.dialect or known.dialect or "postgresql"
    unit, machine = source.replay, Machine(modules)
    convention, is_known = configured.convention, configured.convention_known
    rests_on = (source, dialect, convention, is_known, configured.place)
    version_table = configured.version_table, configured.version_table_schema
    key = hashlib.sha256(repr((rests_on, version_table)).encode()).hexdigest()
    content = memo.recall(unit, key) if memo is not None else None
    environment = keeping.decoded(content, machine, known.models) if content is not None else None
    if environment is not None:
        if memo is not None:
            memo.carry(source.transcripts)
        return environment
    if memo is not None:
        memo.forget(unit)
    from ormlint.graph.migrations.anew import replay  # noqa: PLC0415 - see above
    from ormlint.graph.migrations.replayed import Ground  # noqa: PLC0415

    ground = Ground(dialect, configured, known.models, known.read)
    return replay(modules, source, ground, memo, key)


def read_revisions(machine: Machine, source: EnvironmentSource) -> Environment:
    """An environment's revision graph alone, without replaying it."""
    revisions = [revision_at(machine, path)[0] for path in source.revision_files]
    history = history_of(revisions)
    return Environment(source.path, revisions, history.heads, history.roots, problems=cycle_problems(history))


def _is_settled(value: Value) -> bool:
    """What a function of another package gives may be any MetaData (`current_app.extensions[…]`)."""
    owner = value.owner if isinstance(value, Member) else value
    return not isinstance(owner, Made) or root(owner) in _MAKERS


def _are_settled(targets: list[MetaDataInfo | None]) -> bool:
    """Whether it is known which conventions the MetaData have that `env.py` names."""
    return None not in targets and all(info is None or info.convention_known for info in targets)


def _speaks_of_ids(known: Known, path: str | None) -> bool:
    """Whether `env.py` names the column, or Alembic's function that makes its table."""
    text = known.read(path) if path is not None else None
    return text is not None and (b"version_num" in text or b"version_table_impl" in text)


def _imports_models(known: Known, path: str | None) -> bool:
    """Whether `env.py` imports modules of models that are not the project's."""
    text = known.read(path) if path is not None else None
    if path is None or text is None:
        return False
    written = (f"{name}.{item}".strip(".") for name, item, _ in imports_of(text).names if name[:1] != ".")
    models = {name for name in written if any(_MODELS.search(part) for part in name.split("."))}
    return any(known.find(name.partition(".")[0], path) is None for name in models)


_MODELS = re.compile(r"(?:^|_)models?$")


def _metadata_ids(env: EnvPy, targets: list[MetaDataInfo | None]) -> tuple[str, ...] | None:
    if env.place is None or None in targets or not env.targets_known:
        return None
    return tuple(info.id for info in targets if info is not None)
