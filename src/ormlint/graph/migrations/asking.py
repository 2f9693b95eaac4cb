"""What migrations ask of the database in the midst of the replay, as plain data, and the answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from ormlint.graph.machine.values import Unknown, Value
from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.inspector import NoSuchTableError, has_index, reflected
from ormlint.graph.migrations.results import rows_of
from ormlint.graph.migrations.sql import questions

NO_SUCH_TABLE = Unknown("NoSuchTableError")
"""The answer that an inspector gives by raising an exception."""


class _Question(Struct, frozen=True, array_like=True, tag=True, tag_field="kind"):
    """Told apart by the name of its class where it is kept."""


class Reflection(_Question, frozen=True):
    """`inspector.<method>(table, schema=schema)`."""

    method: str
    table: Any
    schema: Any


class IndexNamed(_Question, frozen=True):
    """`inspector.has_index(table, index)`."""

    table: Any
    index: Any


class Query(_Question, frozen=True):
    """SQL that reads, and the values of its parameters by name or in turn."""

    sql: str
    parameters: Any


class Mentioned(_Question, frozen=True):
    """Which tables have one of these names or keys."""

    names: tuple[str, ...]


Question = Reflection | IndexNamed | Query | Mentioned


def answer(database: Database, question: Question) -> Value:
    """What the database says to it as it is now."""
    return _ANSWERS[type(question)](database, question)


def digest_of(answer: Value) -> str:
    """Tells one answer from another."""
    return hashlib.sha256(repr(answer).encode("utf-8", "surrogatepass")).hexdigest()


def is_plain(question: Question) -> bool:
    """Whether it can be asked again in another run: all in it is text, a number or nothing."""
    if isinstance(question, Query):
        given = question.parameters
        return all(map(_is_plain, given.values() if isinstance(given, dict) else given or ()))
    return all(_is_plain(getattr(question, name)) for name in question.__struct_fields__)


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return value is None or type(value) in (str, int, float, bool)


def _reflection(database: Database, question: Reflection) -> Value:
    try:
        return reflected(database, question.method, question.table, question.schema)
    except NoSuchTableError:
        return NO_SUCH_TABLE


def _query(database: Database, question: Query) -> Value:
    return rows_of(questions.answer(question.sql, question.parameters, database))


def _mentioned(database: Database, question: Mentioned) -> Value:
    named = frozenset(question.names)
    return [key for key, table in database.tables.items() if key in named or table.name in named]


_ANSWERS: dict[type, Callable[[Database, Any], Value]] = {
    Reflection: _reflection,
    IndexNamed: lambda database, question: has_index(database, question.table, question.index),
    Query: _query,
    Mentioned: _mentioned,
}
