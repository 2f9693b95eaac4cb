"""`Column(...)` and `mapped_column(...)` → `Column`.

https://docs.sqlalchemy.org/en/20/core/metadata.html#sqlalchemy.schema.Column
https://docs.sqlalchemy.org/en/20/orm/mapping_api.html#sqlalchemy.orm.mapped_column
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ormlint.findings import Place
from ormlint.graph.machine.logic import truth
from ormlint.graph.machine.origins import made_by, symbol
from ormlint.graph.machine.values import ClassValue, External, Made, Member, Unknown, Value, known
from ormlint.graph.model import Column
from ormlint.graph.models.annotations import MappedType, derived_type
from ormlint.graph.models.typetext import type_text

if TYPE_CHECKING:
    from ormlint.graph.machine import Machine

SENTINELS = frozenset({"insert_sentinel", "orm_insert_sentinel"})
COLUMN_CALLS = SENTINELS | {"Column", "mapped_column", "MappedColumn", "unmapped_column"}
WRAPPERS = frozenset({"deferred", "column_property", "undefer"})
"""Calls whose first argument may be a column that they map."""
NOT_TYPES = frozenset({
    "ForeignKey", "Sequence", "Identity", "Computed", "CheckConstraint", "FetchedValue", "DefaultClause",
    "ForeignKeyConstraint", "UniqueConstraint", "ColumnDefault", "Index", "PrimaryKeyConstraint",
})  # fmt: skip


TypeMap = Callable[[], "dict[Value, Value] | None"]
"""Gives the map from annotations to types; `None` where it is not settled."""


class Declared(Struct):
    """A column as declared, before it is put on a table."""

    column: Column
    references: list[Made]
    """Its `ForeignKey` calls."""
    checks: list[Made]


def column_call(value: Value) -> Made | None:
    """The call that declares a column, taken out of `deferred(...)` and the like."""
    for _ in range(3):
        if made_by(value, *COLUMN_CALLS):
            made: Made = value
            return made
        if made_by(value, *WRAPPERS) and value.args:
            value = value.args[0]
        else:
            return None
    return None


def explicit_name(call: Made) -> Value:
    """The name that a column call gives, or `None` where the attribute's name is taken."""
    if "name" in call.kwargs and call.kwargs["name"] is not None:
        return call.kwargs["name"]
    if "__name_pos" in call.kwargs and call.kwargs["__name_pos"] is not None:
        return call.kwargs["__name_pos"]
    if call.args and (isinstance(call.args[0], str) or _unknown_text(call.args[0])):
        return call.args[0]
    return None


def _unknown_text(value: Value) -> bool:
    return isinstance(value, Unknown) and value.name is None and "text" in value.reason


def declare(
    machine: Machine,
    call: Made,
    name: str,
    place: Place,
    mapped: MappedType | None = None,
    type_map: TypeMap = lambda: None,
) -> Declared:
    """Read a column call; `mapped` is the inside of its `Mapped[...]` annotation where there is one."""
    calls, kwargs, open_ = [call], call.kwargs, call.open_keywords
    if mapped is not None and mapped.columns:
        calls += [mapped.columns[0], *map(_doubted, mapped.columns[1:])]
        kwargs = {key: value for each in reversed(calls) for key, value in each.kwargs.items()}
        open_ = any(each.open_keywords for each in calls)
    args = [arg for each in calls for arg in each.args if not isinstance(arg, str)]
    made = [arg for arg in args if type(arg) is Made]
    given = {symbol(arg.callee) for arg in made}
    unsettled = any(type(arg) is Unknown for arg in args)
    column = Column(name, place)
    if symbol(call.callee) in SENTINELS:  # an integer that counts the rows of an INSERT
        kwargs = {"type_": External("sqlalchemy.Integer"), "default": External(""), **kwargs}
    key = call.kwargs.get("key")
    column.key = key if isinstance(key, str) else None
    keys = [arg for arg in made if symbol(arg.callee) == "ForeignKey"] if "ForeignKey" in given else []
    # Beside a foreign key, what is not settled is the type: hardly any column refers to two tables.
    column.foreign_keys = None if unsettled and not keys else ()
    by_reference = bool(keys) and mapped is not None and not mapped.plain
    column.type_value = value = _type(machine, args, kwargs, None if by_reference else mapped, type_map)
    column.type = type_text(value) if value is not None else None
    column.primary_key = _any(calls, "primary_key")
    _set_nullable(column, kwargs, mapped, "Identity" in given, open_)
    column.unique = _any(calls, "unique")
    column.index = _any(calls, "index")
    column.computed = "Computed" in given
    column.server_default = True if given & _GENERATED else _present(kwargs, ("server_default",), open_)
    column.fetched = "FetchedValue" in given or made_by(kwargs.get("server_default"), "FetchedValue")
    column.default = True if given & _SEQUENCES else _present(kwargs, ("default", "insert_default"), open_)
    column.onupdate = column.computed or _present(kwargs, ("onupdate", "server_onupdate"), open_) is not False
    column.never_none = "never_none" in kwargs
    column.made_with = _present(kwargs, ("default_factory",), open_) is not False
    checks = [arg for arg in made if made_by(arg, "CheckConstraint")] if "CheckConstraint" in given else []
    return Declared(column, keys, checks)


_GENERATED = frozenset({"Computed", "Identity", "FetchedValue", "DefaultClause"})
_SEQUENCES = frozenset({"Sequence", "ColumnDefault"})


def _doubted(call: Made) -> Made:
    """A further column of an annotation: SQLAlchemy leaves it out, but a metaclass may add what it says."""
    return replace(call, args=(), kwargs={name: Unknown("beside another column") for name in call.kwargs})


def _any(calls: list[Made], name: str) -> bool | None:
    """Whether one of the calls sets a flag; what `Annotated` carries cannot be taken back."""
    if len(calls) == 1:
        return _flag(calls[0], name)
    found = [_flag(each, name) for each in calls]
    return True if True in found else None if None in found else False


def _flag(call: Made, name: str) -> bool | None:
    if name not in call.kwargs:
        return None if call.open_keywords else False
    return False if call.kwargs[name] is None else truth(call.kwargs[name])


def _present(kwargs: dict[str, Value], names: tuple[str, ...], open_: bool) -> bool | None:
    """Whether one of the keywords is given with something other than `None`."""
    found: bool | None = None if open_ else False
    for name in names:
        if name in kwargs:
            value = kwargs[name]
            if isinstance(value, Unknown):
                found = found or None
            elif value is not None:
                return True
    return found


def _type(
    machine: Machine,
    args: list[Value],
    kwargs: dict[str, Value],
    mapped: MappedType | None,
    type_map: TypeMap,
) -> Value:
    """The type that is given, else the one that the annotation stands for, if it is to be asked."""
    value = kwargs.get("type_")
    if value is None:
        value = next((arg for arg in args if _may_be_type(arg)), None)
    if value is None and any(isinstance(arg, Unknown) for arg in args):
        value = Unknown("an argument of the column is not settled")
    if value is None and mapped is not None:
        value = derived_type(machine, mapped, type_map())
    if made_by(value, "as_mutable") and value.args:
        value = value.args[0]
    return value


def _may_be_type(value: Value) -> bool:
    if isinstance(value, Made):
        return symbol(value.callee) not in NOT_TYPES
    return isinstance(value, (External, ClassValue, Member)) and symbol(value) not in NOT_TYPES


def _set_nullable(
    column: Column, kwargs: dict[str, Value], mapped: MappedType | None, is_identity: bool, open_: bool
) -> None:
    stated = kwargs.get("nullable", Unknown("not given"))
    if "nullable" in kwargs and not (isinstance(stated, External) and stated.name == "SchemaConst"):
        column.nullable = truth(stated) if known(stated) else None
        column.nullable_stated = True
    elif column.primary_key and not (mapped is not None and mapped.optional and not mapped.plain):
        column.nullable = False
    elif open_ or column.primary_key is None:
        column.nullable = None
    elif mapped is not None:
        column.nullable = mapped.optional
        column.nullable_stated = mapped.optional is not None
    elif is_identity:
        column.nullable = False
    else:
        column.nullable = True
