"""Parsed queries as plain data, which outlives the run that parsed them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from msgspec import Struct


class Tree(Struct, frozen=True, array_like=True):
    """A node: `key` says what it is; `name`, `alias_or_name`, `table` and `db` may be empty."""

    key: str
    name: str
    alias_or_name: str
    table: str
    db: str
    is_star: bool
    trees: dict[str, Tree] = {}
    lists: dict[str, tuple[Tree, ...]] = {}
    plain: dict[str, str] = {}
    """Words and marks: the type of a cast as text, a mark that is set as itself."""

    @property
    def this(self) -> Any:
        return self.trees.get("this")

    @property
    def expression(self) -> Any:
        return self.trees.get("expression")

    def part(self, name: str) -> Tree | tuple[Tree, ...] | str | None:
        return self.trees.get(name) or self.lists.get(name) or self.plain.get(name)

    @property
    def expressions(self) -> tuple[Tree, ...]:
        return self.lists.get("expressions", ())

    @property
    def selects(self) -> tuple[Tree, ...]:
        """What a query gives, one by one."""
        inner = self
        while inner.key == "subquery" and inner.this is not None:
            inner = inner.this
        return inner.expressions if inner.key == "select" else ()

    def all_of(self, keys: Collection[str]) -> Iterator[Tree]:
        """The nodes of some kinds within it."""
        if self.key in keys:
            yield self
        for each in self.trees.values():
            yield from each.all_of(keys)
        for some in self.lists.values():
            for each in some:
                yield from each.all_of(keys)

    def has(self, *keys: str) -> bool:
        """Whether a node of these kinds is in it."""
        return next(self.all_of(keys), None) is not None
