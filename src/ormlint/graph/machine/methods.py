"""Methods of texts, lists, dicts and sets, computed on known values alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ormlint.findings import Place
from ormlint.graph.machine import containers, formatting, logic, weight
from ormlint.graph.machine.doubts import doubt, is_open, merge, unsettle
from ormlint.graph.machine.values import HOLE, EnumMember, Partial, Unknown, Value

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine

_STRING_METHODS = frozenset({
    "capitalize", "casefold", "endswith", "find", "isdigit", "isidentifier", "islower", "isupper", "join",
    "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rpartition",
    "rsplit",
    "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper", "isalpha", "count",
    "isalnum", "isnumeric",
})  # fmt: skip
_READS = frozenset(
    {"get", "items", "keys", "values", "copy", "index", "count", "issubset", "isdisjoint", "issuperset"}
    | {"group", "groups", "groupdict"}  # of a match
)


def method(
    machine: Machine, receiver: Value, name: str, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Value:
    """`receiver.name(*args)` of a native value."""
    if isinstance(receiver, Partial):
        return _partial_method(receiver, name, args, place)
    if isinstance(receiver, str):
        return _string_method(machine, receiver, name, args, kwargs, place)
    if isinstance(receiver, list):
        return _list_method(machine, receiver, name, args, place)
    if isinstance(receiver, dict):
        return _dict_method(machine, receiver, name, args, kwargs, place)
    if isinstance(receiver, (set, frozenset)):
        return _set_method(machine, receiver, name, args, place)
    return (
        plain(getattr(receiver, name, None), args, kwargs, place) if name in _READS else Unknown(name, place)
    )


def plain(function: Any, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """Call a native function whose arguments are all native."""
    if function is None or not native([*args, *kwargs.values()]):
        return Unknown("a call with unknown arguments", place)
    try:
        return function(*args, **kwargs)
    except (TypeError, ValueError, KeyError, IndexError, OverflowError, AttributeError):
        return Unknown("a call that would fail", place)


def native(value: Value) -> bool:
    """Whether a value is Python's own with all that it holds."""
    return not weight.is_large(value) and _native(value)


def _native(value: Value) -> bool:
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(_native(each) for each in value)
    if isinstance(value, dict):
        return all(_native(key) and _native(each) for key, each in value.items())
    return value is None or isinstance(value, (str, int, float))


def _partial_method(receiver: Partial, name: str, args: list[Value], place: Place) -> Value:
    if name in ("strip", "lower", "upper", "rstrip", "lstrip") and not args:
        without = frozenset() if name == "upper" else receiver.without
        return Partial(getattr(receiver.text, name)(), receiver.reason, place, without)
    if name == "startswith" and len(args) == 1:
        starts = _starts(receiver.beginning, args[0])
        if starts is not None:
            return starts
    return Unknown(receiver.reason, place)


def _starts(beginning: str, prefix: Value) -> bool | None:
    """Whether a text that begins so starts with a prefix, or with one of several."""
    if isinstance(prefix, tuple):
        answers = [_starts(beginning, each) for each in prefix]
        return True if True in answers else None if None in answers else False
    if not isinstance(prefix, str):
        return None
    if beginning.startswith(prefix):
        return True
    return None if prefix.startswith(beginning) else False


def _string_method(
    machine: Machine, receiver: str, name: str, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Value:
    if name == "format":
        return _format(receiver, args, kwargs, place)
    if name == "join" and len(args) == 1:
        items = containers.iterate(machine, args[0])
        if items is None:
            return Partial(HOLE, "joined unknown items", place)
        texts = [formatting.text(each) for each in items]
        parts = [HOLE if t is None else t for t in texts]
        if sum(map(len, parts)) + len(receiver) * len(parts) > weight.MAX_TEXT:
            return Unknown("a very long text", place)
        joined = receiver.join(parts)
        return Partial(joined, "a text with unknown parts", place) if HOLE in joined else joined
    if name not in _STRING_METHODS:
        return Unknown(f"`{name}` of a text", place)
    values = [arg.value if isinstance(arg, EnumMember) else arg for arg in args]
    if name == "replace" and not _replaceable(receiver, values):
        return Unknown("a very long text", place)
    result = plain(getattr(receiver, name), values, kwargs, place)
    return list(result) if isinstance(result, tuple) and name == "split" else result


def _replaceable(text: str, args: list[Value]) -> bool:
    """Whether `replace` gives no text that is too long."""
    if len(args) < 2 or not (isinstance(args[0], str) and isinstance(args[1], str)):
        return True
    return len(text) + text.count(args[0]) * len(args[1]) <= weight.MAX_TEXT


_PLAIN_FIELD = r"\{(\w*)\}"


def _format(template: str, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """`str.format` for plain fields; anything cleverer is not followed."""
    count = iter(range(len(args)))
    whole = True

    def fill(match: re.Match[str]) -> str:
        nonlocal whole
        name = match[1]
        value: Value = Unknown("a field")
        if not name:
            index = next(count, None)
            value = args[index] if index is not None else value
        elif name.isdecimal() and len(name) < 9 and int(name) < len(args):
            value = args[int(name)]
        elif name in kwargs:
            value = kwargs[name]
        shown = formatting.text(value)
        whole = whole and shown is not None
        return HOLE if shown is None else shown

    rest = re.sub(_PLAIN_FIELD, "", template).replace("{{", "").replace("}}", "")
    if "{" in rest or "}" in rest:
        return Unknown("a formatted text", place)
    longest = max((len(each) for each in [*args, *kwargs.values()] if isinstance(each, str)), default=0)
    if len(re.findall(_PLAIN_FIELD, template)) * longest > weight.MAX_TEXT:
        return Unknown("a very long text", place)
    result = re.sub(_PLAIN_FIELD, fill, template).replace("{{", "{").replace("}}", "}")
    return result if whole else Partial(result, "a text with unknown parts", place)


def _list_method(
    machine: Machine, receiver: list[Value], name: str, args: list[Value], place: Place
) -> Value:
    if name in ("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"):
        takes = name in ("remove", "pop", "clear")
        if machine.maybe:
            doubted = Unknown("changed under a condition that is not settled", place)
            unsettle(receiver, doubted) if takes else doubt(receiver, doubted)
        elif name == "append" and args and weight.fits(machine, args[0], receiver):
            receiver.append(args[0])
        elif name == "extend" and args:
            extend(machine, receiver, args[0], place)
        elif (
            name == "insert"
            and len(args) == 2
            and type(args[0]) is int
            and weight.fits(machine, args[1], receiver)
        ):
            receiver.insert(args[0], args[1])
        elif name in ("clear", "reverse"):
            getattr(receiver, name)()
        elif name == "pop" and receiver and all(type(arg) is int for arg in args):
            return plain(receiver.pop, args, {}, place)
        elif name == "remove" and args and args[0] in receiver:
            receiver.remove(args[0])
        else:
            doubted = Unknown(f"changed by `{name}`", place)
            unsettle(receiver, doubted) if takes else doubt(receiver, doubted)
        return None
    if name == "copy":
        return list(receiver)
    return plain(getattr(receiver, name, None), args, {}, place)


def extend(machine: Machine, receiver: list[Value], given: Value, place: Place) -> None:
    """Add the items of a value to a list."""
    unknown = Unknown("unknown items", place)
    items = _items(machine, given, unknown)
    if not weight.fits(machine, items, receiver):
        items = [unknown]
    if len(receiver) + len(items) <= containers.MAX_ITEMS:
        receiver.extend(items)
    else:
        receiver[:] = [Unknown("a list that is too long", place)]


def _dict_method(
    machine: Machine,
    receiver: dict[Value, Value],
    name: str,
    args: list[Value],
    kwargs: dict[str, Value],
    place: Place,
) -> Value:
    if name == "items":
        return list(receiver.items())
    if name in ("keys", "values"):
        return list(receiver if name == "keys" else receiver.values())
    if name == "copy":
        return dict(receiver)
    unknown = Unknown(f"an item by `{name}`", place)
    if name == "clear" and not machine.maybe:
        receiver.clear()
        return None
    if name == "update" and not machine.maybe and all(isinstance(given, dict) for given in args[:1]):
        new = {**(args[0] if args else {}), **kwargs}
        merge(receiver, new if weight.fits(machine, [*new.values()], receiver) else {unknown: unknown})
        return None
    key = args[0] if args and name in ("get", "pop", "setdefault") else unknown
    settled = not isinstance(key, Unknown) and logic.hashable(key)
    reads = name == "get" or (name == "setdefault" and settled and key in receiver)
    if not settled or (machine.maybe and not reads):
        if name in _CHANGING_DICTS:
            unsettle(receiver, unknown)
        return unknown
    default = args[1] if len(args) > 1 else unknown if name == "pop" else None
    if key not in receiver and (is_open(receiver) or not weight.fits(machine, default, receiver)):
        default = unknown
    if name == "get":
        return receiver.get(key, default)
    return receiver.setdefault(key, default) if name == "setdefault" else receiver.pop(key, default)


_CHANGING_DICTS = frozenset({"clear", "pop", "popitem", "setdefault", "update"})


def _items(machine: Machine, value: Value, unknown: Unknown) -> list[Value]:
    items = containers.iterate(machine, value)
    return [unknown] if items is None else items


_SETS = frozenset({"union", "intersection", "difference", "update"})
_CHANGING_SETS = frozenset({
    "add", "clear", "difference_update", "discard", "intersection_update", "pop", "remove",
    "symmetric_difference_update", "update",
})  # fmt: skip


def _set_method(machine: Machine, receiver: Value, name: str, args: list[Value], place: Place) -> Value:
    unknown = Unknown(f"`{name}` of a set", place)
    given = [_items(machine, arg, unknown) if name in _SETS else [arg] for arg in args]
    known = all(not is_open(each) and all(map(logic.hashable, each)) for each in given)
    if name in ("add", "update") and isinstance(receiver, set):
        if not known or machine.maybe:
            doubt(receiver, unknown)
        else:
            receiver.update(*given)
        return None
    if name in _CHANGING_SETS and (machine.maybe or not known or is_open(receiver)):
        unsettle(receiver, unknown)
        return unknown
    if not known or (name != "union" and is_open(receiver)):
        return unknown
    if name in _SETS:
        return getattr(set(receiver), name)(*given)
    return plain(getattr(receiver, name, None), args, {}, place)
