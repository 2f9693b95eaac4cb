"""Warm and cold: files → facts → graph → findings. Everything that a hot run does without."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from msgspec import Struct, structs
from msgspec.structs import replace

from ormlint import rules, select
from ormlint.discover import Project
from ormlint.findings import Covered, Finding, Place, Summary
from ormlint.graph.build import build, build_revisions
from ormlint.graph.drift import older_tables
from ormlint.graph.model import Base, Graph, Misstatement, Options, Past, Role, Unreadable
from ormlint.graph.sources import EnvironmentSource, Sources
from ormlint.intake import Intake
from ormlint.parts import Part, Parts
from ormlint.select.comments import ON_COMMENTS, in_vain, silenced
from ormlint.settings import Settings

Progress = Callable[[int, int], None]
"""Told how many files are read, of how many."""


class Asked(Struct, frozen=True):
    """What the command line asks of a check."""

    override: select.Override = select.Override()
    ignore_comments: bool = False
    base: Callable[[Intake], Base] | None = None
    """What the commit that is compared with has; told where the work tree's files are read."""


def examined(
    project: Project, parts: Parts, intake: Intake, asked: Asked, progress: Progress | None
) -> tuple[Graph, list[Finding]]:
    """The graph as the root's settings have it, and what each part's settings find in the part."""
    graphs: dict[str, Graph] = {}
    found: list[Finding] = []
    based = asked.base is not None
    chosen = {part.under: codes(part.settings, asked.override, based=based) for part in parts.all}
    base = asked.base(intake) if asked.base is not None else None
    read = revisions if frozenset().union(*chosen.values()) <= rules.OF_REVISIONS else link
    for part in reversed(parts.all):
        key = repr(_options(part.settings))
        if key not in graphs:
            graphs[key] = structs.replace(read(project, parts, part.settings, intake, progress), base=base)
        ignored = asked.ignore_comments
        found += findings(graphs[key], project, parts, part, chosen[part.under], ignore_comments=ignored)
    return graphs[repr(_options(parts.root))], sorted(
        dict.fromkeys(found), key=lambda finding: finding.sort_key
    )


def codes(settings: Settings, override: select.Override, *, based: bool = False) -> frozenset[str]:
    """The codes of the rules to run, `based` with a commit to compare with.

    Raises `UsageError` for a selector that fits none.
    """
    chosen = select.selected(settings, override, [module.RULE for module in rules.MODULES])
    return chosen if based else chosen - rules.OF_A_BASE


def past(project: Project, parts: Parts, intake: Intake) -> Past:
    """The migration histories of a project, as they are at another commit."""
    found = revisions(project, parts, parts.root, intake, None).environments
    return Past({each.path: tuple(each.revisions) for each in found}, meanings(project, intake))


def meanings(project: Project, intake: Intake) -> dict[str, str]:
    """What each migration file says, by path."""
    from ormlint.meaning import meaning  # noqa: PLC0415 - it imports LibCST, which a warm run does without

    files = {path for each in project.environments for path in each.revision_files}
    return {path: meaning(data) for path in files if (data := intake.bytes_of(path)) is not None}


def findings(
    linked: Graph,
    project: Project,
    parts: Parts,
    part: Part,
    chosen: frozenset[str],
    *,
    ignore_comments: bool = False,
) -> list[Finding]:
    """What the chosen rules find in a part, below the paths that are reported on, and no comment silences."""
    settings = part.settings
    linked = structs.replace(linked, misstated=[*linked.misstated, *_unknown_in(settings)])
    everything = [module.RULE for module in rules.MODULES]
    comments = {} if ignore_comments else linked.comments
    used: set[tuple[str, int, str]] = set()
    found = list(silenced(rules.check(linked, chosen - ON_COMMENTS), comments, used))
    linked.misstated += in_vain(comments, used, everything, chosen)
    found += silenced(rules.check(linked, chosen & ON_COMMENTS), comments, used)
    own = {_place(settings, (file, 1)).path for file in settings.files}
    here = (each for each in found if each.place.path in own or parts.part_of(each.place.path) is part)
    return select.shown((each for each in here if project.reports(each.place.path)), settings)


def _unknown_in(settings: Settings) -> Iterator[Misstatement]:
    """What the settings silence that no rule is called."""
    for source, word, message in select.unknown(settings, [module.RULE for module in rules.MODULES]):
        yield Misstatement("unknown-code", _place(settings, source), word, message)


def _place(settings: Settings, source: tuple[Path, int]) -> Place:
    file, line = source
    return Place(Path(os.path.relpath(file, settings.folder)).as_posix(), line)


def _options(settings: Settings) -> Options:
    places = {schema: settings.source("links", schema) for schema in settings.links}
    return Options(
        links=settings.links,
        link_places={schema: _place(settings, source) for schema, source in places.items() if source},
        allow_missing=settings.allow_missing,
        allow_extra=settings.allow_extra,
        external_tables=settings.external_tables,
        secret_columns=settings.secret_columns,
        role_affixes=dict[Role, tuple[str, ...]](settings.role_affixes.items()),
        required_conventions=settings.naming_convention,
        strict_length=settings.strict_length,
    )


def link(
    project: Project, parts: Parts, settings: Settings, intake: Intake, progress: Progress | None
) -> Graph:
    """The linked graph of a project, as the settings of one of its parts have it."""
    migrations = {path for each in project.environments for path in each.revision_files}
    others = [path for path in project.paths if path not in migrations]
    intake.look_ahead(others)
    chosen = intake.declaring(others, project.installed.has)
    intake.read_ahead([*chosen, *sorted(migrations)], progress)
    linked = build(_sources(project, parts, settings, intake, chosen, others))
    linked.unreadable += [
        Unreadable(Place(path, problem.line, problem.column), problem.reason, problem.advice)
        for path, problem in intake.problems()
    ]
    linked.unreadable += [
        Unreadable(Place(problem.path, problem.line), problem.reason, problem.what_to_do)
        for problem in project.problems
    ]
    return linked


def revisions(
    project: Project, parts: Parts, settings: Settings, intake: Intake, progress: Progress | None
) -> Graph:
    """The revision graphs alone: only migrations are read."""
    migrations = {path for each in project.environments for path in each.revision_files}
    intake.read_ahead(sorted(migrations), progress)

    def find(module: str, importer: str) -> str | None:
        found = project.find(module, importer)
        return found[0] if found and found[0] in migrations else None

    return build_revisions(replace(_sources(project, parts, settings, intake, (), ()), find=find))


def _sources(
    project: Project,
    parts: Parts,
    settings: Settings,
    intake: Intake,
    chosen: Sequence[str],
    others: Sequence[str],
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
                parts.of(each.path).dialect or each.dialect,
                each.options,
                configured=each.config is not None,
            )
            for each in project.environments
        ),
        load=intake.load,
        load_whole=intake.load_whole,
        read_ahead=intake.read_ahead,
        read=intake.bytes_of,
        imports=intake.imports,
        find=find,
        module_name=module_name,
        installed=project.installed.find,
        pydantic=project.pydantic,
        dialect=settings.dialect or project.dialect,
        comments=intake.comments,
        memo=intake.memo(_listing(project, intake), module_name, find),
    )


def _listing(project: Project, intake: Intake) -> str:
    """Stands for all that a name's file is found by."""
    configs = [(path, intake.content(path)) for path in project.config_files]
    told = (project.paths, project.stated_roots, configs)
    return sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


def summary(graph: Graph, files: int) -> Summary:
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


def is_empty(graph: Graph) -> bool:
    """Whether there is nothing to check at all."""
    found = graph.models or graph.schemas or graph.tables or graph.environments or graph.unreadable
    return not (found or graph.migrations_only)
