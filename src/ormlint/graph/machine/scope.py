"""Where names live while a body is evaluated."""

from __future__ import annotations

from msgspec import Struct

from ormlint.graph.machine.values import ClassValue, ModuleValue, Value


class Scope(Struct, eq=False):
    """A chain of namespaces; `kind` is `module`, `class` or `function`."""

    kind: str
    names: dict[str, Value]
    module: ModuleValue
    parent: Scope | None = None
    owner: ClassValue | None = None
    receiver_class: ClassValue | None = None
    """The class that `super()` and `__class__` speak of."""
    outer_names: set[str] = set()
    possible_returns: list[Value] = []
    possible_jumps: list[str] = []
    """`break` and `continue` of branches that may have been taken, in the loop that is running."""

    def find(self, name: str) -> tuple[Scope, Value] | None:
        """The namespace that holds a name, and its value; a function does not see a class body's names."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names and (scope.kind != "class" or scope is self):
                return scope, scope.names[name]
            scope = scope.parent
        return None
