"""Where the graph and run time differ. What the graph leaves open differs from nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Plain = dict[str, Any]

SAME_TYPES = {
    "Double": "Float",  # 2.1 derives `Double` where 2.0 derives `Float`
    "UTCDateTime": "DateTime",  # what newer releases of SQLModel derive
    "VECTOR": "Vector",  # the class behind pgvector's `Vector`
}


def differences(truth: Plain, static: Plain, *, unknown: bool) -> Iterator[str]:
    """Each difference in words; `unknown` lets what is marked incomplete lack names, and values be `None`."""
    yield from _mapping("model", truth["models"], static["models"], unknown, _model)
    keys = [table["key"] for table in truth["tables"]]
    yield from _mapping("table", _by_key(truth), _by_key(static), unknown, _table)
    if not unknown and len(keys) == len(static["tables"]) and truth["metadata"] != static["metadata"]:
        yield f"metadata: run time {truth['metadata']}, static {static['metadata']}"


def _by_key(side: Plain) -> Plain:
    """Tables by key; the second table of a key, on another MetaData, gets a number."""
    found: Plain = {}
    for table in side["tables"]:
        name, number = table["key"], 2
        while name in found:
            name, number = f"{table['key']}#{number}", number + 1
        found[name] = table
    return found


def _mapping(what: str, truth: Plain, static: Plain, unknown: bool, compare: Any) -> Iterator[str]:
    for name in truth.keys() - static.keys():
        if not unknown:
            yield f"{what} {name}: not in the graph"
    for name in static.keys() - truth.keys():
        yield f"{what} {name}: not at run time"
    for name in truth.keys() & static.keys():
        for line in compare(truth[name], static[name], unknown):
            yield f"{what} {name}: {line}"


def _model(truth: Plain, static: Plain, unknown: bool) -> Iterator[str]:
    if not static["complete"] and not unknown:
        yield "not complete"
    open_ = unknown and not static["complete"]
    for part in ("table", "inherits"):
        if truth[part] != static[part] and not (open_ and static[part] is None):
            yield f"{part}: run time {truth[part]!r}, static {static[part]!r}"
    for part in ("columns", "attributes", "relationships"):
        yield from _names(part, truth[part], static[part], unknown, open_)


def _names(part: str, truth: Plain, static: Plain, unknown: bool, open_: bool) -> Iterator[str]:
    for name in truth.keys() - static.keys():
        if not open_:
            yield f"{part}.{name}: not in the graph ({truth[name]})"
    for name in static.keys() - truth.keys():
        yield f"{part}.{name}: not at run time ({static[name]})"
    for name in truth.keys() & static.keys():
        if truth[name] != static[name] and not (
            unknown and part == "relationships" and _left_open(truth[name], static[name])
        ):
            yield f"{part}.{name}: run time {truth[name]!r}, static {static[name]!r}"


def _left_open(truth: list[Any], static: list[Any]) -> bool:
    return all(right is None or left == right for left, right in zip(truth, static, strict=True))


def _table(truth: Plain, static: Plain, unknown: bool) -> Iterator[str]:
    if not static["complete"] and not unknown:
        yield "not complete"
    open_ = unknown and not static["complete"]
    yield from _columns(truth["columns"], static["columns"], unknown, open_)
    for part in ("indexes", "uniques", "checks", "foreign_keys"):
        if truth[part] != static[part] and not (open_ and all(each in truth[part] for each in static[part])):
            yield f"{part}: run time {truth[part]!r}, static {static[part]!r}"


def _columns(truth: Plain, static: Plain, unknown: bool, open_: bool) -> Iterator[str]:
    for name in truth.keys() - static.keys():
        if not open_:
            yield f"column {name}: not in the graph"
    for name in static.keys() - truth.keys():
        yield f"column {name}: not at run time"
    for name in truth.keys() & static.keys():
        for part in truth[name]:
            left, right = truth[name][part], static[name][part]
            if part == "type":
                left, right = _type(left), _type(right)
            if part == "arguments":
                left, right = _arguments(left, right), _arguments(right, left)
            if left != right and not (unknown and _leaves_open(part, left, right)):
                yield f"column {name}.{part}: run time {left!r}, static {right!r}"


def _leaves_open(part: str, truth: Any, static: Any) -> bool:
    """`onupdate` says that there may be one; a type without arguments may have some."""
    if static is None or (part == "onupdate" and static):
        return True
    return part == "type" and truth.startswith(f"{static}(")


def _type(text: str | None) -> str | None:
    if text is None:
        return None
    name, bracket, rest = text.partition("(")
    if name == "AutoString":
        name = "String"
    return SAME_TYPES.get(name, name) + bracket + rest


def _arguments(text: str | None, other: str | None) -> str | None:
    """A type with its arguments, where both sides show the same type."""
    if text is None or other is None or text.partition("(")[0] != other.partition("(")[0]:
        return None
    # JSON of the PostgreSQL dialect shows a default; an Enum may take its schema from the MetaData.
    return re.sub(r", schema='\w+'|astext_type=Text\(\)", "", text)
