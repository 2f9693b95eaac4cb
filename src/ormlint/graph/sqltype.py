"""SQLAlchemy types as plain data, and how two of them differ as Alembic's autogenerate sees it.

https://alembic.sqlalchemy.org/en/latest/autogenerate.html#comparing-types: what both types are in DDL is
compared. SQLAlchemy says what that is; it is imported at the first question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Union

from msgspec import Struct

from ormlint.graph import judged
from ormlint.graph.everyday import BARE, SIZED, TIMES, is_plain
from ormlint.graph.judged import AskAhead

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

_SYNONYMS: tuple[frozenset[str], ...] = (
    frozenset({"numeric", "decimal"}),
    frozenset({"float", "double", "double precision"}),
)
"""SQLAlchemy 2.1 reads `Mapped[float]` as a `Double`, older ones as a `Float`."""
_SYNONYMS_OF: dict[str, tuple[frozenset[str], ...]] = {
    "mysql": (frozenset({"bool", "tinyint"}), frozenset({"json", "longtext"})),
    "mariadb": (frozenset({"bool", "tinyint"}), frozenset({"json", "longtext"})),
    "mssql": (frozenset({"varchar", "nvarchar"}),),
}


class SqlType(Struct, frozen=True, gc=False, array_like=True):
    """A type that SQLAlchemy has; `module` is the dialect that gives it, where one does."""

    name: str
    module: str | None = None
    args: tuple[Argument, ...] = ()
    kwargs: tuple[tuple[str, Argument], ...] = ()


Argument = Union[None, bool, int, float, str, SqlType]


def difference(one: SqlType, other: SqlType, dialect: str) -> tuple[str, str] | None:
    """What the two are in DDL where they are not the same; `None` too where one of them is not known.

    Two enumerations differ by name where the database has such types; their members are another matter.
    """
    if _are_alike(one, other, dialect):
        return None
    texts = _ddl(one, dialect), _ddl(other, dialect)
    if texts[0] is None or texts[1] is None or _same(texts[0], texts[1], dialect):
        return None
    return texts[0], texts[1]


def _are_alike(one: SqlType, other: SqlType, dialect: str) -> bool:
    """Whether it takes no DDL to tell that they are the same."""
    return one == other or (_is_native_enum(one) and _is_native_enum(other) and dialect != "postgresql")


def _is_native_enum(sql_type: SqlType) -> bool:
    return sql_type.name == "Enum" and ("native_enum", False) not in sql_type.kwargs


def ask_ahead(ahead: AskAhead, types: Iterable[tuple[str, SqlType, SqlType]]) -> None:
    """Have another process say what it takes to compare types: (dialect, one, other)."""
    unlike = [(one, other, dialect) for dialect, one, other in types if not _are_alike(one, other, dialect)]
    asked = ((each, dialect) for *both, dialect in unlike for each in both)
    judged.ask(ahead, ddl, (each for each in asked if everyday(*each) is None))


@cache
def _ddl(sql_type: SqlType, dialect: str) -> str | None:
    found = everyday(sql_type, dialect) or judged.answer(ddl, sql_type, dialect)
    return found if isinstance(found, str) else None


def everyday(sql_type: SqlType, dialect: str) -> str | None:
    """What SQLAlchemy says that a type is in DDL, where it need not be asked."""
    name, module, args, kwargs = sql_type.name, sql_type.module, sql_type.args, dict(sql_type.kwargs)
    if dialect not in BARE or len(kwargs) < len(sql_type.kwargs):
        return None
    if name == "String" and kwargs.get("collation", "") is None:
        del kwargs["collation"]
    if not args and not kwargs and (module, name) in BARE[dialect]:
        return BARE[dialect][module, name]
    if module is None and name in TIMES[dialect] and not args and kwargs.keys() <= {"timezone"}:
        zoned = kwargs.get("timezone", False)
        return TIMES[dialect][name][zoned] if isinstance(zoned, bool) else None
    if (
        dialect == "postgresql"
        and (module, name) == ("postgresql", "ARRAY")
        and len(args) == 1
        and not kwargs
    ):
        return _array(args[0], dialect)
    if dialect == "postgresql" and module is None and name == "Enum" and kwargs.keys() == {"name"}:
        return str(kwargs["name"]) if args == ("",) and is_plain(kwargs["name"]) else None
    return _sized(name, args, kwargs, dialect) if module is None and name in SIZED else None


def _array(item: Argument, dialect: str) -> str | None:
    of = everyday(item, dialect) if isinstance(item, SqlType) and item.name != "ARRAY" else None
    return None if of is None else f"{of}[]"


def _sized(name: str, args: tuple[Argument, ...], kwargs: dict[str, Argument], dialect: str) -> str | None:
    words, parameters = SIZED[name]
    named = parameters[len(args) : len(args) + len(kwargs)]
    if len(args) > len(parameters) or set(named) != kwargs.keys():
        return None
    sizes = [*args, *(kwargs[each] for each in named)]
    if not all(type(each) is int and each > 0 for each in sizes):
        return None
    if not sizes:
        return words if (dialect, name) != ("mysql", "String") else None  # which MySQL does not have
    return f"{words}({', '.join(map(str, sizes))})"


def ddl(sql_type: SqlType, dialect: str) -> str | None:
    """What SQLAlchemy says that a type is in DDL; `None` where it is none of the database's."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - only a difference in the source brings it in

    try:
        built = _built(sql_type)
        return str(built.compile(dialect=_dialect(dialect))) if built is not None else None
    except (SQLAlchemyError, TypeError, ValueError, AttributeError):
        return None  # arguments that the type does not take, or a type that the database does not have


def _built(sql_type: SqlType) -> TypeEngine[object] | None:
    import sqlalchemy as sa  # noqa: PLC0415 - as above

    cls = getattr(_module(sql_type.module), sql_type.name, None) or getattr(sa, sql_type.name, None)
    if not isinstance(cls, type) or not issubclass(cls, sa.types.TypeEngine):
        return None
    args = [_built(arg) if isinstance(arg, SqlType) else arg for arg in sql_type.args]
    kwargs = {key: _built(arg) if isinstance(arg, SqlType) else arg for key, arg in sql_type.kwargs}
    if any(arg is None for arg in args):
        return None
    built: TypeEngine[object] = cls(*args, **kwargs)
    return built


@cache
def _module(dialect: str | None) -> ModuleType | None:
    name = {None: "sqlalchemy", "mariadb": "sqlalchemy.dialects.mysql"}.get(dialect)
    try:
        return import_module(name or f"sqlalchemy.dialects.{dialect}")
    except ImportError:
        return None


@cache
def _dialect(name: str) -> Dialect:
    from sqlalchemy.engine import URL  # noqa: PLC0415 - as above

    found: Dialect = URL.create(name).get_dialect()()
    return found


def _same(one: str, other: str, dialect: str) -> bool:
    """Whether the words are the same, and so is what both say of lengths and the like."""
    (words, arguments), (others, other_arguments) = _parts(one), _parts(other)
    if words[0] != others[0]:
        pairs = ({" ".join(words), " ".join(others)}, {words[0], others[0]})
        synonyms = (*_SYNONYMS, *_SYNONYMS_OF.get(dialect, ()))
        if not any(pair <= each for each in synonyms for pair in pairs):
            return False
    if len(words) == len(others) and words[1:] != others[1:]:
        return False
    return len(arguments) != len(other_arguments) or arguments == other_arguments


def _parts(text: str) -> tuple[list[str], list[str]]:
    """`TIMESTAMP(6) WITH TIME ZONE` → its words, and what the parentheses hold."""
    inside = re.findall(r"\((.+?)\)", text.lower())
    words = re.findall(r"[\w-]+", re.sub(r"\(.+?\)", " ", text.lower()))
    return words or [""], [each.strip() for each in inside[-1].split(",")] if inside else []
