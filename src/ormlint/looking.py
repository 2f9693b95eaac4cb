"""Graphs → findings: what the rules find in graphs that were linked just now, or are kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct
from msgspec.structs import replace

from ormlint.choice import Chosen, Terms
from ormlint.findings import Covered, Finding, Summary
from ormlint.graph.drift import older_tables
from ormlint.graph.model import Base, Graph
from ormlint.linked import Linked
from ormlint.options import Noting
from ormlint.raw import Found, Raw
from ormlint.rules import catalogue
from ormlint.select.comments import ON_COMMENTS


def look(
    linked: Linked, terms: Mapping[str, Terms], chosen: Chosen, files: int, base: Base | None = None
) -> tuple[Graph, Raw]:
    """The graph as the root's settings have it, and what the rules chosen for each part find in its graph.

    Rules see what the commit that is compared with has, if there is one (`base`).
    """
    seen: dict[str, _Seen] = {}
    keys: dict[str, str] = {}
    for under, each in terms.items():
        key = keys[under] = repr(each.options)
        graph = linked.of(each)
        if key not in seen and graph is not None:
            noting = Noting.of(each.options)
            seen[key] = _Seen(replace(graph, options=noting, base=base), noting, each.dialect)
        seen[key].run(chosen[under] - ON_COMMENTS)
    root = seen[keys[""]].graph
    raw = Raw(
        rules=catalogue.identities(),
        summary=None if _is_empty(root) else _summary(root, files),
        comments=root.comments,
        graphs=[each.found for each in seen.values()],
        parts={under: [*seen].index(key) for under, key in keys.items()},
    )
    return root, raw


class _Seen(Struct):
    """A graph, the options that rules look at it with, and what those that ran find in it, by code."""

    graph: Graph
    options: Noting
    dialect: str | None
    findings: dict[str, list[Finding]] = {}

    def run(self, codes: Collection[str]) -> None:
        for code in codes:
            if code not in self.findings:
                self.findings[code] = list(catalogue.check(self.graph, (code,)))

    @property
    def found(self) -> Found:
        return Found(self.dialect, self.options.answers, self.findings)


def _summary(graph: Graph, files: int) -> Summary:
    """What was looked at, and how much of it is settled."""
    coverage = graph.coverage
    revisions = [each for environment in graph.environments for each in environment.revisions]
    return Summary(
        files=len(revisions) if graph.migrations_only else files,
        models=len(graph.models),
        tables=len(graph.tables),
        schemas=len(graph.schemas),
        revisions=len(revisions),
        migrations_only=graph.migrations_only,
        older_tables=len({table.key for each in graph.environments for table in older_tables(graph, each)}),
        coverage=(
            Covered("tables", *coverage.tables),
            Covered("columns", *coverage.columns),
            Covered("fields", *coverage.fields),
            Covered("operations", *coverage.operations),
        ),
    )


def _is_empty(graph: Graph) -> bool:
    """Whether there is nothing to check at all."""
    found = graph.models or graph.schemas or graph.tables or graph.environments or graph.unreadable
    return not (found or graph.migrations_only)
