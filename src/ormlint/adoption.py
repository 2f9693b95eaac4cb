"""What a project that is older than ormlint lives with: findings that its baseline holds back."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ormlint.cache import state
from ormlint.discover import Project
from ormlint.findings import Finding, Place, Severity, Subject
from ormlint.parts import Part, Parts
from ormlint.settings import Settings, UsageError

if TYPE_CHECKING:
    from ormlint.baseline import Entry

BASELINE = ".ormlint-baseline.toml"
"""The baseline's name where none is given: beside the settings, else in the project's root."""


class Holding(Struct, frozen=True):
    """The baseline: its file, else the settings' or the one beside them; `off` for none.

    With `lock` an entry for what is gone is a finding, otherwise it is taken out; `write` makes it anew.
    """

    file: Path | None = None
    off: bool = False
    lock: bool = False
    write: bool = False
    diff_base: str | None = None
    """A commit of git: what it has, too, is left out."""

    def file_for(self, settings: Settings, root: Path) -> Path | None:
        """The file to use, if any."""
        if self.file is not None:
            if not (self.write or self.file.is_file()):
                raise UsageError(f"{self.file}: there is no such baseline; `--write-baseline` makes one")
            return self.file
        if self.off:
            return None
        home = settings.home or root
        file = home / (settings.baseline or BASELINE)
        if not (self.write or file.is_file()):
            if settings.baseline is None:
                return None
            said = f"there is no baseline {settings.baseline}; `--write-baseline` makes one"
            raise UsageError(f"{settings.where('baseline')}: {said}")
        real = Path(os.path.realpath(file))
        if not (real.is_relative_to(root) or real.is_relative_to(home.resolve())):
            where = file if settings.baseline is None else settings.where("baseline")
            raise UsageError(
                f"{where}: the baseline lies outside the project; `--baseline FILE` may name it all the same"
            )
        return file


class Held(Struct, frozen=True):
    """What is reported, what is held back, and the baselines that were written on request."""

    new: list[Finding]
    held: list[Finding] = []
    lasting: bool = True
    """The same content will give the same answer: no date counts, and no file was written."""
    written: tuple[Path, ...] = ()
    pruned: int = 0
    """Findings that are gone, and were taken out of the baselines."""


def held_back(
    findings: list[Finding], holding: Holding, parts: Parts, project: Project, *, whole: bool
) -> Held:
    """Leave out what the baselines name; only a run that finds all there is (`whole`) tells what is gone.

    A baseline that is named holds for all parts, any other for the parts whose settings it goes with.
    """
    sharing: dict[Path | None, list[Part]] = {}
    states: dict[str, str] = {}
    for part in reversed(parts.all):
        file = holding.file_for(part.settings, project.root)
        noted = str((file or (part.settings.home or project.root) / BASELINE).absolute())
        states[noted] = state(noted)
        sharing.setdefault(file and Path(os.path.realpath(file)), []).append(part)
    each = []
    for some in sharing.values():
        file = holding.file_for(some[0].settings, project.root)
        theirs = [finding for finding in findings if parts.part_of(finding.place.path) in some]
        if holding.write and not theirs and len(sharing) > 1 and file is not None and not file.is_file():
            continue
        each.append(_held_back(theirs, holding, file, [part.settings for part in some], project, whole=whole))
    project.besides.update(states)
    return Held(
        sorted((one for held in each for one in held.new), key=lambda finding: finding.sort_key),
        [one for held in each for one in held.held],
        all(held.lasting for held in each) and all(state(path) == was for path, was in states.items()),
        tuple(file for held in each for file in held.written),
        sum(held.pruned for held in each),
    )


def _held_back(
    findings: list[Finding],
    holding: Holding,
    file: Path | None,
    settings: list[Settings],
    project: Project,
    *,
    whole: bool,
) -> Held:
    if file is None:
        return Held(findings)
    from ormlint import baseline  # noqa: PLC0415 - few projects have one

    known = baseline.read(file) if file.is_file() else []
    if holding.write:
        baseline.write(file, baseline.entries_for(findings, known))
        return Held(findings, lasting=False, written=(file,))
    compared = baseline.compare(findings, known, dt.datetime.now(dt.timezone.utc).date())
    stale = _of_rules_that_ran(settings, compared.stale) if whole and compared.stale else []
    pruned = 0
    new, lasting = compared.new, not any(entry.until for entry in known)
    if stale and holding.lock:
        new = [*new, *(_outdated(project, file, entry, count) for entry, count in stale)]
    elif stale:
        left = {entry.line: count for entry, count in stale}
        counts = [(entry, left.get(entry.line, entry.count)) for entry in known]
        baseline.write(file, [replace(entry, count=count) for entry, count in counts if count])
        lasting, pruned = False, sum(entry.count - count for entry, count in stale)
    reported = {id(finding) for finding in compared.new}
    return Held(new, [each for each in findings if id(each) not in reported], lasting, pruned=pruned)


def _of_rules_that_ran(settings: list[Settings], stale: list[tuple[Entry, int]]) -> list[tuple[Entry, int]]:
    """What a rule that did not run would find is not known to be gone."""
    from ormlint.choice import codes  # noqa: PLC0415 - as above
    from ormlint.rules import catalogue  # noqa: PLC0415
    from ormlint.select import Override  # noqa: PLC0415

    ran = [codes(each, Override(), catalogue.identities()) for each in settings]
    return [(entry, count) for entry, count in stale if all(entry.code in some for some in ran)]


def _outdated(project: Project, file: Path, entry: Entry, count: int) -> Finding:
    from ormlint.rules.analysis import unused_ignore  # noqa: PLC0415 - late, as above

    path = Path(os.path.relpath(file, project.root)).as_posix()
    fewer = f"{count} of {entry.count} findings are left" if count else "it is gone"
    return unused_ignore.RULE.finding(
        Place(path, entry.line),
        f"the baseline holds back {entry.code} of `{entry.subject}`, and {fewer}",
        subject=Subject(name=f"{entry.code} {entry.subject}", path=path),
        severity=Severity.ERROR,
        help="run `ormlint check` locally, which takes it out, and commit the baseline",
    )
