"""A function that calls itself is followed as far as it is settled that it does."""

from __future__ import annotations

from ormlint.extract import extract
from ormlint.graph.machine import Machine, Modules
from ormlint.graph.machine.machine import MAX_STEPS
from ormlint.graph.machine.values import Unknown
from ormlint.graph.sources import Sources

SOURCE = """
from elsewhere import load

def resolve(value):
    if isinstance(value, list):
        result = []
        for each in value:
            result.append(resolve(each))
    elif isinstance(value, dict):
        result = {}
        for key in value:
            result[key] = resolve(value[key])
    else:
        result = value
    return result

def count(number):
    return 1 + count(number - 1) if number else 0

unsettled = resolve(load())
settled = resolve([1, [2, {"a": [3, {}]}]])
counted = count(40)
"""


def test_a_walk_through_what_is_not_known_ends() -> None:
    def load(path: str) -> object:
        return extract(SOURCE.encode(), whole=True)

    sources = Sources((), (), load, load, lambda _: None, lambda *_: None, lambda path: "walks")  # type: ignore[arg-type]
    machine = Machine(Modules(sources, lambda _: None))
    names = machine.execute(machine.modules.at("walks.py")).namespace

    assert isinstance(names["unsettled"], Unknown)
    assert (names["settled"], names["counted"]) == ([1, [2, {"a": [3, {}]}]], 40)
    assert MAX_STEPS - machine.steps < 2_000
