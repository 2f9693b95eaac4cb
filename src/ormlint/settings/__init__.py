"""The settings: `[tool.ormlint]` in `pyproject.toml`, or `ormlint.toml`, or `.ormlint.toml`.

Without a settings file the defaults hold and Pydantic is never imported.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ormlint.settings.patterns import matches, moved
from ormlint.settings.problem import UsageError, nearest
from ormlint.settings.toml import line_of, parse, parse_file, place, read_table, shown_path

if TYPE_CHECKING:
    from pydantic import ValidationError

__all__ = [
    "Level",
    "Settings",
    "UsageError",
    "find",
    "load",
    "matches",
    "nearest",
    "parse_file",
    "shown_path",
]

FILES = (".ormlint.toml", "ormlint.toml", "pyproject.toml")
"""In this order within a folder; the closest folder wins."""

Dialect = Literal["mariadb", "mssql", "mysql", "oracle", "postgresql", "sqlite"]
Level = Literal["error", "warning", "info"]


def kebab(name: str) -> str:
    return name.replace("_", "-")


@dataclass(frozen=True)
class Keys:
    """What a settings file may say. Pydantic validates a table against it when there is one."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "alias_generator": kebab}

    select: tuple[str, ...] | None = None
    """The rules to run instead of the default ones: codes, names, prefixes or `ALL`."""
    extend_select: tuple[str, ...] = ()
    """Rules to run besides."""
    ignore: tuple[str, ...] = ()
    """Rules not to run. Where two selectors cover one rule, the longer one decides."""
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Path pattern → rules whose findings in these files are not shown."""
    fail_on: Level = "info"
    """The least severity that ends a check with status 1."""
    severity: Mapping[str, Level] = field(default_factory=dict)
    """Rule → the severity its findings get."""
    exclude: tuple[str, ...] | None = None
    """Path patterns that are not read, instead of the default ones."""
    extend_exclude: tuple[str, ...] = ()
    """Path patterns that are not read besides."""
    roots: tuple[str, ...] = ()
    """Folders that imports start from, where ormlint does not see them by itself."""
    alembic: tuple[str, ...] = ()
    """`alembic.ini` files or folders of migrations, where ormlint does not see them by itself."""
    dialect: Dialect | None = None
    """The database that types and raw SQL are meant for, whatever the project says."""
    links: Mapping[str, str | Literal[False]] = field(default_factory=dict)
    """Schema → the model it mirrors, or `false` for none; class names or dotted ids."""
    allow_missing: tuple[str, ...] = ()
    """`Schema.column` patterns of columns that a schema leaves out on purpose."""
    allow_extra: tuple[str, ...] = ()
    """`Schema.field` patterns of fields that a schema has on its own."""
    external_tables: tuple[str, ...] = ()
    """Patterns of tables that live in the database and belong to no model."""
    baseline: str | None = None
    """The file of findings that are left out; without it `.ormlint-baseline.toml`, where there is one."""


@dataclass(frozen=True)
class Settings(Keys):
    """The settings in force and where they come from."""

    file: Path | None = None
    folder: Path | None = None
    """Paths and patterns start here; `None` stands for the project's root."""
    given: frozenset[str] = frozenset()
    """The keys that the command line sets."""

    def where(self, *keys: str) -> str:
        """The place of a key, as `file:line`, for messages about its value."""
        if self.file is None or keys[0] in self.given:
            return "--config"
        return place(self.file, keys)

    def line(self, *keys: str) -> int | None:
        """The line of a key in the settings' file; `None` where the command line sets it, or nothing does."""
        return None if self.file is None or keys[0] in self.given else line_of(self.file, keys)

    @property
    def home(self) -> Path | None:
        """The folder of the settings' file, which a baseline lies beside."""
        return None if self.file is None else self.file.resolve().parent

    def as_table(self) -> dict[str, Any]:
        """Every key with its value, as a settings file would say it; what is not set is `None`."""
        values = ((kebab(key.name), getattr(self, key.name)) for key in fields(Keys))
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values}

    def seen_from(self, root: Path) -> Settings:
        """The same settings with their paths and patterns starting at `root`."""
        folder = self.folder
        if folder is None or folder == root:
            return replace(self, folder=root)

        def paths(given: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(Path(os.path.relpath(folder / path, root)).as_posix() for path in given)

        def patterns(given: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(new for old in given if (new := moved(old, folder, root)) is not None)

        per_file = {pattern: moved(pattern, folder, root) for pattern in self.per_file_ignores}
        return replace(
            self,
            folder=root,
            roots=paths(self.roots),
            alembic=paths(self.alembic),
            exclude=None if self.exclude is None else patterns(self.exclude),
            extend_exclude=patterns(self.extend_exclude),
            per_file_ignores={new: self.per_file_ignores[old] for old, new in per_file.items() if new},
        )


def load(start: Path, *, config: Sequence[str] = (), isolated: bool = False) -> Settings:
    """The settings for what lies at `start`: the closest file, then the `config` options.

    Each of `config` is a settings file (then no other is looked for) or TOML as `key = value`.
    """
    inline = [text for text in config if _is_inline(text)]
    named = [Path(text) for text in config if not _is_inline(text)]
    if len(named) > 1:
        raise UsageError("--config names more than one file")
    if named and isolated:
        raise UsageError("--config FILE and --isolated exclude each other")
    file = named[0] if named else None if isolated else find(start)
    settings = _read(file) if file else Settings()
    for text in inline:
        table = parse(text, "--config")
        known = _validated(table, lambda _: "--config")
        values = {name: getattr(known, name) for name in map(_snake, table)}
        settings = replace(settings, **values, given=settings.given | table.keys())
    return settings


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a settings file, for editors."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - as below

    schema = TypeAdapter(Keys).json_schema()
    schema["title"] = "ormlint's settings"
    schema["description"] = "[tool.ormlint] in pyproject.toml, or ormlint.toml, or .ormlint.toml"
    for name, text in _said_of_keys().items():
        schema["properties"][kebab(name)]["description"] = text
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _said_of_keys() -> dict[str, str]:
    """What the text under each key says."""
    import ast  # noqa: PLC0415 - only the schema needs it
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


def find(start: Path) -> Path | None:
    """The closest settings file, from the folder of `start` up to the root of its git work tree."""
    start = start.resolve()
    for folder in (start, *start.parents) if start.is_dir() else start.parents:
        for name in FILES:
            file = folder / name
            # Unlike `Path.is_file`, it is false where the folder cannot be read.
            if os.path.isfile(file) and (name != "pyproject.toml" or read_table(file) is not None):  # noqa: PTH113
                return file
        if (folder / ".git").exists():
            return None
    return None


def _is_inline(text: str) -> bool:
    return "=" in text and not Path(text).is_file()


def _read(file: Path) -> Settings:
    table = read_table(file)
    if table is None:
        raise UsageError(f"{file}: there is no table [tool.ormlint] in it")
    known = _validated(table, lambda keys: place(file, keys))
    values = {key.name: getattr(known, key.name) for key in fields(Keys)}
    return Settings(**values, file=file, folder=file.resolve().parent)


def _validated(table: dict[str, Any], where: Callable[[tuple[str, ...]], str]) -> Keys:
    if not table:
        return Keys()
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - costs 0.2 s, and most runs need none

    try:
        return TypeAdapter(Keys).validate_python(table)
    except ValidationError as problem:
        raise UsageError("\n".join(f"{where(keys)}: {said}" for keys, said in _problems(problem))) from None


def _problems(problem: ValidationError) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each wrong key once, with what is wrong in the user's words."""
    seen = set()
    for error in problem.errors(include_url=False):
        keys = tuple(part for part in error["loc"][:2] if isinstance(part, str))
        if keys in seen:
            continue
        seen.add(keys)
        name = ".".join(keys)
        if error["type"] == "unexpected_keyword_argument":
            choices = [kebab(key.name) for key in fields(Keys)]
            yield keys, f"unknown key `{name}`.{nearest(name, choices)}"
        else:
            yield keys, f"`{name}`: {_expected(keys[0])}, not {error['input']!r}"


def _expected(key: str) -> str:
    if key == "severity":
        return "expected `error`, `warning` or `info` for a rule"
    if key == "links":
        return "expected a model's name, or `false`, for a schema"
    if key == "per-file-ignores":
        return "expected a list of rules for a path pattern"
    if key == "fail-on":
        return "expected `error`, `warning` or `info`"
    if key == "baseline":
        return "expected the path of a file"
    if key == "dialect":
        return "expected one of `mariadb`, `mssql`, `mysql`, `oracle`, `postgresql`, `sqlite`"
    return "expected a list of strings"


def _snake(key: str) -> str:
    return key.replace("-", "_")
