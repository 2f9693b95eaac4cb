"""What a list, dict or set may hold besides what is known of it: it stands in it as `Unknown`.

An `Unknown` key of a dict stands for any keys, none among them.
"""

from __future__ import annotations

from collections.abc import Collection

from ormlint.graph.machine.values import Unknown, Value


def is_open(container: Collection[Value]) -> bool:
    """Whether something in a container is not settled."""
    return any(isinstance(each, Unknown) for each in container)


def doubt(container: Value, unknown: Unknown) -> None:
    """Something may have been put into a container."""
    if isinstance(container, list):
        container.append(unknown)
    elif not is_open(container):
        if isinstance(container, dict):
            container[unknown] = unknown
        else:
            container.add(unknown)


def unsettle(container: Value, unknown: Unknown) -> None:
    """Anything may have been put into a container, or taken out of it."""
    container.clear()
    doubt(container, unknown)


def merge(container: dict[Value, Value], given: dict[Value, Value]) -> None:
    """Put the items of a dict into another one, which loses what may be replaced."""
    unknown = next((key for key in given if isinstance(key, Unknown)), None)
    if unknown is None:
        container.update(given)
        return
    container.update(dict.fromkeys(container, unknown))
    doubt(container, unknown)
    container.update({key: value for key, value in given.items() if not isinstance(key, Unknown)})
