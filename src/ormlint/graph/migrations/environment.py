"""What `env.py` tells Alembic: the metadata that it migrates, and the other options of `configure`."""

from __future__ import annotations

from msgspec import Struct

from ormlint.findings import Place
from ormlint.graph.machine import Machine
from ormlint.graph.machine.modules import Modules
from ormlint.graph.machine.values import External, Function, Made, Member, ModuleValue, Unknown, Value

_PLUGINS = frozenset({
    "importlib.metadata.entry_points", "importlib_metadata.entry_points", "pkg_resources.iter_entry_points",
})  # fmt: skip
"""https://packaging.python.org/en/latest/guides/creating-and-discovering-plugins/#using-package-metadata"""
_SETTINGS = ("target_metadata", "include_object", "include_name", "include_schemas", "version_table")


class EnvPy(Struct):
    """What `context.configure(…)` is told, each time it is called."""

    place: Place | None = None
    configured: list[dict[str, Value]] = []
    targets_known: bool = False
    """A call that configures, or the module itself, tells of `target_metadata`, be it that there is none."""
    conventions: list[Value] = []
    """The naming conventions that it gives the MetaData."""
    plugs_in: bool = False
    """It asks for what installed packages plug in, which may be models."""

    def values(self, name: str) -> list[Value]:
        """What is given under that name, once each."""
        found: list[Value] = []
        for kwargs in self.configured:
            value = kwargs.get(name)
            if value is not None and not any(value is each for each in found):
                found.append(value)
        return found

    @property
    def targets(self) -> list[Value]:
        """The values that `target_metadata` names, those of a list one by one."""
        found: list[Value] = []
        for value in self.values("target_metadata"):
            found += value if isinstance(value, (list, tuple)) else [value]
        return found

    @property
    def version_table(self) -> str:
        return self._text("version_table") or "alembic_version"

    @property
    def version_table_schema(self) -> str | None:
        return self._text("version_table_schema")

    def _text(self, name: str) -> str | None:
        return next((value for value in self.values(name) if isinstance(value, str)), None)


def read_env(modules: Modules, path: str | None) -> EnvPy:
    """Run the body of `env.py`, and note what it configures; nothing is known of one that cannot be read."""
    env = EnvPy()
    if path is None:
        return env
    machine = _Machine(modules)
    module = modules.at(path)
    facts = modules.facts(module)
    if facts is None or facts.problem is not None:
        module.state = "done"
        return env
    machine.hooks.call.append(lambda _, *call: _answer(machine, env, *call))
    module.state = "new"
    machine.execute(module)
    env.place = module.places.get("target_metadata", Place(path, 1))
    if not env.configured:
        _call_all(machine, module)
    if not env.configured:
        env.configured.append(_named(module))
    env.targets_known = any(each.keys() & {"target_metadata", "connection", "url"} for each in env.configured)
    given = (_convention(machine, value) for value in env.targets)
    env.conventions = [value for value in given if value is not None]
    return env


class _Machine(Machine):
    """Takes what `configure` migrates for unknown where keywords that are not known may tell of it."""

    def call(
        self, callee: Value, args: list[Value], kwargs: dict[str, Value], place: Place, open_: bool = False
    ) -> Value:
        if open_ and _configures(callee):
            kwargs = {"target_metadata": Unknown("keywords that are not known", place), **kwargs}
        return super().call(callee, args, kwargs, place, open_)


def _configures(callee: Value) -> bool:
    return isinstance(callee, External) and callee.path == "alembic.context.configure"


def _convention(machine: Machine, value: Value) -> Value:
    """What is assigned to the `naming_convention` of a MetaData."""
    if isinstance(value, External):
        return machine.assigned_externals.get(f"{value.path}.naming_convention")
    return value.attributes.get("naming_convention") if isinstance(value, (Made, Member)) else None


def _call_all(machine: Machine, module: ModuleValue) -> None:
    """Call the functions of `env.py`, since something that is not known does: a connection's `run_sync`."""
    for function in list(module.namespace.values()):
        if isinstance(function, Function) and function.module is module:
            needed = (each for each in function.node.params if each.kind == "positional" and not each.default)
            given: list[Value] = [Unknown("an argument") for _ in needed]
            machine.call(function, given, {}, Place(module.path, function.node.line))


def _named(module: ModuleValue) -> dict[str, Value]:
    """The module's own names, where no call of `configure` is reached."""
    return {name: module.namespace[name] for name in _SETTINGS if name in module.namespace}


def _answer(
    machine: Machine, env: EnvPy, callee: Value, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Value:
    if isinstance(callee, External) and callee.path == "alembic.context.is_offline_mode":
        return False
    if _configures(callee):
        env.configured.append(dict(kwargs))
        return None
    env.plugs_in |= isinstance(callee, External) and callee.path in _PLUGINS
    if isinstance(callee, Member) and callee.name == "run_sync" and args and isinstance(args[0], Function):
        return machine.call(args[0], [Unknown("a connection", place), *args[1:]], {}, place)
    return NotImplemented
