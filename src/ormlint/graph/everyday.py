"""What everyday types are in DDL, where SQLAlchemy need not be imported to say it.

It takes longer to import than a small project takes to check. Most types of most projects are among these.
"""

from __future__ import annotations

import re
from typing import Union

_Types = dict[tuple[Union[str, None], str], str]


def _everywhere(dialect: str) -> _Types:
    """What all databases call alike."""
    by_case = {
        "BigInteger": "BIGINT", "Date": "DATE", "Integer": "INTEGER", "SmallInteger": "SMALLINT",
        "Text": "TEXT",
    }  # fmt: skip
    found: _Types = {(None, name): text for name, text in by_case.items()}
    found.update(((module, text), text) for text in by_case.values() for module in (None, dialect))
    return found | {(None, "Float"): "FLOAT", (None, "JSON"): "JSON"}


BARE: dict[str, _Types] = {
    "postgresql": _everywhere("postgresql") | {
        (None, "Boolean"): "BOOLEAN", (None, "LargeBinary"): "BYTEA", (None, "Uuid"): "UUID",
        ("postgresql", "JSON"): "JSON", ("postgresql", "JSONB"): "JSONB", ("postgresql", "UUID"): "UUID",
    },
    "sqlite": _everywhere("sqlite") | {
        (None, "Boolean"): "BOOLEAN", (None, "LargeBinary"): "BLOB", (None, "Uuid"): "CHAR(32)",
    },
    "mysql": _everywhere("mysql") | {
        (None, "Boolean"): "BOOL", (None, "LargeBinary"): "BLOB", (None, "Uuid"): "CHAR(32)",
    },
}  # fmt: skip
"""Without arguments, for each database, by the dialect that gives them and their name."""
_ZONED = {True: "TIMESTAMP WITH TIME ZONE", False: "TIMESTAMP WITHOUT TIME ZONE"}
TIMES: dict[str, dict[str, dict[bool, str]]] = {
    "postgresql": {"DateTime": _ZONED, "TIMESTAMP": _ZONED},
    "sqlite": {name: dict.fromkeys((True, False), name.upper()) for name in ("DateTime", "TIMESTAMP")},
    "mysql": {name: dict.fromkeys((True, False), name.upper()) for name in ("DateTime", "TIMESTAMP")},
}
"""For each database, by their `timezone`."""
SIZED = {"String": ("VARCHAR", ("length",)), "Numeric": ("NUMERIC", ("precision", "scale"))}
"""With what their parameters are called, in order."""
RESERVED = frozenset({
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization",
    "between", "binary", "both", "case", "cast", "check", "collate", "column", "constraint", "create",
    "cross", "current_catalog", "current_date", "current_role", "current_schema", "current_time",
    "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end",
    "except", "false", "fetch", "for", "foreign", "freeze", "from", "full", "grant", "group", "having",
    "ilike", "in", "initially", "inner", "intersect", "into", "is", "isnull", "join", "leading", "left",
    "like", "limit", "localtime", "localtimestamp", "natural", "new", "not", "notnull", "null", "of", "off",
    "offset", "old", "on", "only", "or", "order", "outer", "over", "overlaps", "placing", "primary",
    "references", "returning", "right", "select", "session_user", "similar", "some", "symmetric", "table",
    "then", "to", "trailing", "true", "union", "unique", "user", "using", "variadic", "verbose", "when",
    "where", "window", "with",
})  # fmt: skip
_NAME = re.compile(r"[a-z_][a-z0-9_]{,62}")


def is_plain(name: object) -> bool:
    """Whether a name stands in DDL as it is, without quotes."""
    return isinstance(name, str) and name not in RESERVED and _NAME.fullmatch(name) is not None
