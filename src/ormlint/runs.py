"""One run: all that its answer depends on, and where what was found is kept."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ormlint import choice, kept
from ormlint.cache import FOLDER, Cache, state
from ormlint.discover import Project
from ormlint.discover.contents import content_ids, digest, ids_without_settings
from ormlint.findings import Finding, Summary
from ormlint.own import stamp
from ormlint.parts import Parts, look
from ormlint.raw import Identity, Raw
from ormlint.select import Override
from ormlint.worktree import Watched

if TYPE_CHECKING:
    from ormlint.intake import Intake

Progress = Callable[[int, int], None]
"""Told how many files are read, of how many."""


class Caching(Struct, frozen=True):
    """Where results are kept: the folder given, else one in the project; `off` for none."""

    folder: Path | None = None
    off: bool = False
    watched: Watched | None = None
    """What git has just said of the files that a command is about."""

    def cache(self, root: Path) -> Cache:
        return Cache(None if self.off else self.at(root))

    def at(self, root: Path) -> str:
        """The cache's folder for a project."""
        return str(self.folder or root / FOLDER)


UNCACHED = Caching(off=True)
_OF_THE_PROJECT = ("include", "exclude", "extend_exclude", "roots", "alembic", "dialect")
"""Settings that say what there is to read, and how."""


class Against(Struct, frozen=True):
    """The commit that a run is compared with: as it was asked for, as git has it, and where they parted."""

    ref: str
    commit: str
    fork: str | None


class Asked(Struct, frozen=True):
    """What the command line asks of a check."""

    override: Override = Override()
    ignore_comments: bool = False
    against: Against | None = None


class Run(Struct, frozen=True, dict=True):
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
    watched: Watched | None = None
    """What git says of the files, where it does."""

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

    @cached_property
    def key(self) -> str:
        own = (self.own_key, self.project.report_under, self._files_key)
        return digest(repr(own).encode())

    @cached_property
    def _files_key(self) -> str:
        """Of the files."""
        return _of_all(self.ids)

    @cached_property
    def own_key(self) -> str:
        """Of all but the files."""
        said = (self.ground, self.parts, self.asked, sorted(self.said.items()))
        return digest(repr(said).encode())

    @cached_property
    def ground(self) -> str:
        """Of ormlint, of where the project lies, and of the packages that it finds."""
        packages = (self.project.installed.folders, [part.settings.python_path for part in self.parts.all])
        root = str(self.project.root)  # which `%(here)s` stands for
        return digest(repr((self.stamp, root, packages, os.environ.get("VIRTUAL_ENV"))).encode())

    @cached_property
    def graph_key(self) -> str:
        """Of what the graph is made from, all that `Options` say aside."""
        files_key = self._files_key if self.graph_ids == self.ids else _of_all(self.graph_ids)
        return digest(repr((self.project_key, files_key)).encode())

    @cached_property
    def graph_ids(self) -> dict[str, str]:
        """Digests of what the files say besides ormlint's settings."""
        return ids_without_settings(self.project, self.ids)

    @cached_property
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

    def let_through(self, found: Raw) -> list[Finding]:
        """The findings to report."""
        chosen, ignored = self.chosen(found.rules), self.asked.ignore_comments
        return choice.let_through(found, chosen, self.parts, self.project, ignore_comments=ignored)

    def recall(self, kind: str, key: str | None = None) -> bytes | None:
        """What was made of the same content; what it rested on besides is noted."""
        record = None if self.project.listing_problems else self.cache.recall(kind, key or self.key)
        if record is None:
            return None
        content, besides = record
        self.project.besides.update(besides)
        return content

    def remember(self, kind: str, content: bytes | None, key: str | None = None) -> None:
        """Keep what was made of the content that the run began with, where it can be written down."""
        if content is not None:
            self.cache.remember(kind, key or self.key, content, self.project.besides)

    @property
    def is_current(self) -> bool:
        """Whether what is made may be kept: the files are the project's, and nobody changed any meanwhile."""
        if not self.cache.holds or self.project.listing_problems or self.look is None:
            return False
        return self.look() == self.ids if self.watched is None else self.watched.is_unchanged

    def look_again(self) -> None:
        """Have git look whether anybody changed a file, now that all are read, where that will be asked."""
        if self.watched is not None and self.look is not None and self.cache.holds:
            self.watched.look_again()

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
                    intake.headings.look_ahead([path for path in project.paths if path not in migrations])
                yield intake
            finally:
                intake.leave()


def begin(
    paths: Sequence[Path], config: Sequence[str], isolated: bool, caching: Caching, asked: Asked | None = None
) -> Run:
    parts, project, watched = look(paths, config=config, isolated=isolated, watched=caching.watched)
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
        watched if project.ids is not None else None,
    )


def recalled(run: Run) -> tuple[list[Finding], Summary] | None:
    """Hot: what a run on the same content found."""
    record = run.recall("run")
    return None if record is None else kept.decode(record)


def against(run: Run, ref: str) -> Run:
    """The run, compared with what a ref names."""
    from ormlint import diffbase  # noqa: PLC0415 - only for this option

    root = run.project.root
    commit = diffbase.commit_of(root, ref)
    found = Against(ref, commit, diffbase.fork_of(root, commit))
    return replace(run, asked=replace(run.asked, against=found))


@contextmanager
def taken_out(run: Run, commit: str) -> Iterator[Run]:
    """The same run over all that a commit has, compared with nothing."""
    from ormlint import diffbase  # noqa: PLC0415 - only for this option

    gc.collect()  # what was analysed before and this at once would take twice the memory
    with diffbase.taken_out(run.project.root, commit) as folder:
        there = run.parts.discovered([folder])
        project = replace(there, report_under=(), installed=run.project.installed)
        yield replace(run.alone, project=project, ids=content_ids(project) if run.ids else {}, look=None)


def _of_all(ids: Mapping[str, str]) -> str:
    """A digest of which files there are, and of what is in each."""
    words = (word for path in sorted(ids) for word in (path, ids[path]))
    return digest("\0".join(words).encode("utf-8", "surrogatepass"))


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


_lasting: list[object] = []


def leave_to_the_end(*made: object) -> None:
    """Have what a run made last as long as the process, where that ends with the run.

    Giving back one object after the other takes as long as writing them down. A process that ends with the
    run looks for no garbage: see `hot.run`.
    """
    if not gc.isenabled():
        _lasting[:] = made
