"""The order of the stages, and the temperatures: hot asks the cache, warm and cold ask `analysis`."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ormlint import kept
from ormlint.adoption import Holding, held_back
from ormlint.cache import FOLDER, Cache
from ormlint.discover import Project, discover, find_scope
from ormlint.discover.contents import content_ids, digest
from ormlint.findings import Finding, Summary
from ormlint.own import stamp
from ormlint.settings import Level, Settings, UsageError, load

if TYPE_CHECKING:
    from ormlint.graph.model import Graph
    from ormlint.report.changes import Changes
    from ormlint.report.document import Document
    from ormlint.report.outline import Outline
    from ormlint.select import Override

Progress = Callable[[int, int], None]
"""Told how many files are read, of how many."""


@dataclass(frozen=True)
class Report:
    """What `check` found. Paths in findings start at `root`."""

    findings: list[Finding]
    summary: Summary
    root: Path
    lasting: bool = False
    """The same content will give the same findings: git told which files there are, and no date counts."""
    besides: Mapping[str, str] = field(default_factory=dict)
    """What the findings rest on besides the files that are listed: absolute paths with their states."""
    fail_on: Level = "info"
    written: Path | None = None
    """The baseline that was written."""


@dataclass(frozen=True)
class Caching:
    """Where results are kept: the folder given, else one in the project; `off` for none."""

    folder: Path | None = None
    off: bool = False

    def cache(self, root: Path) -> Cache:
        return Cache(None if self.off else self.at(root))

    def at(self, root: Path) -> str:
        """The cache's folder for a project."""
        return str(self.folder or root / FOLDER)


def check(
    paths: Sequence[Path],
    *,
    config: Sequence[str] = (),
    isolated: bool = False,
    override: Override | None = None,
    ignore_comments: bool = False,
    holding: Holding | None = None,
    progress: Progress | None = None,
    caching: Caching = Caching(off=True),
) -> Report:
    """The findings of the project that the paths lie in.

    Left out is what the baseline holds back, and what the commit that is compared with has too.
    """
    settings = _settings(paths, config, isolated=isolated)
    project = _project(paths, settings)
    ids = content_ids(project) if not caching.off else {}
    cache, look = caching.cache(project.root), _look(paths, settings)
    run = _Run(settings, project, override, ignore_comments, cache, ids, look)
    found = _recalled(run) or _fresh(run, progress)
    if found is None:
        raise UsageError(_nothing_found(paths))
    holding = holding or Holding(off=True)
    held = held_back(found[0], holding, settings, project, whole=run.is_whole)
    new = _since(run, holding.diff_base, held.new, progress) if holding.diff_base else held.new
    summary = replace(found[1], held_back=len(held.held))
    lasting = held.lasting and project.ids is not None
    return Report(new, summary, project.root, lasting, project.besides, settings.fail_on, held.written)


def _since(run: _Run, ref: str, found: list[Finding], progress: Progress | None) -> list[Finding]:
    """The findings that a commit does not have, whatever files and lines they are in."""
    from ormlint import baseline, diffbase  # noqa: PLC0415 - only for this option

    commit = diffbase.commit_of(run.project.root, ref)
    key = digest(f"{run.own_key}\0{commit}".encode())
    record = run.cache.recall("base", key)
    if record is not None:
        there = kept.decode(record[0])[0]
    else:
        with _taken_out(run, commit) as base:
            there, summary = _fresh(base, progress) or ([], Summary())
        run.cache.remember("base", key, kept.encode(there, summary))
    return baseline.compare(found, baseline.entries_for(there), dt.date.min).new


@contextmanager
def _taken_out(run: _Run, commit: str) -> Iterator[_Run]:
    """The same run over all that a commit has."""
    from ormlint import diffbase  # noqa: PLC0415 - only for this option

    with diffbase.taken_out(run.project.root, commit) as folder:
        project = replace(_project([folder], run.settings), report_under=())
        yield replace(run, project=project, ids=content_ids(project) if run.ids else {}, look=None)


@dataclass(frozen=True)
class _Run:
    """All that findings depend on, and where they are kept; `ids` are digests of the project's files."""

    settings: Settings
    project: Project
    override: Override | None
    ignore_comments: bool
    cache: Cache
    ids: dict[str, str]
    look: Callable[[], dict[str, str]] | None
    """Tells the digests as they are now; `None` for files that are not the project's own."""

    @property
    def is_whole(self) -> bool:
        """Whether all findings that there are would be found."""
        plain = self.override is None or not (
            self.override.select or self.override.extend_select or self.override.ignore
        )
        return plain and not self.project.report_under and not self.ignore_comments

    @property
    def key(self) -> str:
        own = (self.own_key, self.project.report_under, sorted(self.ids.items()))
        return digest(repr(own).encode())

    @property
    def own_key(self) -> str:
        """Of all but the files."""
        file = self.settings.file
        said = digest(file.read_bytes()) if file is not None else ""
        root = str(self.project.root)  # which `%(here)s` stands for
        own = (_stamp(), root, self.settings, self.override, self.ignore_comments, said)
        return digest(repr(own).encode())

    def recall(self, kind: str) -> bytes | None:
        """What was made of the same content; what it rested on besides is noted."""
        record = None if self.project.listing_problems else self.cache.recall(kind, self.key)
        if record is None:
            return None
        content, besides = record
        self.project.besides.update(besides)
        return content

    def remember(self, kind: str, content: bytes) -> None:
        """Keep what was made, unless somebody changed files meanwhile."""
        listed = self.cache.holds and not self.project.listing_problems
        if listed and self.look is not None and self.look() == self.ids:
            self.cache.remember(kind, self.key, content, self.project.besides)


def _recalled(run: _Run) -> tuple[list[Finding], Summary] | None:
    """Hot: what a run on the same content found."""
    record = run.recall("run")
    return None if record is None else kept.decode(record)


def _fresh(run: _Run, progress: Progress | None) -> tuple[list[Finding], Summary] | None:
    """Warm and cold; `None` where there is nothing to check."""
    from ormlint import analysis, select  # noqa: PLC0415 - a hot run does without

    codes = analysis.codes(run.settings, run.override or select.Override())
    with _without_collector():
        linked = analysis.link(run.project, run.settings, run.cache, run.ids, _stamp(), progress)
        if analysis.is_empty(linked):
            return None
        found = analysis.findings(
            linked, run.project, run.settings, codes, ignore_comments=run.ignore_comments
        )
        summary = analysis.summary(linked, len(run.project.paths))
    run.remember("run", kept.encode(found, summary))
    return found, summary


def graph(
    path: Path,
    *,
    config: Sequence[str] = (),
    isolated: bool = False,
    progress: Progress | None = None,
    caching: Caching = Caching(off=True),
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
    caching: Caching = Caching(off=True),
) -> Graph:
    """The linked graph itself."""
    from ormlint import analysis  # noqa: PLC0415 - late, as above

    settings = _settings([path], config, isolated=isolated)
    project = _project([path], settings)
    ids = content_ids(project) if not caching.off else {}
    with _without_collector():
        return analysis.link(project, settings, caching.cache(project.root), ids, _stamp(), progress)


def report(
    path: Path,
    *,
    config: Sequence[str] = (),
    isolated: bool = False,
    progress: Progress | None = None,
    caching: Caching = Caching(off=True),
) -> tuple[Document, Path]:
    """The audit of a project as a plain document, and the folder that its paths start at."""
    from ormlint.report import store  # noqa: PLC0415 - late, as above

    run = _run([path], config, isolated=isolated, caching=caching)
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
    caching: Caching = Caching(off=True),
) -> Changes:
    """What changed in a project since a commit of git."""
    from ormlint import diffbase  # noqa: PLC0415 - late, as above
    from ormlint.report import outline  # noqa: PLC0415
    from ormlint.report.changes import Base  # noqa: PLC0415
    from ormlint.report.compare import compare  # noqa: PLC0415

    run = _run([path], config, isolated=isolated, caching=caching)
    commit = diffbase.commit_of(run.project.root, ref)
    record = run.recall("outline")
    now = outline.decode(record) if record is not None else _audit(run, progress)[1]
    key = digest(f"{run.own_key}\0{run.project.report_under}\0{commit}".encode())
    former = run.cache.recall("former", key)
    if former is not None:
        then = outline.decode(former[0])
    else:
        with _taken_out(run, commit) as base:
            project = replace(base.project, report_under=run.project.report_under)
            then = _audit(replace(base, project=project), progress)[1]
        run.cache.remember("former", key, outline.encode(then))
    if now == then == outline.Outline():
        raise UsageError(_nothing_found([path]))
    return compare(then, now, Base(ref, commit))


def _audit(run: _Run, progress: Progress | None) -> tuple[Document | None, Outline]:
    """The report and the outline of what there is; no report where there is nothing."""
    from ormlint import analysis, select  # noqa: PLC0415 - late, as above
    from ormlint.report import outline, store  # noqa: PLC0415
    from ormlint.report.build import build  # noqa: PLC0415

    with _without_collector():
        graph = analysis.link(run.project, run.settings, run.cache, run.ids, _stamp(), progress)
        if analysis.is_empty(graph):
            return None, outline.Outline()
        codes = analysis.codes(run.settings, select.Override())
        found = analysis.findings(graph, run.project, run.settings, codes)
        document = build(graph, found, analysis.summary(graph, len(run.project.paths)))
        outlined = outline.outline(graph, found, document)
    run.remember("report", store.encode(document))
    run.remember("outline", outline.encode(outlined))
    return document, outlined


def _run(paths: Sequence[Path], config: Sequence[str], *, isolated: bool, caching: Caching) -> _Run:
    """A run of all selected rules; comments count."""
    settings = _settings(paths, config, isolated=isolated)
    project = _project(paths, settings)
    ids = content_ids(project) if not caching.off else {}
    cache, look = caching.cache(project.root), _look(paths, settings)
    return _Run(settings, project, None, ignore_comments=False, cache=cache, ids=ids, look=look)


def settings_of(paths: Sequence[Path], *, config: Sequence[str] = (), isolated: bool = False) -> Settings:
    """The settings in force for the paths."""
    return _settings(paths, config, isolated=isolated)


def files_of(
    paths: Sequence[Path], *, config: Sequence[str] = (), isolated: bool = False
) -> tuple[Path, list[str]]:
    """The project's root, and the files that a check of the paths reports on."""
    project = _project(paths, _settings(paths, config, isolated=isolated))
    return project.root, [path for path in project.paths if project.reports(path)]


def clean(path: Path, caching: Caching) -> int:
    """Empty the cache of the project around a path; return how many files went."""
    return caching.cache(Path(find_scope([path]).root)).clean()


@contextmanager
def _without_collector() -> Iterator[None]:
    """Nearly all that an analysis makes lives until its end: looking for garbage in it doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _stamp() -> str:
    return digest(stamp().encode())


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


def _look(paths: Sequence[Path], settings: Settings) -> Callable[[], dict[str, str]]:
    return lambda: content_ids(_project(paths, settings))


def _nothing_found(paths: Sequence[Path]) -> str:
    where = ", ".join(str(path) for path in paths)
    return (
        f"nothing to check in {where}: no SQLAlchemy model, no Pydantic schema and no Alembic migration.\n"
        "Looked at the Python files that git tracks or would add (outside git, at all of them), and for\n"
        "alembic.ini, [tool.alembic] in pyproject.toml, or a folder with env.py and versions/.\n"
        "Name the folder that holds them (`ormlint check backend`), or set `roots`, `alembic` or `exclude`\n"
        "under [tool.ormlint] in pyproject.toml."
    )
