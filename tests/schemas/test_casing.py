"""Field names change as Pydantic's own alias generators change them."""

from __future__ import annotations

import itertools

from pydantic import alias_generators

from ormlint.graph.machine import casing


def test_names_change_as_pydantic_changes_them() -> None:
    snake = ["", *map("".join, itertools.product(["a", "bc", "1", "_"], repeat=4))]
    mixed = [*snake, *map("".join, itertools.product(["a", "bc", "D", "EF", "1", "_"], repeat=3))]
    assert list(map(casing.to_camel, snake)) == list(map(alias_generators.to_camel, snake))
    assert list(map(casing.to_pascal, mixed)) == list(map(alias_generators.to_pascal, mixed))
    assert list(map(casing.to_snake, mixed)) == list(map(alias_generators.to_snake, mixed))


def test_names_in_camel_case_stay() -> None:
    assert [casing.to_camel(name) for name in ("userId", "a1B", "A_b")] == ["userId", "a1B", "aB"]
    assert casing.to_snake("kebab-Case") == "kebab_case"
