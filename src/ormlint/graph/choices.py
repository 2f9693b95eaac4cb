"""The values that an Enum or a Literal allows, of columns and of fields."""

from __future__ import annotations

from ormlint.graph.model import Column, Field
from ormlint.graph.model.types import Call, Choice, Class, Either, Enumeration, Generic, Other, Type, symbol

Values = frozenset[str]


def of_column(column: Column) -> tuple[Values, Class | None] | None:
    """The values of a column's Enum and the class that lists them; `None` where they are not settled.

    Of a class whose members are no texts, rows hold members that equal nothing else.
    """
    kind = column.kind
    if not isinstance(kind, Call) or symbol(kind.callee) not in ("Enum", "ENUM") or not kind.args:
        return None
    first = kind.args[0]
    if isinstance(first, Class):
        values = _of_class(first)
        return (values, first) if values is not None and _is_text(first.enum) else None
    texts = [arg for arg in kind.args if isinstance(arg, str)]
    return (frozenset(texts), None) if len(texts) == len(kind.args) else None


def of_field(field: Field) -> tuple[Values, Class | None] | None:
    """The same for a field, `None` aside."""
    return _of_type(field.kind, 0)


def _of_type(value: Type, depth: int) -> tuple[Values, Class | None] | None:
    if isinstance(value, Class):
        values = _of_class(value)
        return (values, value) if values is not None else None
    if isinstance(value, Either):
        rest = [each for each in value.members if each is not None]
        return _of_type(rest[0], depth + 1) if len(rest) == 1 else None
    if isinstance(value, Generic) and depth < 8:
        name = symbol(value.origin)
        if name in ("Optional", "Annotated"):
            return _of_type(value.args[0], depth + 1)
        if name == "Literal":
            plain = [each.value if isinstance(each, Choice) else each for each in value.args]
            texts = [each for each in plain if isinstance(each, str)]
            return (frozenset(texts), None) if len(texts) == len(plain) - plain.count(None) else None
    return None


def _of_class(cls: Class) -> Values | None:
    """The values of an Enum class all of whose members are texts."""
    enum = cls.enum
    if enum is None or enum.names.isdisjoint(("Enum", "StrEnum", "ReprEnum")):
        return None
    values = [
        name.lower()
        if isinstance(value, Call) and symbol(value.callee) == "auto" and "StrEnum" in enum.names
        else value
        for name, value in enum.members.items()
        if isinstance(value, (str, int, float, Call)) or value == Other("tuple")
    ]
    texts = [value for value in values if isinstance(value, str)]
    return frozenset(texts) if texts and len(texts) == len(values) else None


def _is_text(enum: Enumeration | None) -> bool:
    """Whether the members are texts themselves: `class Kind(str, Enum)`."""
    return enum is not None and any(
        base == "builtins.str" or base.rpartition(".")[2] == "StrEnum" for base in enum.bases
    )
