"""The order of the stages: settings, files, facts, graph, findings, selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ormlint import rules, select
from ormlint.findings import Covered, Finding, Summary
from ormlint.graph.model import Graph
from ormlint.settings import Settings, UsageError, load

Progress = Callable[[int, int], None]
"""Told how many files are read, of how many."""


@dataclass(frozen=True)
class Report:
    """What `check` found. Paths in findings start at `root`."""

    findings: list[Finding]
    summary: Summary
    root: Path


def check(
    paths: Sequence[Path],
    *,
    config: Sequence[str] = (),
    isolated: bool = False,
    override: select.Override | None = None,
    progress: Progress | None = None,
) -> Report:
    """The findings of the project that the paths lie in."""
    settings = load(paths[0], config=config, isolated=isolated)
    codes = select.selected(
        settings, override or select.Override(), [module.RULE for module in rules.MODULES]
    )
    graph, root, files = _read(paths, settings, progress)
    if not (graph.models or graph.schemas or graph.tables or graph.environments or graph.unreadable):
        raise UsageError(_nothing_found(paths))
    findings = select.shown(rules.check(graph, codes), settings, root)
    return Report(findings, _summary(graph, files), root)


def graph(
    path: Path, *, config: Sequence[str] = (), isolated: bool = False, progress: Progress | None = None
) -> dict[str, Any]:
    """The linked graph as plain data."""
    settings = load(path, config=config, isolated=isolated)
    _read([path], settings, progress)
    return {"version": 1}


def _read(paths: Sequence[Path], settings: Settings, progress: Progress | None) -> tuple[Graph, Path, int]:
    return Graph(), Path(), 0


def _summary(graph: Graph, files: int) -> Summary:
    coverage = graph.coverage
    return Summary(
        files=files,
        models=len(graph.models),
        tables=len(graph.tables),
        schemas=len(graph.schemas),
        revisions=sum(len(environment.revisions) for environment in graph.environments),
        coverage=(
            Covered("tables", *coverage.tables),
            Covered("columns", *coverage.columns),
            Covered("fields", *coverage.fields),
            Covered("operations", *coverage.operations),
        ),
    )


def _nothing_found(paths: Sequence[Path]) -> str:
    where = ", ".join(str(path) for path in paths)
    return (
        f"nothing to check in {where}: no SQLAlchemy model, no Pydantic schema and no Alembic migration.\n"
        "Looked at the Python files that git tracks (outside git, at all of them), without those that `exclude` "
        "names, and for alembic.ini, [tool.alembic] in pyproject.toml, or a folder with env.py and versions/.\n"
        "Give the folder that holds them (`ormlint check backend`), or set `roots`, `alembic` or `exclude` under "
        "[tool.ormlint] in pyproject.toml."
    )
