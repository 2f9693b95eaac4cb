"""Scripts of SQL, run on a replayed database."""

from __future__ import annotations

import re
from pathlib import Path

from ormlint.findings import Place
from ormlint.graph.migrations.database import Database
from ormlint.graph.migrations.session import Session
from ormlint.graph.migrations.sql.statements import steps

HERE = Place("versions/0001.py", 1)
_CASE = re.compile(r"^## (.+?)\n```sql\n(.*?)```\n```text\n(.*?)```", re.DOTALL | re.MULTILINE)


def session(dialect: str, *texts: str) -> Session:
    """An empty database after these texts, each a revision of its own."""
    made = Session(Database(dialect))
    for number, text in enumerate(texts, start=1):
        made.database.revision = f"{number:04}"
        made.perform(steps(text, dialect, HERE))
    return made


def cases(name: str) -> dict[str, tuple[str, str]]:
    """The cases of a Markdown file beside this one: name → (SQL, the database as text)."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return {title: (sql, drawn.strip()) for title, sql, drawn in _CASE.findall(text)}
