"""The names under which a field is read: explicit aliases, and what an alias generator gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ormlint.findings import Place
from ormlint.graph.machine.values import BoundMethod, External, Function, Made, Value, symbol

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

Names = tuple[str, ...] | None
"""Names in the order in which they are tried; `None` where they are not settled."""


def explicit(info: dict[str, Value], v1: bool) -> Names:
    """The names that a `Field(...)` reads: `validation_alias`, else `alias`; empty where it has none."""
    value = None if v1 else info.get("validation_alias")
    if value is None:
        value = info.get("alias")
    return () if value is None else read_names(value)


def read_names(value: Value) -> Names:
    """The names of an alias: a text, `AliasChoices(...)`, or the first step of an `AliasPath(...)`."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Made) and symbol(value.callee) == "AliasPath":
        return (value.args[0],) if value.args and isinstance(value.args[0], str) else None
    if isinstance(value, Made) and symbol(value.callee) == "AliasChoices":
        found: list[str] = []
        for choice in value.args:
            names = read_names(choice)
            if names is None:
                return None
            found += names
        return tuple(found)
    return None


def generated(machine: Machine, generator: Value, name: str, place: Place) -> Names:
    """What an alias generator gives for a field; empty where there is no generator."""
    if generator is None:
        return ()
    if isinstance(generator, Made) and symbol(generator.callee) == "AliasGenerator":
        for position, key in ((1, "validation_alias"), (0, "alias")):
            inner = generator.arg(position, key)
            if inner is not None:
                return generated(machine, inner, name, place)
        return ()
    if isinstance(generator, (Function, BoundMethod)):
        return read_names(machine.call(generator, [name], {}, place))
    if isinstance(generator, External):
        function = _known(generator.path)
        return None if function is None else (function(name),)
    return None


def _known(path: str) -> Callable[[str], str] | None:
    package, _, name = path.rpartition(".")
    if package in ("pydantic.alias_generators", "pydantic.v1.utils", "pydantic.utils"):
        from pydantic import alias_generators  # noqa: PLC0415 - a library of the project's, asked only if it is used

        known = {
            "to_camel": alias_generators.to_camel,
            "to_lower_camel": alias_generators.to_camel,
            "to_pascal": alias_generators.to_pascal,
            "to_snake": alias_generators.to_snake,
        }
        return (
            known.get(name)
            if package == "pydantic.alias_generators" or name == "to_lower_camel"
            else known["to_pascal"]
        )
    if package in ("humps", "humps.main") and name == "camelize":
        return _camelize
    if package in ("humps", "humps.main") and name == "pascalize":
        return lambda text: _camelize(text)[:1].upper() + _camelize(text)[1:]
    return None


def _camelize(text: str) -> str:
    """As pyhumps does: a text in capitals stays, each letter after underscores grows."""
    if text.isupper() or text.isnumeric():
        return text
    if not text[:2].isupper():
        text = text[:1].lower() + text[1:]
    return re.sub(r"(?<=[^\-_])[\-_]+[^\-_]", lambda match: match[0][-1].upper(), text)
