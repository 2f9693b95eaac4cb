"""Modules that import each other: what each gets of the others depends on which of them is begun first."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def circles(paths: Iterable[str], led_to: Callable[[str], Iterable[str]]) -> list[frozenset[str]]:
    """For each of the modules all that it leads to and that lead to it, itself among them."""
    found = {_circle(path, led_to) for path in paths}
    return sorted(found, key=min)


def _circle(path: str, led_to: Callable[[str], Iterable[str]]) -> frozenset[str]:
    users: dict[str, list[str]] = {}
    ahead, queue = {path}, [path]
    while queue:
        importer = queue.pop()
        for each in led_to(importer):
            users.setdefault(each, []).append(importer)
            if each not in ahead:
                ahead.add(each)
                queue.append(each)
    back, queue = {path}, [path]
    while queue:
        new = [each for each in users.get(queue.pop(), ()) if each not in back]
        back.update(new)
        queue += new
    return frozenset(back)
