"""What `env.py` says: the metadata that it migrates, and what it hides from autogenerate."""

from __future__ import annotations

from dataclasses import dataclass, field

from ormlint.findings import Place
from ormlint.graph.machine import Machine
from ormlint.graph.machine.modules import Modules
from ormlint.graph.machine.operators import truth
from ormlint.graph.machine.values import External, Function, Made, Member, ModuleValue, Unknown, Value

_SETTINGS = ("target_metadata", "include_object", "include_name", "include_schemas", "version_table")
_TABLE = External("sqlalchemy.Table")


@dataclass(slots=True)
class EnvPy:
    """What `context.configure(…)` is told, each time it is called."""

    place: Place | None = None
    configured: list[dict[str, Value]] = field(default_factory=list)

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
    machine = Machine(modules)
    module = modules.at(path)
    facts = modules.facts(module)
    if facts is None or facts.problem is not None:
        return env
    machine.hooks.call.append(lambda _, *call: _answer(machine, env, *call))
    module.state = "new"
    machine.execute(module)
    env.place = module.places.get("target_metadata", Place(path, 1))
    if not env.configured:
        env.configured.append(_named(module))
    return env


def _named(module: ModuleValue) -> dict[str, Value]:
    """The module's own names, where no call of `configure` is reached."""
    return {name: module.namespace[name] for name in _SETTINGS if name in module.namespace}


def _answer(
    machine: Machine, env: EnvPy, callee: Value, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Value:
    if isinstance(callee, External) and callee.path == "alembic.context.is_offline_mode":
        return False
    if isinstance(callee, External) and callee.path == "alembic.context.configure":
        env.configured.append(dict(kwargs))
        return None
    if isinstance(callee, Member) and callee.name == "run_sync" and args and isinstance(args[0], Function):
        return machine.call(args[0], [Unknown("a connection", place), *args[1:]], {}, place)
    return NotImplemented


class Filter:
    """`include_object` and `include_name`, asked for one object after another."""

    def __init__(self, modules: Modules, env: EnvPy) -> None:
        self.machine = Machine(modules)
        self.objects = env.values("include_object")
        self.names = env.values("include_name")

    def __bool__(self) -> bool:
        return bool(self.objects or self.names)

    def hides_table(self, name: str, schema: str | None, *, in_database: bool) -> bool:
        """Whether the table is hidden, or may be."""
        table = _table(name, schema, in_database=in_database)
        if in_database and self._hides_name(name, "table", {"schema_name": schema}):
            return True
        return self._hides_object([table, name, "table", in_database, None])

    def hides_column(self, table: str, schema: str | None, column: str, *, in_database: bool) -> bool:
        made = Made(External("sqlalchemy.Column"), (column,), {}, Place("", 0))
        made.attributes.update(
            {
                "name": column,
                "table": _table(table, schema, in_database=in_database),
                "info": _info(in_database),
            }
        )
        if in_database and self._hides_name(column, "column", {"schema_name": schema, "table_name": table}):
            return True
        return self._hides_object([made, column, "column", in_database, None])

    def hides_keys(self) -> bool:
        """Whether an index or a constraint of any name may be hidden."""
        unknown = Unknown("the name of an index or constraint")
        for kind in ("index", "unique_constraint", "foreign_key_constraint"):
            made = Made(External("sqlalchemy.Index"), (), {}, Place("", 0))
            for in_database in (True, False):
                if self._hides_object([made, unknown, kind, in_database, None]):
                    return True
            if self._hides_name(unknown, kind, {"schema_name": None, "table_name": unknown}):
                return True
        return False

    def _hides_object(self, arguments: list[Value]) -> bool:
        return any(self._refuses(function, arguments) for function in self.objects)

    def _hides_name(self, name: Value, kind: str, parents: dict[str, Value]) -> bool:
        return any(self._refuses(function, [name, kind, parents]) for function in self.names)

    def _refuses(self, function: Value, arguments: list[Value]) -> bool:
        """False only where the function is certain to let it pass."""
        self.machine.refill()
        answer = self.machine.call(function, list(arguments), {}, Place("", 0))
        return truth(answer) is not True


def _table(name: str, schema: str | None, *, in_database: bool) -> Made:
    made = Made(_TABLE, (name,), {}, Place("", 0))
    key = f"{schema}.{name}" if schema else name
    made.attributes.update({"name": name, "schema": schema, "key": key, "info": _info(in_database)})
    return made


def _info(in_database: bool) -> Value:
    """A reflected object has no `info`; a model's is not known here."""
    return {} if in_database else Unknown("the `info` of a model's table")
