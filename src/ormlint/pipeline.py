"""The order of the stages: settings, files, facts, graph, findings, selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ormlint import rules, select
from ormlint.discover import Project, discover, find_scope
from ormlint.findings import Covered, Finding, Place, Summary
from ormlint.graph.model import Graph, Unreadable
from ormlint.graph.sources import EnvironmentSource, Sources
from ormlint.intake import Intake
from ormlint.relevance import declaring
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
    settings = _settings(paths, config, isolated=isolated)
    known = [module.RULE for module in rules.MODULES]
    codes = select.selected(settings, override or select.Override(), known)
    project = _project(paths, settings)
    linked = _link(project, progress)
    if not (linked.models or linked.schemas or linked.tables or linked.environments or linked.unreadable):
        raise UsageError(_nothing_found(paths))
    wanted = (finding for finding in rules.check(linked, codes) if project.reports(finding.place.path))
    return Report(select.shown(wanted, settings), _summary(linked, len(project.paths)), project.root)


def graph(
    path: Path, *, config: Sequence[str] = (), isolated: bool = False, progress: Progress | None = None
) -> dict[str, Any]:
    """The linked graph as plain data."""
    project = _project([path], _settings([path], config, isolated=isolated))
    from ormlint.graph.view import view

    return view(_link(project, progress))


def _settings(paths: Sequence[Path], config: Sequence[str], *, isolated: bool) -> Settings:
    """The settings closest to the first path, as seen from the project's root."""
    root = Path(find_scope(paths).root)
    return load(paths[0], config=config, isolated=isolated).seen_from(root)


def _project(paths: Sequence[Path], settings: Settings) -> Project:
    return discover(
        paths,
        exclude=settings.exclude,
        extend_exclude=settings.extend_exclude,
        roots=settings.roots,
        alembic=settings.alembic,
    )


def _link(project: Project, progress: Progress | None) -> Graph:
    from ormlint.graph.build import build

    intake = Intake(project.root)
    migrations = {path for each in project.environments for path in each.revision_files}
    others = [path for path in project.paths if path not in migrations]
    contents = ((path, data) for path in others if (data := intake.bytes_of(path)) is not None)
    chosen = declaring(contents)
    intake.load_all([*chosen, *sorted(migrations)], progress)
    linked = build(_sources(project, intake, chosen))
    linked.unreadable += [
        Unreadable(Place(problem.path, problem.line), problem.reason, problem.what_to_do)
        for problem in project.problems
    ]
    return linked


def _sources(project: Project, intake: Intake, chosen: Sequence[str]) -> Sources:
    names = {file.path: file.module for file in project.files}

    def find(module: str, importer: str) -> str | None:
        found = project.find(module, importer)
        return found[0] if found else None

    def module_name(path: str) -> str:
        return names.get(path) or path.removesuffix(".py").replace("/", ".")

    return Sources(
        declaring=tuple(chosen),
        environments=tuple(
            EnvironmentSource(each.path, each.env_py, each.revision_files, each.dialect, each.options)
            for each in project.environments
        ),
        load=intake.load,
        load_whole=intake.load_whole,
        read=intake.bytes_of,
        find=find,
        module_name=module_name,
        dialect=project.dialect,
    )


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
        "Looked at the Python files that git tracks or would add (outside git, at all of them), and for\n"
        "alembic.ini, [tool.alembic] in pyproject.toml, or a folder with env.py and versions/.\n"
        "Name the folder that holds them (`ormlint check backend`), or set `roots`, `alembic` or `exclude`\n"
        "under [tool.ormlint] in pyproject.toml."
    )
