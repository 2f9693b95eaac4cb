"""Outline of a commit and outline of the work tree → what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ormlint import __version__
from ormlint.report.changes import (
    Base,
    Changes,
    HistoryChange,
    LayerChange,
    PartChange,
    RiskChange,
    ThingChange,
)
from ormlint.report.document import Found, Layer
from ormlint.report.outline import Outline, Part, Past, Reported, Thing


def compare(before: Outline, after: Outline, base: Base) -> Changes:
    return Changes(
        ormlint=__version__,
        base=base,
        risk=RiskChange(before.risk, after.risk),
        layers=_layers(before.layers, after.layers),
        new=_beyond(after.findings, before.findings),
        fixed=_beyond(before.findings, after.findings),
        tables=_things(before.tables, after.tables, move=False),
        migrated=_things(before.migrated, after.migrated, move=False),
        models=_things(before.models, after.models),
        schemas=_things(before.schemas, after.schemas),
        enums=_things(before.enums, after.enums, move=False),
        histories=_histories(before.histories, after.histories),
    )


def _layers(before: Sequence[Layer], after: Sequence[Layer]) -> list[LayerChange]:
    was = {layer.name: layer for layer in before}
    return [LayerChange(each.name, was.get(each.name, Layer(each.name, 0, 0, 0)), each) for each in after]


def _beyond(ours: Sequence[Reported], theirs: Sequence[Reported]) -> list[Found]:
    """The findings of one side that the other has not, whatever files and lines they are in."""
    room = Counter((each.found.code, each.subject) for each in theirs)
    found = []
    for each in ours:
        key = (each.found.code, each.subject)
        if room[key]:
            room[key] -= 1
        else:
            found.append(each.found)
    return found


def _things(before: Sequence[Thing], after: Sequence[Thing], *, move: bool = True) -> list[ThingChange]:
    """What was added, removed or changed, by name. A thing that moved is the same thing.

    With `move` that alone is a change.
    """
    former = _paired(before, after)
    changes = []
    for thing in after:
        was = former.get(thing.id)
        if was is None:
            parts = [_part(None, part) for part in thing.parts.values()]
            changes.append(ThingChange(thing.id, thing.name, "added", thing.at, parts))
            continue
        parts = _parts(was, thing)
        moved = was.id if move and was.id != thing.id else ""
        if parts or moved:
            changes.append(ThingChange(thing.id, thing.name, "changed", thing.at, parts, moved))
    kept = {thing.id for thing in former.values()}
    for thing in before:
        if thing.id not in kept:
            parts = [_part(part, None) for part in thing.parts.values()]
            changes.append(ThingChange(thing.id, thing.name, "removed", thing.at, parts))
    return sorted(changes, key=lambda change: (change.name, change.id))


def _paired(before: Sequence[Thing], after: Sequence[Thing]) -> dict[str, Thing]:
    """Ids of now → what they were: by id, else by a name that one thing on either side is left with."""
    ids = {thing.id: thing for thing in before}
    pairs = {thing.id: ids[thing.id] for thing in after if thing.id in ids}
    gone = [thing for thing in before if thing.id not in pairs]
    come = [thing for thing in after if thing.id not in pairs]
    counts = Counter(thing.name for thing in come), Counter(thing.name for thing in gone)
    names = {thing.name: thing for thing in gone}
    for thing in come:
        if counts[0][thing.name] == counts[1][thing.name] == 1:
            pairs[thing.id] = names[thing.name]
    return pairs


def _parts(before: Thing, after: Thing) -> list[PartChange]:
    changes = []
    for key, part in after.parts.items():
        was = before.parts.get(key)
        if was is None or was.says != part.says:
            changes.append(_part(was, part))
    return changes + [_part(part, None) for key, part in before.parts.items() if key not in after.parts]


def _part(before: Part | None, after: Part | None) -> PartChange:
    """One of the two is there."""
    change = "added" if before is None else "removed" if after is None else "changed"
    part = after or before
    assert part is not None  # noqa: S101 - as the docstring says
    return PartChange(
        kind=part.kind,
        name=part.name,
        change=change,  # type: ignore[arg-type]
        before=before.says if before is not None else "",
        after=after.says if after is not None else "",
        at=part.at,
        declared_in=part.declared_in,
    )


def _histories(before: Sequence[Past], after: Sequence[Past]) -> list[HistoryChange]:
    sides = {past.path: past for past in before}, {past.path: past for past in after}
    changes = []
    for path in sorted({*sides[0], *sides[1]}):
        was, now = (side.get(path, Past(path, [], [])) for side in sides)
        revisions = _things(was.revisions, now.revisions)
        if revisions or was.heads != now.heads:
            changes.append(HistoryChange(path, was.heads, now.heads, revisions))
    return changes
