"""Files → facts → graphs: everything that a run does without for which the graphs are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module

from msgspec.structs import replace

from ormlint.choice import Terms, terms_of
from ormlint.discover import Project
from ormlint.findings import Place
from ormlint.graph.build import build, build_revisions
from ormlint.graph.concerned import of_tests
from ormlint.graph.model import Graph, Past, Unreadable
from ormlint.graph.sources import EnvironmentSource, Sources
from ormlint.intake import Intake
from ormlint.linked import Linked
from ormlint.parts import Parts
from ormlint.standing import module_name, naming

Progress = Callable[[int, int], None]
"""Told how many files are read, of how many."""

_LATE = (
    "ormlint.graph.founding", "ormlint.graph.link.reader", "ormlint.graph.migrations.anew",
    "ormlint.graph.schemas.reading",
)  # fmt: skip
"""What reading a project takes: imported while other processes look, as nothing else is to be done."""


def linked(
    project: Project,
    parts: Parts,
    terms: Mapping[str, Terms],
    intake: Intake,
    progress: Progress | None,
    *,
    revisions_only: bool = False,
) -> Linked:
    """The graphs that the terms of the parts ask for; with `revisions_only` the revision graphs alone."""
    found = Linked([])
    for each in terms.values():
        if found.of(each) is None:
            read = _revisions if revisions_only else _link
            found.add(each, read(project, parts, each, intake, progress))
    return found


def past(project: Project, parts: Parts, intake: Intake) -> Past:
    """The migration histories of a project, as they are at another commit."""
    found = _revisions(project, parts, terms_of(parts)[""], intake, None).environments
    return Past({each.path: tuple(each.revisions) for each in found}, meanings(project, intake))


def meanings(project: Project, intake: Intake) -> dict[str, str]:
    """What each migration file says, by path."""
    from ormlint.meaning import meaning  # noqa: PLC0415 - it imports LibCST, which a warm run does without

    files = {path for each in project.environments for path in each.revision_files}
    return {path: meaning(data) for path in files if (data := intake.bytes_of(path)) is not None}


def _link(project: Project, parts: Parts, terms: Terms, intake: Intake, progress: Progress | None) -> Graph:
    """The linked graph of a project, as the settings of one of its parts have it."""
    migrations = {path for each in project.environments for path in each.revision_files}
    others = [path for path in project.paths if path not in migrations]
    intake.headings.look_ahead(others)
    if intake.is_helped:
        for name in _LATE:
            import_module(name)
    chosen = intake.declaring(others, project.installed.has)
    intake.read_ahead(chosen, progress)
    spoken = [path for path in others if not of_tests(path)]
    intake.words.look_ahead(intake.speaking(spoken))
    intake.read_ahead(sorted(migrations), progress)
    intake.words.look_ahead(spoken)
    sources = _sources(project, parts, terms, intake, chosen, others, spoken)
    memo = intake.memo(project.layout, partial(naming, project), sources.find)
    linked = build(replace(sources, memo=memo))
    linked.unreadable += [
        Unreadable(Place(path, problem.line, problem.column), problem.reason, problem.advice)
        for path, problem in intake.problems()
    ]
    linked.unreadable += [
        Unreadable(Place(problem.path, problem.line), problem.reason, problem.what_to_do)
        for problem in project.problems
    ]
    return linked


def _revisions(
    project: Project, parts: Parts, terms: Terms, intake: Intake, progress: Progress | None
) -> Graph:
    """The revision graphs alone: only migrations are read."""
    migrations = {path for each in project.environments for path in each.revision_files}
    intake.read_ahead(sorted(migrations), progress)

    def find(module: str, importer: str) -> str | None:
        found = project.find(module, importer)
        return found[0] if found and found[0] in migrations else None

    spoken = tuple(path for path in project.paths if path not in migrations and not of_tests(path))
    sources = _sources(project, parts, terms, intake, (), (), ())
    return build_revisions(replace(sources, find=find, paths=spoken))


def _sources(
    project: Project,
    parts: Parts,
    terms: Terms,
    intake: Intake,
    chosen: Sequence[str],
    others: Sequence[str],
    spoken: Sequence[str],
) -> Sources:
    def find(module: str, importer: str) -> str | None:
        found = project.find(module, importer)
        return found[0] if found else None

    return Sources(
        declaring=tuple(chosen),
        paths=tuple(spoken),
        speaking=tuple(intake.speaking(spoken)),
        telling=tuple(intake.telling(others)),
        options=terms.options.of_linking,
        environments=tuple(
            EnvironmentSource(
                each.path,
                each.env_py,
                each.revision_files,
                parts.of(each.path).dialect or each.dialect,
                each.options,
                configured=each.config is not None,
                continued_in=each.continued_in,
            )
            for each in project.environments
        ),
        load=intake.load,
        load_whole=intake.load_whole,
        read_ahead=intake.read_ahead,
        read=intake.text_of,
        words=intake.words.of,
        imports=intake.imports.of,
        calls=intake.calls.of,
        find=find,
        module_name=partial(module_name, project),
        installed=project.installed.find,
        pydantic=project.pydantic,
        derives_anew=project.derives_anew,
        dialect=terms.dialect or project.dialect,
        comments=intake.comments,
        ask_ahead=intake.ask_ahead,
    )
