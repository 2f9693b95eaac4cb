"""A type in SQL, as the SQLAlchemy type expression that reflecting it would give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ormlint.graph.migrations.sql import everyday
from ormlint.graph.migrations.sql.parse import Node, parsed_type
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
    "TIMETZ": "TIME",
    "DATETIME": "DATETIME",
    "TIMESTAMP": "TIMESTAMP",
    "TIMESTAMPTZ": "TIMESTAMP",
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
_TIMES = frozenset({"DATETIME", "TIME", "TIMESTAMP"})
_WORDS = r"[\w.\"`]+"
_INTERVAL = r"(?i)interval\s+([a-z]+(?:\s+to\s+[a-z]+)?)\s*(?:\(\s*(\d+)\s*\))?"
_VARBIT = r"(?i)(?:bit\s+varying|varbit)\b\s*(?:\(\s*(\d+)\s*\))?"
_RESPELLED = (
    (r"(?i)\bnational\s+(?=char)", ""),
    (r"(?i)\s+array\b(?:\s*\[\s*\d*\s*\])?\s*$", "[]"),
    (r"\[\s*\d+\s*\]", "[]"),
)
"""What PostgreSQL takes for the same, and the parser does not know in this spelling."""


@cache
def type_expression(text: str, dialect: str) -> str | None:
    """The expression; the bare name for a type of the database's own; `None` where it is not known."""
    text = text.strip()
    if not text or UNKNOWN in text or text == '"char"':
        return None
    usual = everyday.type_of(text, dialect)
    if usual is not None:
        return usual
    if dialect == "postgresql":
        own = _of_postgresql(text)
        if own is not None:
            return own
        for pattern, spelling in _RESPELLED:
            text = re.sub(pattern, spelling, text)
    tree = parsed_type(text, dialect)
    return _expression(tree, text, dialect) if tree is not None else _as_written(text)


def _of_postgresql(text: str) -> str | None:
    """Types whose words the parser leaves out."""
    interval, varbit = re.fullmatch(_INTERVAL, text), re.fullmatch(_VARBIT, text)
    if interval:
        precision = f", precision={interval[2]}" if interval[2] else ""
        return f"INTERVAL(fields={interval[1]!r}{precision})"
    if varbit:
        return f"BIT({varbit[1]}, varying=True)" if varbit[1] else "BIT(varying=True)"
    return None


@cache
def enum_name(text: str, dialect: str) -> str | None:
    """The name of the type, or of an array's elements, where it can only be one that the project made."""
    if not text or UNKNOWN in text or everyday.type_of(text, dialect) is not None:
        return None
    if _element(text) != text.strip():
        return enum_name(_element(text), dialect)
    tree = parsed_type(text, dialect)
    if tree is not None and getattr(tree.this, "name", "") != "USERDEFINED":
        return None
    name = text.strip().rpartition(".")[2].strip('"')
    return name if re.fullmatch(r"\w+", name) else None


def is_serial(text: str) -> bool:
    return text.strip().lower() in ("serial", "bigserial", "smallserial", "serial4", "serial8", "serial2")


def _expression(tree: Node, text: str, dialect: str) -> str | None:
    kind = getattr(tree.this, "name", str(tree.this))
    arguments = [argument.sql(dialect=None) for argument in tree.expressions]
    if kind == "ARRAY":
        inner = tree.expressions[0] if tree.expressions else None
        element = _expression(inner, _element(text), dialect) if inner is not None else None
        nested = element is not None and element.startswith("ARRAY(")
        return element if nested or element is None else f"ARRAY({element})"
    if kind == "ENUM":
        return f"Enum({', '.join(arguments)})"
    name = _NAMES.get(kind)
    if kind == "DOUBLE" and text.lower().startswith("float"):
        name = "FLOAT"
    if name is None:
        return _as_written(text)
    if name in _TIMES:
        return f"{name}({', '.join(_of_time(kind, arguments, dialect))})"
    return f"{name}({', '.join(arguments)})"


def _element(text: str) -> str:
    """`mood[]` → `mood`."""
    return re.sub(r"(?:\s*\[\s*\d*\s*\])+\s*$", "", text).strip()


def _of_time(kind: str, arguments: list[str], dialect: str) -> Iterator[str]:
    """A precision has a keyword of its own in each dialect; SQLite has none."""
    if kind.endswith("TZ") and dialect not in ("mysql", "mariadb"):
        yield "timezone=True"
    keyword = {"postgresql": "precision", "mysql": "fsp", "mariadb": "fsp"}.get(dialect)
    if arguments and keyword:
        yield f"{keyword}={arguments[0]}"


def _as_written(text: str) -> str | None:
    """`vector(384)` → `VECTOR(384)`: a type that an extension gives."""
    match = re.match(_WORDS, text.strip())
    if match is None:
        return None
    name = match[0].rpartition(".")[2].strip('"`')
    arguments = text.strip()[match.end() :].strip()
    return f"{name.upper()}{arguments}" if arguments.startswith("(") else f"{name.upper()}()"
