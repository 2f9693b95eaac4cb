"""What everyday types are in PostgreSQL's DDL, where SQLAlchemy need not be imported to say it.

It takes longer to import than a small project takes to check. Most types of most projects are among these.
"""

from __future__ import annotations

import re

BARE = {
    (None, "BigInteger"): "BIGINT", (None, "Boolean"): "BOOLEAN", (None, "Date"): "DATE",
    (None, "Integer"): "INTEGER", (None, "JSON"): "JSON", (None, "LargeBinary"): "BYTEA",
    (None, "SmallInteger"): "SMALLINT", (None, "Text"): "TEXT", (None, "Uuid"): "UUID",
    ("postgresql", "JSON"): "JSON", ("postgresql", "JSONB"): "JSONB", ("postgresql", "UUID"): "UUID",
}  # fmt: skip
"""Without arguments, by the dialect that gives them and their name."""
ZONED: dict[object, str] = {True: "TIMESTAMP WITH TIME ZONE", False: "TIMESTAMP WITHOUT TIME ZONE"}
"""`DateTime`, by its `timezone`."""
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
