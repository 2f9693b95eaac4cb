"""The walk reaches every struct, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ormlint.extract import extract
from ormlint.facts import code
from ormlint.facts.walk import walk

EVERYTHING = """\
import os, sys as system
from typing import cast

type Alias = list[int]

@decorated(1, key=f"{a!r:>{width}}")
class Page[T: (int, str) = int](Base, metaclass=Meta):
    items: list[T] = [x for x in y if x] or {**a, "b": 1}

async def read(a: int = 1, *args, b: str = "", **kwargs) -> None:
    global counter
    with opened(a) as file, closed():
        value = lambda z: z[1:2:3] if z else -z
    for i, *rest in {1, 2}:
        break
    else:
        total += 1
    while (n := next(i)):
        del n.attr
    try:
        raise ValueError(a)
    except (KeyError, TypeError) as error:
        return error
    finally:
        print(await a)
    match a:
        case 1 if b:
            pass
        case [c, d]:
            yield c
    if a:
        return a
"""


def everywhere(part: object) -> Iterator[msgspec.Struct]:
    """Each struct in anything."""
    if isinstance(part, msgspec.Struct):
        yield part
        for name in part.__struct_fields__:
            yield from everywhere(getattr(part, name))
    elif isinstance(part, list):
        for each in part:
            yield from everywhere(each)


def test_every_struct_is_reached_in_source_order() -> None:
    body = extract(EVERYTHING.encode(), whole=True).body
    found = list(walk(body))
    assert [*map(id, found)] == [*map(id, everywhere(body))]
    named = (kind for kind in vars(code).values() if isinstance(kind, type))
    kinds = {kind for kind in named if issubclass(kind, msgspec.Struct)}
    assert kinds - {type(each) for each in found} == {code.Node, code.Problem, code.Comment, code.FileFacts}
