"""What a function does with schemas and rows: fills one from the other, dumps, hands on, assigns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from ormlint.facts.code import Assign, Attr, Call, Const, Expr, For, Index, Items, Name, Op, Pair
from ormlint.facts.walk import walk
from ormlint.graph.link.parts import Parts
from ormlint.graph.link.variables import Variables

DUMPS = frozenset({"model_dump", "dict", "model_dump_json", "create_update_dict"})
"""Methods that give all of a schema's values."""


def keywords_of(call: Call) -> list[str]:
    return [keyword.name for keyword in call.keywords if keyword.name is not None]


def assigned_in(parts: Parts) -> frozenset[str]:
    """Attributes that a function assigns, and keys that it writes."""
    names = {str(pair.key.value) for pair in parts.of(Pair) if isinstance(pair.key, Const)}
    for target in (target for assign in parts.of(Assign) for target in assign.targets):
        if isinstance(target, Attr):
            names.add(target.attr)
        elif isinstance(target, Index) and isinstance(target.index, Const):
            names.add(str(target.index.value))
    return frozenset(names)


def asked_for(parts: Parts) -> frozenset[str]:
    """The names in `hasattr(row, name)` and `name in allowed`: what no row has is passed over on purpose."""
    calls = (call for call in parts.of(Call) if isinstance(call.func, Name) and call.func.id == "hasattr")
    tests = (test for test in parts.of(Op) if test.op in ("in", "not in"))
    asked = (*(each for call in calls for each in call.args[1:]), *(test.args[0] for test in tests))
    return frozenset(each.id for each in asked if isinstance(each, Name))


def dumped_names(parts: Parts, variables: Variables) -> dict[str, str]:
    """The loop variables that run over the names in a schema's dump, with the schema."""
    held: dict[str, str] = {}
    for assign in parts.of(Assign):
        first = assign.targets[0]
        schema = _dump(assign.value, variables, held) if isinstance(first, Name) else None
        if schema is not None and isinstance(first, Name):
            held[first.id] = schema
    found: dict[str, str] = {}
    for loop in parts.of(For):
        items = loop.iterable
        if isinstance(items, Call) and isinstance(items.func, Attr) and items.func.attr in ("items", "keys"):
            items = items.func.value
        schema = _dump(items, variables, held)
        first = loop.target.items[0] if isinstance(loop.target, Items) and loop.target.items else loop.target
        if schema is not None and isinstance(first, Name):
            found[first.id] = schema
    return found


def _dump(expr: Expr, variables: Variables, held: dict[str, str]) -> str | None:
    """The schema that an expression is a dump of."""
    if isinstance(expr, Call) and isinstance(expr.func, Attr) and expr.func.attr in DUMPS:
        return variables.schema(expr.func.value)
    return held.get(expr.id) if isinstance(expr, Name) else None


def handed_on(parts: Parts, variables: Variables) -> frozenset[str]:
    """The schemas of which a function uses an instance otherwise than by its attributes."""
    owners = {id(part.value) for part in parts.of(Attr) if part.attr not in DUMPS}
    names = (name for name in parts.of(Name) if id(name) not in owners)
    return frozenset(schema for name in names if (schema := variables.schema(name)) is not None)


def read_in(parts: Parts, variables: Variables, schema: str) -> frozenset[str]:
    """The attributes that a function reads of a schema's instances; a bare use of one reads all (`*`)."""
    read = parts.of(Attr)
    owners = {id(part.value) for part in read}
    names = {part.attr for part in read if variables.schema(part.value) == schema}
    bare = (name for name in parts.of(Name) if id(name) not in owners)
    return frozenset(names | ({"*"} if any(variables.schema(name) == schema for name in bare) else set()))


def source_of(call: Call, of: Callable[[Expr], str | None], whole: frozenset[str]) -> str | None:
    """What a constructor is filled from: `**x.model_dump()`, or several `name=x.name`."""
    counts: Counter[str] = Counter()
    for keyword in call.keywords:
        if keyword.name is None:
            counts.update(dict.fromkeys(_dumped(keyword.value, of, whole), 3))
        elif isinstance(keyword.value, Attr) and (found := of(keyword.value.value)) is not None:
            counts[found] += 1
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] >= 2 else None


def fed_by(call: Call, of: Callable[[Expr], str | None]) -> dict[str, frozenset[str]]:
    """The keywords of a constructor that one attribute of a row fills, by the row's model."""
    found: dict[str, set[str]] = defaultdict(set)
    for keyword in call.keywords:
        read = {
            (model, name)
            for owner, name in map(_read, walk([keyword.value]))
            if owner is not None and (model := of(owner)) is not None
        }
        if keyword.name is not None and len(read) == 1:
            found[next(iter(read))[0]].add(keyword.name)
    return {model: frozenset(names) for model, names in found.items()}


def _read(part: object) -> tuple[Expr | None, str]:
    """What an attribute is read of, by name or through `getattr`, and its name."""
    if isinstance(part, Attr):
        return part.value, part.attr
    asked = isinstance(part, Call) and isinstance(part.func, Name) and part.func.id == "getattr"
    if isinstance(part, Call) and asked and len(part.args) > 1 and isinstance(part.args[1], Const):
        return part.args[0], str(part.args[1].value)
    return None, ""


def has_other_names(call: Call, of: Callable[[Expr], str | None], whole: frozenset[str]) -> bool:
    """Whether a constructor is given `**` of anything but a dump, so that any name may be among it."""
    unnamed = (keyword.value for keyword in call.keywords if keyword.name is None)
    return not all(any(_dumped(value, of, whole)) for value in unnamed)


def _dumped(value: Expr, of: Callable[[Expr], str | None], whole: frozenset[str]) -> Iterator[str]:
    """What the dumps in an expression are of."""
    for part in walk([value]):
        owner = part.value if isinstance(part, Attr) and part.attr in whole else None
        if owner is not None and (found := of(owner)) is not None:
            yield found
