"""What ties migrations to one another besides the database: modules that one changes, and another reads."""

from __future__ import annotations

from ormlint.graph.leading import Asked, led_to
from ormlint.graph.machine.altered import is_altered, state_of
from ormlint.graph.machine.modules import Modules
from ormlint.graph.migrations.programs import Programs


class Ties:
    """Those of a replay that is about to begin; `before` is what files asked for in the last run."""

    def __init__(self, modules: Modules, before: Asked) -> None:
        self._modules, self._before = modules, before
        self._packages = {each.path: state_of(each) for each in modules.awake() if each.is_stub}

    def tied(self, paths: tuple[str, ...], programs: Programs) -> set[str]:
        """The migrations that may come to something else without others, or after them."""
        if programs.looked_everywhere or not programs.are_steady or self._packages_changed():
            return set(paths)
        reaches = {path: led_to([path], self._before, self._modules.asked) for path in paths}
        reached = set().union(*reaches.values())
        awake = {each.path: each for each in self._modules.awake()}
        changed = {path for path in reached & awake.keys() if programs.have_altered(awake[path])}
        imported = {
            each for path, reach in reaches.items() for each in reach if each in reaches and each != path
        }
        moving = changed | imported | self._modules.entered
        return {path for path, reach in reaches.items() if not moving.isdisjoint(reach)}

    def _packages_changed(self) -> bool:
        """Whether the replay changed a module that tells of a package."""
        left = {**self._modules.left, **self._packages}
        return any(
            each.path in left and is_altered(each, left[each.path])
            for each in self._modules.awake()
            if each.is_stub
        )
