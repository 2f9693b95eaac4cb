"""What running a module does besides binding its own names."""

from __future__ import annotations

from ormlint.graph.machine.values import ClassValue, Made, ModuleValue, Value


class Effects:
    """Of all modules that one machine ran, by path."""

    def __init__(self) -> None:
        self._led_to: dict[str, dict[str, None]] = {}
        self.reaching: set[str] = set()
        """Modules whose code assigned to what others made, or made classes of others."""
        self.reached: set[str] = set()
        """Modules that classes were made of once they had run."""

    def ask(self, module: ModuleValue, other: ModuleValue) -> None:
        """A module has another one run, unless that was run before."""
        if module.state == "running":
            self._led_to.setdefault(module.path, {})[other.path] = None

    def led_to(self, path: str) -> list[str]:
        """The modules that running one asked for, in order."""
        return list(self._led_to.get(path, ()))

    def assign(self, module: ModuleValue, value: Value) -> None:
        """A module's code assigns to an attribute of a value."""
        if isinstance(value, ClassValue):
            own = value.module is module
        else:
            own = isinstance(value, Made) and value.place.path == module.path
        if not own:
            self.reaching.add(module.path)

    def make(self, module: ModuleValue | None, cls: ClassValue) -> None:
        """A module's code makes a class, be it by a function of another module; `None` once all have run.

        What a package makes is the package's.
        """
        if module is None or (cls.module.is_stub and cls.module is not module):
            self.reached.add(cls.module.path)
            if module is not None:
                self.reaching.add(module.path)
            module = cls.module
        module.classes.append(cls)
