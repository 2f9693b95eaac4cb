"""What rows have that are of a model which inherits from another: a query for that one gives them, too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from ormlint.graph.model import Model


def heirs(models: Mapping[str, Model]) -> dict[str, list[str]]:
    """For each model that others inherit from, the ids of these, however far below.

    https://docs.sqlalchemy.org/en/20/orm/queryguide/inheritance.html
    """
    found: dict[str, list[str]] = defaultdict(list)
    for key, model in models.items():
        parent, seen = model.inherits, {model.id}
        while parent is not None and parent not in seen:
            seen.add(parent)
            found[parent].append(key)
            above = models.get(parent)
            parent = above.inherits if above is not None else None
    return found


def of_heirs(models: Mapping[str, Model]) -> dict[str, set[str]]:
    """For each model that others inherit from, what these have to read."""
    return {
        key: {name for each in below for name in readable(models[each])}
        for key, below in heirs(models).items()
    }


def readable(model: Model) -> frozenset[str]:
    """Every name that can be read from a model."""
    return frozenset((*model.columns, *model.relationships, *model.attributes))
