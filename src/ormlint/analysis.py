"""Warm and cold: files → facts → graph → findings. Everything that a hot run does without."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from ormlint import rules, select
from ormlint.cache import Cache
from ormlint.discover import Project
from ormlint.findings import Covered, Finding, Place, Summary
from ormlint.graph.build import build
from ormlint.graph.model import Graph, Misstatement, Options, Unreadable
from ormlint.graph.sources import EnvironmentSource, Sources
from ormlint.intake import Intake
from ormlint.select.comments import ON_COMMENTS, in_vain, silenced
from ormlint.settings import Settings

Progress = Callable[[int, int], None]
"""Told how many files are read, of how many."""


def codes(settings: Settings, override: select.Override) -> frozenset[str]:
    """The codes of the rules to run; raises `UsageError` for a selector that fits none."""
    return select.selected(settings, override, [module.RULE for module in rules.MODULES])


def findings(
    linked: Graph,
    project: Project,
    settings: Settings,
    chosen: frozenset[str],
    *,
    ignore_comments: bool = False,
) -> list[Finding]:
    """What the chosen rules find below the paths that are reported on, and no comment silences."""
    linked.misstated += _unknown_in(settings)
    everything = [module.RULE for module in rules.MODULES]
    comments = {} if ignore_comments else linked.comments
    used: set[tuple[str, int, str]] = set()
    found = list(silenced(rules.check(linked, chosen - ON_COMMENTS), comments, used))
    linked.misstated += in_vain(comments, used, everything, chosen)
    found += silenced(rules.check(linked, chosen & ON_COMMENTS), comments, used)
    return select.shown((each for each in found if project.reports(each.place.path)), settings)


def _unknown_in(settings: Settings) -> Iterator[Misstatement]:
    """What the settings silence that no rule is called."""
    for line, word, message in select.unknown(settings, [module.RULE for module in rules.MODULES]):
        yield Misstatement("unknown-code", Place(_settings_path(settings), line), word, message)


def _settings_path(settings: Settings) -> str:
    return Path(os.path.relpath(settings.file or ".", settings.folder)).as_posix()


def _options(settings: Settings) -> Options:
    places = {schema: settings.line("links", schema) for schema in settings.links}
    return Options(
        links=settings.links,
        link_places={
            schema: Place(_settings_path(settings), line)
            for schema, line in places.items()
            if line is not None
        },
        allow_missing=settings.allow_missing,
        allow_extra=settings.allow_extra,
        external_tables=settings.external_tables,
    )


def link(
    project: Project,
    settings: Settings,
    cache: Cache,
    ids: Mapping[str, str],
    stamp: str,
    progress: Progress | None,
) -> Graph:
    """The linked graph of a project; `ids` are digests of its files, `stamp` is ormlint's own."""
    intake = Intake(project.root, cache, ids, stamp, project.besides)
    migrations = {path for each in project.environments for path in each.revision_files}
    others = [path for path in project.paths if path not in migrations]
    chosen = intake.declaring(others)
    intake.load_all([*chosen, *sorted(migrations)], progress)
    linked = build(_sources(project, settings, intake, chosen, others))
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


def _sources(
    project: Project, settings: Settings, intake: Intake, chosen: Sequence[str], others: Sequence[str]
) -> Sources:
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
        telling=tuple(intake.telling(others)),
        options=_options(settings),
        environments=tuple(
            EnvironmentSource(
                each.path,
                each.env_py,
                each.revision_files,
                settings.dialect or each.dialect,
                each.options,
                configured=each.config is not None,
            )
            for each in project.environments
        ),
        load=intake.load,
        load_whole=intake.load_whole,
        read_ahead=intake.load_all,
        read=intake.bytes_of,
        find=find,
        module_name=module_name,
        dialect=settings.dialect or project.dialect,
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
