"""The settings: `[tool.ormlint]` in `pyproject.toml`, or `ormlint.toml`, or `.ormlint.toml`.

Without a settings file the defaults hold and Pydantic is never imported.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from pydantic import ValidationError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILES = (".ormlint.toml", "ormlint.toml", "pyproject.toml")
"""In this order within a folder; the closest folder wins."""

Dialect = Literal["mariadb", "mssql", "mysql", "oracle", "postgresql", "sqlite"]
Level = Literal["error", "warning", "info"]


class UsageError(Exception):
    """What the user asked for cannot be done, and the message says what to change: exit status 2."""


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
    """The database that types and raw SQL are meant for, where the project does not say it."""
    links: Mapping[str, str | Literal[False]] = field(default_factory=dict)
    """Schema → the model it mirrors, or `false` for none; class names or dotted ids."""
    allow_missing: tuple[str, ...] = ()
    """`Schema.column` patterns of columns that a schema leaves out on purpose."""
    allow_extra: tuple[str, ...] = ()
    """`Schema.field` patterns of fields that a schema has on its own."""
    external_tables: tuple[str, ...] = ()
    """Patterns of tables that live in the database and belong to no model."""


@dataclass(frozen=True)
class Settings(Keys):
    """The settings in force and where they come from."""

    file: Path | None = None
    folder: Path | None = None
    """Paths and patterns in the settings start here; `None` stands for the project's root."""

    def where(self, *keys: str) -> str:
        """The place of a key, as `file:line`, for messages about its value."""
        if self.file is None:
            return "--config"
        return _place(self.file, keys)


def load(
    start: Path, *, config: Sequence[str] = (), isolated: bool = False, stop: Path | None = None
) -> Settings:
    """The settings for what lies at `start`: the closest file up to `stop`, then the `config` options.

    Each of `config` is a settings file (then no other is looked for) or TOML as `key = value`.
    """
    inline = [text for text in config if _is_inline(text)]
    named = [Path(text) for text in config if not _is_inline(text)]
    if len(named) > 1:
        raise UsageError("--config names more than one file")
    if named and isolated:
        raise UsageError("--config FILE and --isolated exclude each other")
    file = named[0] if named else None if isolated else find(start, stop)
    settings = _read(file) if file else Settings()
    for text in inline:
        table = _parse(text, "--config")
        known = _validated(table, lambda _: "--config")
        settings = replace(settings, **{name: getattr(known, name) for name in map(_snake, table)})
    return settings


def find(start: Path, stop: Path | None = None) -> Path | None:
    """The closest settings file, from the folder of `start` up to the root of its git work tree."""
    start = start.resolve()
    for folder in (start, *start.parents) if start.is_dir() else start.parents:
        for name in FILES:
            file = folder / name
            if file.is_file() and (name != "pyproject.toml" or _table(file) is not None):
                return file
        if folder == stop or (folder / ".git").exists():
            return None
    return None


def nearest(word: str, choices: Iterable[str]) -> str:
    """A sentence with the choice that was probably meant, or nothing."""
    close = get_close_matches(word.lower(), {choice.lower(): choice for choice in choices}, n=1, cutoff=0.7)
    right = next((choice for choice in choices if close and choice.lower() == close[0]), None)
    return f" Did you mean `{right}`?" if right else ""


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path, or a folder it lies in, fits one of the patterns.

    `*` stops at a slash and `**` does not. A pattern without a slash fits a name at any depth.
    """
    return any(_pattern(pattern).fullmatch(path) for pattern in patterns)


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> re.Pattern[str]:
    anchored = "/" in pattern.rstrip("/")
    out = "" if anchored else "(?:.*/)?"
    for part in re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", pattern.strip("/").removeprefix("./")):
        out += {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part) or re.escape(part)
    return re.compile(f"{out}(?:/.*)?", re.DOTALL)


def _is_inline(text: str) -> bool:
    return "=" in text and not Path(text).is_file()


def _read(file: Path) -> Settings:
    table = _table(file)
    if table is None:
        raise UsageError(f"{_shown(file)}: there is no table [tool.ormlint] in it")

    known = _validated(table, lambda keys: _place(file, keys))
    values = {key.name: getattr(known, key.name) for key in fields(Keys)}
    return Settings(**values, file=file, folder=file.resolve().parent)


def _table(file: Path) -> dict[str, Any] | None:
    """ormlint's own table in a file; `None` where a `pyproject.toml` has none."""
    data = _parse(_text(file), _shown(file))
    if file.name != "pyproject.toml":
        return data
    tool = data.get("tool")
    table = tool.get("ormlint") if isinstance(tool, dict) else None
    if table is None or isinstance(table, dict):
        return table
    raise UsageError(f"{_place(file, ())}: `tool.ormlint` must be a table")


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise UsageError(f"{_shown(file)}: cannot be read: {problem.strerror or problem}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise UsageError(f"{_shown(file)}:{line}: TOML must be UTF-8, and this line is not") from None


def _parse(text: str, origin: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        message = str(problem)
        at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
        line = at[1] if at and at[1] else str(len(text.splitlines()) or 1)
        where = origin if origin == "--config" else f"{origin}:{line}"
        said = message[: at.start()] if at else message
        raise UsageError(f"{where}: not valid TOML: {said[:1].lower()}{said[1:]}") from None
    except RecursionError:
        raise UsageError(f"{origin}: not valid TOML: nested too deeply") from None


def _shown(file: Path) -> str:
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)


def _place(file: Path, keys: Sequence[str]) -> str:
    table = ("tool", "ormlint") if file.name == "pyproject.toml" else ()
    return f"{_shown(file)}:{_line_of(_text(file), (*table, *keys))}"


def _line_of(text: str, wanted: Sequence[str]) -> int:
    """The line of a TOML key, or of the closest table or key around it."""
    found, depth, table = 1, 0, ()  # type: int, int, tuple[str, ...]
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?$", line)
        key = re.match(r"""\s*((?:"[^"]*"|'[^']*'|[\w.\s-])+?)\s*=""", line)
        if header:
            here = table = tuple(_key_parts(header[1]))
        elif key:
            here = (*table, *_key_parts(key[1]))
        else:
            continue
        if len(here) > depth and here == tuple(wanted[: len(here)]):
            found, depth = number, len(here)
    return found


def _key_parts(text: str) -> Iterator[str]:
    for part in re.findall(r""""[^"]*"|'[^']*'|[^.\s]+""", text):
        yield part.strip("\"'")


def _validated(table: dict[str, Any], place: Callable[[tuple[str, ...]], str]) -> Keys:
    if not table:
        return Keys()
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - costs 0.2 s, and most runs need none

    try:
        return TypeAdapter(Keys).validate_python(table)
    except ValidationError as problem:
        raise UsageError("\n".join(f"{place(keys)}: {said}" for keys, said in _problems(problem))) from None


def _problems(problem: ValidationError) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each wrong key once, with what is wrong in the user's words."""
    seen = set()
    for error in problem.errors(include_url=False):
        keys = tuple(str(part) for part in error["loc"][:2] if isinstance(part, str))
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
    if key == "dialect":
        return "expected one of `mariadb`, `mssql`, `mysql`, `oracle`, `postgresql`, `sqlite`"
    return "expected a list of strings"


def _snake(key: str) -> str:
    return key.replace("-", "_")
