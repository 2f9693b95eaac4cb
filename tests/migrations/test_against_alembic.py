"""Random models beside random chains: ormlint and Alembic's `compare_metadata` say the same of them."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from chains import graph, upgraded
from hypothesis import HealthCheck, Phase, given, seed, settings
from random_models import models
from server import emptied
from sqlalchemy import Column, Connection, Engine, Index, MetaData, create_engine
from test_random_chains import NUMBERS, drawn

from ormlint.findings import Finding
from ormlint.rules import catalogue
from ormlint.rules.migrations.orphan_table import FEW

if TYPE_CHECKING:
    from shapes import Shape

ENV = """
from alembic import context
from models import Base

context.configure(target_metadata=Base.metadata)
"""
RULES = (301, 302, 303, 304, 305, 306, 307, 308, 309)
# Alembic sorts tables, and random ones refer to each other in circles.
pytestmark = pytest.mark.filterwarnings("ignore:Cannot correctly sort tables")
Drift = tuple[str, ...]
"""The rule's name, the table, and the column or the columns."""


def said_by_alembic(engine: Engine, metadata: MetaData) -> set[Drift]:
    with engine.connect() as connection:
        return drifts(
            connection, compare_metadata(MigrationContext.configure(connection), metadata), metadata
        )


def drifts(connection: Connection, diffs: Iterable[Any], metadata: MetaData) -> set[Drift]:
    """What `compare_metadata` says, as ormlint would say it."""
    there = {
        table.name: {column.name for column in table.columns} for table in _reflected(connection).values()
    }
    flat = [each for diff in diffs for each in (diff if isinstance(diff, list) else [diff])]
    known = {
        name: there[name] & set(table.columns.keys())
        for name, table in metadata.tables.items()
        if name in there
    }
    return {drift for diff in flat for drift in _drift(diff, known)}


def _reflected(connection: Any) -> dict[str, Any]:
    metadata = MetaData()
    metadata.reflect(connection)
    return dict(metadata.tables)


_OF_COLUMNS = {"modify_nullable": "nullable-drift", "modify_type": "type-drift"}
_OF_COLUMN_SETS = {"add_column": "missing-column", "remove_column": "orphan-column"}
_OF_TABLES = {"add_table": "missing-table", "remove_table": "orphan-table"}


def _drift(diff: tuple[Any, ...], known: dict[str, set[str]]) -> Iterator[Drift]:
    """What ormlint would call it; keys on columns that one side lacks are the column's matter."""
    kind, subject = diff[0], diff[1]
    if kind in _OF_TABLES:
        yield _OF_TABLES[kind], subject.name
    elif kind in _OF_COLUMN_SETS:
        yield _OF_COLUMN_SETS[kind], diff[2], diff[3].name
    elif kind in _OF_COLUMNS:
        yield _OF_COLUMNS[kind], diff[2], diff[3]
    elif kind.endswith(("_index", "_constraint", "_fk")):
        columns = _columns(subject)
        if subject.table.name in known and set(columns) <= known[subject.table.name]:
            yield _kind_of_key(kind, subject), subject.table.name, ", ".join(columns)


def _columns(key: Any) -> list[str]:
    found: Iterable[Column[Any]] = key.expressions if isinstance(key, Index) else key.columns
    return [column.name for column in found]


def _kind_of_key(kind: str, key: Any) -> str:
    if kind.endswith("_fk"):
        return "foreign-key-drift"
    return "unique-drift" if not isinstance(key, Index) or key.unique else "index-drift"


def said_by_ormlint(files: dict[str, str], dialect: str) -> set[Drift]:
    found = catalogue.check(graph(files, dialect, ("models.py",)), [f"ORM{number}" for number in RULES])
    return {_told(finding) for finding in found}


def _told(finding: Finding) -> Drift:
    subject = finding.subject
    last = subject.column or (subject.name or "").partition(" → ")[0]
    return (finding.name, str(subject.table), last) if last else (finding.name, str(subject.table))


def with_models(number: int, shape: Shape) -> str:
    """One module of models for the database."""
    found: list[str] = []

    @seed(number)
    @settings(
        max_examples=2,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(models(shape))
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return found[-1]


def compare(engine: Engine, folder: Path, files: dict[str, str], number: int) -> None:
    shape = upgraded(engine, folder, files)
    text = with_models(number, shape)
    module = types.ModuleType("models")
    exec(text, module.__dict__)  # noqa: S102
    expected = said_by_alembic(engine, module.__dict__["Base"].metadata)
    found = said_by_ormlint({**files, "env.py": ENV, "models.py": text}, engine.dialect.name)
    orphans = {drift for drift in expected if drift[0] == "orphan-table"}
    if len(orphans) > max((len(shape) - 2) / 2, FEW):  # the rule says nothing of so many
        expected -= orphans
    shown = "\n".join(f"# {path}\n{text}" for path, text in {**files, "models.py": text}.items())
    assert found == expected, shown


@pytest.mark.parametrize("number", NUMBERS)
def test_on_sqlite(number: int, tmp_path: Path) -> None:
    for index, files in enumerate(drawn(number, "sqlite")):
        folder = tmp_path / str(index)
        folder.mkdir()
        engine = create_engine(f"sqlite:///{folder}/database.sqlite")
        compare(engine, folder, files, index)
        engine.dispose()


@pytest.mark.postgresql
@pytest.mark.parametrize("number", NUMBERS)
def test_on_postgresql(number: int, postgresql: Engine, tmp_path: Path) -> None:
    for index, files in enumerate(drawn(number, "postgresql")):
        with postgresql.begin() as connection:
            emptied(connection)
        compare(postgresql, tmp_path / str(index), files, index)
