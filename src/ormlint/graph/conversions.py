"""What Pydantic makes of the Python value of a column: which pairs of types are certain to fail.

The tables are held to Pydantic's own answers by tests. Only what fails for every value counts: a `float` may
be whole, a text may look like a number.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from ormlint.graph.model import Column, Field, Schema
from ormlint.graph.model.types import (
    MOST_NESTED,
    Call,
    Class,
    Either,
    Enumeration,
    Generic,
    Name,
    Other,
    Type,
    root,
    symbol,
)  # fmt: skip

_PYTHON = {
    **dict.fromkeys(("integer", "biginteger", "smallinteger", "int", "bigint", "smallint", "tinyint"), "int"),
    **dict.fromkeys(("mediumint", "serial", "bigserial"), "int"),
    **dict.fromkeys(("float", "double", "double_precision", "real"), "float"),
    **dict.fromkeys(("string", "text", "unicode", "unicodetext", "varchar", "char", "nvarchar"), "str"),
    **dict.fromkeys(("nchar", "clob", "autostring", "citext", "longtext", "mediumtext", "tinytext"), "str"),
    **dict.fromkeys(("boolean", "bool"), "bool"),
    **dict.fromkeys(("datetime", "timestamp", "utcdatetime"), "datetime"),
    "date": "date", "time": "time", "interval": "timedelta",
    **dict.fromkeys(("numeric", "decimal"), "Decimal"),
    **dict.fromkeys(("uuid", "guid"), "UUID"),
    **dict.fromkeys(("largebinary", "bytea", "blob", "binary", "varbinary"), "bytes"),
    "array": "list",
}  # fmt: skip
"""The value that a column's type gives, by the lower-case name of the type.

https://docs.sqlalchemy.org/en/20/core/type_basics.html
"""
_UNLESS = {"as_uuid": ("UUID", False, "str"), "asdecimal": ("Decimal", False, "float")}
"""Options that make a type give another value: the usual one, the option's value, the other one."""

_TEXTS = frozenset({"str", "bytes"})
_NUMBERS = frozenset({"int", "float", "bool", "Decimal"})
_SECONDS = _TEXTS | {"int", "float", "Decimal"}
"""What a moment or a span is read from: a text, or a number of seconds."""
TAKES: dict[str, frozenset[str]] = {
    "str": _TEXTS | {"Enum"},
    "bytes": _TEXTS,
    "int": _TEXTS | _NUMBERS | {"Enum"},
    "float": _TEXTS | _NUMBERS,
    "bool": _TEXTS | _NUMBERS,
    "Decimal": frozenset({"str", "int", "float", "Decimal"}),
    "UUID": _TEXTS | {"UUID"},
    "datetime": _SECONDS | {"datetime", "date"},
    "date": _SECONDS | {"datetime", "date"},
    "time": _SECONDS | {"time"},
    "timedelta": _SECONDS | {"bool", "timedelta"},
    "list": frozenset({"list"}),
    "set": frozenset({"list"}),
    "dict": frozenset({"dict"}),
    "EmailStr": frozenset({"str"}),
    "HttpUrl": frozenset({"str"}),
    "SecretStr": _TEXTS | {"Enum"},
    "Json": _TEXTS,
    "str Enum": _TEXTS | {"Enum"},
    "Enum of texts": frozenset({"str", "Enum"}),
    "int Enum": _TEXTS | _NUMBERS | {"Enum"},
    "Enum of numbers": _NUMBERS | {"Enum"},
    "Literal of texts": frozenset({"str"}),
    "Literal of numbers": _NUMBERS,
}
"""The types of values of which Pydantic takes some where the key is asked for; it refuses all others."""
TAKES_STRICTLY: dict[str, frozenset[str]] = {
    **{
        name: frozenset({name}) for name in ("str", "bytes", "int", "bool", "Decimal", "UUID", "list", "dict")
    },
    **{name: frozenset({name}) for name in ("datetime", "date", "time", "timedelta")},
    "float": frozenset({"int", "float", "Decimal"}),
    "set": frozenset(),
    **{name: frozenset({"str"}) for name in ("EmailStr", "HttpUrl", "SecretStr")},
}
"""The same in strict mode: https://docs.pydantic.dev/latest/concepts/strict_mode/."""
TAKES_IN_1: dict[str, frozenset[str]] = {
    "str": _NUMBERS,
    "SecretStr": _NUMBERS,
    "bytes": _NUMBERS,
    "int": frozenset({"UUID"}),
    "Decimal": frozenset({"bytes"}),
    **dict.fromkeys(("datetime", "date", "time"), frozenset({"bool"})),
    "dict": _TEXTS | {"list"},
}
"""What Pydantic 1 takes besides."""
_NAMES = {
    **{name: name for name in ("str", "bytes", "int", "float", "bool", "list", "set", "dict")},
    **{name: name for name in ("Decimal", "UUID", "datetime", "date", "time", "timedelta")},
    **dict.fromkeys(("List", "Tuple", "tuple", "conlist"), "list"),
    **dict.fromkeys(("Set", "FrozenSet", "frozenset", "conset", "confrozenset"), "set"),
    **dict.fromkeys(("Dict", "Mapping", "MutableMapping"), "dict"),
    **dict.fromkeys(("constr", "StrictStr"), "str"),
    **dict.fromkeys(("conint", "StrictInt", "PositiveInt", "NegativeInt", "NonNegativeInt"), "int"),
    **dict.fromkeys(("NonPositiveInt", "ByteSize"), "int"),
    **dict.fromkeys(("confloat", "StrictFloat", "PositiveFloat", "NegativeFloat"), "float"),
    **dict.fromkeys(("NonNegativeFloat", "NonPositiveFloat", "FiniteFloat"), "float"),
    **dict.fromkeys(("conbytes", "StrictBytes"), "bytes"),
    **dict.fromkeys(("condecimal",), "Decimal"),
    **dict.fromkeys(("UUID1", "UUID3", "UUID4", "UUID5"), "UUID"),
    **dict.fromkeys(("NaiveDatetime", "AwareDatetime", "PastDatetime", "FutureDatetime"), "datetime"),
    **dict.fromkeys(("PastDate", "FutureDate", "condate"), "date"),
    **dict.fromkeys(("HttpUrl", "AnyUrl", "AnyHttpUrl", "FileUrl", "PostgresDsn", "RedisDsn"), "HttpUrl"),
    "StrictBool": "bool", "EmailStr": "EmailStr", "SecretStr": "SecretStr", "Json": "Json",
}  # fmt: skip
"""The key of `TAKES` for the name of a type."""
_ROOTS = frozenset({"builtins", "typing", "collections", "uuid", "datetime", "decimal", "pydantic"})
_WRAPPERS = frozenset({"Annotated", "Final", "SerializeAsAny", "Required"})


def python_type(column: Column) -> str | None:
    """The name of the type of a column's values; `None` where it is not settled."""
    value = column.kind
    made = value if isinstance(value, Call) else None
    kind = made.callee if made is not None else value
    name = symbol(kind)
    if name in ("Enum", "ENUM"):
        return _member_type(made)
    if isinstance(kind, Class) and name != "GUID":
        return None  # what a type of the project's own makes of its values is its own affair
    usual = _PYTHON.get(name.lower())
    if made is None:
        return usual
    if usual == "float" and made.kwargs.get("asdecimal", False) is not False:
        return "Decimal" if made.kwargs["asdecimal"] is True else None
    for option, (of, stated, other) in _UNLESS.items():
        if usual == of and option in made.kwargs:
            given = made.kwargs[option]
            return other if given is stated else usual if isinstance(given, bool) else None
    return None if "as_tuple" in made.kwargs or made.open_keywords else usual


def _member_type(made: Call | None) -> str | None:
    """What rows hold in a column of an Enum: members of its class, which may be texts themselves."""
    if made is None or not made.args:
        return None
    if all(isinstance(arg, str) for arg in made.args):
        return "str"
    first = made.args[0]
    mixed = _mixed_in(first.enum) if isinstance(first, Class) else None
    return {"str": "str", "": "Enum"}.get(mixed or "") if mixed is not None else None


def _mixed_in(enum: Enumeration | None) -> str | None:
    """The type that an Enum's members are besides: `str` of `class Kind(str, Enum)`, an empty text for none.

    `None` where the class is no Enum, or a base of it is not known.
    """
    bases = enum.bases if enum is not None else ()
    names = {base.removeprefix("enum.").removeprefix("builtins.") for base in bases}
    return _MIXED.get(frozenset(names - {"object", "ReprEnum"}))


_MIXED = {
    frozenset({"Enum"}): "",
    **{frozenset(names): "str" for names in ({"str", "Enum"}, {"StrEnum"})},
    **{frozenset(names): "int" for names in ({"int", "Enum"}, {"IntEnum"})},
}


def _class_of(column: Column) -> Class | None:
    """The Enum whose members rows hold in the column."""
    made = column.kind
    if not isinstance(made, Call) or symbol(made.callee) not in ("Enum", "ENUM") or not made.args:
        return None
    first = made.args[0]
    return first if isinstance(first, Class) else None


def held(column: Column) -> str:
    """What a row holds in the column, in words: `UUID`, ``member of `models.Kind` ``."""
    given, cls = python_type(column), _class_of(column)
    return f"member of `{cls.id}`" if given == "Enum" and cls is not None else given or "such value"


def refuses_null(field: Field, column: Column) -> bool:
    """Whether a NULL can come out of the column and the field does not take it."""
    bare = column.default is False and column.server_default is False and column.primary_key is False
    bare = bare and not column.made_with
    return field.nullable is False and column.nullable is True and bare and not field.validated_before


class Mode(Struct, frozen=True):
    """What decides besides the types: strictness, texts of numbers, and Pydantic 1's own ways."""

    strict: bool = False
    coerces_numbers: bool = False
    pydantic_1: bool = False
    member_of: Class | None = None
    """The Enum whose members are given."""


def certainly_fails(schema: Schema, field: Field, column: Column) -> bool:
    """Whether Pydantic refuses every value of the column but `None`."""
    if schema.coerces_numbers is None or field.strict is None or field.validated_before:
        return False
    given = python_type(column)
    if given is None:
        return False
    member_of = _class_of(column)
    mode = Mode(field.strict, schema.coerces_numbers, schema.pydantic_1, member_of)
    return refuses(field.kind, given, mode)


def refuses(wanted: Type, given: str, mode: Mode, depth: int = 0) -> bool:
    """Whether a type refuses every value of another; what is not settled refuses nothing."""
    if depth > MOST_NESTED or wanted is None:
        return wanted is None
    if isinstance(wanted, Name):
        name, is_strict = _named(wanted)
        if name is not None and is_strict and not mode.strict:
            mode = replace(mode, strict=True)
        return name is not None and not takes(name, given, mode)
    if isinstance(wanted, Either) or symbol(wanted) in ("Optional", "Union"):
        members = (
            wanted.members
            if isinstance(wanted, Either)
            else wanted.args
            if isinstance(wanted, Generic)
            else ()
        )
        found = [refuses(each, given, mode, depth + 1) for each in members]
        return bool(found) and all(found)
    if isinstance(wanted, Generic) and symbol(wanted) in _WRAPPERS:
        strict = mode.strict or any(_is_strict(each) for each in wanted.args[1:])
        return refuses(wanted.args[0], given, replace(mode, strict=strict), depth + 1)
    name = _key(wanted)
    if name is None:
        return False
    if not mode.strict and _is_strict(wanted):
        mode = replace(mode, strict=True)
    if isinstance(wanted, Class) and (mode.strict or (given == "Enum" and name.startswith("Enum of"))):
        return wanted != mode.member_of  # a plain Enum takes no member of another, a strict one no value
    return not takes(name, given, mode)


def takes(name: str, given: str, mode: Mode) -> bool:
    """Whether some value of the type `given` is taken where the key `name` of `TAKES` is asked for."""
    if mode.pydantic_1:
        return given in TAKES[name] or given in TAKES_IN_1.get(name, ())
    if mode.strict:
        return given in TAKES_STRICTLY.get(name, TAKES[name])
    if mode.coerces_numbers and name in ("str", "SecretStr") and given in ("int", "float", "Decimal"):
        return True
    return given in TAKES[name]


def _key(wanted: Type) -> str | None:
    """The key of `TAKES` for a type; `None` where Pydantic's answer is not known."""
    if isinstance(wanted, Class):
        mixed = _mixed_in(wanted.enum)
        kind = _of_values("Enum", _enum_values(wanted.enum)) if mixed is not None else None
        return f"{mixed} Enum" if mixed and kind is not None else kind
    origin = wanted.origin if isinstance(wanted, Generic) else wanted
    origin = origin.callee if isinstance(origin, Call) else origin
    if symbol(origin) == "Literal" and isinstance(wanted, Generic):
        return _of_values("Literal", [each for each in wanted.args if each is not None])
    return _NAMES.get(symbol(origin)) if isinstance(origin, Name) and root(origin) in _ROOTS else None


@lru_cache(maxsize=10_000)
def _named(wanted: Name) -> tuple[str | None, bool]:
    """The same of a name, and whether it is strict."""
    return _key(wanted), _is_strict(wanted)


def _of_values(kind: str, values: list[Type]) -> str | None:
    """An Enum or a Literal whose values are all texts, or all numbers."""
    if values and all(isinstance(each, str) for each in values):
        return f"{kind} of texts"
    return f"{kind} of numbers" if values and all(type(each) is int for each in values) else None


def _is_strict(value: Type) -> bool:
    made = value.callee if isinstance(value, Call) else value
    if symbol(made).startswith("Strict"):
        return not (isinstance(value, Call) and value.args[:1] == (False,))
    return isinstance(value, Call) and value.kwargs.get("strict") is True


def _enum_values(enum: Enumeration | None) -> list[Type]:
    """The values of an Enum's members; none where `_missing_` may find a member for any value."""
    members = enum.members if enum is not None and enum.total else {}
    return [each for each in members.values() if not (isinstance(each, Other) and each.kind == "Function")]
