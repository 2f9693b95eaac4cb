"""A table that says nothing wrong: Pydantic, which takes a while to import, would take it as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

from ormlint.settings.keys import Keys, kebab


def plainly(table: dict[str, Any]) -> Keys | None:
    """The keys that a table sets; `None` where it has others, or a value is not exactly what one takes."""
    kinds = {kebab(name): (name, kind) for name, kind in get_type_hints(Keys).items()}
    if not all(key in kinds and _fits(value, kinds[key][1]) for key, value in table.items()):
        return None
    return Keys(**{kinds[key][0]: _frozen(value) for key, value in table.items()})


def _fits(value: object, kind: Any) -> bool:
    origin, args = get_origin(kind), get_args(kind)
    if origin is tuple:
        return isinstance(value, list) and all(_fits(each, args[0]) for each in value)
    if origin is Mapping:
        return isinstance(value, dict) and all(
            _fits(key, args[0]) and _fits(each, args[1]) for key, each in value.items()
        )
    if origin is Literal:
        return any(type(value) is type(each) and value == each for each in args)
    return any(_fits(value, each) for each in args) if args else type(value) is kind


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _frozen(each) for key, each in value.items()}
    return tuple(value) if isinstance(value, list) else value
