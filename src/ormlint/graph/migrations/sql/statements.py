"""The steps of a raw SQL text, as the same operations that `op.*` calls give."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from ormlint.findings import Place
from ormlint.graph.migrations.operations import (
    AddConstraint,
    Choice,
    CreateTable,
    DropConstraint,
    DropEnum,
    DropIndex,
    DropTable,
    DropView,
    Guarded,
    Opaque,
    Operation,
    SetPragma,
    Step,
)
from ormlint.graph.migrations.specs import PrimaryKeySpec
from ormlint.graph.migrations.sql import plpgsql
from ormlint.graph.migrations.sql.alter import alter, rename
from ormlint.graph.migrations.sql.create import create
from ormlint.graph.migrations.sql.cursor import Cursor, UnreadableError
from ormlint.graph.migrations.sql.text import UNKNOWN, statements

_RELEVANT = re.compile(rf"\b(CREATE|ALTER|DROP|RENAME|INTO|EXEC\w*)\b|{UNKNOWN}", re.IGNORECASE)
_PRAGMA = re.compile(
    r"\s*PRAGMA\s+(?:\w+\.)?(legacy_alter_table|foreign_keys)\s*[=(]\s*'?(\w+)'?\s*\)?\s*", re.IGNORECASE
)
_SCHEMA_WORDS = re.compile(r"\b(CREATE|ALTER|DROP|RENAME)\b", re.IGNORECASE)


def steps(sql: str, dialect: str, place: Place) -> list[Step]:
    """What the text does to the schema, in order; data is nothing, nor are settings but two of SQLite's."""
    pragma = _PRAGMA.fullmatch(sql.rstrip("; \n\t"))
    if pragma is not None:
        on = pragma[2].lower() in ("1", "on", "true", "yes")
        return [SetPragma(pragma[1].lower(), on, place)]
    if not _RELEVANT.search(sql):
        return []
    return [step for text in statements(sql, dialect) for step in _steps_of(text, dialect, place)]


def _steps_of(text: str, dialect: str, place: Place) -> Iterator[Step]:
    cursor = Cursor(text, dialect)
    if cursor.accept("DO"):
        yield from plpgsql.steps(cursor, place, steps)
        return
    try:
        for operation in _operations(cursor, place):
            yield _settled(operation)
    except UnreadableError as problem:
        yield Opaque(f"{_opening(text)}: {problem}", place, _tables_named(text, dialect))


def _operations(cursor: Cursor, place: Place) -> list[Operation]:
    word = cursor.accept_any("CREATE", "ALTER", "DROP", "RENAME", "SELECT", "IF", "EXEC", "EXECUTE", "BEGIN")
    if word == "CREATE":
        return create(cursor, place)
    if word == "ALTER":
        return alter(cursor, place)
    if word == "DROP":
        return list(_drop(cursor, place))
    if word == "RENAME":
        return rename(cursor, place)
    if word == "SELECT":
        return _select_into(cursor, place)
    if word and _SCHEMA_WORDS.search(cursor.rest):
        raise UnreadableError(f"a {word} statement is not followed")
    if cursor.token is not None and UNKNOWN in cursor.token.value:
        return [Opaque("the statement is not known", place)]
    return []


def _select_into(cursor: Cursor, place: Place) -> list[Operation]:
    """PostgreSQL's `SELECT … INTO new_table FROM …` makes a table."""
    while cursor.token is not None:
        if cursor.keyword == "FROM":
            return []
        if cursor.accept("INTO"):
            temporary = bool(cursor.accept_any("TEMP", "TEMPORARY"))
            cursor.accept_any("UNLOGGED", "TABLE")
            name = cursor.table_name()
            return [CreateTable(name, (), place, temporary=temporary, complete=False)]
        cursor.step()
    return []


def _drop(cursor: Cursor, place: Place) -> Iterator[Operation]:
    cursor.accept_any("MATERIALIZED", "FOREIGN", "TEMPORARY")
    kind = cursor.accept_any("TABLE", "VIEW", "TYPE", "INDEX", "SCHEMA")
    if not kind:
        return
    if kind == "SCHEMA":
        raise UnreadableError("what the schema holds is not followed")
    cursor.accept("CONCURRENTLY")
    if_exists = cursor.accept("IF", "EXISTS")
    cascade = "CASCADE" in cursor.rest.upper().split()
    while cursor.token is not None and cursor.keyword not in ("CASCADE", "RESTRICT"):
        name = cursor.table_name()
        if kind == "TABLE":
            yield DropTable(name, place, if_exists, cascade)
        elif kind == "VIEW":
            yield DropView(name, place, if_exists)
        elif kind == "TYPE":
            yield DropEnum(name.name, place, if_exists, cascade)
        else:
            table = cursor.table_name() if cursor.accept("ON") else None
            yield DropIndex(name.name, place, table, name.schema, if_exists)
        if not cursor.accept(","):
            return


def _settled(operation: Operation) -> Operation:
    """The operation, or what is left of it where a name in it is not known."""
    if not _has_unknown(operation):
        return operation
    table = getattr(operation, "table", None)
    if table is not None and not _has_unknown(table):
        if isinstance(operation, CreateTable):
            return _without_unknown(operation)
        named: frozenset[str] | None = frozenset((table.key,))
    else:
        named = None
    what = type(operation).__name__
    makes_key = isinstance(operation, AddConstraint) and isinstance(operation.constraint, PrimaryKeySpec)
    keys_only = not makes_key and any(word in what for word in ("Index", "Constraint"))
    reason = f"{what}: a name in it is computed at run time"
    return Opaque(reason, operation.place, named, keys_only, isinstance(operation, DropConstraint))


def _without_unknown(operation: CreateTable) -> CreateTable:
    return replace(
        operation,
        columns=tuple(column for column in operation.columns if not _has_unknown(column)),
        constraints=tuple(one for one in operation.constraints if not _has_unknown(one)),
        indexes=tuple(index for index in operation.indexes if not _has_unknown(index)),
        copied=tuple(copied for copied in operation.copied if not _has_unknown(copied)),
        complete=False,
    )


def _has_unknown(value: object) -> bool:
    if isinstance(value, str):
        return UNKNOWN in value
    if isinstance(value, (tuple, frozenset)):
        return any(_has_unknown(item) for item in value)
    if isinstance(value, Struct):
        return any(_has_unknown(getattr(value, name)) for name in value.__struct_fields__ if name != "place")
    return False


def _opening(text: str) -> str:
    words = text.split()
    return " ".join(words[:4]) + (" …" if len(words) > 4 else "")


def _tables_named(text: str, dialect: str) -> frozenset[str] | None:
    """The tables that a statement names which could not be read; `None` where it names none for certain."""
    if UNKNOWN in text:
        return None
    named = set()
    cursor = Cursor(text, dialect)
    while cursor.token is not None:
        if cursor.accept_any("TABLE", "ON", "FROM", "INTO", "UPDATE", "JOIN", "REFERENCES"):
            cursor.accept("IF", "NOT", "EXISTS")
            cursor.accept("IF", "EXISTS")
            following = cursor.tokens[cursor.position : cursor.position + 1]
            if following and following[0].kind in ("word", "name"):
                named.add(cursor.table_name().key)
        else:
            cursor.position += 1
    return frozenset(named) or None


def all_operations(found: list[Step]) -> Iterator[Operation]:
    """Every operation among the steps, whichever way they go."""
    for step in found:
        if isinstance(step, Choice):
            yield from all_operations([*step.then, *step.otherwise])
        elif isinstance(step, Guarded):
            yield from all_operations([*step.body, *(one for _, body in step.handlers for one in body)])
        elif isinstance(step, Operation):
            yield step
