"""Column definitions and table constraints, as CREATE TABLE and ALTER TABLE write them."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from ormlint.findings import Place
from ormlint.graph.migrations.specs import (
    CheckSpec,
    ColumnSpec,
    ConstraintSpec,
    ForeignKeySpec,
    IndexSpec,
    PrimaryKeySpec,
    UniqueSpec,
)
from ormlint.graph.migrations.sql.cursor import Cursor, UnreadableError
from ormlint.graph.migrations.sql.types import enum_name, is_serial, type_expression

MYSQL = ("mysql", "mariadb")

# fmt: off
_AFTER_TYPE = frozenset((
    "CONSTRAINT", "NOT", "NULL", "DEFAULT", "PRIMARY", "UNIQUE", "REFERENCES", "CHECK", "GENERATED", "AS",
    "COLLATE", "COMMENT", "AUTO_INCREMENT", "AUTOINCREMENT", "ON", "AFTER", "FIRST", "KEY", "STORED",
    "VIRTUAL", "CHARSET", "IDENTITY", "STORAGE", "COMPRESSION", "INVISIBLE", "VISIBLE", "DEFERRABLE",
    "INITIALLY", "MATCH", "USING", "OPTIONS", "PERSISTENT",
))
# fmt: on


class Definition(Struct):
    """A column definition read so far."""

    column: ColumnSpec
    constraints: list[ConstraintSpec] = []


def column_definition(cursor: Cursor, place: Place) -> Definition:
    """`name type constraint...`; the type may be missing, as SQLite allows."""
    name = cursor.identifier()
    text = type_text(cursor)
    expression = type_expression(text, cursor.dialect) if text else "NullType()"
    column = ColumnSpec(name, place, type=expression, enum=enum_name(text, cursor.dialect))
    if is_serial(text) and cursor.dialect == "postgresql":
        column = replace(column, nullable=False, server_default=True, enum=None)
    definition = Definition(column)
    while cursor.token is not None:
        _column_constraint(cursor, definition, place)
    return definition


def type_text(cursor: Cursor) -> str:
    """The text of the type that comes next."""
    start = cursor.token.start if cursor.token is not None else 0
    end = start
    while cursor.token is not None:
        if cursor.keyword in _AFTER_TYPE or (end > start and cursor.keyword in ("CHARACTER", ",")):
            break
        cursor.step()
        end = cursor.tokens[min(cursor.position, len(cursor.tokens)) - 1].end
    return cursor.text[start:end]


def _column_constraint(cursor: Cursor, definition: Definition, place: Place) -> None:
    name = cursor.identifier() if cursor.accept("CONSTRAINT") else None
    column = definition.column
    if cursor.accept("NOT", "NULL"):
        definition.column = replace(column, nullable=False)
    elif cursor.accept("NULL"):
        definition.column = replace(column, nullable=True)
    elif cursor.accept("DEFAULT"):
        definition.column = replace(column, server_default=not _default_is_null(cursor))
    elif cursor.accept("PRIMARY", "KEY"):
        definition.constraints.append(PrimaryKeySpec((column.name,), place, name))
    elif cursor.accept("UNIQUE"):
        cursor.accept("KEY")
        definition.constraints.append(UniqueSpec((column.name,), place, name))
    elif cursor.keyword == "REFERENCES":
        foreign_key = _references(cursor, (column.name,), place, name)
        if cursor.dialect != "mysql":  # which reads the clause and forgets it
            definition.constraints.append(foreign_key)
    elif cursor.accept("CHECK"):
        definition.constraints.append(CheckSpec(place, cursor.bracketed_text(), name, column.name))
    elif cursor.keyword in ("GENERATED", "AS"):
        definition.column = _generated(cursor, column)
    else:
        cursor.step()


def _default_is_null(cursor: Cursor) -> bool:
    null = cursor.keyword == "NULL"
    cursor.step()
    while cursor.token is not None and cursor.keyword not in _AFTER_TYPE:
        null = False
        cursor.step()
    return null


def _generated(cursor: Cursor, column: ColumnSpec) -> ColumnSpec:
    """`GENERATED ALWAYS AS (…) STORED`, or `GENERATED … AS IDENTITY`, which is NOT NULL and fills itself."""
    while cursor.token is not None and not cursor.accept("AS"):
        cursor.step()
    if cursor.accept("IDENTITY"):
        return replace(column, nullable=False, server_default=True)
    if cursor.keyword == "(":
        cursor.step()
    return replace(column, computed=True)


def _references(
    cursor: Cursor, columns: tuple[str, ...] | None, place: Place, name: str | None
) -> ForeignKeySpec:
    cursor.expect("REFERENCES")
    referred = cursor.table_name()
    referred_columns = cursor.names() if cursor.keyword == "(" else ()
    while cursor.accept("ON") and cursor.accept_any("DELETE", "UPDATE"):
        if cursor.accept_any("SET", "NO"):
            cursor.step()
            if cursor.keyword == "(":
                cursor.step()
        else:
            cursor.step()
    if cursor.accept("MATCH"):
        cursor.step()
    return ForeignKeySpec(columns, referred, place, referred_columns, name)


def is_table_constraint(cursor: Cursor) -> bool:
    """Whether a constraint, not a column, comes next."""
    token = cursor.token
    if token is None or token.kind != "word":
        return False
    if token.upper in ("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "EXCLUDE"):
        return True
    return cursor.dialect in MYSQL and token.upper in ("KEY", "INDEX", "FULLTEXT", "SPATIAL")


def table_constraint(cursor: Cursor, place: Place) -> ConstraintSpec | IndexSpec | None:
    """The constraint; `None` for one that has no place in the model (EXCLUDE)."""
    name = None
    if cursor.accept("CONSTRAINT") and cursor.keyword not in ("PRIMARY", "UNIQUE", "FOREIGN", "CHECK"):
        name = cursor.identifier()
    if cursor.accept("PRIMARY", "KEY"):
        cursor.skip_to("(", "USING")
        if cursor.accept("USING", "INDEX"):
            index = cursor.identifier()
            return PrimaryKeySpec((), place, name or index, using_index=index)
        return PrimaryKeySpec(_key_columns(cursor), place, name)
    if cursor.accept("UNIQUE"):
        return _unique(cursor, place, name)
    if cursor.accept("FOREIGN", "KEY"):
        name = name or (cursor.identifier() if cursor.keyword != "(" else None)
        return _references(cursor, cursor.names(), place, name)
    if cursor.accept("CHECK"):
        return CheckSpec(place, cursor.bracketed_text(), name)
    if cursor.accept_any("KEY", "INDEX", "FULLTEXT", "SPATIAL"):
        cursor.accept_any("KEY", "INDEX")
        index_name = cursor.identifier() if cursor.keyword not in ("(", "USING") else None
        cursor.skip_to("(")
        return IndexSpec(index_columns(cursor), place, index_name, unique=False)
    if cursor.accept("EXCLUDE"):
        return None
    raise UnreadableError(f"expected a constraint at {cursor.rest[:30]!r}")


def _unique(cursor: Cursor, place: Place, name: str | None) -> UniqueSpec:
    if cursor.accept("USING", "INDEX"):
        index = cursor.identifier()
        return UniqueSpec(None, place, name or index, using_index=index)
    cursor.accept_any("KEY", "INDEX")
    if cursor.dialect in MYSQL and cursor.keyword != "(":
        name = name or cursor.identifier()
    cursor.skip_to("(")
    return UniqueSpec(_key_columns(cursor), place, name)


def _key_columns(cursor: Cursor) -> tuple[str, ...]:
    """Columns of a key; MySQL and SQLite allow a length or an order after each."""
    return tuple(part.identifier() for part in cursor.bracketed())


def index_columns(cursor: Cursor) -> tuple[str, ...]:
    """Columns of an index; what is more than a column stays as its text."""
    return tuple(_index_column(part) for part in cursor.bracketed())


def _index_column(part: Cursor) -> str:
    first, second = part.token, part.tokens[1] if len(part.tokens) > 1 else None
    if first is None or first.kind not in ("word", "name"):
        return part.text
    if second is not None and second.kind == "other" and second.value != "(":
        return part.text
    if second is not None and second.value == "(" and part.dialect not in MYSQL:
        return part.text
    return part.identifier()
