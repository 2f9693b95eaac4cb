"""TOML with places: a settings file's table, and the line of each of its keys."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from ormlint.settings.problem import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def read_table(file: Path) -> dict[str, Any] | None:
    """ormlint's own table in a file; `None` where a `pyproject.toml` has none."""
    data = parse(_text(file), shown_path(file))
    if file.name != "pyproject.toml":
        return data
    tool = data.get("tool")
    table = tool.get("ormlint") if isinstance(tool, dict) else None
    if table is None or isinstance(table, dict):
        return table
    raise UsageError(f"{place(file, ())}: `tool.ormlint` must be a table")


def parse_file(file: Path) -> tuple[str, dict[str, Any]]:
    """The text of a TOML file, and what it says."""
    text = _text(file)
    return text, parse(text, shown_path(file))


@lru_cache(maxsize=8)
def loads(text: str) -> dict[str, Any]:
    """What TOML says, which nobody is to change: several ask for the same `pyproject.toml`."""
    return tomllib.loads(text)


def parse(text: str, origin: str) -> dict[str, Any]:
    try:
        return loads(text)
    except ValueError as problem:  # of the parser, or of a number with thousands of digits
        said, line = _reason(str(problem), text)
        where = origin if origin == "--config" else f"{origin}:{line}"
        raise UsageError(f"{where}: not valid TOML: {said}") from None
    except RecursionError:
        raise UsageError(f"{origin}: not valid TOML: nested too deeply") from None


def place(file: Path, keys: Sequence[str]) -> str:
    """Where a key of ormlint's stands, as `file:line`."""
    return f"{shown_path(file)}:{line_of(file, keys)}"


def says(file: Path, keys: Sequence[str]) -> bool:
    """Whether a file has a key of ormlint's."""
    table: object = read_table(file)
    for key in keys:
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True


def line_of(file: Path, keys: Sequence[str]) -> int:
    """The line of a key of ormlint's, or of the closest table or key around it."""
    table = ("tool", "ormlint") if file.name == "pyproject.toml" else ()
    return _line_of(_text(file), (*table, *keys))


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise UsageError(f"{shown_path(file)}: cannot be read: {problem.strerror or problem}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise UsageError(f"{shown_path(file)}:{line}: TOML must be UTF-8, and this line is not") from None


def shown_path(file: Path) -> str:
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)


def _reason(message: str, text: str) -> tuple[str, int]:
    """The parser's message without its place, and the line."""
    said, _, at = message.rstrip(")").rpartition(" (at ")
    line = re.match(r"line (\d+)", at)
    if not said:
        said = message
    return said[:1].lower() + said[1:], int(line[1]) if line else len(text.splitlines()) or 1


def _line_of(text: str, wanted: Sequence[str]) -> int:
    found, depth, table = 1, 0, ()  # type: int, int, tuple[str, ...]
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?$", line)
        key = re.match(r"""\s*((?:"[^"]*"|'[^']*'|[\w.\s-])+?)\s*=""", line)
        if header:
            here = table = tuple(_parts(header[1]))
        elif key:
            here = (*table, *_parts(key[1]))
        else:
            continue
        if len(here) > depth and here == tuple(wanted[: len(here)]):
            found, depth = number, len(here)
    return found


def _parts(key: str) -> Iterator[str]:
    for part in re.findall(r""""[^"]*"|'[^']*'|[^.\s]+""", key):
        yield part.strip("\"'")
