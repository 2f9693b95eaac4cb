"""The values that an Enum or a Literal allows, of columns and of fields."""

from __future__ import annotations

from ormlint.graph.machine.values import (
    Alternatives,
    ClassValue,
    EnumMember,
    External,
    Made,
    Subscripted,
    Value,
    symbol,
)
from ormlint.graph.model import Column, Field

Values = frozenset[str]


def of_column(column: Column) -> tuple[Values, Value] | None:
    """The values of a column's Enum and the class that lists them; `None` where they are not settled.

    Of a class whose members are no texts, rows hold members that equal nothing else.
    """
    kind = column.type_value
    if not isinstance(kind, Made) or symbol(kind.callee) not in ("Enum", "ENUM") or not kind.args:
        return None
    first = kind.args[0]
    if isinstance(first, ClassValue):
        values = _of_class(first)
        return (values, first) if values is not None and _is_text(first) else None
    if all(isinstance(arg, str) for arg in kind.args):
        return frozenset(kind.args), None
    return None


def of_field(field: Field) -> tuple[Values, Value] | None:
    """The same for a field, `None` aside."""
    return _of_type(field.type_value, 0)


def _of_type(value: Value, depth: int) -> tuple[Values, Value] | None:
    if isinstance(value, ClassValue):
        values = _of_class(value)
        return (values, value) if values is not None else None
    if isinstance(value, Alternatives):
        rest = [each for each in value.members if each is not None]
        return _of_type(rest[0], depth + 1) if len(rest) == 1 else None
    if isinstance(value, Subscripted) and depth < 8:
        name = symbol(value.origin)
        if name in ("Optional", "Annotated"):
            return _of_type(value.args[0], depth + 1)
        if name == "Literal":
            plain = [each.value if isinstance(each, EnumMember) else each for each in value.args]
            texts = [each for each in plain if each is not None]
            return (frozenset(texts), None) if all(isinstance(each, str) for each in texts) else None
    return None


def _of_class(cls: ClassValue) -> Values | None:
    """The values of an Enum class all of whose members are texts."""
    if not any(symbol(base) in ("Enum", "StrEnum", "ReprEnum") for base in cls.linear or cls.bases):
        return None
    members = {k: v for k, v in cls.namespace.items() if k in cls.places and not k.startswith("_")}
    values = [
        name.lower()
        if isinstance(value, Made) and symbol(value.callee) == "auto" and _is_str_enum(cls)
        else value
        for name, value in members.items()
        if isinstance(value, (str, int, float, Made, tuple))
    ]
    texts = [value for value in values if isinstance(value, str)]
    return frozenset(texts) if texts and len(texts) == len(values) else None


def _is_str_enum(cls: ClassValue) -> bool:
    return any(symbol(base) == "StrEnum" for base in cls.linear or cls.bases)


def _is_text(cls: ClassValue) -> bool:
    """Whether the members are texts themselves: `class Kind(str, Enum)`."""
    bases = cls.linear or cls.bases
    return any(
        isinstance(base, External) and (base.path == "builtins.str" or base.name == "StrEnum")
        for base in bases
    )
