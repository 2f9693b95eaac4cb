"""Findings on what model or migrations have alone: indexes, constraints, foreign keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ormlint.findings import Finding, Related
from ormlint.graph.drift import AUTOGENERATE, Pair, subject_of
from ormlint.graph.key_drift import Lone
from ormlint.graph.model import Graph
from ormlint.rules.base import Rule


def one_sided(
    rule: Rule,
    graph: Graph,
    pair: Pair,
    found: Iterable[Lone],
    what: str,
    *,
    missing: str,
    orphan: str,
    help: str = AUTOGENERATE,  # noqa: A002 - as in `Rule.finding`
) -> Iterator[Finding]:
    """One finding for each: `missing` and `orphan` say what comes of it where the other side lacks it."""
    table, migrated = pair.table, pair.migrated
    for lone in found:
        created = Related(migrated.place, f"revision `{migrated.created_in}` creates the table here")
        declared = Related(table.place, "the table is declared here")
        name = f"{what} `{table.key}` ({lone.text})"
        message = (
            f"no migration makes {name}: {missing}" if lone.in_model else f"no model has {name}: {orphan}"
        )
        yield rule.finding(
            lone.place,
            message,
            subject=subject_of(graph, table, name=lone.text),
            related=(created if lone.in_model else declared,),
            help=help,
        )
