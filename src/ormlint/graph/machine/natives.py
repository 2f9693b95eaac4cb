"""Functions of the standard library that the evaluator computes itself, on known values alone."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING

from ormlint.findings import Place
from ormlint.graph.machine import casing, containers, formatting, kinds, logic
from ormlint.graph.machine.attributes import assign
from ormlint.graph.machine.classes import lookup
from ormlint.graph.machine.created import made_class
from ormlint.graph.machine.doubts import is_open
from ormlint.graph.machine.methods import method, native, plain
from ormlint.graph.machine.patterns import regex
from ormlint.graph.machine.values import (
    ClassValue,
    EnumMember,
    External,
    Made,
    Partial,
    Unknown,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from ormlint.graph.machine.machine import Machine


def builtin(
    machine: Machine, callee: External, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Value:
    """The outcome of a known function of the standard library, or `NotImplemented`."""
    if callee.module == "builtins.str" and args and isinstance(args[0], str):
        return method(machine, args[0], callee.name, args[1:], kwargs, place)  # `str.upper(name)`
    function = _BUILTINS.get(callee.path)
    return NotImplemented if function is None else function(machine, args, kwargs, place)


def _converted(function: Callable[..., Value]) -> Callable[..., Value]:
    def convert(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        values = [arg.value if isinstance(arg, EnumMember) else arg for arg in args]
        return plain(function, values, kwargs, place)

    return convert


def _collection(make: Callable[[list[Value]], Value]) -> Callable[..., Value]:
    def build(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        items = containers.iterate(machine, args[0]) if args else []
        return Unknown("unknown items", place) if items is None else make(items)

    return build


def _dict(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    found: dict[Value, Value] = {}
    if args:
        if isinstance(args[0], dict):
            found.update(args[0])
        else:
            pairs = containers.iterate(machine, args[0])
            if pairs is None or any(not isinstance(pair, (list, tuple)) or len(pair) != 2 for pair in pairs):
                return Unknown("a dict of unknown items", place)
            found.update({pair[0]: pair[1] for pair in pairs if logic.hashable(pair[0])})
    return {**found, **kwargs}


def _len(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if isinstance(args[0] if args else None, (str, list, tuple, dict, set, frozenset)):
        if isinstance(args[0], (list, dict, set)) and is_open(args[0]):
            return Unknown("the length of what has unknown items", place)
        return len(args[0])
    return Unknown("a length", place)


def _range(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if args and all(type(arg) is int for arg in args) and len(args) <= 3:
        try:
            numbers = range(*args)
        except ValueError:
            return Unknown("a range", place)
        return list(numbers) if len(numbers) <= containers.MAX_ITEMS else Unknown("a very long range", place)
    return Unknown("a range", place)


def _zip(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    lines = [containers.iterate(machine, arg) for arg in args]
    if any(line is None for line in lines):
        return Unknown("zipped unknown items", place)
    return list(zip(*[line for line in lines if line is not None], strict=False))


def _enumerate(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    items = containers.iterate(machine, args[0]) if args else None
    start = kwargs.get("start", args[1] if len(args) > 1 else 0)
    if items is None or type(start) is not int:
        return Unknown("enumerated unknown items", place)
    return [(start + i, item) for i, item in enumerate(items)]


def _mapped(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    items = containers.iterate(machine, args[1]) if len(args) == 2 else None
    if items is None:
        return Unknown("mapped unknown items", place)
    return [machine.call(args[0], [item], {}, place) for item in items]


def _filtered(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    items = containers.iterate(machine, args[1]) if len(args) == 2 else None
    if items is None:
        return Unknown("filtered unknown items", place)
    told = items if args[0] is None else [machine.call(args[0], [item], {}, place) for item in items]
    truths = [logic.truth(each) for each in told]
    if None in truths:
        return Unknown("items filtered by what is not known", place)
    return [item for item, kept in zip(items, truths, strict=True) if kept]


def _chained(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    lines = [containers.iterate(machine, arg) for arg in args]
    if any(line is None for line in lines):
        return Unknown("a chain of unknown items", place)
    return [item for line in lines if line is not None for item in line]


def _quantifier(stops: bool) -> Callable[..., Value]:
    def decide(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        items = containers.iterate(machine, args[0]) if args else None
        truths = [logic.truth(item) for item in items] if items is not None else [None]
        if stops in truths:
            return stops
        return Unknown("a condition", place) if None in truths else not stops

    return decide


def _sorted(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    items = containers.iterate(machine, args[0]) if args else None
    if items is None or "key" in kwargs or not all(native(item) for item in items):
        return Unknown("sorted items", place)
    return plain(sorted, [items], {"reverse": bool(kwargs.get("reverse"))}, place)


def _getattr(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if len(args) == 2 and isinstance(args[1], str):
        return machine.get(args[0], args[1])
    if len(args) == 3 and isinstance(args[1], str):
        there = kinds.has(machine, args[0], args[1])
        return args[2] if there is False else machine.get(args[0], args[1])
    return Unknown("getattr", place)


def _question(ask: Callable[[Machine, Value, Value], bool | None]) -> Callable[..., Value]:
    def answer(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        found = ask(machine, *args) if len(args) == 2 else None
        return Unknown("a condition", place) if found is None else found

    return answer


def _setattr(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if len(args) == 3 and isinstance(args[1], str):
        assign(machine, args[0], args[1], args[2])
    return None


def _type(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if len(args) == 1 and isinstance(args[0], Made) and isinstance(args[0].callee, (ClassValue, External)):
        return args[0].callee
    if len(args) == 3:
        name, bases, namespace = args
        settled = isinstance(name, str) and isinstance(bases, tuple) and isinstance(namespace, dict)
        if settled and all(isinstance(key, str) for key in namespace):
            return made_class(machine, name, bases, namespace, kwargs, place)
        machine.record(Made(External("builtins.type"), tuple(args), kwargs, place), "type")
    return Unknown("type()", place)


def _bool(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    truth = logic.truth(args[0]) if args else False
    return Unknown("a condition", place) if truth is None else truth


def _str(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    if not args:
        return ""
    if isinstance(args[0], Partial):
        return args[0]
    if isinstance(args[0], Made) and isinstance(args[0].callee, ClassValue):
        method = lookup(machine, args[0].callee, "__str__")
        if method is not None:
            return machine.call(method[1], [args[0]], {}, place)
    shown = formatting.text(args[0])
    return Unknown("a text", place) if shown is None else shown


def _shown(conversion: str) -> Callable[..., Value]:
    def show(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        shown = formatting.text(args[0], conversion) if len(args) == 1 else None
        return Unknown("a text", place) if shown is None else shown

    return show


def _second(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """`typing.cast(type, value)`."""
    return args[1] if len(args) == 2 else Unknown("cast", place)


def _replace(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """`dataclasses.replace(instance, **changes)`."""
    if len(args) != 1 or not isinstance(args[0], Made) or not isinstance(args[0].callee, ClassValue):
        return Unknown("replace()", place)
    machine.get(args[0], "__class__")  # its fields are known from now on
    attributes = {**args[0].attributes, **kwargs}
    return Made(args[0].callee, (), {}, place, attributes, begun=args[0].begun)


def _native(function: Callable[..., Value]) -> Callable[..., Value]:
    def call(machine: Machine, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
        return plain(function, args, kwargs, place)

    return call


_BUILTINS: dict[str, Callable[..., Value]] = {
    "builtins.str": _str,
    "builtins.repr": _shown("r"),
    "builtins.ascii": _shown("a"),
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
    "builtins.set": _collection(logic.hashed),
    "builtins.frozenset": _collection(logic.hashed),
    "builtins.reversed": _collection(lambda items: items[::-1]),
    "builtins.iter": _collection(list),
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "pydantic.ConfigDict": _dict,
    "pydantic.config.ConfigDict": _dict,
    "pydantic_settings.SettingsConfigDict": _dict,
    "builtins.zip": _zip,
    "builtins.enumerate": _enumerate,
    "builtins.map": _mapped,
    "builtins.filter": _filtered,
    "itertools.chain": _chained,
    "builtins.any": _quantifier(True),
    "builtins.all": _quantifier(False),
    "builtins.sorted": _sorted,
    "builtins.getattr": _getattr,
    "builtins.hasattr": _question(kinds.has),
    "builtins.isinstance": _question(kinds.is_instance),
    "builtins.issubclass": _question(kinds.is_subclass),
    "builtins.setattr": _setattr,
    "builtins.type": _type,
    "typing.cast": _second,
    "dataclasses.replace": _replace,
    "textwrap.dedent": _converted(textwrap.dedent),
    "pydantic.alias_generators.to_camel": _native(casing.to_camel),
    "pydantic.alias_generators.to_pascal": _native(casing.to_pascal),
    "pydantic.alias_generators.to_snake": _native(casing.to_snake),
    "pydantic.utils.to_camel": _native(casing.to_pascal),
    "pydantic.utils.to_lower_camel": _native(casing.to_camel),
    "pydantic.v1.utils.to_camel": _native(casing.to_pascal),
    "pydantic.v1.utils.to_lower_camel": _native(casing.to_camel),
    "re.sub": regex(re.sub),
    "re.split": regex(re.split),
    "re.findall": regex(re.findall),
}
