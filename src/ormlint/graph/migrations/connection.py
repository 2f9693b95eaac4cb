"""What a migration does through `op.get_bind()`, `op.get_context()` and what comes from them."""

from __future__ import annotations

import re

from ormlint.findings import Place
from ormlint.graph.machine.origins import made_by, root
from ormlint.graph.machine.values import HOLE, External, Made, Member, Partial, Unknown, Value
from ormlint.graph.migrations.sql.text import UNKNOWN

_BINDS = frozenset(
    {
        "alembic.op.get_bind",
        "alembic.op.get_context",
        "alembic.context.get_bind",
        "alembic.context.get_context",
    }
)
_SESSIONS = ("Session", "sessionmaker", "scoped_session", "AsyncSession")
_ENGINES = ("create_engine", "engine_from_config", "create_async_engine", "async_engine_from_config")
_BUILDERS = ("", "sqlalchemy", "sqlmodel", "alembic", "geoalchemy2", "sqlalchemy_searchable")
"""Packages that build queries, data and functions of the database, never a table."""
_DIALECTS = frozenset({"postgresql", "postgres", "mysql", "mariadb", "sqlite", "oracle", "mssql"})
"""Names that stand at the beginning of a database's address, and nowhere else in it."""
_TEXTS = ("text", "DDL", "TextClause")
_ON_TEXTS = ("bindparams", "columns", "execution_options", "execute_if")


def is_connection(value: Value) -> bool:
    """Whether a value is the migration's connection, its engine, its context, or a session on it."""
    while True:
        if isinstance(value, Member):
            value = value.owner
        elif isinstance(value, Made):
            if isinstance(value.callee, External) and value.callee.path in _BINDS:
                return True
            if made_by(value, *_SESSIONS):
                value = value.kwargs.get("bind", value.args[0] if value.args else None)
            else:
                value = value.callee
        else:
            return isinstance(value, External) and value.path in ("alembic.op.impl", "alembic.context")


def is_engine(value: Value) -> bool:
    """Whether a value is an engine that the migration makes of the same configuration."""
    while isinstance(value, (Member, Made)):
        if made_by(value, *_ENGINES):
            return True
        value = value.owner if isinstance(value, Member) else value.callee
    return False


def is_inspector(value: Value) -> bool:
    """Whether a value is `inspect(bind)`, or the dialect that can be asked the same."""
    if made_by(value, "inspect", "from_engine", "Inspector", "reflection"):
        return bool(value.args) and (is_connection(value.args[0]) or is_engine(value.args[0]))
    return isinstance(value, Member) and value.name in ("dialect", "inspector") and is_connection(value.owner)


def names_dialect(value: Value, name: str) -> bool:
    """Whether `value.name` is the name of the dialect: `bind.dialect.name`, `bind.engine.name`."""
    if name not in ("name", "dialect_name"):
        return False
    if isinstance(value, Made):
        return made_by(value, "get_dialect") and is_connection(value)
    return isinstance(value, Member) and value.name in ("dialect", "engine", "impl") and is_connection(value)


def is_url(value: Value) -> bool:
    """Whether a value is the address of the database: `bind.engine.url`."""
    return isinstance(value, Member) and value.name == "url" and is_connection(value)


def address(dialect: str, place: Place) -> Partial:
    """The text of the database's address, of which only the dialect is known.

    https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls
    """
    return Partial(dialect + HOLE, "the address of the database", place, _DIALECTS)


def sql_of(value: Value) -> str | None:
    """The SQL text of what is executed, `UNKNOWN` for its unknown parts; `None` where it is no text."""
    if isinstance(value, str):
        return value
    if isinstance(value, Partial):
        return value.text.replace(HOLE, UNKNOWN)
    if isinstance(value, Unknown):
        return UNKNOWN
    if made_by(value, *_TEXTS):
        text = sql_of(value.arg(0, "text", value.kwargs.get("statement")))
        return _filled(text, value.kwargs.get("context", {})) if made_by(value, "DDL") and text else text
    if isinstance(value, Made) and isinstance(value.callee, Member) and value.callee.name in _ON_TEXTS:
        return sql_of(value.callee.owner)
    # What SQLAlchemy builds is a query or data; what another package gives may be any text.
    return None if root(value) in _BUILDERS else UNKNOWN


def _filled(text: str, context: Value) -> str:
    """The statement of a `DDL(…)` with what its `context` gives.

    https://docs.sqlalchemy.org/en/20/core/ddl.html#sqlalchemy.schema.DDL.params.statement
    """
    known = context if isinstance(context, dict) else {}

    def fill(hole: re.Match[str]) -> str:
        if hole[0] == "%%":
            return "%"
        value = known.get(hole[1], UNKNOWN)
        return str(value) if isinstance(value, (str, int)) else UNKNOWN

    return re.sub(r"%%|%\((\w+)\)s", fill, text)


def bound_parameters(value: Value) -> dict[str, Value]:
    """What `text(…).bindparams(name=…)` binds."""
    bound: dict[str, Value] = {}
    while isinstance(value, Made) and isinstance(value.callee, Member):
        if value.callee.name == "bindparams":
            bound = {**value.kwargs, **bound}
        value = value.callee.owner
    return bound
