"""ALTER: tables, indexes, types; and MySQL's RENAME TABLE."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.migrations.operations import (
    AddColumn,
    AddConstraint,
    AddEnumValue,
    AlterColumn,
    ConstraintKind,
    CreateIndex,
    CreateView,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropView,
    Opaque,
    Operation,
    RenameConstraint,
    RenameEnum,
    RenameEnumValue,
    RenameIndex,
    RenameTable,
)
from ormlint.graph.migrations.specs import IndexSpec, TableName
from ormlint.graph.migrations.sql.columns import (
    MYSQL,
    column_definition,
    is_table_constraint,
    table_constraint,
    type_text,
)
from ormlint.graph.migrations.sql.cursor import Cursor, UnreadableError
from ormlint.graph.migrations.sql.text import parts
from ormlint.graph.migrations.sql.types import enum_name, type_expression

_HARMLESS = frozenset(
    (
        *("ENABLE", "DISABLE", "OWNER", "CLUSTER", "SET", "RESET", "REPLICA", "VALIDATE", "FORCE", "NO"),
        *("ENGINE", "CONVERT", "AUTO_INCREMENT", "COMMENT", "ROW_FORMAT", "DEFAULT", "CHARACTER", "CHARSET"),
        *("COLLATE", "ALGORITHM", "LOCK", "ORDER", "ATTACH", "DETACH", "INHERIT", "INHERITS", "NOT", "OF"),
        *("PARTITION", "ANALYZE", "OPTIMIZE", "KEY_BLOCK_SIZE", "DEPENDS"),
    )
)
_KINDS: dict[str, ConstraintKind] = {"FOREIGN": "foreignkey", "PRIMARY": "primary", "CHECK": "check"}


def alter(cursor: Cursor, place: Place) -> list[Operation]:
    """What comes after ALTER; nothing for what no model or migration can see (sequences, roles, …)."""
    cursor.accept_any("MATERIALIZED", "FOREIGN")
    if cursor.accept("TABLE"):
        return list(_alter_table(cursor, place))
    if cursor.accept("VIEW"):
        return _alter_view(cursor, place)
    if cursor.accept("INDEX"):
        if_exists = cursor.accept("IF", "EXISTS")
        name = cursor.table_name().name
        if cursor.accept("RENAME", "TO"):
            return [RenameIndex(name, cursor.identifier(), place, if_exists=if_exists)]
        return []
    return _alter_type(cursor, place) if cursor.accept("TYPE") else []


def _alter_view(cursor: Cursor, place: Place) -> list[Operation]:
    """A view of another name or schema: that is all that is kept of one."""
    if_exists = cursor.accept("IF", "EXISTS")
    old = cursor.table_name()
    if cursor.accept("RENAME", "TO"):
        new = TableName(cursor.identifier(), old.schema)
    elif cursor.accept("SET", "SCHEMA"):
        schema = cursor.identifier()
        new = TableName(old.name, None if schema == "public" else schema)
    else:
        return []
    return [DropView(old, place, if_exists), CreateView(new, place)]


def rename(cursor: Cursor, place: Place) -> list[Operation]:
    """`RENAME TABLE a TO b, c TO d`."""
    cursor.expect("TABLE")
    renames: list[Operation] = []
    while cursor.token is not None:
        old = cursor.table_name()
        cursor.expect("TO")
        renames.append(RenameTable(old, cursor.table_name(), place))
        cursor.accept(",")
    return renames


def _alter_type(cursor: Cursor, place: Place) -> list[Operation]:
    name = cursor.table_name().name
    if cursor.accept("ADD", "VALUE"):
        if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
        return [AddEnumValue(name, cursor.string(), place, if_not_exists)]
    if cursor.accept("RENAME", "VALUE"):
        old = cursor.string()
        cursor.expect("TO")
        return [RenameEnumValue(name, old, cursor.string(), place)]
    if cursor.accept("RENAME", "TO"):
        return [RenameEnum(name, cursor.identifier(), place)]
    return []


class _Target(Struct, frozen=True):
    table: TableName
    place: Place
    if_exists: bool


def _alter_table(cursor: Cursor, place: Place) -> Iterator[Operation]:
    if_exists = cursor.accept("IF", "EXISTS")
    cursor.accept("ONLY")
    table = cursor.table_name()
    cursor.accept("*")
    target = _Target(table, place, if_exists)
    for part in parts(cursor.tokens[cursor.position :]):
        if not part:
            continue
        action = cursor.within(part[0].start, part[-1].end)
        try:
            yield from _action(action, target)
        except UnreadableError as problem:
            yield Opaque(f"ALTER TABLE {table.key}: {problem}", place, frozenset((table.key,)))


def _action(action: Cursor, target: _Target) -> Iterator[Operation]:
    if action.accept("ADD"):
        yield from _add(action, target)
    elif action.accept("DROP"):
        yield from _drop(action, target)
    elif action.accept("ALTER"):
        yield from _alter_column(action, target)
    elif action.accept("MODIFY"):
        yield from _modify(action, target, renames=False)
    elif action.accept("CHANGE"):
        yield from _modify(action, target, renames=True)
    elif action.accept("RENAME"):
        yield from _rename(action, target)
    elif action.accept("SET", "SCHEMA"):
        schema = action.identifier()
        moved = TableName(target.table.name, None if schema == "public" else schema)
        yield RenameTable(target.table, moved, target.place, target.if_exists)
    elif action.keyword not in _HARMLESS:
        raise UnreadableError(f"the action {action.text[:40]!r} is not known")


def _add(action: Cursor, target: _Target) -> Iterator[Operation]:
    if is_table_constraint(action):
        constraint = table_constraint(action, target.place)
        if isinstance(constraint, IndexSpec):
            yield CreateIndex(target.table, constraint, target.place)
        elif constraint is not None:
            yield AddConstraint(target.table, constraint, target.place, target.if_exists)
        return
    if action.keyword == "PARTITION":
        return
    action.accept("COLUMN")
    if_not_exists = action.accept("IF", "NOT", "EXISTS")
    definitions = action.bracketed() if action.keyword == "(" else [action]
    for one in definitions:
        definition = column_definition(one, target.place)
        yield AddColumn(
            target.table,
            definition.column,
            target.place,
            tuple(definition.constraints),
            if_not_exists=if_not_exists,
            if_table_exists=target.if_exists,
        )


def _drop(action: Cursor, target: _Target) -> Iterator[Operation]:
    table, place = target.table, target.place
    if action.accept("CONSTRAINT"):
        if_exists = action.accept("IF", "EXISTS")
        yield DropConstraint(table, action.identifier(), place, None, if_exists, target.if_exists)
    elif action.accept("PRIMARY", "KEY"):
        yield DropConstraint(table, None, place, "primary")
    elif action.accept("FOREIGN", "KEY") or action.accept("CHECK"):
        kind: ConstraintKind = (
            "check" if action.tokens[action.position - 1].upper == "CHECK" else "foreignkey"
        )
        if_exists = action.accept("IF", "EXISTS")
        yield DropConstraint(table, action.identifier(), place, kind, if_exists)
    elif _is_index(action) and action.accept_any("INDEX", "KEY"):
        if_exists = action.accept("IF", "EXISTS")
        yield DropIndex(action.identifier(), place, table, if_exists=if_exists)
    elif action.accept("PARTITION"):
        return
    else:
        action.accept("COLUMN")
        if_exists = action.accept("IF", "EXISTS")
        yield DropColumn(table, action.identifier(), place, if_exists, target.if_exists)


def _is_index(action: Cursor) -> bool:
    """Whether MySQL's `DROP INDEX name` comes next, whatever the database is thought to be.

    Elsewhere `DROP index` drops a column of that name, and `CASCADE` or `RESTRICT` is all that may follow:
    https://www.postgresql.org/docs/current/sql-altertable.html
    """
    following = action.tokens[action.position + 1 :]
    return action.dialect in MYSQL or (bool(following) and following[0].upper not in ("CASCADE", "RESTRICT"))


def _alter_column(action: Cursor, target: _Target) -> Iterator[Operation]:
    table, place, lenient = target.table, target.place, target.if_exists
    if action.keyword in ("CONSTRAINT", "INDEX", "CHECK"):
        return
    action.accept("COLUMN")
    name = action.identifier()
    if action.accept("SET", "NOT", "NULL"):
        yield AlterColumn(table, name, place, nullable=False, if_table_exists=lenient)
    elif action.accept("DROP", "NOT", "NULL"):
        yield AlterColumn(table, name, place, nullable=True, if_table_exists=lenient)
    elif action.accept("SET", "DEFAULT"):
        null = action.keyword == "NULL"
        yield AlterColumn(table, name, place, server_default=not null, if_table_exists=lenient)
    elif action.accept("DROP", "DEFAULT"):
        yield AlterColumn(table, name, place, server_default=False, if_table_exists=lenient)
    elif action.accept("SET", "DATA", "TYPE") or action.accept("TYPE"):
        text = type_text(action)
        yield AlterColumn(
            table,
            name,
            place,
            type=type_expression(text, action.dialect),
            enum=enum_name(text, action.dialect),
            if_table_exists=lenient,
        )
    elif action.keyword not in ("SET", "DROP", "ADD", "RESET", "RESTART"):
        raise UnreadableError(f"the action {action.text[:40]!r} is not known")


def _modify(action: Cursor, target: _Target, renames: bool) -> Iterator[Operation]:
    """MySQL's MODIFY and CHANGE state the whole column anew."""
    action.accept("COLUMN")
    if_exists = action.accept("IF", "EXISTS")
    old = action.identifier() if renames else None
    column = column_definition(action, target.place).column
    yield AlterColumn(
        target.table,
        old or column.name,
        target.place,
        nullable=column.nullable,
        type=column.type,
        enum=column.enum,
        server_default=column.server_default,
        new_name=column.name if renames else None,
        if_exists=if_exists,
    )


def _rename(action: Cursor, target: _Target) -> Iterator[Operation]:
    table, place = target.table, target.place
    if action.accept_any("TO", "AS"):
        to = action.table_name()
        schema = to.schema if action.dialect in MYSQL and to.schema else table.schema
        yield RenameTable(table, TableName(to.name, schema), place, target.if_exists)
        return
    kind = action.accept_any("CONSTRAINT", "INDEX", "KEY", "COLUMN")
    if not kind and action.dialect in MYSQL and len(action.tokens) == 2:
        yield RenameTable(table, action.table_name(), place, target.if_exists)
        return
    if_exists = action.accept("IF", "EXISTS")
    old = action.identifier()
    action.expect("TO")
    new = action.identifier()
    if kind == "CONSTRAINT":
        yield RenameConstraint(table, old, new, place)
    elif kind in ("INDEX", "KEY"):
        yield RenameIndex(old, new, place, table)
    else:
        lenient = target.if_exists
        yield AlterColumn(table, old, place, new_name=new, if_table_exists=lenient, if_exists=if_exists)
