"""The settings: `[tool.ormlint]` in `pyproject.toml`, or `ormlint.toml`, or `.ormlint.toml`.

Pydantic is imported only where a settings file says what none should.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs

from ormlint.settings.keys import LEVELS, Keys, Level, adapter, json_schema, kebab, reference, takes
from ormlint.settings.patterns import matches, moved
from ormlint.settings.plainly import plainly
from ormlint.settings.problem import UsageError, nearest
from ormlint.settings.toml import line_of, parse, parse_file, place, read_table, says, shown_path

if TYPE_CHECKING:
    from pydantic import ValidationError

__all__ = [
    "FILES",
    "LEVELS",
    "Level",
    "Settings",
    "UsageError",
    "find",
    "json_schema",
    "load",
    "matches",
    "named_file",
    "nearest",
    "of_folder",
    "parse_file",
    "read",
    "reference",
    "shown_path",
]

FILES = (".ormlint.toml", "ormlint.toml", "pyproject.toml")
"""In this order within a folder; the closest folder wins."""
_LONGEST_CHAIN = 20


class Settings(Keys, frozen=True):
    """The settings in force and where they come from."""

    file: Path | None = None
    folder: Path | None = None
    """Paths and patterns start here; `None` stands for the project's root."""
    extended: tuple[Path, ...] = ()
    """The files that `file` extends, the nearest first."""
    given: frozenset[str] = frozenset()
    """The keys that the command line sets."""

    def where(self, *keys: str) -> str:
        """The place of a key, as `file:line`, for messages about its value."""
        source = self.source(*keys)
        return "--config" if source is None else f"{shown_path(source[0])}:{source[1]}"

    def source(self, *keys: str) -> tuple[Path, int] | None:
        """The file and the line of a key; `None` where the command line sets it, or no file does."""
        if self.file is None or keys[0] in self.given:
            return None
        file = next((file for file in self.files if says(file, keys)), self.file)
        return file, line_of(file, keys)

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that says something of the settings."""
        return () if self.file is None else (self.file, *self.extended)

    @property
    def home(self) -> Path | None:
        """The folder of the settings' file, which a baseline lies beside."""
        return None if self.file is None else self.file.resolve().parent

    def as_table(self) -> dict[str, Any]:
        """Every key with its value, as a settings file would say it; what is not set is `None`."""
        values = ((kebab(key), getattr(self, key)) for key in Keys.__struct_fields__)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values}

    def seen_from(self, root: Path) -> Settings:
        """The same settings with their paths and patterns starting at `root`."""
        folder = self.folder
        if folder is None or folder == root:
            return structs.replace(self, folder=root)

        def paths(given: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(Path(os.path.relpath(folder / path, root)).as_posix() for path in given)

        def patterns(given: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(new for old in given if (new := moved(old, folder, root)) is not None)

        per_file = {pattern: moved(pattern, folder, root) for pattern in self.per_file_ignores}
        return structs.replace(
            self,
            folder=root,
            roots=paths(self.roots),
            alembic=paths(self.alembic),
            python_path=paths(self.python_path),
            include=patterns(self.include),
            exclude=None if self.exclude is None else patterns(self.exclude),
            extend_exclude=patterns(self.extend_exclude),
            per_file_ignores={new: self.per_file_ignores[old] for old, new in per_file.items() if new},
        )


def load(start: Path, *, config: Sequence[str] = (), isolated: bool = False) -> Settings:
    """The settings for what lies at `start`: the closest file, then the `config` options.

    Each of `config` is a settings file (then no other is looked for) or TOML as `key = value`.
    """
    named = named_file(config)
    if named and isolated:
        raise UsageError("--config FILE and --isolated exclude each other")
    file = named or (None if isolated else find(start))
    return read(file, config) if file else _with_options(Settings(), config)


def named_file(config: Sequence[str]) -> Path | None:
    """The settings file among the `config` options."""
    named = [Path(text) for text in config if not _is_inline(text)]
    if len(named) > 1:
        raise UsageError("--config names more than one file")
    return named[0] if named else None


def read(file: Path, config: Sequence[str] = ()) -> Settings:
    """The settings of a file, then the `config` options."""
    return _with_options(_read(file), config)


def find(start: Path) -> Path | None:
    """The closest settings file, from the folder of `start` up to the root of its git work tree."""
    start = start.resolve()
    found = None
    for folder in (start, *start.parents) if start.is_dir() else start.parents:
        found = found or of_folder(folder)
        if (folder / ".git").exists():
            if found and not Path(os.path.realpath(found)).is_relative_to(folder):
                said = "a link out of the repository is not followed; `--config FILE` names a file"
                raise UsageError(f"{shown_path(found)}: {said}")
            return found
    return found


def of_folder(folder: Path) -> Path | None:
    """The settings file of a folder."""
    for name in FILES:
        file = folder / name
        # Unlike `Path.is_file`, it is false where the folder cannot be read.
        if os.path.isfile(file) and (name != "pyproject.toml" or read_table(file) is not None):  # noqa: PTH113
            return file
    return None


def _is_inline(text: str) -> bool:
    return "=" in text and not Path(text).is_file()


def _with_options(settings: Settings, config: Sequence[str]) -> Settings:
    for text in config:
        if _is_inline(text):
            table = parse(text, "--config")
            if "extend" in table:
                raise UsageError("--config: `extend` belongs in a settings file; `--config FILE` names one")
            known = _validated(table, lambda _: "--config")
            values = {name: getattr(known, name) for name in map(_snake, table)}
            settings = structs.replace(settings, **values, given=settings.given | table.keys())
    return settings


def _read(file: Path, above: tuple[Path, ...] = ()) -> Settings:
    table = read_table(file)
    if table is None:
        raise UsageError(f"{file}: there is no table [tool.ormlint] in it")
    known = _validated(table, lambda keys: place(file, keys))
    values = structs.asdict(known)
    home = file.resolve().parent
    own = Settings(**values, file=file, folder=home)
    if known.extend is None:
        return own
    base = home / known.extend
    if not base.is_file():
        raise UsageError(f"{place(file, ('extend',))}: `extend`: there is no file {known.extend}")
    above = (*above, file.resolve())
    if len(above) > _LONGEST_CHAIN:
        raise UsageError(f"{place(file, ('extend',))}: `extend`: more than {_LONGEST_CHAIN} files in a row")
    if base.resolve() in above:
        raise UsageError(f"{place(file, ('extend',))}: `extend` leads back to {shown_path(base.resolve())}")
    return _extended(own, set(map(_snake, table)), _read(base, above))


def _extended(own: Settings, said: set[str], base: Settings) -> Settings:
    """What a file says, and what the one that it extends says besides.

    `extend-…` lists add up, and so do tables key by key; any other key of the nearer file stands alone.
    """
    folder = Path(os.path.commonpath([own.folder or "", base.folder or ""]))
    near, far = own.seen_from(folder), base.seen_from(folder)
    values: dict[str, Any] = {}
    for key in Keys.__struct_fields__:
        value, other = getattr(near, key), getattr(far, key)
        if key.startswith("extend_"):
            value = (*other, *value)
        elif isinstance(value, dict):
            value = {**other, **value}
        elif key == "baseline" and other is not None and key not in said:
            value = Path(os.path.relpath((base.home or folder) / other, own.home)).as_posix()
        elif key not in said:
            value = other
        values[key] = value
    values["extend"] = own.extend
    return structs.replace(near, **values, extended=(*base.files, *near.extended))


def _validated(table: dict[str, Any], where: Callable[[tuple[str, ...]], str]) -> Keys:
    plain = plainly(table)
    if plain is not None:
        return plain
    from pydantic import ValidationError  # noqa: PLC0415 - costs 0.2 s, and says what is wrong

    try:
        return Keys(**vars(adapter().validate_python(table)))
    except ValidationError as problem:
        lines = [f"{where(keys)}: {said}" for keys, said in _problems(problem)]
        raise UsageError("\n".join(sorted(lines, key=_numbered))) from None


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
            choices = [kebab(key) for key in Keys.__struct_fields__]
            yield keys, f"unknown key `{name}`.{nearest(name, choices)}"
        else:
            yield keys, f"`{name}`: expected {takes(keys[0])}, not {error['input']!r}"


def _numbered(text: str) -> list[str | int]:
    """In the order of the lines of a file."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", text)]


def _snake(key: str) -> str:
    return key.replace("-", "_")
