"""What PostgreSQL's catalogues call the type of a column: `character varying`, `timestamptz`.

https://www.postgresql.org/docs/current/infoschema-columns.html
"""

from __future__ import annotations

from ormlint.graph.model import MigratedColumn

_BARE = {
    **dict.fromkeys(("integer", "int"), ("integer", "int4")),
    **dict.fromkeys(("biginteger", "bigint"), ("bigint", "int8")),
    **dict.fromkeys(("smallinteger", "smallint"), ("smallint", "int2")),
    **dict.fromkeys(("boolean",), ("boolean", "bool")),
    **dict.fromkeys(("text", "unicodetext"), ("text", "text")),
    **dict.fromkeys(("largebinary", "bytea"), ("bytea", "bytea")),
    **{name: (name, name) for name in ("date", "json", "jsonb", "uuid")},
}
_SIZED = {
    **dict.fromkeys(("string", "unicode", "varchar"), ("character varying", "varchar")),
    **dict.fromkeys(("numeric", "decimal"), ("numeric", "numeric")),
}
_TIMES = {
    False: ("timestamp without time zone", "timestamp"),
    True: ("timestamp with time zone", "timestamptz"),
}


def names_of_type(column: MigratedColumn) -> tuple[str | None, str | None]:
    """`data_type` and `udt_name`; both `None` where they are not settled."""
    text = column.type or ""
    name, _, rest = text.removesuffix(")").partition("(")
    if name == "ARRAY":
        return "ARRAY", None
    if column.enum is not None:
        return "USER-DEFINED", column.enum
    if "..." in text or not column.is_standard:
        return None, None
    name = name.lower()
    if name in ("datetime", "timestamp") and rest in ("", "timezone=True", "timezone=False"):
        return _TIMES[rest == "timezone=True"]
    if name == "uuid" and rest in ("as_uuid=True", "as_uuid=False"):
        rest = ""
    return _SIZED.get(name) or (_BARE.get(name) if not rest else None) or (None, None)
