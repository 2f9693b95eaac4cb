"""Which model's table is to be compared with which migrated one, and what of it is certain enough to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from ormlint.findings import Related, Subject
from ormlint.graph.concerned import of_tests
from ormlint.graph.model import Column, Environment, Graph, MigratedColumn, MigratedTable, Model, Table
from ormlint.graph.once import once

AUTOGENERATE = "`alembic revision --autogenerate` writes the migration, where the model is right"
_DEFAULT_SCHEMAS = {"postgresql": "public", "sqlite": "main", "mssql": "dbo"}


class Pair(Struct, frozen=True):
    """A table of the models beside the one that the migrations leave; both can be relied on."""

    environment: Environment
    table: Table
    migrated: MigratedTable


@once
def pairs(graph: Graph) -> list[Pair]:
    """Every table that both sides have, unless a step that is not settled may have changed it.

    Another environment that changes the table without making it goes on where this one ends.
    """
    return [*_pairs(graph, targeted(graph))]


def pairs_of(graph: Graph, environment: Environment) -> Iterator[Pair]:
    """The same of one environment."""
    return _pairs(graph, ((environment, table) for table in targets(graph, environment)))


def _pairs(graph: Graph, targeted: Iterable[tuple[Environment, Table]]) -> Iterator[Pair]:
    changed_elsewhere = frozenset[str]().union(*(each.assumed_tables for each in graph.environments))
    for environment, table in targeted:
        migrated = migrated_table(environment, table)
        if migrated is None or migrated.opaque or migrated.uncertain or table.reflected or table.is_view:
            continue
        if migrated.key not in changed_elsewhere and not touched_by_unsettled(environment, migrated.key):
            yield Pair(environment, table, migrated)


@once
def targeted(graph: Graph) -> list[tuple[Environment, Table]]:
    """Every environment with each of the tables that it migrates."""
    return [(each, table) for each in graph.environments for table in targets(graph, each)]


def targets(graph: Graph, environment: Environment) -> Iterator[Table]:
    """The models' tables that the environment migrates and does not hide; none where nothing is migrated yet.

    Where `env.py` names no MetaData, an only environment is taken to migrate all of them; where it says that
    there is none, those in the schemas that its revisions make tables in. A module that `env.py` does not
    import counts if it stands beside one that it does: it was meant to be imported.
    """
    alone = len(graph.environments) == 1
    schemas = _schemas_of(environment) if environment.target_metadata == () else None
    folders = _folders_of_models(graph, environment)
    for table in graph.tables:
        named = environment.target_metadata
        meant = table.metadata in named if named else alone
        meant = meant and (schemas is None or table.schema is None or table.schema in schemas)
        if not meant or not environment.revisions or table.key in environment.excluded_models:
            continue
        path = table.place.path
        if of_tests(path) if folders is None else posixpath.dirname(path) not in folders:
            continue
        yield table


def _schemas_of(environment: Environment) -> set[str | None]:
    """The schemas that the revisions make tables in; another one is made by something else, such as dbt."""
    keys = (*environment.tables, *environment.dropped)
    return {_DEFAULT_SCHEMAS.get(environment.dialect), *(key.rpartition(".")[0] for key in keys)}


def _folders_of_models(graph: Graph, environment: Environment) -> set[str] | None:
    """The folders that `env.py` gets models from; `None` where its imports are not settled."""
    if environment.reached is None:
        return None
    paths = {table.place.path for table in graph.tables} & environment.reached
    return {posixpath.dirname(path) for path in paths} or None


def migrated_table(environment: Environment, table: Table) -> MigratedTable | None:
    """The migrated table of the same name; PostgreSQL's `public` and no schema are the same."""
    if not table.schema_known:
        namesakes = [each for each in environment.tables.values() if each.name == table.name]
        return namesakes[0] if len(namesakes) == 1 else None
    default = _DEFAULT_SCHEMAS.get(environment.dialect)
    schemas = [table.schema]
    if table.schema == default:
        schemas.append(None)
    elif table.schema is None:
        schemas.append(default)
    for schema in schemas:
        key = f"{schema}.{table.name}" if schema else table.name
        if key in environment.tables:
            return environment.tables[key]
    if environment.dialect == "postgresql":
        return None
    folded = table.key.casefold()
    return next((each for key, each in environment.tables.items() if key.casefold() == folded), None)


def touched_by_unsettled(environment: Environment, key: str) -> bool:
    """Whether a step that is not settled may have made or dropped the table, or changed its columns."""
    steps = (step for step in environment.opaque if not step.keys_only)
    return any(step.tables is None or key in step.tables for step in steps)


def has_column(environment: Environment, columns: Mapping[str, object], name: str) -> bool:
    """Whether the columns have one of that name, as the database compares names."""
    if name in columns:
        return True
    return environment.dialect != "postgresql" and name.casefold() in {each.casefold() for each in columns}


def shared_columns(pair: Pair) -> Iterator[tuple[Column, MigratedColumn]]:
    """The columns that both sides are certain to have, and `env.py` does not hide."""
    environment, key = pair.environment, pair.migrated.key
    if environment.excluded_tables is None or key in environment.excluded_tables:
        return
    folds = environment.dialect != "postgresql"
    migrated = {name.casefold() if folds else name: each for name, each in pair.migrated.columns.items()}
    for column in pair.table.columns.values():
        other = migrated.get(column.name.casefold() if folds else column.name)
        if (key, column.name) in environment.excluded_columns:
            continue
        if other is not None and not other.uncertain:
            yield column, other


def model_of(graph: Graph, table: Table) -> Model | None:
    """The class that the table was declared for, of several the one that stands where the table does."""
    mapped = _by_table(graph).get(table.key)
    if mapped is None:
        return None
    return next((model for model in mapped if model.place == table.place), mapped[0])


@once
def _by_table(graph: Graph) -> dict[str | None, list[Model]]:
    """The classes by the key of their table."""
    found: dict[str | None, list[Model]] = {}
    for model in graph.models.values():
        found.setdefault(model.table, []).append(model)
    return found


def subject_of(graph: Graph, table: Table, column: str | None = None, name: str | None = None) -> Subject:
    """The model's side of a drift."""
    model = model_of(graph, table)
    return Subject(model=model.id if model else None, table=table.key, column=column, name=name)


def operations_on(column: MigratedColumn) -> tuple[Related, ...]:
    """Where a migrated column was added, and where it was changed last."""
    found: tuple[Related, ...] = (Related(column.place, f"revision `{column.revision}` adds it here"),)
    if column.changed_in:
        revision, place = column.changed_in[-1]
        found += (Related(place, f"revision `{revision}` changes it here"),)
    return found


def may_exist(environment: Environment, table: Table) -> bool:
    """Whether the migrations make the table, or may, or need not."""
    if not environment.starts_empty and table.key not in environment.dropped:
        return True  # it may be older than the history
    if _makes(environment, table):
        return True
    if not table.schema_known and any(each.name == table.name for each in environment.tables.values()):
        return True
    return touched_by_unsettled(environment, table.key)


def _makes(environment: Environment, table: Table) -> bool:
    """Whether the migrations make the table, or a view of its name."""
    if migrated_table(environment, table) is not None or table.key in environment.views:
        return True
    return table.schema is not None and table.name in environment.views


def is_view(graph: Graph, table: Table) -> bool:
    """Whether the project says of a table, or makes it so, that it is a view."""
    return table.is_view or any(
        table.key in each.views or table.name in each.views for each in graph.environments
    )


def strays(graph: Graph) -> Iterator[Table]:
    """The models' tables on a MetaData that no environment migrates, and that none makes."""
    for table in graph.tables:
        info = graph.metadatas.get(table.metadata)
        stray = info is not None and not info.migrated_by
        if stray and not any(_makes(each, table) for each in graph.environments):
            yield table


def lacking_tables(graph: Graph) -> list[tuple[Table, list[Environment]]]:
    """The models' tables that no migration makes, each with the environments that should.

    Services that share a database may map each other's tables, which the environment of one makes.
    """
    wanted: dict[int, tuple[Table, list[Environment]]] = {}
    for environment, table in targeted(graph):
        wanted.setdefault(id(table), (table, []))[1].append(environment)
    return [
        (table, environments)
        for table, environments in wanted.values()
        if not (table.source == "continuum" or table.is_view or table.reflected)
        and not any(may_exist(environment, table) for environment in environments)
        and not any(_makes(each, table) for each in graph.environments)
    ]


def older_tables(graph: Graph, environment: Environment) -> list[Table]:
    """The models' tables that are older than the history, so that nothing is known of what they have.

    Those are what no migration makes, of a history that begins with a database that is there; what the
    settings call external is not counted.
    """
    if environment.starts_empty:
        return []
    return [
        table
        for table in targets(graph, environment)
        if table.key not in environment.dropped
        and not graph.options.is_external(table.key)
        and not (table.is_view or table.reflected or table.source == "continuum")
        and not any(_makes(each, table) for each in graph.environments)
    ]


def mapped(graph: Graph, environment: Environment) -> frozenset[str]:
    """The keys of the migrated tables that any model or `Table` of the project is on, or may be."""
    found = (migrated_table(environment, table) for table in graph.tables)
    keys = {migrated.key for migrated in found if migrated is not None}
    names = {table.name for table in graph.tables if not table.schema_known}
    return frozenset(key for key, each in environment.tables.items() if key in keys or each.name in names)


def knows_its_tables(graph: Graph, environment: Environment) -> bool:
    """Whether every MetaData that it migrates is the project's alone; another package's may have any table.

    One beside others that names no MetaData is of a program without models.
    """
    if environment.target_metadata is None or environment.imports_models:
        return False
    if not environment.target_metadata and len(graph.environments) > 1:
        return False
    infos = [graph.metadatas.get(key) for key in environment.target_metadata]
    return all(info is not None and info.tables for info in infos)
