"""One run: all that its answer depends on, where that is kept, and the temperatures.

Hot asks the cache for the answer, and with other settings for what the rules find in the same graph; warm and
cold ask `analysis`.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from ormlint import choice, kept, raw
from ormlint.cache import FOLDER, Cache, state
from ormlint.discover import Project
from ormlint.discover.contents import content_ids, digest, ids_without_settings
from ormlint.findings import Finding, Summary
from ormlint.own import stamp
from ormlint.parts import Parts, look
from ormlint.raw import Identity, Raw
from ormlint.select import Override

if TYPE_CHECKING:
    from ormlint.graph.model import Base, Past
    from ormlint.intake import Intake

Progress = Callable[[int, int], None]
"""Told how many files are read, of how many."""


class Caching(Struct, frozen=True):
    """Where results are kept: the folder given, else one in the project; `off` for none."""

    folder: Path | None = None
    off: bool = False

    def cache(self, root: Path) -> Cache:
        return Cache(None if self.off else self.at(root))

    def at(self, root: Path) -> str:
        """The cache's folder for a project."""
        return str(self.folder or root / FOLDER)


UNCACHED = Caching(off=True)
_OF_THE_PROJECT = ("include", "exclude", "extend_exclude", "roots", "alembic", "dialect")
"""Settings that say what there is to read, and how."""


class Against(NamedTuple):
    """The commit that a run is compared with: as it was asked for, as git has it, and where they parted."""

    ref: str
    commit: str
    fork: str | None


class Asked(Struct, frozen=True):
    """What the command line asks of a check."""

    override: Override = Override()
    ignore_comments: bool = False
    against: Against | None = None


class Run(Struct, frozen=True):
    """All that findings depend on, and where they are kept; `ids` are digests of the project's files."""

    parts: Parts
    project: Project
    asked: Asked
    cache: Cache
    stamp: str
    """A digest of ormlint itself."""
    said: Mapping[str, str]
    """The states of the files of settings, by absolute path."""
    ids: dict[str, str]
    look: Callable[[], dict[str, str]] | None
    """Tells the digests as they are now; `None` for files that are not the project's own."""

    @property
    def alone(self) -> Run:
        """The same without a commit to compare with."""
        return replace(self, asked=replace(self.asked, against=None))

    @property
    def is_whole(self) -> bool:
        """Whether all findings that there are would be found."""
        override = self.asked.override
        plain = not (override.select or override.extend_select or override.ignore)
        return plain and not self.project.report_under and not self.asked.ignore_comments

    @property
    def takes_all(self) -> bool:
        """Whether rules of every kind may be among those to run."""
        override = self.asked.override
        settings = (part.settings for part in self.parts.all)
        return not override.select and all(each.select is None for each in settings)

    @property
    def key(self) -> str:
        own = (self.own_key, self.project.report_under, sorted(self.ids.items()))
        return digest(repr(own).encode())

    @property
    def own_key(self) -> str:
        """Of all but the files."""
        said = (self.ground, self.parts, self.asked, sorted(self.said.items()))
        return digest(repr(said).encode())

    @property
    def ground(self) -> str:
        """Of ormlint, of where the project lies, and of the packages that it finds."""
        packages = (self.project.installed.folders, [part.settings.python_path for part in self.parts.all])
        root = str(self.project.root)  # which `%(here)s` stands for
        return digest(repr((self.stamp, root, packages, os.environ.get("VIRTUAL_ENV"))).encode())

    @property
    def graph_key(self) -> str:
        """Of what the graph is made from, all that `Options` say aside."""
        return digest(repr((self.project_key, sorted(self.graph_ids.items()))).encode())

    @property
    def graph_ids(self) -> dict[str, str]:
        """Digests of what the files say besides ormlint's settings."""
        return ids_without_settings(self.project, self.ids)

    @property
    def project_key(self) -> str:
        """The same of all but the files."""
        stated = [
            (part.under, [getattr(part.settings, key) for key in _OF_THE_PROJECT]) for part in self.parts.all
        ]
        return digest(repr((self.ground, stated, self.asked.against)).encode())

    def chosen(self, rules: Sequence[Identity]) -> choice.Chosen:
        """The rules that are to run, by the folder of each part."""
        based = self.asked.against is not None
        return choice.chosen(self.parts, self.asked.override, rules, based=based)

    def let_through(self, found: Raw, chosen: choice.Chosen) -> list[Finding]:
        """The findings to report."""
        ignored = self.asked.ignore_comments
        return choice.let_through(found, chosen, self.parts, self.project, ignore_comments=ignored)

    def recall(self, kind: str, key: str | None = None) -> bytes | None:
        """What was made of the same content; what it rested on besides is noted."""
        record = None if self.project.listing_problems else self.cache.recall(kind, key or self.key)
        if record is None:
            return None
        content, besides = record
        self.project.besides.update(besides)
        return content

    def remember(self, kind: str, content: bytes, key: str | None = None) -> None:
        """Keep what was made of the content that the run began with."""
        self.cache.remember(kind, key or self.key, content, self.project.besides)

    @property
    def is_current(self) -> bool:
        """Whether what is made may be kept: the files are the project's, and nobody changed any meanwhile."""
        listed = self.cache.holds and not self.project.listing_problems
        return listed and self.look is not None and self.look() == self.ids

    @contextmanager
    def intake(self, *, of_all: bool = False) -> Iterator[Intake]:
        """Facts of the project's files, while an analysis lasts; `of_all` where all of them will matter."""
        from ormlint.intake import Intake  # noqa: PLC0415 - a hot run does without

        project = self.project
        intake = Intake(project.root, self.cache, self.ids, self.stamp, self.ground, project.besides)
        with without_collector():
            try:
                if of_all:
                    migrations = {path for each in project.environments for path in each.revision_files}
                    intake.look_ahead([path for path in project.paths if path not in migrations])
                yield intake
            finally:
                intake.leave()


def begin(
    paths: Sequence[Path], config: Sequence[str], isolated: bool, caching: Caching, asked: Asked | None = None
) -> Run:
    parts, project = look(paths, config=config, isolated=isolated)
    ids = content_ids(project) if not caching.off else {}
    files = (file for part in parts.all for file in part.settings.files)
    return Run(
        parts,
        project,
        asked or Asked(),
        caching.cache(project.root),
        digest(stamp().encode()),
        {str(file.absolute()): state(str(file)) for file in files},
        ids,
        lambda: content_ids(parts.discovered(paths)),
    )


def recalled(run: Run) -> tuple[list[Finding], Summary] | None:
    """Hot: what a run on the same content found."""
    record = run.recall("run")
    return None if record is None else kept.decode(record)


def fresh(run: Run, progress: Progress | None) -> tuple[list[Finding], Summary] | None:
    """Warm and cold; `None` where there is nothing to check."""
    known = _known(run)
    chosen = run.chosen(known.rules) if known is not None else {}
    last: bytes | None = None
    if known is not None and choice.ran(known, chosen) and not choice.revisions_do(chosen):
        found, is_current = known, run.look is not None  # as when the files were listed, and none was read
    else:
        chosen, found, last = _examined(run, known, progress)
        is_current = run.is_current
    if found.summary is None:
        return None
    findings = run.let_through(found, chosen)
    if is_current:
        run.remember("run", kept.encode(findings, found.summary))
    if is_current and found is not known and not choice.revisions_do(chosen):
        run.remember("raw", raw.encode(found), run.graph_key)
        if last is not None:
            run.remember("watch", last, run.project_key)
    return findings, found.summary


def _known(run: Run) -> Raw | None:
    """What rules found in the same graph, where they would find it under these settings, too."""
    record = run.recall("raw", run.graph_key)
    found = raw.decode(record) if record is not None else _standing(run)
    return found if found is not None and choice.holds(found, run.parts) else None


def _standing(run: Run) -> Raw | None:
    """What rules found in the graph of another content that gives the same graph."""
    from ormlint import standing  # noqa: PLC0415 - a hot run does without

    content = run.recall("watch", run.project_key) if run.ids else None
    last = standing.decode(content) if content is not None else None
    ids = run.graph_ids
    if last is None or not standing.may_hold(last, ids, run.project):
        return None
    with run.intake() as intake:
        holds = standing.holds(last, ids, run.project, intake)
    record = run.recall("raw", last.graph) if holds else None
    found = raw.decode(record) if record is not None else None
    if found is not None and found.summary is not None and not found.summary.migrations_only:
        found.summary = replace(found.summary, files=len(run.project.paths))
    return found


def _examined(
    run: Run, known: Raw | None, progress: Progress | None
) -> tuple[choice.Chosen, Raw, bytes | None]:
    """The rules that are chosen, what they find, and what that rests on.

    Those that are known to have run do so again.
    """
    with run.intake(of_all=run.takes_all) as intake:
        from ormlint import analysis, standing  # noqa: PLC0415 - it takes as long as other processes look
        from ormlint.rules import catalogue  # noqa: PLC0415

        chosen = run.chosen(catalogue.identities())
        wanted = dict(chosen)
        if known is not None and not choice.revisions_do(chosen):
            wanted = {under: codes | known.of(under).findings.keys() for under, codes in chosen.items()}
        base = None if run.asked.against is None else _base(run, run.asked.against, intake)
        found = analysis.examined(run.project, run.parts, intake, wanted, base, progress)[1]
        intake.keep()
        last = standing.encode(run.graph_key, run.graph_ids, run.project, intake)
    return chosen, found, last


def against(run: Run, ref: str) -> Run:
    """The run, compared with what a ref names."""
    from ormlint import diffbase  # noqa: PLC0415 - only for this option

    root = run.project.root
    commit = diffbase.commit_of(root, ref)
    found = Against(ref, commit, diffbase.fork_of(root, commit))
    return replace(run, asked=replace(run.asked, against=found))


def _base(run: Run, against: Against, intake: Intake) -> Base:
    from ormlint import analysis  # noqa: PLC0415 - as above
    from ormlint.graph.model import Base  # noqa: PLC0415

    there = _past(run, against.commit)
    fork = None
    if against.fork is not None:
        fork = there if against.fork == against.commit else _past(run, against.fork)
    return Base(against.ref, there, fork, analysis.meanings(run.project, intake))


def _past(run: Run, commit: str) -> Past:
    """The migration histories of a commit."""
    from ormlint import analysis  # noqa: PLC0415 - as above

    key = digest(f"{run.alone.own_key}\0{commit}".encode())
    record = run.cache.recall("past", key)
    if record is not None:
        return kept.decode_past(record[0])
    with taken_out(run, commit) as then, then.intake() as intake:
        past = analysis.past(then.project, then.parts, intake)
    run.cache.remember("past", key, kept.encode_past(past), run.project.besides)
    return past


@contextmanager
def taken_out(run: Run, commit: str) -> Iterator[Run]:
    """The same run over all that a commit has, compared with nothing."""
    from ormlint import diffbase  # noqa: PLC0415 - only for this option

    gc.collect()  # what was analysed before and this at once would take twice the memory
    with diffbase.taken_out(run.project.root, commit) as folder:
        there = run.parts.discovered([folder])
        project = replace(there, report_under=(), installed=run.project.installed)
        yield replace(run.alone, project=project, ids=content_ids(project) if run.ids else {}, look=None)


@contextmanager
def without_collector() -> Iterator[None]:
    """Nearly all that an analysis makes lives until its end: looking for garbage in it doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
