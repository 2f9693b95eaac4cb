"""The order of the stages: what each command asks of a run."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from ormlint import kept
from ormlint.adoption import Holding, held_back
from ormlint.choice import Terms, options_of, revisions_do, terms_of
from ormlint.discover import find_scope
from ormlint.discover.contents import digest
from ormlint.findings import Finding, Summary
from ormlint.parts import look
from ormlint.runs import UNCACHED, Asked, Caching, Progress, Run, against, begin, recalled, taken_out
from ormlint.select import Override
from ormlint.settings import LEVELS, Level, Settings, UsageError
from ormlint.temperatures import fresh

if TYPE_CHECKING:
    from ormlint.graph.model import Graph
    from ormlint.report.changes import Changes
    from ormlint.report.document import Document
    from ormlint.report.outline import Outline


class Report(Struct, frozen=True):
    """What `check` found. Paths in findings start at `root`."""

    findings: list[Finding]
    summary: Summary
    root: Path
    lasting: bool = False
    """The same content will give the same findings: git told which files there are, and no date counts."""
    besides: Mapping[str, str] = {}
    """What the findings rest on besides the files that are listed: absolute paths with their states."""
    ids: Mapping[str, str] = {}
    """Digests of the files of the project."""
    fails: bool = False
    """Whether a finding is severe enough to fail the check."""
    written: tuple[Path, ...] = ()
    """The baselines that were written."""


def check(
    paths: Sequence[Path],
    *,
    config: Sequence[str] = (),
    isolated: bool = False,
    override: Override | None = None,
    ignore_comments: bool = False,
    holding: Holding | None = None,
    progress: Progress | None = None,
    caching: Caching = UNCACHED,
) -> Report:
    """The findings of the project that the paths lie in, each as the settings closest to it have it.

    Left out is what the baselines hold back, and what the commit that is compared with has too.
    """
    holding = holding or Holding(off=True)
    run = begin(paths, config, isolated, caching, Asked(override or Override(), ignore_comments))
    if holding.diff_base:
        run = against(run, holding.diff_base)
    found = recalled(run) or fresh(run, progress)
    if found is None:
        raise UsageError(_nothing_found(paths))
    held = held_back(found[0], holding, run.parts, run.project, whole=run.is_whole)
    new = _since(run, held.new, progress)
    return Report(
        new,
        replace(found[1], held_back=len(held.held), pruned=held.pruned),
        run.project.root,
        lasting=held.lasting and run.project.ids is not None,
        besides={**run.project.besides, **run.said},
        ids=run.ids,
        fails=any(_fails(finding, run.parts.settings_of(finding).fail_on) for finding in new),
        written=held.written,
    )


def _fails(finding: Finding, least: Level) -> bool:
    """Findings below the least severity that counts are shown, and let pass."""
    return finding.severity.value in LEVELS[: LEVELS.index(least) + 1]


def _since(run: Run, found: list[Finding], progress: Progress | None) -> list[Finding]:
    """The findings that a commit does not have, whatever files and lines they are in."""
    if run.asked.against is None:
        return found
    from ormlint import baseline  # noqa: PLC0415 - only for this option

    commit = run.asked.against.commit
    key = digest(f"{run.alone.own_key}\0{commit}".encode())
    record = run.cache.recall("base", key)
    known = kept.decode(record[0]) if record is not None else None
    if known is not None:
        there = known[0]
    else:
        with taken_out(run, commit) as then:
            there, summary = fresh(then, progress) or ([], Summary())
        run.cache.remember("base", key, kept.encode(there, summary), run.project.besides)
    return baseline.compare(found, baseline.entries_for(there), dt.date.min).new


def graph(
    path: Path,
    *,
    config: Sequence[str] = (),
    isolated: bool = False,
    progress: Progress | None = None,
    caching: Caching = UNCACHED,
) -> dict[str, Any]:
    """The linked graph as plain data."""
    from ormlint.graph.view import view  # noqa: PLC0415 - late, as above

    return view(linked(path, config=config, isolated=isolated, progress=progress, caching=caching))


def linked(
    path: Path,
    *,
    config: Sequence[str] = (),
    isolated: bool = False,
    progress: Progress | None = None,
    caching: Caching = UNCACHED,
) -> Graph:
    """The linked graph itself, as the settings closest to the path have it."""
    run = begin([path], config, isolated, caching)
    settings = run.parts.of(posixpath.relpath(path.resolve().as_posix(), run.project.root.as_posix()))
    terms = Terms(options_of(settings), settings.dialect)
    with run.intake(of_all=True) as intake:
        from ormlint import analysis  # noqa: PLC0415 - it takes as long as other processes look

        found = analysis.linked(run.project, run.parts, {"": terms}, intake, progress)
        intake.keep()
        return replace(found.graphs[0][1], options=terms.options)


def report(
    path: Path,
    *,
    config: Sequence[str] = (),
    isolated: bool = False,
    progress: Progress | None = None,
    caching: Caching = UNCACHED,
) -> tuple[Document, Path]:
    """The audit of a project as a plain document, and the folder that its paths start at."""
    from ormlint.report import store  # noqa: PLC0415 - late, as above

    run = begin([path], config, isolated, caching)
    record = run.recall("report")
    document = store.decode(record) if record is not None else _audit(run, progress)[0]
    if document is None:
        raise UsageError(_nothing_found([path]))
    return document, run.project.root


def changes(
    path: Path,
    ref: str,
    *,
    config: Sequence[str] = (),
    isolated: bool = False,
    progress: Progress | None = None,
    caching: Caching = UNCACHED,
) -> Changes:
    """What changed in a project since a commit of git."""
    from ormlint import diffbase  # noqa: PLC0415 - late, as above
    from ormlint.report import outline  # noqa: PLC0415
    from ormlint.report.changes import Base  # noqa: PLC0415
    from ormlint.report.compare import compare  # noqa: PLC0415

    run = begin([path], config, isolated, caching)
    commit = diffbase.commit_of(run.project.root, ref)
    record = run.recall("outline")
    now = outline.decode(record) if record is not None else _audit(run, progress)[1]
    key = digest(f"{run.own_key}\0{run.project.report_under}\0{commit}".encode())
    former = run.cache.recall("former", key)
    if former is not None:
        then = outline.decode(former[0])
    else:
        with taken_out(run, commit) as base:
            project = replace(base.project, report_under=run.project.report_under)
            then = _audit(replace(base, project=project), progress)[1]
        run.cache.remember("former", key, outline.encode(then), run.project.besides)
    if now == then == outline.Outline():
        raise UsageError(_nothing_found([path]))
    return compare(then, now, Base(ref, commit))


def _audit(run: Run, progress: Progress | None) -> tuple[Document | None, Outline]:
    """The report and the outline of what there is; no report where there is nothing."""
    from ormlint.report import outline, store  # noqa: PLC0415 - late, as above

    with run.intake(of_all=True) as intake:
        from ormlint import analysis, looking  # noqa: PLC0415 - it takes as long as other processes look
        from ormlint.report.build import build  # noqa: PLC0415
        from ormlint.rules import catalogue  # noqa: PLC0415

        chosen, terms = run.chosen(catalogue.identities()), terms_of(run.parts)
        only = revisions_do(chosen)
        graphs = analysis.linked(run.project, run.parts, terms, intake, progress, revisions_only=only)
        graph, raw = looking.look(graphs, terms, chosen, len(run.project.paths))
        intake.keep()
        if raw.summary is None:
            return None, outline.Outline()
        found = run.let_through(raw)
        document = build(graph, found, raw.summary)
        outlined = outline.outline(graph, found, document)
    if run.is_current:
        run.remember("report", store.encode(document))
        run.remember("outline", outline.encode(outlined))
    return document, outlined


def settings_of(
    paths: Sequence[Path], *, config: Sequence[str] = (), isolated: bool = False
) -> list[Settings]:
    """The settings in force for the paths, the root's first."""
    parts, project, _ = look(paths, config=config, isolated=isolated)
    asked = {parts.part_of(f"{path}/").under for path in project.report_under}
    below = [
        part
        for part in reversed(parts.all)
        if not project.report_under
        or part.under in asked
        or any(part.under.startswith(f"{path}/") for path in project.report_under)
    ]
    return [part.settings for part in below]


def files_of(
    paths: Sequence[Path], *, config: Sequence[str] = (), isolated: bool = False
) -> tuple[Path, list[str]]:
    """The project's root, and the files that a check of the paths reports on."""
    project = look(paths, config=config, isolated=isolated).project
    return project.root, [path for path in project.paths if project.reports(path)]


def clean(path: Path, caching: Caching) -> int:
    """Empty the cache of the project around a path; return how many files went."""
    return caching.cache(Path(find_scope([path]).root)).clean()


def _nothing_found(paths: Sequence[Path]) -> str:
    where = ", ".join(str(path) for path in paths)
    return (
        f"nothing to check in {where}: no SQLAlchemy model, no Pydantic schema and no Alembic migration.\n"
        "Looked at the Python files that git tracks or would add (outside git, at all of them), and for\n"
        "alembic.ini, [tool.alembic] in pyproject.toml, or a folder with env.py and versions/.\n"
        "Name the folder that holds them (`ormlint check backend`), or set `roots`, `alembic` or `exclude`\n"
        "under [tool.ormlint] in pyproject.toml."
    )
