"""Warm and cold: files → facts → graph → findings. Everything that a hot run does without."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from ormlint.choice import Chosen, options_of, revisions_do
from ormlint.discover import Project
from ormlint.findings import Covered, Finding, Place, Summary
from ormlint.graph.build import build, build_revisions
from ormlint.graph.concerned import of_tests
from ormlint.graph.drift import older_tables
from ormlint.graph.model import Base, Graph, Past, Unreadable
from ormlint.graph.sources import EnvironmentSource, Sources
from ormlint.intake import Intake
from ormlint.options import Noting, Options
from ormlint.parts import Parts
from ormlint.raw import Found, Raw
from ormlint.rules import catalogue
from ormlint.select.comments import ON_COMMENTS
from ormlint.settings import Settings
from ormlint.standing import unnamed

Progress = Callable[[int, int], None]
"""Told how many files are read, of how many."""


def examined(
    project: Project,
    parts: Parts,
    intake: Intake,
    chosen: Chosen,
    base: Base | None,
    progress: Progress | None,
) -> tuple[Graph, Raw]:
    """The graph as the root's settings have it, and what the rules chosen for each part find in its graph.

    Rules see what the commit that is compared with has, if there is one (`base`).
    """
    read = revisions if revisions_do(chosen) else link
    linked: dict[str, _Linked] = {}
    keys: dict[str, str] = {}
    for part in reversed(parts.all):
        options = options_of(part.settings)
        key = keys[part.under] = repr(options)
        if key not in linked:
            noting = Noting.of(options)
            graph = read(project, parts, part.settings, noting, intake, progress)
            linked[key] = _Linked(replace(graph, base=base), noting, part.settings.dialect)
        linked[key].run(chosen[part.under] - ON_COMMENTS)
    root = linked[keys[""]].graph
    raw = Raw(
        rules=catalogue.identities(),
        summary=None if is_empty(root) else summary(root, len(project.paths)),
        comments=root.comments,
        graphs=[each.found for each in linked.values()],
        parts={under: [*linked].index(key) for under, key in keys.items()},
    )
    return root, raw


class _Linked(Struct):
    """A graph, the options that it was linked for, and what the rules that ran find in it, by code."""

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


def past(project: Project, parts: Parts, intake: Intake) -> Past:
    """The migration histories of a project, as they are at another commit."""
    found = revisions(project, parts, parts.root, options_of(parts.root), intake, None).environments
    return Past({each.path: tuple(each.revisions) for each in found}, meanings(project, intake))


def meanings(project: Project, intake: Intake) -> dict[str, str]:
    """What each migration file says, by path."""
    from ormlint.meaning import meaning  # noqa: PLC0415 - it imports LibCST, which a warm run does without

    files = {path for each in project.environments for path in each.revision_files}
    return {path: meaning(data) for path in files if (data := intake.bytes_of(path)) is not None}


def link(
    project: Project,
    parts: Parts,
    settings: Settings,
    options: Options,
    intake: Intake,
    progress: Progress | None,
) -> Graph:
    """The linked graph of a project, as the settings of one of its parts have it."""
    migrations = {path for each in project.environments for path in each.revision_files}
    others = [path for path in project.paths if path not in migrations]
    intake.look_ahead(others)
    chosen = intake.declaring(others, project.installed.has)
    intake.read_ahead(chosen, progress)
    intake.listen_ahead(intake.speaking([path for path in others if not of_tests(path)]))
    intake.read_ahead(sorted(migrations), progress)
    linked = build(_sources(project, parts, settings, options, intake, chosen, others))
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
    project: Project,
    parts: Parts,
    settings: Settings,
    options: Options,
    intake: Intake,
    progress: Progress | None,
) -> Graph:
    """The revision graphs alone: only migrations are read."""
    migrations = {path for each in project.environments for path in each.revision_files}
    intake.read_ahead(sorted(migrations), progress)

    def find(module: str, importer: str) -> str | None:
        found = project.find(module, importer)
        return found[0] if found and found[0] in migrations else None

    return build_revisions(replace(_sources(project, parts, settings, options, intake, (), ()), find=find))


def _sources(
    project: Project,
    parts: Parts,
    settings: Settings,
    options: Options,
    intake: Intake,
    chosen: Sequence[str],
    others: Sequence[str],
) -> Sources:
    names = {file.path: file.module for file in project.files}
    spoken = [path for path in others if not of_tests(path)]

    def find(module: str, importer: str) -> str | None:
        found = project.find(module, importer)
        return found[0] if found else None

    def module_name(path: str) -> str:
        return names.get(path) or unnamed(path)

    return Sources(
        declaring=tuple(chosen),
        paths=tuple(spoken),
        speaking=tuple(intake.speaking(spoken)),
        telling=tuple(intake.telling(others)),
        options=options,
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
        listen_ahead=intake.listen_ahead,
        read=intake.bytes_of,
        words=intake.words,
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
