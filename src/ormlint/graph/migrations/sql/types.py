"""A type in SQL, as the SQLAlchemy type expression that reflecting it would give."""

from __future__ import annotations

import re
from functools import cache

from ormlint.graph.migrations.sql.parse import Tree, parsed_type
from ormlint.graph.migrations.sql.text import UNKNOWN

_NAMES = {
    "BIT": "BIT",
    "BOOLEAN": "BOOLEAN",
    "TINYINT": "TINYINT",
    "SMALLINT": "SMALLINT",
    "MEDIUMINT": "MEDIUMINT",
    "INT": "INTEGER",
    "BIGINT": "BIGINT",
    "UTINYINT": "TINYINT",
    "USMALLINT": "SMALLINT",
    "UINT": "INTEGER",
    "UBIGINT": "BIGINT",
    "SMALLSERIAL": "SMALLINT",
    "SERIAL": "INTEGER",
    "BIGSERIAL": "BIGINT",
    "FLOAT": "REAL",
    "DOUBLE": "DOUBLE_PRECISION",
    "DECIMAL": "NUMERIC",
    "MONEY": "MONEY",
    "CHAR": "CHAR",
    "NCHAR": "NCHAR",
    "VARCHAR": "VARCHAR",
    "NVARCHAR": "NVARCHAR",
    "TEXT": "TEXT",
    "TINYTEXT": "TINYTEXT",
    "MEDIUMTEXT": "MEDIUMTEXT",
    "LONGTEXT": "LONGTEXT",
    "BINARY": "BINARY",
    "VARBINARY": "BYTEA",
    "BLOB": "BLOB",
    "DATE": "DATE",
    "TIME": "TIME",
    "TIMETZ": "TIME(timezone=True)",
    "DATETIME": "DATETIME",
    "TIMESTAMP": "TIMESTAMP",
    "TIMESTAMPTZ": "TIMESTAMP(timezone=True)",
    "TIMESTAMPNTZ": "TIMESTAMP",
    "INTERVAL": "INTERVAL",
    "YEAR": "YEAR",
    "UUID": "UUID",
    "JSON": "JSON",
    "JSONB": "JSONB",
    "XML": "XML",
    "INET": "INET",
    "HSTORE": "HSTORE",
    "INT4RANGE": "INT4RANGE",
    "INT8RANGE": "INT8RANGE",
    "NUMRANGE": "NUMRANGE",
    "TSRANGE": "TSRANGE",
    "TSTZRANGE": "TSTZRANGE",
    "DATERANGE": "DATERANGE",
}
_WORDS = re.compile(r"[\w.\"`]+")


@cache
def type_expression(text: str, dialect: str) -> str | None:
    """The expression; the bare name for a type of the database's own; `None` where it is not known."""
    if not text or UNKNOWN in text:
        return None
    tree = parsed_type(text, dialect)
    return _expression(tree, text, dialect) if tree is not None else _as_written(text)


@cache
def enum_name(text: str, dialect: str) -> str | None:
    """The name of the type where it can only be one that the project made."""
    if not text or UNKNOWN in text:
        return None
    tree = parsed_type(text, dialect)
    if tree is not None and getattr(tree.this, "name", "") != "USERDEFINED":
        return None
    name = text.strip().rpartition(".")[2].strip('"')
    return name if re.fullmatch(r"\w+", name) else None


def is_serial(text: str) -> bool:
    return text.strip().lower() in ("serial", "bigserial", "smallserial", "serial4", "serial8", "serial2")


def _expression(tree: Tree, text: str, dialect: str) -> str | None:
    kind = getattr(tree.this, "name", str(tree.this))
    arguments = [argument.sql(dialect=None) for argument in tree.expressions]
    if kind == "ARRAY":
        inner = tree.expressions[0] if tree.expressions else None
        element = _expression(inner, "", dialect) if inner is not None else None
        return f"ARRAY({element})" if element else None
    if kind == "ENUM":
        return f"Enum({', '.join(arguments)})"
    name = _NAMES.get(kind)
    if kind == "DOUBLE" and text.lower().startswith("float"):
        name = "FLOAT"
    if name is None:
        return _as_written(text)
    if "(" in name:
        return name
    return f"{name}({', '.join(arguments)})"


def _as_written(text: str) -> str | None:
    """`vector(384)` → `VECTOR(384)`: a type that an extension gives."""
    match = _WORDS.match(text.strip())
    if match is None:
        return None
    name = match[0].rpartition(".")[2].strip('"`')
    arguments = text.strip()[match.end() :].strip()
    return f"{name.upper()}{arguments}" if arguments.startswith("(") else f"{name.upper()}()"
