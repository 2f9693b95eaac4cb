"""What Pydantic makes of the Python value of a column: which pairs of types are certain to fail.

The table is held to Pydantic's own answers by a test. Only the lax mode counts, and only what fails for every
value: a `float` may be whole, a text may look like a number.
"""

from __future__ import annotations

from ormlint.graph.machine.values import (
    Alternatives,
    ClassValue,
    External,
    Made,
    Subscripted,
    Value,
    symbol,
)  # fmt: skip
from ormlint.graph.model import Column, Field

_PYTHON = {
    "integer": "int", "biginteger": "int", "smallinteger": "int", "int": "int", "bigint": "int",
    "float": "float", "double": "float", "real": "float", "string": "str", "text": "str",
    "unicode": "str", "unicodetext": "str", "varchar": "str", "char": "str", "autostring": "str",
    "boolean": "bool", "datetime": "datetime", "timestamp": "datetime", "date": "date", "time": "time",
    "interval": "timedelta", "numeric": "Decimal", "decimal": "Decimal", "uuid": "UUID", "guid": "UUID",
    "largebinary": "bytes", "bytea": "bytes", "array": "list",
}  # fmt: skip
"""The value that a column's type gives, by the lower-case name of the type."""
_TIMES = frozenset({"datetime", "date", "time", "timedelta"})
_NUMBERS = frozenset({"int", "float", "Decimal"})
_SCALARS = _TIMES | _NUMBERS | {"str", "bool", "UUID"}
REFUSED: dict[str, frozenset[str]] = {
    "str": _SCALARS - {"str"} | {"list"},
    "int": _TIMES | {"UUID", "list"},
    "float": _TIMES | {"UUID", "list"},
    "bool": _TIMES | {"UUID", "list"},
    "Decimal": _TIMES | {"UUID", "bool", "list"},
    "UUID": _TIMES | _NUMBERS | {"bool", "list"},
    "datetime": frozenset({"UUID", "bool", "time", "timedelta", "list"}),
    "date": frozenset({"UUID", "bool", "time", "timedelta", "list"}),
    "time": frozenset({"UUID", "bool", "datetime", "date", "timedelta", "list"}),
    "timedelta": frozenset({"UUID", "datetime", "date", "time", "list"}),
    "list": _SCALARS,
    "dict": _SCALARS | {"list"},
}
"""The types of values of which Pydantic takes none where the key is asked for."""
_CONTAINERS = {"list": "list", "List": "list", "set": "list", "Set": "list", "dict": "dict", "Dict": "dict"}


def python_type(column: Column) -> str | None:
    """The name of the type of a column's values; `None` where it is not settled."""
    value = column.type_value
    name = symbol(value.callee) if isinstance(value, Made) else symbol(value)
    if isinstance(value, Made) and (
        value.kwargs.get("as_uuid") is False or value.kwargs.get("asdecimal") is False
    ):
        return None
    return _PYTHON.get(name.lower())


def refuses_null(field: Field, column: Column) -> bool:
    """Whether a NULL can come out of the column and the field does not take it."""
    bare = column.default is False and column.server_default is False and column.primary_key is False
    return field.nullable is False and column.nullable is True and bare and not field.validated_before


def certainly_fails(field: Field, column: Column, *, coerces_numbers: bool | None) -> bool:
    """Whether Pydantic refuses every value of the column but `None`."""
    given = python_type(column)
    if given is None or coerces_numbers is None or field.validated_before:
        return False
    return _refuses(field.type_value, given, coerces_numbers=coerces_numbers, depth=0)


def _refuses(wanted: Value, given: str, *, coerces_numbers: bool, depth: int) -> bool:
    if depth > 8 or wanted is None:
        return wanted is None
    if isinstance(wanted, Alternatives):
        return all(
            _refuses(m, given, coerces_numbers=coerces_numbers, depth=depth + 1) for m in wanted.members
        )
    if isinstance(wanted, Subscripted):
        name = symbol(wanted.origin)
        if name in ("Optional", "Union"):
            return all(
                _refuses(m, given, coerces_numbers=coerces_numbers, depth=depth + 1) for m in wanted.args
            )
        return given in REFUSED.get(_CONTAINERS.get(name, ""), ())
    if isinstance(wanted, ClassValue):
        return _class_refuses(wanted, given)
    if not isinstance(wanted, External):
        return False
    if wanted.name == "str" and coerces_numbers and given in _NUMBERS:
        return False
    return wanted.root in ("builtins", "uuid", "datetime", "decimal") and given in REFUSED.get(
        wanted.name, ()
    )


def _class_refuses(wanted: ClassValue, given: str) -> bool:
    """An Enum all of whose members are texts takes no number, date or UUID."""
    values = _enum_values(wanted)
    return bool(values) and all(isinstance(value, str) for value in values) and given in REFUSED["str"]


def _enum_values(wanted: ClassValue) -> list[Value]:
    if wanted.linear is None or not any(symbol(b) in ("Enum", "StrEnum") for b in wanted.linear):
        return []
    return [v for k, v in wanted.namespace.items() if not k.startswith("_") and k in wanted.places]
