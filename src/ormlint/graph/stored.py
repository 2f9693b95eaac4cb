"""What the columns of models and of migrations are stored as: their types, and members of enumerations.

A type of the project is the one that its `load_dialect_impl` gives for the dialect, or its `impl`. What is
another package's, or has an argument that is not settled, is not known.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeGuard

from ormlint.graph.drift import Pair, pairs_of, shared_columns
from ormlint.graph.machine.classes import lookup, mro
from ormlint.graph.machine.origins import made_by, root, symbol
from ormlint.graph.machine.values import NOWHERE, ClassValue, External, Function, Made, Member, Value
from ormlint.graph.migrations.enums import ENUMS, EnumType, enum_of
from ormlint.graph.migrations.files import Read
from ormlint.graph.migrations.keeping import Typed, type_of
from ormlint.graph.model import Check, Column, Environment, Graph, Members, MigratedColumn, Stored
from ormlint.graph.sources import Sources
from ormlint.graph.sqltype import Argument, SqlType, ask_ahead
from ormlint.graph.stored_keeping import Kept, Shown, ShownTables

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

_PACKAGES = ("sqlalchemy", "sqlmodel", "flask_sqlalchemy")
_OPTIONS = frozenset({
    "length", "precision", "scale", "timezone", "native_uuid", "dimensions", "collation", "charset", "fsp",
    "unsigned", "display_width", "varying", "item_type", "second_precision", "day_precision", "fields",
})  # fmt: skip
"""Keywords of types that DDL shows; the others are for Python's side."""
_WITHOUT_OPTIONS = frozenset({
    "BigInteger", "Boolean", "Date", "Integer", "JSON", "JSONB", "LargeBinary", "SmallInteger", "Text",
    "UnicodeText",
})  # fmt: skip
_LIKELY = ("postgresql", "mysql", "sqlite")
_MOST_NESTED = 8
_IN_LIST = r"""(?i)[\s(]*["`]?(\w+)["`]?\s+IN\s*\(((?:\s*'[^']*'\s*,?)+)\)[\s)]*"""
"""`column IN ('one', 'other')`."""


def shown_columns(
    graph: Graph, machine: Machine, sources: Sources, was: Sequence[ShownTables], changed: Container[str]
) -> list[ShownTables]:
    """What the columns of models are stored as, for the dialects of each environment.

    `was` is the same of a run in which other tables than those in changed files were what they are.
    """
    found = []
    for number, source in enumerate(sources.environments):
        environment = graph.environments[number]
        dialects = _dialects(environment)
        kept = Kept(sources.memo, source.replay, (environment.dialect, *dialects))
        make = partial(_shown, machine, environment.dialect, dialects)
        tables = [
            {each.name: kept.of(table, each, make) for each in table.columns.values()}
            if not was or table.place.path in changed
            else was[number][position]
            for position, table in enumerate(graph.tables)
        ]
        kept.keep()
        found.append(tables)
    return found


def note_stored(graph: Graph, machine: Machine, sources: Sources, shown: Sequence[ShownTables]) -> None:
    """Tell every environment what the columns are stored as that both models and migrations have."""
    numbers = {id(table): number for number, table in enumerate(graph.tables)}
    for tables, environment in zip(shown, graph.environments, strict=True):
        migrations = _Migrations(machine, environment, sources.read)
        found: list[Stored] = []
        for pair in pairs_of(graph, environment):
            number = numbers[id(pair.table)]
            for column, migrated in shared_columns(pair):
                types = migrations.beside(tables[number][column.name].types, migrated)
                members = migrations.members(tables[number][column.name].enum, migrated, pair)
                if types or members is not None:
                    found.append(Stored(number, column, migrated, types, members))
        environment.stored = tuple(found)
        if environment.compares_types:
            ask_ahead(sources.ask_ahead, (types for each in found for types in each.types))


def _dialects(environment: Environment) -> tuple[str, ...]:
    """Those that it may be for."""
    return (environment.dialect,) if environment.dialect_known else _LIKELY


def _shown(machine: Machine, dialect: str, dialects: Sequence[str], column: Column) -> Shown:
    """What a column of a model is stored as."""
    types: list[SqlType] = []
    for each in dialects:
        one = _settled(machine, column.type_value, each)
        if one is None:
            types = []
            break
        types.append(one)
    enum = enum_of(machine, _bare(machine, column.type_value, dialect))
    return Shown(tuple(types), enum if enum is not None and enum.members is not None else None)


class _Migrations:
    """What the columns are stored as that the migrations of an environment leave."""

    def __init__(self, machine: Machine, environment: Environment, read: Read) -> None:
        self._machine, self._environment, self._read = machine, environment, read
        self._known: dict[tuple[object, ...], SqlType | None] = {}

    def beside(
        self, types: Sequence[SqlType], migrated: MigratedColumn
    ) -> tuple[tuple[str, SqlType, SqlType], ...]:
        """A dialect, the model's type and the migrations', for each; nothing unless all are known."""
        pairs: list[tuple[str, SqlType, SqlType]] = []
        for one, dialect in zip(types, _dialects(self._environment), strict=False):
            other = self._type(migrated, dialect)
            if other is None:
                return ()
            pairs.append((dialect, one, other))
        return tuple(pairs)

    def _type(self, migrated: MigratedColumn, dialect: str) -> SqlType | None:
        value = migrated.type_value
        if not isinstance(value, Typed):
            return self._made_type(migrated, dialect)
        key = value.data, migrated.type, migrated.enum, dialect
        if key not in self._known:
            self._known[key] = self._made_type(migrated, dialect)
        return self._known[key]

    def _made_type(self, migrated: MigratedColumn, dialect: str) -> SqlType | None:
        """The type that the migrations leave; an enumeration goes by the name that it has in the end."""
        type_value = type_of(migrated)
        if type_value is None:
            if migrated.enum in self._environment.enums and dialect == "postgresql":
                return _enum_type(EnumType(migrated.enum, None), dialect)
            return _from_text(migrated.type, dialect)
        return _settled(self._machine, type_value, dialect, migrated.enum)

    def members(self, enum: EnumType | None, migrated: MigratedColumn, pair: Pair) -> Members | None:
        """The members of both sides, where the migrations say which ones the database takes."""
        if enum is None or enum.members is None:
            return None
        dialect = self._environment.dialect
        check = _check_on(pair, migrated.name)
        if check is not None:
            return Members(enum.members, check[1], check[0].place)
        if not enum.native:
            return None
        if dialect == "postgresql":
            made = self._environment.enums.get(migrated.enum or "")
            if made is None or made.uncertain or made.members is None:
                return None
            return Members(enum.members, made.members, made.place if made.place != migrated.place else None)
        other = enum_of(self._machine, _bare(self._machine, type_of(migrated), dialect))
        if other is None or other.members is None or not other.native:
            return None
        enforced = dialect in ("mysql", "mariadb")
        if not enforced and self._are_for_postgresql:
            return None
        return Members(enum.members, other.members, enforced=enforced)

    @cached_property
    def _are_for_postgresql(self) -> bool:
        """Whether migrations that are replayed for another database change types on PostgreSQL."""
        texts = (self._read(each.place.path) or b"" for each in self._environment.revisions)
        return any(b"ALTER TYPE" in text.upper() for text in texts)


def _settled(machine: Machine, value: Value, dialect: str, enum_name: str | None = None) -> SqlType | None:
    value = _bare(machine, value, dialect)
    made = value if isinstance(value, Made) else Made(value, (), {}, NOWHERE)
    callee = made.callee
    if root(callee) not in _PACKAGES or made.open_keywords or not isinstance(callee, (External, Member)):
        return None
    if callee.name in ENUMS:
        enum = enum_of(machine, made)
        length = made.kwargs.get("length")
        return _enum_type(enum, dialect, enum_name, length) if enum is not None else None
    named = {key: each for key, each in made.kwargs.items() if key in _OPTIONS}
    values: list[Argument] = []
    for each in (*made.args, *named.values()):
        found = each if _is_constant(each) else _settled(machine, each, dialect, enum_name)
        if found is None and each is not None:
            return None
        values.append(found)
    arguments, options = values[: len(made.args)], zip(named, values[len(made.args) :], strict=True)
    module = re.search(r"\bdialects\.(\w+)", callee.path) if isinstance(callee, External) else None
    name = "String" if callee.name == "AutoString" else callee.name
    if name == "UTCDateTime":  # of SQLModel
        return SqlType("DateTime", None, (), (("timezone", True),))
    return SqlType(name, module[1] if module else None, tuple(arguments), tuple(sorted(options)))


def _is_constant(value: object) -> TypeGuard[bool | int | float | str | None]:
    return value is None or isinstance(value, (str, int, float))


def _enum_type(enum: EnumType, dialect: str, name: str | None = None, length: Value = None) -> SqlType | None:
    """Where the database has the type, its name tells; elsewhere its members and their lengths do."""
    name = name or enum.name
    if dialect == "postgresql" and enum.native:
        return SqlType("Enum", None, ("",), (("name", name),)) if name is not None else None
    if isinstance(length, int) and not enum.native:
        return SqlType("String", None, (length,))
    if enum.members is None or length is not None:
        return None
    return SqlType("Enum", None, enum.members, (("name", name), ("native_enum", enum.native)))


def _bare(machine: Machine, value: Value, dialect: str) -> Value:
    """The type that a variant or a type of the project comes down to, for the dialect."""
    for _ in range(_MOST_NESTED):
        callee = value.callee if isinstance(value, Made) else None
        if isinstance(value, Made) and isinstance(callee, Member) and callee.name == "with_variant":
            value = value.arg(0, "type_") if dialect in value.args[1:] else callee.owner
        elif made_by(value, "type_descriptor", "load_dialect_impl"):
            value = value.arg(0, "typeobj")
        elif isinstance(value, ClassValue):
            value = _implementation(machine, value, Made(value, (), {}, value.place), dialect)
        elif isinstance(callee, ClassValue):
            value = _implementation(machine, callee, value, dialect)
        else:
            return value
    return None


def _implementation(machine: Machine, cls: ClassValue, made: Made, dialect: str) -> Value:
    """https://docs.sqlalchemy.org/en/20/core/custom_types.html#sqlalchemy.types.TypeDecorator."""
    bases = [base for base in mro(machine, cls) if not isinstance(base, ClassValue)]
    if not any(symbol(base) == "TypeDecorator" for base in bases) or made.open_keywords:
        return None
    impl, load = lookup(machine, cls, "impl"), lookup(machine, cls, "load_dialect_impl")
    instance = Made(cls, made.args, made.kwargs, made.place)
    if load is not None and isinstance(load[1], Function):
        asked = Made(External("sqlalchemy.engine.Dialect"), (), {}, made.place, {"name": dialect})
        if impl is not None:
            instance.attributes.update(impl=impl[1], impl_instance=impl[1])
        machine.refill()
        return machine.invoke(load[1], [instance, asked])
    if impl is None or isinstance(impl[1], Made):
        return impl[1] if impl is not None else None
    if lookup(machine, cls, "__init__") is None:
        return Made(impl[1], made.args, made.kwargs, made.place)
    return impl[1] if symbol(impl[1]) in _WITHOUT_OPTIONS else None


def _from_text(text: str | None, dialect: str) -> SqlType | None:
    """A type as raw SQL gives it: `NUMERIC(10, 2)`, `ARRAY(VARCHAR(20))`."""
    try:
        tree = ast.parse(text or "", mode="eval").body
    except SyntaxError:
        return None
    return _from_tree(tree, dialect)


def _from_tree(tree: ast.expr, dialect: str) -> SqlType | None:
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        return None
    given = [*tree.args, *(keyword.value for keyword in tree.keywords)]
    values: list[Argument] = []
    for each in given:
        value = each.value if isinstance(each, ast.Constant) else _from_tree(each, dialect)
        if value is None or not (isinstance(value, SqlType) or _is_constant(value)):
            return None
        values.append(value)
    keys = [keyword.arg or "" for keyword in tree.keywords]
    arguments, options = values[: len(tree.args)], values[len(tree.args) :]
    return SqlType(tree.func.id, dialect, tuple(arguments), tuple(zip(keys, options, strict=True)))


def _check_on(pair: Pair, column: str) -> tuple[Check, tuple[str, ...]] | None:
    """A check constraint that lists what the column takes, and what that is."""
    for check in () if pair.migrated.has_unsettled_keys else pair.migrated.checks:
        found = re.fullmatch(_IN_LIST, check.sqltext or "")
        if found is not None and found[1] == column:
            return check, tuple(re.findall(r"'([^']*)'", found[2]))
    return None
