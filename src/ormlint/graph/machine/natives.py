"""Built-in functions and methods that the evaluator computes itself, on known values alone."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ormlint.findings import Place
from ormlint.graph.machine import operators
from ormlint.graph.machine.values import (
    HOLE, ClassValue, EnumMember, External, Made, Partial, Unknown, Value,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine

_STRING_METHODS = frozenset({
    "capitalize", "casefold", "endswith", "find", "isdigit", "isidentifier", "islower", "isupper", "join",
    "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rpartition", "rsplit",
    "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "upper", "isalpha", "count",
})  # fmt: skip
_READS = frozenset(
    {"get", "items", "keys", "values", "copy", "index", "count", "issubset", "isdisjoint", "issuperset"}
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
        _plain(getattr(receiver, name, None), args, kwargs, place) if name in _READS else Unknown(name, place)
    )


def _plain(function: Any, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """Call a native function whose arguments are all native."""
    if function is None or not all(_native(arg) for arg in [*args, *kwargs.values()]):
        return Unknown("a call with unknown arguments", place)
    try:
        return function(*args, **kwargs)
    except (TypeError, ValueError, KeyError, IndexError, OverflowError, AttributeError, MemoryError):
        return Unknown("a call that would fail", place)


def _native(value: Value) -> bool:
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(_native(each) for each in value)
    if isinstance(value, dict):
        return all(_native(key) and _native(each) for key, each in value.items())
    return value is None or isinstance(value, (str, int, float))


def _partial_method(receiver: Partial, name: str, args: list[Value], place: Place) -> Value:
    if name in ("strip", "lower", "upper", "rstrip", "lstrip") and not args:
        return Partial(getattr(receiver.text, name)(), receiver.reason, place)
    return Unknown(receiver.reason, place)


def _string_method(
    machine: Machine, receiver: str, name: str, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Value:
    if name == "format":
        return _format(receiver, args, kwargs, place)
    if name == "join" and len(args) == 1:
        items = operators.iterate(machine, args[0])
        if items is None:
            return Partial(HOLE, "joined unknown items", place)
        texts = [operators.text(each) for each in items]
        joined = receiver.join(HOLE if t is None else t for t in texts)
        return Partial(joined, "a text with unknown parts", place) if HOLE in joined else joined
    if name not in _STRING_METHODS:
        return Unknown(f"`{name}` of a text", place)
    plain = [arg.value if isinstance(arg, EnumMember) else arg for arg in args]
    result = _plain(getattr(receiver, name), plain, kwargs, place)
    return list(result) if isinstance(result, tuple) and name == "split" else result


_PLAIN_FIELD = re.compile(r"\{(\w*)\}")


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
        elif name.isdigit() and int(name) < len(args):
            value = args[int(name)]
        elif name in kwargs:
            value = kwargs[name]
        shown = operators.text(value)
        whole = whole and shown is not None
        return HOLE if shown is None else shown

    rest = _PLAIN_FIELD.sub("", template).replace("{{", "").replace("}}", "")
    if "{" in rest or "}" in rest:
        return Unknown("a formatted text", place)
    result = _PLAIN_FIELD.sub(fill, template).replace("{{", "{").replace("}}", "}")
    return result if whole else Partial(result, "a text with unknown parts", place)


def _list_method(
    machine: Machine, receiver: list[Value], name: str, args: list[Value], place: Place
) -> Value:
    if name in ("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"):
        if machine.maybe:
            receiver.append(Unknown("changed under a condition that is not settled", place))
        elif name == "append" and args:
            receiver.append(args[0])
        elif name == "extend" and args:
            items = operators.iterate(machine, args[0])
            receiver.extend(items if items is not None else [Unknown("unknown items", place)])
        elif name == "insert" and len(args) == 2 and type(args[0]) is int:
            receiver.insert(args[0], args[1])
        elif name in ("clear", "reverse"):
            getattr(receiver, name)()
        elif name == "pop" and receiver and all(type(arg) is int for arg in args):
            return _plain(receiver.pop, args, {}, place)
        elif name == "remove" and args and args[0] in receiver:
            receiver.remove(args[0])
        else:
            receiver.append(Unknown(f"changed by `{name}`", place))
        return None
    if name == "copy":
        return list(receiver)
    return _plain(getattr(receiver, name, None), args, {}, place)


def _dict_method(
    machine: Machine,
    receiver: dict[Value, Value],
    name: str,
    args: list[Value],
    kwargs: dict[str, Value],
    place: Place,
) -> Value:
    if name == "items":
        return [(key, value) for key, value in receiver.items()]
    if name in ("keys", "values"):
        return list(receiver if name == "keys" else receiver.values())
    if name == "copy":
        return dict(receiver)
    if any(isinstance(arg, Unknown) or not operators.hashable(arg) for arg in args[:1]) and name != "update":
        return Unknown("an item by an unknown key", place)
    if name == "get" and args:
        return receiver.get(args[0], args[1] if len(args) > 1 else None)
    if name == "setdefault" and args and not machine.maybe:
        return receiver.setdefault(args[0], args[1] if len(args) > 1 else None)
    if name == "pop" and args and not machine.maybe:
        return receiver.pop(args[0], args[1] if len(args) > 1 else Unknown("no such key", place))
    if name == "update" and not machine.maybe:
        new = args[0] if args and isinstance(args[0], dict) else {}
        receiver.update({**new, **kwargs})
        return None
    return Unknown(f"`{name}` of a dict", place)


def _set_method(machine: Machine, receiver: Value, name: str, args: list[Value], place: Place) -> Value:
    if (
        name in ("add", "discard", "remove")
        and isinstance(receiver, set)
        and args
        and operators.hashable(args[0])
    ):
        if not machine.maybe and not isinstance(args[0], Unknown):
            receiver.add(args[0]) if name == "add" else receiver.discard(args[0])
        return None
    if name in ("union", "intersection", "difference", "update"):
        sets = [operators.iterate(machine, arg) for arg in args]
        if any(each is None for each in sets):
            return Unknown(f"`{name}` of a set", place)
        result = getattr(set(receiver), "union" if name == "update" else name)(*sets)
        if name == "update" and not machine.maybe:
            receiver.update(result)
            return None
        return result
    return _plain(getattr(receiver, name, None), args, {}, place)


def builtin(
    machine: Machine, callee: External, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Value:
    """The outcome of a known function of the standard library, or `NotImplemented`."""
    function = _BUILTINS.get(callee.path)
    return NotImplemented if function is None else function(machine, args, kwargs, place)


def _converted(function: Callable[..., Value]) -> Callable[..., Value]:
    def convert(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        plain = [arg.value if isinstance(arg, EnumMember) else arg for arg in args]
        return _plain(function, plain, kwargs, place)

    return convert


def _collection(make: Callable[[list[Value]], Value]) -> Callable[..., Value]:
    def build(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        items = operators.iterate(machine, args[0]) if args else []
        return Unknown("unknown items", place) if items is None else make(items)

    return build


def _dict(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    found: dict[Value, Value] = {}
    if args:
        if isinstance(args[0], dict):
            found.update(args[0])
        else:
            pairs = operators.iterate(machine, args[0])
            if pairs is None or any(not isinstance(pair, (list, tuple)) or len(pair) != 2 for pair in pairs):
                return Unknown("a dict of unknown items", place)
            found.update({pair[0]: pair[1] for pair in pairs if operators.hashable(pair[0])})
    return {**found, **kwargs}


def _len(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if isinstance(args[0] if args else None, (str, list, tuple, dict, set, frozenset)):
        if isinstance(args[0], list) and any(isinstance(each, Unknown) for each in args[0]):
            return Unknown("the length of a list with unknown items", place)
        return len(args[0])
    return Unknown("a length", place)


def _range(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if args and all(type(arg) is int for arg in args) and len(args) <= 3:
        try:
            numbers = range(*args)
        except ValueError:
            return Unknown("a range", place)
        return list(numbers) if len(numbers) <= operators.MAX_ITEMS else Unknown("a very long range", place)
    return Unknown("a range", place)


def _zip(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    lines = [operators.iterate(machine, arg) for arg in args]
    if any(line is None for line in lines):
        return Unknown("zipped unknown items", place)
    return list(zip(*[line for line in lines if line is not None], strict=False))


def _enumerate(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    items = operators.iterate(machine, args[0]) if args else None
    start = kwargs.get("start", args[1] if len(args) > 1 else 0)
    if items is None or type(start) is not int:
        return Unknown("enumerated unknown items", place)
    return [(start + i, item) for i, item in enumerate(items)]


def _mapped(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    items = operators.iterate(machine, args[1]) if len(args) == 2 else None
    if items is None:
        return Unknown("mapped unknown items", place)
    return [machine.call(args[0], [item], {}, place) for item in items]


def _quantifier(stops: bool) -> Callable[..., Value]:
    def decide(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        items = operators.iterate(machine, args[0]) if args else None
        truths = [operators.truth(item) for item in items] if items is not None else [None]
        if stops in truths:
            return stops
        return Unknown("a condition", place) if None in truths else not stops

    return decide


def _sorted(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    items = operators.iterate(machine, args[0]) if args else None
    if items is None or "key" in kwargs or not all(_native(item) for item in items):
        return Unknown("sorted items", place)
    return _plain(sorted, [items], {"reverse": bool(kwargs.get("reverse"))}, place)


def _getattr(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if len(args) >= 2 and isinstance(args[1], str):
        return machine.get(args[0], args[1])
    return Unknown("getattr", place)


def _setattr(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    from ormlint.graph.machine.attributes import assign

    if len(args) == 3 and isinstance(args[1], str):
        assign(machine, args[0], args[1], args[2])
    return None


def _type(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if len(args) == 1 and isinstance(args[0], Made) and isinstance(args[0].callee, (ClassValue, External)):
        return args[0].callee
    return Unknown("type()", place)


def _bool(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    truth = operators.truth(args[0]) if args else False
    return Unknown("a condition", place) if truth is None else truth


def _str(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if not args:
        return ""
    if isinstance(args[0], Partial):
        return args[0]
    shown = operators.text(args[0])
    return Unknown("a text", place) if shown is None else shown


def _second(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """`typing.cast(type, value)`."""
    return args[1] if len(args) == 2 else Unknown("cast", place)


def _regex(function: Callable[..., Value]) -> Callable[..., Value]:
    def apply(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        # Patterns come from the project: only short texts, so that none runs away.
        if any(isinstance(arg, str) and len(arg) > 500 for arg in args) or _risky(args[0] if args else None):
            return Unknown("a regular expression", place)
        try:
            return _plain(function, args, kwargs, place)
        except re.error:
            return Unknown("a regular expression", place)

    return apply


def _risky(pattern: Value) -> bool:
    """Nested repetition can take for ever."""
    return not isinstance(pattern, str) or bool(re.search(r"[+*}]\)*[+*{]", pattern))


_BUILTINS: dict[str, Callable[..., Value]] = {
    "builtins.str": _str,
    "builtins.int": _converted(int),
    "builtins.float": _converted(float),
    "builtins.abs": _converted(abs),
    "builtins.min": _converted(min),
    "builtins.max": _converted(max),
    "builtins.sum": _converted(sum),
    "builtins.bool": _bool,
    "builtins.len": _len,
    "builtins.range": _range,
    "builtins.list": _collection(list),
    "builtins.tuple": _collection(tuple),
    "builtins.set": _collection(operators.hashed),
    "builtins.frozenset": _collection(operators.hashed),
    "builtins.reversed": _collection(lambda items: items[::-1]),
    "builtins.iter": _collection(list),
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "builtins.zip": _zip,
    "builtins.enumerate": _enumerate,
    "builtins.map": _mapped,
    "builtins.any": _quantifier(True),
    "builtins.all": _quantifier(False),
    "builtins.sorted": _sorted,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.type": _type,
    "typing.cast": _second,
    "textwrap.dedent": _converted(textwrap.dedent),
    "re.sub": _regex(re.sub),
}
