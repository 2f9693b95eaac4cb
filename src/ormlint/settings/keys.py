"""What a settings file may say: the model behind it, and what is said of each key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_type_hints

from msgspec import Struct

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Dialect = Literal["mariadb", "mssql", "mysql", "oracle", "postgresql", "sqlite"]
Level = Literal["error", "warning", "info"]
Convention = Literal["ix", "uq", "ck", "fk", "pk"]
Purpose = Literal["base", "create", "filter", "other", "read", "update"]
LEVELS: tuple[Level, ...] = ("error", "warning", "info")
CONVENTIONS: tuple[Convention, ...] = ("ix", "uq", "ck", "fk", "pk")


def kebab(name: str) -> str:
    return name.replace("_", "-")


class Keys(Struct, frozen=True):
    """What a settings file may say."""

    extend: str | None = None
    """Another settings file, whose settings hold where this one says nothing."""
    select: tuple[str, ...] | None = None
    """The rules to run instead of the default ones: codes, names, prefixes or `ALL`."""
    extend_select: tuple[str, ...] = ()
    """Rules to run besides."""
    ignore: tuple[str, ...] = ()
    """Rules not to run. Where two selectors cover one rule, the longer one decides."""
    per_file_ignores: Mapping[str, tuple[str, ...]] = {}
    """Path pattern → rules whose findings in these files are not shown."""
    severity: Mapping[str, Level] = {}
    """Rule → the severity its findings get."""
    fail_on: Level = "info"
    """The least severity that ends a check with status 1."""
    include: tuple[str, ...] = ()
    """Path patterns of the only files that are read, where there are any."""
    exclude: tuple[str, ...] | None = None
    """Path patterns that are not read, instead of the usual folders of tools."""
    extend_exclude: tuple[str, ...] = ()
    """Path patterns that are not read besides."""
    roots: tuple[str, ...] = ()
    """Folders that imports start from, where ormlint does not see them by itself."""
    alembic: tuple[str, ...] = ()
    """`alembic.ini` files or folders of migrations, where ormlint does not see them by itself."""
    python_path: tuple[str, ...] = ()
    """Virtual environments or folders of packages to read base classes from, beside `.venv` and `venv`."""
    dialect: Dialect | None = None
    """The database that types and raw SQL are meant for, whatever the project says."""
    links: Mapping[str, str | Literal[False]] = {}
    """Schema → the model it mirrors, or `false` for none; class names or dotted ids."""
    role_affixes: Mapping[Purpose, tuple[str, ...]] = {}
    """What a schema is for → words of class names that say so, beside the usual ones."""
    allow_missing: tuple[str, ...] = ()
    """`Schema.column` patterns of columns that a schema leaves out on purpose."""
    allow_extra: tuple[str, ...] = ()
    """`Schema.field` patterns of fields that a schema has on its own."""
    secret_columns: tuple[str, ...] = ()
    """Patterns (`ssn`, `users.ssn`, `User.ssn`) of columns that hold secrets and do not sound so."""
    external_tables: tuple[str, ...] = ()
    """Patterns of tables that live in the database and belong to no model."""
    naming_convention: tuple[Convention, ...] = CONVENTIONS
    """The keys that a naming convention must have."""
    strict_length: bool = False
    """Whether ORM206 reports input fields without any `max_length`, too, for columns that have a length."""
    baseline: str | None = None
    """The file of findings that are left out; without it `.ormlint-baseline.toml`, where there is one."""


class KeyText(NamedTuple):
    """A key as a reference has it."""

    name: str
    takes: str
    default: str
    says: str


_TAKES = {
    "extend": "the path of a settings file",
    "per-file-ignores": "a list of rules for a path pattern",
    "severity": "`error`, `warning` or `info` for a rule",
    "fail-on": "`error`, `warning` or `info`",
    "dialect": "one of `mariadb`, `mssql`, `mysql`, `oracle`, `postgresql`, `sqlite`",
    "links": "a model's name, or `false`, for a schema",
    "role-affixes": "a list of words for `base`, `create`, `filter`, `other`, `read` or `update`",
    "naming-convention": "a list of `ix`, `uq`, `ck`, `fk`, `pk`",
    "strict-length": "`true` or `false`",
    "baseline": "the path of a file",
}
_SPOKEN = {"exclude": "the usual folders of tools", "select": "the rules that are on by default"}
"""Defaults that no value says."""


def takes(key: str) -> str:
    """What a key expects, in words."""
    return _TAKES.get(key, "a list of strings")


def reference() -> list[KeyText]:
    """Every key with what it takes, its default, and what it does."""
    said, defaults = _said(), Keys()
    return [
        KeyText(name := kebab(key), takes(name), _default(name, getattr(defaults, key)), said[key])
        for key in Keys.__struct_fields__
    ]


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a settings file, for editors."""
    schema = adapter().json_schema()
    schema["title"] = "ormlint's settings"
    schema["description"] = "[tool.ormlint] in pyproject.toml, or ormlint.toml, or .ormlint.toml"
    for name, text in _said().items():
        schema["properties"][kebab(name)]["description"] = text
    # Older releases of Pydantic leave out what the keys of a mapping may be.
    schema["properties"]["role-affixes"]["propertyNames"] = {"enum": list(get_args(Purpose))}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def adapter() -> TypeAdapter[Any]:
    """What says by Pydantic's rules whether a table fits the keys, and what is wrong with it."""
    from dataclasses import field, make_dataclass  # noqa: PLC0415 - importing Pydantic takes 0.2 s

    from pydantic import TypeAdapter  # noqa: PLC0415

    defaults, kinds = Keys(), get_type_hints(Keys)

    def default(name: str) -> Any:
        value = getattr(defaults, name)
        return field(default_factory=dict) if isinstance(value, dict) else field(default=value)

    model = make_dataclass(
        "Keys",
        [(name, kinds[name], default(name)) for name in Keys.__struct_fields__],
        namespace={
            "__doc__": Keys.__doc__,
            "__pydantic_config__": {"extra": "forbid", "alias_generator": kebab},
        },
    )
    return TypeAdapter(model)


def _default(name: str, value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple) and value:
        return ", ".join(f"`{each}`" for each in value)
    return f"`{value}`" if value else _SPOKEN.get(name, "none")


def _said() -> dict[str, str]:
    """What the text under each key says."""
    import ast  # noqa: PLC0415 - a check does without
    import inspect  # noqa: PLC0415

    body = ast.parse(inspect.getsource(Keys)).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - for the type checker
    return {
        key.target.id: str(said.value.value)
        for key, said in zip(body.body, body.body[1:], strict=False)
        if isinstance(key, ast.AnnAssign)
        and isinstance(key.target, ast.Name)
        and isinstance(said, ast.Expr)
        and isinstance(said.value, ast.Constant)
    }
