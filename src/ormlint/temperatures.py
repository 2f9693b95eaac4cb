"""Warm and cold: where no answer is kept, no more is done anew than has to be.

As long as the graph is the same, settings choose from what rules found in it, or other rules look at it; else
`analysis` makes it from files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ormlint import choice, kept, raw
from ormlint.discover.contents import digest
from ormlint.findings import Finding, Summary
from ormlint.raw import Raw
from ormlint.runs import Against, Progress, Run, leave_to_the_end, taken_out, without_collector

if TYPE_CHECKING:
    from ormlint.graph.model import Base, Past
    from ormlint.intake import Intake
    from ormlint.linked import Linked


class _Before(Struct, frozen=True):
    """What rules found in the same graph, and the key that both are kept under."""

    key: str
    raw: Raw


def fresh(run: Run, progress: Progress | None) -> tuple[list[Finding], Summary] | None:
    """What there is to report, and what was looked at; `None` where there is nothing to check."""
    before = _before(run)
    found = _of_the_same_graph(run, before) if before is not None else None
    is_current = run.look is not None  # the files are as they were when they were listed: none was read
    if found is None:
        found, is_current = _of_files(run, before, progress)
    if found.summary is None:
        return None
    findings = run.let_through(found)
    if is_current:
        run.remember("run", kept.encode(findings, found.summary))
    return findings, found.summary


def _before(run: Run) -> _Before | None:
    key = run.graph_key
    record = run.recall("raw", key)
    found = raw.decode(record) if record is not None else None
    return _Before(key, found) if found is not None else _standing(run)


def _standing(run: Run) -> _Before | None:
    """What there is of another content that gives the same graph."""
    content = run.recall("watch", run.project_key) if run.ids else None
    if content is None:
        return None
    from ormlint import standing  # noqa: PLC0415 - a change of settings does without, or where nothing is kept

    last = standing.decode(content)
    ids = run.graph_ids
    if last is None:
        return None
    run.project.imported.update(last.imported)
    led = standing.may_hold(last, ids, run.project)
    if led is None:
        return None
    with run.intake() as intake:
        holds = standing.holds(last, led, ids, run.project, intake)
    record = run.recall("raw", last.graph) if holds else None
    found = raw.decode(record) if record is not None else None
    if found is None:
        return None
    if found.summary is not None and not found.summary.migrations_only:
        found.summary = replace(found.summary, files=len(run.project.paths))
    return _Before(last.graph, found)


def _of_the_same_graph(run: Run, before: _Before) -> Raw | None:
    """What rules found in it, or find when they look again; `None` where another graph is needed."""
    chosen = run.chosen(before.raw.rules)
    if choice.revisions_do(chosen):
        return None
    if choice.holds(before.raw, run.parts) and choice.ran(before.raw, chosen):
        run.look_again()
        return before.raw
    if run.asked.against is not None or (record := run.recall("linked", run.project_key)) is None:
        return None
    from ormlint import linked, looking  # noqa: PLC0415 - as above

    terms = choice.terms_of(run.parts)
    with without_collector():
        graphs = linked.decode(before.key, record)
        if graphs is None or not graphs.has_all(terms.values()):
            return None
        run.look_again()
        found = looking.look(graphs, terms, _wanted(run, before, chosen), len(run.project.paths))[1]
    if run.look is not None:
        run.remember("raw", raw.encode(found), before.key)
    leave_to_the_end(graphs)
    return found


def _of_files(run: Run, before: _Before | None, progress: Progress | None) -> tuple[Raw, bool]:
    """What rules find in the graph that the files give, and whether nobody changed a file meanwhile."""
    with run.intake(of_all=run.takes_all) as intake:
        from ormlint import analysis, looking, standing  # noqa: PLC0415 - while other processes look
        from ormlint.rules import catalogue  # noqa: PLC0415

        chosen = run.chosen(catalogue.identities())
        only = choice.revisions_do(chosen)
        wanted = chosen if before is None or only else _wanted(run, before, chosen)
        base = None if run.asked.against is None else _base(run, run.asked.against, intake)
        terms = choice.terms_of(run.parts)
        graphs = analysis.linked(run.project, run.parts, terms, intake, progress, revisions_only=only)
        basis = standing.basis(run.project, intake)
        run.look_again()
        found = looking.look(graphs, terms, wanted, len(run.project.paths), base)[1]
        intake.keep()
        last = standing.encode(run.graph_key, run.graph_ids, basis, run.project, intake)
    is_current = run.is_current
    if is_current and found.summary is not None and not only:
        _keep(run, found, graphs, last, is_asked_again=before is not None)
    leave_to_the_end(graphs, intake)
    return found, is_current


def _wanted(run: Run, before: _Before, chosen: choice.Chosen) -> choice.Chosen:
    """The rules that are chosen, and those of which it is known what they find, lest that be forgotten."""
    if not choice.holds(before.raw, run.parts):
        return chosen
    return {under: codes | before.raw.of(under).findings.keys() for under, codes in chosen.items()}


def _keep(run: Run, found: Raw, graphs: Linked, last: bytes | None, *, is_asked_again: bool) -> None:
    """Keep what was made; the graphs, which are large, where none are kept or they were wanted again."""
    from ormlint import linked  # noqa: PLC0415 - as above

    run.remember("raw", raw.encode(found), run.graph_key)
    if is_asked_again or not run.cache.has("linked", run.project_key):
        run.remember("linked", linked.encode(run.graph_key, graphs), run.project_key)
    if last is not None:
        run.remember("watch", last, run.project_key)


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
