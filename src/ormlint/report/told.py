"""Changes as the lines that Markdown and HTML show; code spans are in backticks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ormlint.report.cells import At
from ormlint.report.changes import Changes, PartChange, ThingChange
from ormlint.report.document import Found

_NAMED = 12
"""More names in a row are counted."""


class Line(NamedTuple):
    name: str
    says: str
    at: At


class TableLine(NamedTuple):
    """What the models and what the migrations do to a table or to one of its columns or keys."""

    table: str
    what: str
    models: str
    migrations: str


def headline(changes: Changes) -> str:
    """New and fixed findings, and the risk, in a sentence."""
    new = counted(len(changes.new), "new finding")
    by_severity = Counter(found.severity for found in changes.new)
    counts = [counted(by_severity[s], s) for s in ("error", "warning") if by_severity[s]]
    said = f"{new} ({', '.join(counts)})" if counts else new
    risk = changes.risk
    level = f"{risk.before} → {risk.after}" if risk.before != risk.after else f"{risk.after}, as before"
    return f"{said}, {len(changes.fixed)} fixed. Risk: {level}."


def counted(count: int, word: str) -> str:
    return f"{count} {word}{'s'[: count != 1]}"


def number(before: int, after: int) -> str:
    return str(after) if before == after else f"{before} → {after}"


def findings(changes: Changes) -> list[tuple[str, list[Found]]]:
    """New and fixed findings under their headings."""
    return [
        (title, found) for title, found in (("New findings", changes.new), ("Fixed", changes.fixed)) if found
    ]


def table_lines(changes: Changes) -> list[TableLine]:
    """Models and migrations side by side, so that what only one of them does is seen."""
    sides = _by_name(changes.tables), _by_name(changes.migrated)
    lines = []
    for name in sorted({*sides[0], *sides[1]}):
        pairs = sides[0].get(name, []), sides[1].get(name, [])
        if len(pairs[0]) > 1 or len(pairs[1]) > 1:  # tables of one name, each of another database
            for each in pairs[0]:
                lines += _table(name, each, None)
            for each in pairs[1]:
                lines += _table(name, None, each)
        else:
            lines += _table(name, *(side[0] if side else None for side in pairs))
    return lines


def _by_name(things: Sequence[ThingChange]) -> dict[str, list[ThingChange]]:
    found: dict[str, list[ThingChange]] = defaultdict(list)
    for thing in things:
        found[thing.name].append(thing)
    return found


def _table(name: str, ours: ThingChange | None, theirs: ThingChange | None) -> list[TableLine]:
    lines = []
    whole = [_whole(side) for side in (ours, theirs)]
    if any(whole):
        lines.append(TableLine(name, "table", *(said or "nothing" for said in whole)))
    parts = [
        {(part.kind, part.name): part for part in side.parts} if side is not None and not said else {}
        for side, said in zip((ours, theirs), whole, strict=True)
    ]
    for kind, part in dict.fromkeys([*parts[0], *parts[1]]):
        said = [_delta(side.get((kind, part))) for side in parts]
        lines.append(TableLine(name, f"{kind} `{part}`", *said))
    return lines


def _whole(thing: ThingChange | None) -> str:
    if thing is None or thing.change == "changed":
        return ""
    columns = sum(part.kind == "column" for part in thing.parts)
    return f"added, {counted(columns, 'column')}" if thing.change == "added" else "removed"


def _delta(part: PartChange | None) -> str:
    if part is None:
        return "nothing"
    if part.change == "changed":
        return f"{part.before} → {part.after}"
    said = part.after or part.before
    return f"{part.change}: {said}" if said else part.change


def model_lines(changes: Changes) -> list[Line]:
    """Models; what is new about a column under its own name stands with the tables."""
    return _lines(changes.models, beside={"column"})


def schema_lines(changes: Changes) -> list[Line]:
    """Schemas; a field that others inherit stands where it is declared."""
    owners = {thing.id: thing for thing in changes.schemas if thing.change == "changed"}
    heirs: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows = []
    for thing in changes.schemas:
        shown = []
        for part in thing.parts:
            owner = owners.get(part.declared_in) if thing.change == "changed" else None
            if owner is not None and any(_is_same(part, each) for each in owner.parts):
                heirs[owner.id, part.name].append(thing.name)
            else:
                shown.append(part)
        rows.append((thing, shown))
    return [line for thing, parts in rows for line in _of_thing(thing, parts, heirs)]


def _is_same(one: PartChange, other: PartChange) -> bool:
    return (one.kind, one.name, one.before, one.after) == (other.kind, other.name, other.before, other.after)


def enum_lines(changes: Changes) -> list[Line]:
    return _lines(changes.enums)


def revision_lines(things: Sequence[ThingChange]) -> list[Line]:
    return _lines(things)


def _lines(things: Iterable[ThingChange], beside: Iterable[str] = ()) -> list[Line]:
    return [
        line
        for thing in things
        for line in _of_thing(
            thing, [part for part in thing.parts if part.kind not in beside or thing.change != "changed"], {}
        )
    ]


def _of_thing(
    thing: ThingChange, parts: Sequence[PartChange], heirs: dict[tuple[str, str], list[str]]
) -> list[Line]:
    if thing.change == "removed":
        return [Line(thing.name, "removed", thing.at)]
    if thing.change == "added":
        return [Line(thing.name, "; ".join(("added", *_summed(parts))), thing.at)]
    moved = [Line(thing.name, f"moved, was `{thing.was}`", thing.at)] if thing.was else []
    return moved + [
        Line(thing.name, _said(part) + _also(heirs.get((thing.id, part.name), ())), part.at) for part in parts
    ]


def _also(names: Sequence[str]) -> str:
    return f" (also in {_row(names)})" if names else ""


def _summed(parts: Sequence[PartChange]) -> list[str]:
    """The parts of a new thing, by kind."""
    kinds: dict[str, list[PartChange]] = defaultdict(list)
    for part in parts:
        kinds[part.kind].append(part)
    return [
        f"{counted(len(found), kind)}: {_row([part.name for part in found])}"
        if found[0].name
        else f"{kind} {found[0].after}"
        for kind, found in kinds.items()
        if found[0].name or found[0].after
    ]


def _row(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(f"`{name}`" for name in names[:_NAMED]) + more


def _said(part: PartChange) -> str:
    if not part.name:
        return f"{part.kind}: {part.before or 'nothing'} → {part.after or 'nothing'}"
    if part.change == "changed":
        return f"{part.kind} `{part.name}`: {part.before} → {part.after}"
    return f"{part.kind} `{part.name}` {_delta(part)}"
