"""Warm and cold: files → facts → graph → findings. Everything that a hot run does without."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ormlint import rules, select
from ormlint.cache import Cache
from ormlint.discover import Project
from ormlint.findings import Covered, Finding, Place, Summary
from ormlint.graph.build import build
from ormlint.graph.model import Graph, Unreadable
from ormlint.graph.sources import EnvironmentSource, Sources
from ormlint.intake import Intake
from ormlint.settings import Settings

Progress = Callable[[int, int], None]
"""Told how many files are read, of how many."""


def codes(settings: Settings, override: select.Override) -> frozenset[str]:
    """The codes of the rules to run; raises `UsageError` for a selector that fits none."""
    return select.selected(settings, override, [module.RULE for module in rules.MODULES])


def findings(linked: Graph, project: Project, settings: Settings, chosen: frozenset[str]) -> list[Finding]:
    """What the chosen rules find below the paths that are reported on."""
    found = (each for each in rules.check(linked, chosen) if project.reports(each.place.path))
    return select.shown(found, settings)


def link(
    project: Project, cache: Cache, ids: Mapping[str, str], stamp: str, progress: Progress | None
) -> Graph:
    """The linked graph of a project; `ids` are digests of its files, `stamp` is ormlint's own."""
    intake = Intake(project.root, cache, ids, stamp)
    migrations = {path for each in project.environments for path in each.revision_files}
    others = [path for path in project.paths if path not in migrations]
    chosen = intake.declaring(others)
    intake.load_all([*chosen, *sorted(migrations)], progress)
    linked = build(_sources(project, intake, chosen, others))
    linked.unreadable += [
        Unreadable(Place(path, problem.line, problem.column), problem.reason, problem.advice)
        for path, problem in intake.problems()
    ]
    linked.unreadable += [
        Unreadable(Place(problem.path, problem.line), problem.reason, problem.what_to_do)
        for problem in project.problems
    ]
    intake.keep()
    return linked


def _sources(project: Project, intake: Intake, chosen: Sequence[str], others: Sequence[str]) -> Sources:
    names = {file.path: file.module for file in project.files}

    def find(module: str, importer: str) -> str | None:
        found = project.find(module, importer)
        return found[0] if found else None

    def module_name(path: str) -> str:
        return names.get(path) or path.removesuffix(".py").replace("/", ".")

    return Sources(
        declaring=tuple(chosen),
        paths=tuple(others),
        speaking=tuple(intake.speaking(others)),
        environments=tuple(
            EnvironmentSource(each.path, each.env_py, each.revision_files, each.dialect, each.options)
            for each in project.environments
        ),
        load=intake.load,
        load_whole=intake.load_whole,
        read_ahead=intake.load_all,
        read=intake.bytes_of,
        find=find,
        module_name=module_name,
        dialect=project.dialect,
    )


def summary(graph: Graph, files: int) -> Summary:
    """What was looked at, and how much of it is settled."""
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


def is_empty(graph: Graph) -> bool:
    """Whether there is nothing to check at all."""
    return not (graph.models or graph.schemas or graph.tables or graph.environments or graph.unreadable)
