"""The names under which a field is read: explicit aliases, and what an alias generator gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ormlint.findings import Place
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.values import External, Made, Unknown, Value

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

Settings = dict[str, Value]
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


def generated(machine: Machine, generator: Value, name: str, place: Place, settings: Settings) -> Settings:
    """A field's settings with what Pydantic 2's alias generator adds.

    What a field has of its own stays; what a generator of a base gave, the child's replaces.
    https://docs.pydantic.dev/latest/concepts/alias/#alias-precedence
    """
    own = any(settings.get(key) is not None for key in ("alias", "validation_alias", "serialization_alias"))
    priority = (settings.get("alias_priority") or 2) if own else 1
    if not isinstance(priority, int):
        return {**settings, "validation_alias": Unknown("a computed priority of aliases")}
    plain = _called(machine, _part(generator, 0, "alias"), name, place)
    read = _called(machine, _part(generator, 1, "validation_alias"), name, place)
    read = plain if read is None else read
    if priority <= 1:
        return {**settings, "alias": plain, "validation_alias": read, "alias_priority": 1}
    given = settings.get("validation_alias")
    given = settings.get("alias") if given is None else given
    return {**settings, "alias_priority": priority, "validation_alias": read if given is None else given}


def configured_in_1(
    machine: Machine, generator: Value, stated: Value, raw: tuple[str, Place], settings: Settings
) -> Settings:
    """The same for Pydantic 1, whose `Config.fields` states aliases too."""
    name, place = raw
    mine = stated.get(name) if isinstance(stated, dict) else None
    told: Settings = {"alias": mine} if isinstance(mine, str) else mine if isinstance(mine, dict) else {}
    priority = told.get("alias_priority", 2) if "alias" in told else 0
    alias = told.get("alias")
    if priority <= 1 and generator is not None:
        alias, priority = _called(machine, generator, name, place), 1
    known = settings.get("alias_priority", 2 if settings.get("alias") is not None else 0)
    merged = {**{key: value for key, value in told.items() if key != "alias"}, **settings}
    if alias is None or priority < known:
        return merged
    return {**merged, "alias": alias, "alias_priority": priority}


def _part(generator: Value, position: int, key: str) -> Value:
    """The function of a generator for one kind of alias; a plain function is the one for `alias`."""
    if made_by(generator, "AliasGenerator"):
        return generator.arg(position, key)
    return generator if key == "alias" else None


def _called(machine: Machine, generator: Value, name: str, place: Place) -> Value:
    """What a function gives for a field's name; `None` where there is no function."""
    if made_by(generator, "staticmethod", "classmethod") and generator.args:
        generator = generator.args[0]
    if isinstance(generator, External):
        generator = machine.opened(generator, machine.modules.at(place.path))
    return None if generator is None else machine.call(generator, [name], {}, place)
