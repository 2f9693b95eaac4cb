"""What `alembic.ini` files and `[tool.alembic]` tables say, before any of it is looked up.

https://alembic.sqlalchemy.org/en/latest/tutorial.html#editing-the-ini-file and, for TOML,
https://alembic.sqlalchemy.org/en/latest/tutorial.html#using-pyproject-toml-for-configuration
"""

from __future__ import annotations

import ast
import configparser
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from configparser import ConfigParser
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ormlint.discover.problem import Problem
from ormlint.settings.toml import loads

_SEPARATORS = {"space": " ", "newline": "\n", "os": os.pathsep, ":": ":", ";": ";"}
_NAMED = re.compile(rb"^[ \t]*script_location[ \t]*[=:]", re.MULTILINE)
_TABLE = re.compile(rb"^[ \t]*\[tool\.alembic\]", re.MULTILINE)


class Section(Struct, frozen=True):
    """A section of an ini file, or the table of a `pyproject.toml`; `script_location` may be missing."""

    config: str
    here: str
    """The absolute folder of the file, for `%(here)s`."""
    name: str
    line: int
    """Where `script_location` stands, else where the section starts."""
    script_location: str | None
    version_locations: tuple[str, ...]
    prepend_sys_path: tuple[str, ...]
    recursive: bool
    url: str | None
    options: Mapping[str, str]
    """All options with their interpolated values; those that cannot be interpolated are left out."""


def read_sections(
    configs: Iterable[str], read: Callable[[str], bytes], here: Callable[[str], str], problems: list[Problem]
) -> list[Section]:
    """The sections of all configuration files that can be Alembic's, `alembic.ini` first.

    `read` gives the bytes of a file, `here` the absolute folder that `%(here)s` stands for.
    """
    sections: list[Section] = []
    tables: dict[str, Section] = {}
    for path in sorted(configs, key=lambda path: (not path.endswith("alembic.ini"), path)):
        name = path.rpartition("/")[2]
        data = read(path)
        if name == "pyproject.toml" and has_table(data):
            table = _table(path, data, here(path), problems)
            if table is not None:
                tables[path[: -len(name)]] = table
        elif name == "alembic.ini" or (name.endswith((".ini", ".cfg")) and _NAMED.search(data)):
            sections += _ini(path, data, here(path), problems)
    return _joined(sections, tables)


def has_table(data: bytes) -> bool:
    """Whether a `pyproject.toml` may have a table of Alembic's."""
    return _TABLE.search(data) is not None


def _joined(sections: list[Section], tables: Mapping[str, Section]) -> list[Section]:
    """Alembic looks an option up in the ini file first and then in the `pyproject.toml` beside it."""
    joined = []
    beside = set()
    for section in sections:
        folder = section.config[: section.config.rfind("/") + 1]
        table = tables.get(folder)
        if table is not None:
            beside.add(folder)
            section = replace(  # noqa: PLW2901 - the same section, completed
                table if section.script_location is None else section,
                name=section.name,
                version_locations=section.version_locations or table.version_locations,
                prepend_sys_path=section.prepend_sys_path or table.prepend_sys_path,
                recursive=section.recursive or table.recursive,
                url=section.url,
                options={**table.options, **section.options},
            )
        joined.append(section)
    return joined + [table for folder, table in tables.items() if folder not in beside]


def _ini(path: str, data: bytes, here: str, problems: list[Problem]) -> list[Section]:
    text = _decoded(data)
    parser = ConfigParser({"here": here.replace("%", "%%")})
    try:
        parser.read_string(text, path)
    except configparser.Error as error:
        what_to_do = "correct the line; Alembic cannot read the file either"
        problems.append(Problem(path, *_said(error), what_to_do))
        return []
    names = [name for name in parser.sections() if _is_alembic(parser, name)]
    return [_section(path, name, text, parser, problems) for name in names]


def _section(path: str, name: str, text: str, parser: ConfigParser, problems: list[Problem]) -> Section:
    options = {key: value for key in parser.options(name) if (value := _value(parser, name, key)) is not None}
    for key in ("script_location", "version_locations"):
        if parser.has_option(name, key) and key not in options:
            reason = f"`{key}` of [{name}] cannot be interpolated: {parser.get(name, key, raw=True)!r}"
            what_to_do = "give the name after `%` a value in the section or in [DEFAULT], or write `%%`"
            problems.append(Problem(path, _line_of(text, name, key), reason, what_to_do))
    separator = options.get("path_separator")
    of_versions = "version_path_separator" if separator is None else "path_separator"
    versions = options.get(of_versions)
    if versions and options.get("version_locations") and _separator(versions) is None:
        reason = f"`{of_versions} = {versions}` of [{name}] is not one of `space`, `newline`, `os`, `:`, `;`"
        problems.append(Problem(path, _line_of(text, name, of_versions), reason, "write one of them"))
    return Section(
        config=path,
        here=parser.get(name, "here"),
        name=name,
        line=_line_of(text, name, "script_location"),
        script_location=options.get("script_location"),
        version_locations=_split(options.get("version_locations"), versions, r", *|\s+"),
        prepend_sys_path=_split(options.get("prepend_sys_path"), separator, r", *|\s+|:"),
        recursive=options.get("recursive_version_locations", "").strip() == "true",
        url=parser.get(name, "sqlalchemy.url", raw=True, fallback=None),
        options=options,
    )


def _value(parser: ConfigParser, section: str, key: str) -> str | None:
    """An option's value; `None` where it cannot be interpolated (`env.py` may set what it needs)."""
    try:
        return parser.get(section, key)
    except configparser.InterpolationError:
        return None


def _is_alembic(parser: ConfigParser, name: str) -> bool:
    """Whether a section is one to run Alembic with: an option in [DEFAULT] reaches `[loggers]` too."""
    if name == "alembic":
        return True
    if not parser.has_option(name, "script_location"):
        return False
    defaults = parser.defaults()
    return any(
        parser.has_option(name, key) and parser.get(name, key, raw=True) != defaults.get(key)
        for key in ("script_location", "version_locations", "sqlalchemy.url")
    )


def _separator(value: str) -> str | None:
    # Alembic's own template wrote a comment behind the value for years, and the parser keeps it.
    return _SEPARATORS.get(re.sub(r"\s+[#;].*", "", value).strip())


def _split(value: str | None, separator: str | None, otherwise: str) -> tuple[str, ...]:
    if not value:
        return ()
    exact = _separator(separator) if separator else None
    parts = value.split(exact) if exact else re.split(otherwise, value)
    return tuple(part.strip() for part in parts if part.strip())


def _table(path: str, data: bytes, here: str, problems: list[Problem]) -> Section | None:
    table = parse_toml(path, data, problems).get("tool", {}).get("alembic")
    if not isinstance(table, dict):
        return None
    text = _decoded(data)
    values = {key: _interpolated(value, {"here": here}) for key, value in table.items()}
    for key in ("script_location", "version_locations"):
        if key in table and values[key] is None:
            reason = f"`{key}` of [tool.alembic] cannot be interpolated: {table[key]!r}"
            what_to_do = "only `%(here)s` has a value; write `%%` for a percent sign"
            problems.append(Problem(path, _line_of(text, "tool.alembic", key), reason, what_to_do))
    location = values.get("script_location")
    return Section(
        config=path,
        here=here,
        name="tool.alembic",
        line=_line_of(text, "tool.alembic", "script_location"),
        script_location=location if isinstance(location, str) else None,
        version_locations=_strings(values.get("version_locations")),
        prepend_sys_path=_strings(values.get("prepend_sys_path")),
        recursive=values.get("recursive_version_locations") is True,
        url=None,
        options={key: value for key, value in values.items() if isinstance(value, str)},
    )


def _interpolated(value: Any, arguments: Mapping[str, str]) -> Any:
    """A value of the table as Alembic gives it; `None` where it cannot be interpolated."""
    if isinstance(value, list):
        items = [_interpolated(item, arguments) for item in value]
        return None if None in items else items
    try:
        return value % arguments if isinstance(value, str) else value
    except (KeyError, TypeError, ValueError):
        return None


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def parse_toml(path: str, data: bytes, problems: list[Problem]) -> dict[str, Any]:
    """A TOML file; one that is broken is a problem and empty."""
    try:
        return loads(_decoded(data))
    except (ValueError, RecursionError) as error:  # a number may have too many digits
        at = re.search(r"\(at line (\d+)", str(error))
        line = int(at[1]) if at else data.count(b"\n") or 1  # at the end, perhaps
        problems.append(Problem(path, line, f"not valid TOML: {error}", "correct the line"))
        return {}


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _said(error: Exception) -> tuple[int, str]:
    """The line and the reason of a parser's error."""
    listed = getattr(error, "errors", None)
    line = listed[0][0] if listed else getattr(error, "lineno", 0)
    if type(error).__name__ == "MissingSectionHeaderError":
        return line, "not a valid ini file: the line stands before the first [section]"
    if listed:
        text = listed[0][1] if sys.version_info >= (3, 13) else ast.literal_eval(listed[0][1])
        return line, f"not a valid ini file: `{text.strip()}` sets no value"
    reason = str(error).replace("\n", " ").partition("]: ")[2] or str(error)
    return line, f"not a valid ini file: {reason}"


def _line_of(text: str, section: str, key: str) -> int:
    """The line of a key in a section, else that of the section's header."""
    found, inside = 0, False
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[([^\]]+)\]", line)
        if header:
            inside = header[1].strip() == section
            found = number if inside else found
        elif inside and re.match(rf"\s*{re.escape(key)}\s*[=:]", line):
            return number
    return found
