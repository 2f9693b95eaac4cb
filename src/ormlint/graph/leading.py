"""What files lead to, directly and through others, and what leads to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Union

Asked = dict[str, dict[str, Union[str, None]]]
"""Path of a file → dotted name of a module that it asked for → the path that this led to."""
Next = Callable[[str], Iterable[str]]
"""The files beside one in some direction."""


def led_to(paths: Iterable[str], *asked: Asked) -> set[str]:
    """Files, and all that names in them led to."""
    return _reached(
        paths,
        lambda file: (path for each in asked for path in each.get(file, {}).values() if path is not None),
    )


def followers(paths: Iterable[str], asked: Asked) -> set[str]:
    """Files, and all that led to them."""
    found = set(paths)
    if not found:
        return found
    users = _turned({importer: filter(None, names.values()) for importer, names in asked.items()})
    return _reached(found, lambda file: users.get(file, ()))


def circles(paths: Iterable[str], led_to: Next) -> list[frozenset[str]]:
    """For each module all that it leads to and that lead to it, itself among them.

    What each of these gets of the others depends on which of them is begun first.
    """
    return sorted({_circle(path, led_to) for path in paths}, key=min)


def _circle(path: str, led_to: Next) -> frozenset[str]:
    users = _turned({each: led_to(each) for each in _reached([path], led_to)})
    return frozenset(_reached([path], lambda file: users.get(file, ())))


def _turned(led_to: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """For each file those that lead to it."""
    users: dict[str, list[str]] = {}
    for importer, paths in led_to.items():
        for path in paths:
            users.setdefault(path, []).append(importer)
    return users


def _reached(paths: Iterable[str], beside: Next) -> set[str]:
    found = set(paths)
    queue = list(found)
    while queue:
        for path in beside(queue.pop()):
            if path not in found:
                found.add(path)
                queue.append(path)
    return found
