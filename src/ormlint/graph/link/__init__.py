"""Which schema mirrors which model, and what the schema is for."""

from __future__ import annotations

from ormlint.graph.link.evidence import Evidence, Gathered
from ormlint.graph.link.gather import gather, telling_files
from ormlint.graph.link.kept_fits import KeptFits
from ormlint.graph.link.kept_links import KeptLinks
from ormlint.graph.link.linker import Linker
from ormlint.graph.link.uses import note_uses
from ormlint.graph.memo import Memo
from ormlint.graph.model import Graph

__all__ = ["Evidence", "gather", "link", "note_uses", "telling_files"]

_NOTHING = Gathered()


def link(graph: Graph, gathered: Gathered = _NOTHING, memo: Memo | None = None) -> None:
    """Set each schema's role and link, and `graph.links`; strongest evidence first, never a name alone.

    All of it is as in the last run as long as all that it rests on is.
    """
    kept = KeptLinks(graph, memo, gathered) if memo is not None else None
    if kept is not None and kept.put_into_graph():
        return
    fits = KeptFits(graph, memo) if memo is not None else None
    Linker(graph, gathered.evidence, fits).run()
    if fits is not None:
        fits.keep()
    if kept is not None:
        kept.keep()
