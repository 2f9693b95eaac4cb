"""What a program does beside migrations and Alembic's configuration: folders of revisions, and views."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ormlint.graph.drift import lacking_tables, strays
from ormlint.graph.model import Environment, Graph, Revision
from ormlint.graph.texts import Texts

if TYPE_CHECKING:
    from ormlint.graph.sources import Sources

_SETTING = "version_locations"
"""https://alembic.sqlalchemy.org/en/latest/branches.html#setting-up-multiple-version-directories"""


def note_places(graph: Graph, texts: Texts, sources: Sources) -> None:
    """Look for such a program where a revision names one that is not there.

    That is asked in every run: else all files would have to be asked in one in which a revision is gone.
    """
    named = bool(graph.environments) and texts.have(_SETTING, "texts")
    for environment, source in zip(graph.environments, sources.environments, strict=True):
        if any(missing(environment)):
            env_py = sources.read(source.env_py) if source.env_py is not None else None
            environment.continues_elsewhere = named or _SETTING.encode() in (env_py or b"")


def note_views(graph: Graph, texts: Texts) -> None:
    """Look for SQL that makes views where no migration makes the tables of models, in every run, as above."""
    if not graph.environments:
        return
    views = {view for said in texts.say("views").values() for view in str(said).split()}
    if not views:
        return
    wanted = [*lacking_tables(graph), *((table, graph.environments) for table in strays(graph))]
    for table, environments in wanted:
        for environment in environments if table.name in views else ():
            environment.views |= {table.key}


def missing(environment: Environment) -> Iterator[tuple[Revision, str, str]]:
    """The names of revisions that no file of the environment has, and what gives them."""
    known = {name for each in environment.revisions for name in (each.id, *each.labels)}
    for revision in environment.revisions:
        for kind, names in (("down_revision", revision.down), ("depends_on", revision.depends_on)):
            yield from ((revision, kind, name) for name in names if name not in known)
