"""A replayed database as text, one line for each table."""

from __future__ import annotations

from ormlint.graph.migrations.database import Database
from ormlint.graph.model import MigratedColumn, MigratedTable


def drawn(database: Database) -> str:
    """Tables, then enumerated types, then views; temporary tables are left out."""
    tables = [drawn_table(t) for key, t in sorted(database.tables.items()) if key not in database.temporary]
    enums = [
        f"enum {name}{'?' * enum.uncertain}: {', '.join(enum.members) if enum.members is not None else '?'}"
        for name, enum in sorted(database.enums.items())
    ]
    return "\n".join([*tables, *enums, *(f"view {key}" for key in sorted(database.views))])


def drawn_table(table: MigratedTable) -> str:
    parts = [" ".join(map(_column, table.columns.values()))]
    if table.primary_key:
        parts.append(f"pk {table.primary_key_name}({', '.join(table.primary_key)})")
    parts += sorted(f"uq {u.name}({', '.join(u.columns)})" for u in table.uniques)
    parts += sorted(
        f"fk {f.name}({', '.join(f.columns)} > {', '.join(f.target)})" for f in table.foreign_keys
    )
    parts += sorted(f"ck {c.name}" for c in table.checks)
    parts += sorted(f"{'ux' if i.unique else 'ix'} {i.name}({', '.join(i.columns)})" for i in table.indexes)
    marks = "?" * table.uncertain + " opaque" * table.opaque + " keys-uncertain" * table.has_unsettled_keys
    return f"{table.key}{marks}: {' | '.join(parts)}".rstrip()


def _column(column: MigratedColumn) -> str:
    null = {True: "", False: "!", None: "¿"}[column.nullable]
    marks = null + "=" * bool(column.server_default) + "~" * column.computed + "?" * column.uncertain
    return f"{column.name}{marks}"
