"""CREATE: tables, indexes, types and views."""

from __future__ import annotations

from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from ormlint.findings import Place
from ormlint.graph.migrations.operations import CreateEnum, CreateIndex, CreateTable, CreateView, Operation
from ormlint.graph.migrations.specs import ColumnSpec, ConstraintSpec, CopiedColumns, IndexSpec, TableName
from ormlint.graph.migrations.sql.columns import (
    column_definition,
    index_columns,
    is_table_constraint,
    table_constraint,
)
from ormlint.graph.migrations.sql.cursor import Cursor, UnreadableError
from ormlint.graph.migrations.sql.select import Selected, selected

_TABLE_WORDS = ("GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "VIRTUAL", "FOREIGN", "EXTERNAL")
_VIEW_WORDS = ("TEMP", "TEMPORARY", "RECURSIVE", "MATERIALIZED")


def create(cursor: Cursor, place: Place) -> list[Operation]:
    """What comes after CREATE; nothing for what no model or migration can see (functions, roles, …)."""
    start = cursor.position
    cursor.accept("OR", "REPLACE")
    words = []
    while word := cursor.accept_any(*_TABLE_WORDS, "RECURSIVE", "MATERIALIZED"):
        words.append(word)
    if cursor.accept("TABLE"):
        return [_table(cursor, place, temporary=bool({"TEMP", "TEMPORARY"} & set(words)))]
    if cursor.accept("VIEW"):
        return [_view(cursor, place)]
    if cursor.accept("TYPE"):
        return _type(cursor, place)
    cursor.position = start
    unique = bool(cursor.accept_any("UNIQUE"))
    cursor.accept_any("FULLTEXT", "SPATIAL", "CLUSTERED", "NONCLUSTERED")
    return [_index(cursor, place, unique)] if cursor.accept("INDEX") else []


class _Body(Struct):
    columns: list[ColumnSpec] = []
    constraints: list[ConstraintSpec] = []
    indexes: list[IndexSpec] = []
    copied: list[CopiedColumns] = []
    complete: bool = True


def _table(cursor: Cursor, place: Place, temporary: bool) -> CreateTable:
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = cursor.table_name()
    if name.schema in ("temp", "pg_temp"):
        name, temporary = TableName(name.name), True
    body = _Body()
    if cursor.accept("PARTITION", "OF") or cursor.accept("LIKE"):
        body.copied.append(CopiedColumns(cursor.table_name(), defaults=True, generated=True, keys=True))
    elif cursor.keyword == "(":
        _read_elements(cursor, body, place)
    elif cursor.keyword in ("OF", "USING"):
        body.complete = False
    _read_tail(cursor, body)
    return CreateTable(
        table=name,
        columns=tuple(body.columns),
        place=place,
        constraints=tuple(body.constraints),
        indexes=tuple(body.indexes),
        copied=tuple(body.copied),
        if_not_exists=if_not_exists,
        temporary=temporary,
        complete=body.complete,
    )


def _read_elements(cursor: Cursor, body: _Body, place: Place) -> None:
    for element in cursor.bracketed():
        body.complete = _read_element(element, body, place) and body.complete


def _read_element(element: Cursor, body: _Body, place: Place) -> bool:
    """Read a column or a constraint; false where it is none that is known."""
    try:
        if element.accept("LIKE"):
            source = element.table_name()
            body.copied.append(_like(source, element.rest.upper().split()))
        elif is_table_constraint(element):
            constraint = table_constraint(element, place)
            if isinstance(constraint, IndexSpec):
                body.indexes.append(constraint)
            elif constraint is not None:
                body.constraints.append(constraint)
        else:
            definition = column_definition(element, place)
            body.columns.append(definition.column)
            body.constraints.extend(definition.constraints)
    except UnreadableError:
        return False
    return True


def _like(source: TableName, options: list[str]) -> CopiedColumns:
    """`LIKE other INCLUDING ALL EXCLUDING DEFAULTS`."""
    pairs = set(pairwise(options))

    def has(word: str) -> bool:
        included = {("INCLUDING", word), ("INCLUDING", "ALL")} & pairs
        return bool(included) and ("EXCLUDING", word) not in pairs

    return CopiedColumns(source, defaults=has("DEFAULTS"), generated=has("GENERATED"), keys=has("INDEXES"))


def _read_tail(cursor: Cursor, body: _Body) -> None:
    """Table options, INHERITS, and the query of CREATE TABLE AS."""
    while cursor.token is not None:
        if cursor.accept("FOR", "VALUES"):
            continue  # of a partition
        if cursor.accept("INHERITS"):
            body.copied += [
                CopiedColumns(p.table_name(), defaults=True, generated=True) for p in cursor.bracketed()
            ]
        elif cursor.accept("AS", "TABLE"):
            body.copied.append(CopiedColumns(cursor.table_name(), keep_not_null=False))
        elif cursor.keyword in ("SELECT", "WITH", "VALUES", "EXECUTE") and _starts_query(cursor):
            _read_query(cursor.rest, cursor.dialect, body)
            return
        elif cursor.accept("AS", "("):
            _read_query(cursor.rest.rstrip("; \n)"), cursor.dialect, body)
            return
        else:
            cursor.step()


def _starts_query(cursor: Cursor) -> bool:
    """`WITH (fillfactor=70)`, `WITH NO DATA` and `TABLESPACE x` start none."""
    following = cursor.tokens[cursor.position + 1 : cursor.position + 2]
    return cursor.keyword != "WITH" or bool(following and following[0].upper not in ("(", "NO", "DATA"))


def _read_query(query: str, dialect: str, body: _Body) -> None:
    names = [column.name for column in body.columns]
    outcome = selected(query, dialect)
    body.columns = []
    if outcome is None:
        body.complete = False
        return
    if names:
        outcome = Selected(outcome.source, tuple(zip(names, [c for _, c in outcome.columns], strict=False)))
    if outcome.whole and outcome.source is not None:
        body.copied.append(CopiedColumns(outcome.source, keep_not_null=False))
    elif outcome.whole:
        body.complete = False
    else:
        pairs = tuple((name, column or "") for name, column in outcome.columns)
        body.copied.append(CopiedColumns(outcome.source, pairs, keep_not_null=False))


def _view(cursor: Cursor, place: Place) -> CreateView:
    cursor.accept("IF", "NOT", "EXISTS")
    return CreateView(cursor.table_name(), place)


def _type(cursor: Cursor, place: Place) -> list[Operation]:
    name = cursor.table_name()
    if not cursor.accept("AS", "ENUM"):
        return []
    members = tuple(part.string() for part in cursor.bracketed())
    return [CreateEnum(name.name, members, place)]


def _index(cursor: Cursor, place: Place, unique: bool) -> CreateIndex:
    cursor.accept("CONCURRENTLY")
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = cursor.table_name().name if cursor.keyword != "ON" else None
    cursor.skip_to("ON")
    cursor.expect("ON")
    cursor.accept("ONLY")
    table = cursor.table_name()
    cursor.skip_to("(")
    index = IndexSpec(None, place, name, unique)
    return CreateIndex(table, replace(index, columns=index_columns(cursor)), place, if_not_exists)
